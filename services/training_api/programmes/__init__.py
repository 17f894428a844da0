"""What is taught, in how many hours, to whom, and when it counts as passed."""
