"""The same core on given inputs; nothing is stored."""
