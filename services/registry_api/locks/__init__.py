"""Locks: periods whose values may not be revised any more until somebody opens them again and says why."""
