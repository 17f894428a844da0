"""Whether the parts of a methodology hang together."""
