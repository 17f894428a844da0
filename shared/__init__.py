"""What the services say to one another, and the plumbing none of them owns."""
