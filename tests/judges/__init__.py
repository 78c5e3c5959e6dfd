"""Judges that share no code with the add-on: what a card shows, what a page shows in Obsidian."""
