"""Observations: what was measured of whom, its revisions, and the table the rating takes."""
