"""What every run did, kept for 90 days: the words before and after, to find and to bring back."""
