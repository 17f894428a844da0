"""Tables of allocations."""
