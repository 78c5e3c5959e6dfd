"""Sources that only give: a TOML deck at a web address, and an account of Rember."""
