"""How sure a run is, which choices move it, and whether its parts hang together."""
