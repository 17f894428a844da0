"""Indicators that the registry computes from what it knows itself."""
