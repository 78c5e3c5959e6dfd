"""Carries an edit from one HTML to another through their common parts. Knows no Markdown."""
