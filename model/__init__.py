"""The dynamic note type: one note with any number of cards. Nothing lives here yet."""
