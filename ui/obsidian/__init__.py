"""Menu entries about Obsidian: open a note's page, create page templates and a study base."""
