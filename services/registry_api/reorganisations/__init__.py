"""Legal change as one event each: merger, split, conversion, renaming, move, closing, reopening."""
