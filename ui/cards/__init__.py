"""The cards of dynamic notes on Anki's own screens."""
