"""Validation: rules of plausibility as data, for the days they hold, and the finding of values that break them."""
