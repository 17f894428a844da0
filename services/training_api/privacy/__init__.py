"""What persons may ask for: who read their data, blocking, erasure."""
