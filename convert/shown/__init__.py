"""Texts as HTML to look at: safe to show, and with the words marked that differ."""
