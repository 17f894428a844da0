"""Everything that shows the house stands."""
