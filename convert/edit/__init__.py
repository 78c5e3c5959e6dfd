"""An edited Markdown text → the same field with only that changed."""
