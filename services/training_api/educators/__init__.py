"""The people who learn."""
