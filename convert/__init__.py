"""Text in, text out. Knows neither Anki, nor Qt, nor the disk."""
