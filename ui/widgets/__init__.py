"""Parts of windows. They know no plan."""
