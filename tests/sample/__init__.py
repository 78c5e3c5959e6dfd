"""A collection like a student's, small enough to look at."""
