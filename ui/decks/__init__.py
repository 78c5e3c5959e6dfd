"""TOML decks in Anki's window: the list of linked files, preview, export, and their runs."""
