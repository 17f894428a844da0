"""Loads the demo through the public HTTP of the three services, so that it proves them while it fills them."""
