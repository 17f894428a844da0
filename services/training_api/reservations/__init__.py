"""Seats kept for some until a day: pools and holds."""
