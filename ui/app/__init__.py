"""What every window needs of Anki: profile, words, background work, Obsidian."""
