"""Rules for words and names. Knows neither HTML nor Markdown."""
