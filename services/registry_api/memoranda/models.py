"""Tables of memoranda."""
