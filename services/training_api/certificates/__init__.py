"""What was earned, under which number, and whether it counts."""
