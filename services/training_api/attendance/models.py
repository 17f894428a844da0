"""Tables of attendance."""
