"""The public's voice: one-time tokens, one ballot each, and honest margins."""
