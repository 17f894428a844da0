"""The arithmetic of a rating: arrays and parameters in, scores and their explanation out; no I/O and no framework."""
