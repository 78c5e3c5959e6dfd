"""The TOML file and Anki as they are. Changes nothing."""
