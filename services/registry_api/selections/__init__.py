"""Selections of organisations that somebody saved under a name."""
