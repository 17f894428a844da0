"""The one metadata of the registry: its own tables and those of the plumbing."""

from shared.db.base import ServiceBase, service_metadata


class Base(ServiceBase):
    """The declarative base of every table of the registry."""

    __abstract__ = True
    metadata = service_metadata()
