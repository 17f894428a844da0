"""The demo: a region of true shape in which nobody is real, and the source stories' institutions."""
