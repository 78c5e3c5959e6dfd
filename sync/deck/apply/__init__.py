"""Does what the plan of a TOML deck says."""
