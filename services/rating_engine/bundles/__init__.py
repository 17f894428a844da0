"""Everything needed to compute a rating anew, in one file."""
