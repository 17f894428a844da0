"""Tables of networks."""
