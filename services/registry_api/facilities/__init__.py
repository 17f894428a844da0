"""Standards of rooms and equipment, how schools meet them, and what they lack."""
