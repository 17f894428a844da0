"""Who was there, how long, and how that is known."""
