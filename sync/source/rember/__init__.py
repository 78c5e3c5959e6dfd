"""Rember: sign in, pull patches of rembs, and keep each remb as one dynamic note."""
