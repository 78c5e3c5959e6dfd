"""The Markdown of pages: its parser, its escapes, its canonical form."""
