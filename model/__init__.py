"""The dynamic note type: any number of cards on one note. Knows neither Anki nor the disk."""
