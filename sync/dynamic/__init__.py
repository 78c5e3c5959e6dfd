"""Dynamic notes in bulk and in an editor."""
