"""The command line: ``python -m ankivault``."""
