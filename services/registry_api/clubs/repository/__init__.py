"""Every SQL statement of this room: providers in `providers`, monthly counts in `counts`."""
