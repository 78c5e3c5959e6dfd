"""Reads the TOML file and Anki. Changes nothing."""
