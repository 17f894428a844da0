"""What organisations see of a run before the public does, and how a run comes there."""
