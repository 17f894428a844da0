"""Tables of reasons."""
