"""Who has been taught, as of any day."""
