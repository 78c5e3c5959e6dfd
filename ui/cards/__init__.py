"""Shows dynamic notes correctly in Anki's reviewer and browser."""
