"""The vault's folder and Obsidian's own settings as they are. Changes nothing."""
