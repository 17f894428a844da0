"""Who learns what, where, and with what result."""
