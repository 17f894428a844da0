"""Providers of clubs for children, what they accept, and monthly counts without any child in them."""
