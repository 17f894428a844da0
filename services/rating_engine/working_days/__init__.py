"""Which days are worked in Kazakhstan, and by when something due in so many of them is due."""
