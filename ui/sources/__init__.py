"""Sources: decks at web addresses, and the account of Rember."""
