"""How Bilim is set up and run: on one machine, in containers, behind a gateway."""
