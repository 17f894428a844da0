"""What people ask of the registry, with the figures of the sources."""
