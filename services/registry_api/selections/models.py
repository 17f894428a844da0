"""Tables of selections."""
