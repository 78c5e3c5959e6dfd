"""TOML text ↔ the definition of a deck, edited in place."""
