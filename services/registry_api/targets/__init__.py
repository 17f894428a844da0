"""What was promised in numbers, and how far it is: baseline, comparator, progress, pace, forecast."""
