"""Reports as of any day over the tables of all capabilities."""
