"""Keeps a vault folder and Anki's notes in step: read, plan, apply."""
