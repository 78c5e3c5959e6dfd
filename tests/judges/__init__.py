"""Find out what cards show in Anki and pages show in Obsidian, without the add-on's code."""
