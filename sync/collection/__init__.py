"""The only room that reads or writes an Anki collection."""
