"""The replica of the registry's organisations, kept by its change feed."""
