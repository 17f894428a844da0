"""The steps from values to a score, one module each; only the pipeline knows their order."""
