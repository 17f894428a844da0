"""Two organisations beside one another, who moved since last time, and what would be if."""
