"""Tables of facilities."""
