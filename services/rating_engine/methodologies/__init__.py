"""How ratings are made: versions of a methodology, immutable once agreed."""
