"""Live mode in Anki's window: both sides are in step within a moment, and a sign says so."""
