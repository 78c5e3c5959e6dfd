"""Configure…."""
