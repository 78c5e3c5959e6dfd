"""Libraries that Ankivault brings along, under its own name so that add-ons do not share them."""
