"""The engine without a window: ``python -m ankivault``."""
