"""Why something was done: lists of reasons in versions."""
