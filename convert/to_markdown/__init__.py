"""A tree of blocks → Markdown, each piece with its slice of HTML."""
