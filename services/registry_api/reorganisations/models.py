"""Tables of reorganisations."""
