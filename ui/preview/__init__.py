"""The two plan windows on one shell."""
