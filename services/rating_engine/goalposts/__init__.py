"""Posts for a version of a methodology, taken from the data of a run and fixed."""
