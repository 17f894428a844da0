"""How good, how sure, and why."""
