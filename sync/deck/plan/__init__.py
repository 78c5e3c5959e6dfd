"""TOML decks: decides."""
