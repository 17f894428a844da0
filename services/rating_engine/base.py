"""The one metadata of the rating engine: its own tables and those of the plumbing."""

from shared.db.base import ServiceBase, service_metadata


class Base(ServiceBase):
    """The declarative base of every table of the rating engine."""

    __abstract__ = True
    metadata = service_metadata()
