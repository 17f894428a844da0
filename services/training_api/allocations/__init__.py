"""Many people, many venues, few seats: the best assignment, explained."""
