"""Bodies of registry_api, one file per capability."""
