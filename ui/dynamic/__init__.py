"""The window to write and edit dynamic notes, and the ways to open it."""
