"""The seats of a venue, one row each."""
