"""Note → page: plans what happens to each page, index page and media file."""
