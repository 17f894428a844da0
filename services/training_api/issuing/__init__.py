"""Giving the documents that were earned."""
