"""A methodology applied to a snapshot: queued, resumable, the same to the byte each time."""
