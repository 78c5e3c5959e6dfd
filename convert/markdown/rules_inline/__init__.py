"""Rules of the Markdown parser for one line: one construct, one file."""
