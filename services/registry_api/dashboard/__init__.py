"""All of it on one page, for the akim."""
