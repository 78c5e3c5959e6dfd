"""Decides what a run of a TOML deck does. Writes nothing."""
