"""Field HTML: tokens, then a tree of blocks. Knows no Markdown."""
