"""The arithmetic of the public's voice: screens, raking, tallies."""
