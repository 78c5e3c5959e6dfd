"""Home: where things stand, what happened, the settings, and the guide."""
