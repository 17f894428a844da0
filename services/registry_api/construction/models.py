"""Tables of construction."""
