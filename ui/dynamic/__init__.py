"""The window in which a dynamic note is written by hand."""
