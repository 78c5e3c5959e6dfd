"""Writes a tree of blocks as Markdown, each piece with its slice of HTML."""
