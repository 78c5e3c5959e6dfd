"""The window with the list of linked TOML decks, and the export of a deck as TOML."""
