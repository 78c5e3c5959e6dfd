"""Does what a deck's plan says."""
