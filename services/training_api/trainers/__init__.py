"""Who teaches, one session at a time."""
