"""Indicators: what is measured and how, in versions that never change their formula."""
