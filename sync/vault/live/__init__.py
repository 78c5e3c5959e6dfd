"""Live mode's half of the engine: what changed on either side, and when to act on it."""
