"""The window of Configure…."""
