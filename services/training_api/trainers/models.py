"""Tables of trainers."""
