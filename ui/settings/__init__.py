"""The settings window, opened with Configure…."""
