"""Puts an earlier version of a note or a page there again: a new change like any other."""
