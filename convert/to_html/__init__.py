"""Markdown → the HTML of a field."""
