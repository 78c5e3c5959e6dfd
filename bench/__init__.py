"""Speed and memory of the vault mirror, as ratios to a floor measured in the same run."""
