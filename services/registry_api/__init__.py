"""Who there is, what was agreed, what was measured."""
