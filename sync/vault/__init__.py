"""The vault mirror: scan → plan → apply, with media and index pages."""
