"""The only package that reads or writes an Anki collection."""
