"""What the registry and training said at one moment, frozen and named by its digest."""
