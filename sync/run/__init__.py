"""What every run has, whatever it syncs."""
