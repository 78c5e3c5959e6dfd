"""TOML decks at a web address: each is kept by its author, and updates here."""
