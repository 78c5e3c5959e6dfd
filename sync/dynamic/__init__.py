"""Dynamic notes in a collection: their note type, their renderer's files, the notes themselves."""
