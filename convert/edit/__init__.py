"""Carries an edit of a field's Markdown over to its HTML; the rest stays byte for byte."""
