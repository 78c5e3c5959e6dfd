"""Writes what a plan says: media, notes, pages and index pages."""
