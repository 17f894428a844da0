"""Whether the parts of a methodology hang together, asked before it is agreed."""
