"""What is done here: with providers in `providers`, with monthly counts in `counts`."""
