"""Inline rules of the Markdown parser: one construct, one file."""
