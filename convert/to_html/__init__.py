"""Writes Markdown as the HTML of a field."""
