"""Organisations that take a programme as a team."""
