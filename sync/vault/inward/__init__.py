"""Page → note: decides."""
