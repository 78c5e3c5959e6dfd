"""What the Markdown of pages means: its parser, its escapes, its canonical form."""
