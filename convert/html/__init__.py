"""What a field's HTML means: tokens, then a tree of blocks. Knows no Markdown."""
