"""Converts TOML text to the definition of a deck, and edits the text in place."""
