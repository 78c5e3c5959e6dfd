"""Reads the vault folder and Obsidian's own settings. Plans nothing and writes nothing."""
