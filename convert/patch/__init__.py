"""HTML → HTML: an edit carried over by what both texts share. Knows no Markdown."""
