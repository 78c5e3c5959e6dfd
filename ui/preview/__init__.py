"""The two windows that show a plan before it is applied: of a vault, and of a TOML deck."""
