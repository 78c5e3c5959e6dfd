"""Does what the plan of an update says."""
