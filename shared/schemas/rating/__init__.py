"""Bodies of rating_engine, one file per capability."""
