"""Rooms in which sessions are held, one session at a time."""
