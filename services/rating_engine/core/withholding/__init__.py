"""What of a result is not shown, so that nobody can be made out of it."""
