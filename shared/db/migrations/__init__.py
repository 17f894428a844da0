"""One history of the schema per service: applied under a lock, generated from the models, compared with them."""

from shared.db.migrations.history import applications, current, head, metadata_of
from shared.db.migrations.upgrade import upgrade

__all__ = ["applications", "current", "head", "metadata_of", "upgrade"]
