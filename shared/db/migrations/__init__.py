"""One history of the schema per service: applied under a lock, generated from the models, compared with them."""
