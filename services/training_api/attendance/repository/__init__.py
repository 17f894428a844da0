"""Every SQL statement about attendance."""
