"""What all runs share, for a vault or a TOML deck."""
