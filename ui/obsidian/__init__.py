"""Entries that lead to Obsidian."""
