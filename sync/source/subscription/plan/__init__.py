"""Plans an update: what the author's file changes in Anki. Writes nothing."""
