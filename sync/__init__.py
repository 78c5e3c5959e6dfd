"""Decides what to do, then does it. Uses Anki's library, never its windows."""
