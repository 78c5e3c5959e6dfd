"""Note → page: decides."""
