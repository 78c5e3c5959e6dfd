"""Plans a sync, then does it. Uses Anki's library, never its windows."""
