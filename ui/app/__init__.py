"""What all windows share: profile data, messages, background work, opening Obsidian."""
