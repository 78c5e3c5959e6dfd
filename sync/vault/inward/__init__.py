"""Page → note: plans what happens to notes whose pages were edited, deleted or added."""
