"""A note ↔ the text of its page."""
