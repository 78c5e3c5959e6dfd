"""Keeps a TOML deck and a collection in step: plans a run, then applies it."""
