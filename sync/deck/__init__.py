"""A TOML deck in step with a collection: plan, then apply."""
