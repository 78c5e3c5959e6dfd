"""Words and names. Knows neither HTML nor Markdown."""
