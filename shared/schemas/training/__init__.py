"""Bodies of training_api, one file per capability."""
