"""Organisations that give courses."""
