"""What every table of the house has in common: names of constraints, types, and the tables of the plumbing."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from types import MappingProxyType
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import BigInteger, Connection, Date, DateTime, LargeBinary, MetaData, Numeric, Table, Text, Uuid, event
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, TSTZRANGE, Range
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from shared.ids import new_id

NAMING: Mapping[str, str] = MappingProxyType(
    {
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)
"""Every constraint has a name, because a problem document and a migration both need one."""

TYPES: Final[dict[Any, Any]] = {
    str: Text(),
    int: BigInteger(),
    bytes: LargeBinary(),
    Decimal: Numeric(),
    date: Date(),
    datetime: DateTime(timezone=True),
    UUID: Uuid(),
    dict: JSONB(),
    dict[str, Any]: JSONB(),
    dict[str, str]: JSONB(),
    list[Any]: JSONB(),
    list[str]: JSONB(),
    Range[date]: DATERANGE(),
    Range[datetime]: TSTZRANGE(),
}
"""What a Python type means in PostgreSQL: unbounded text, 64 bits, moments with their zone, JSON as `jsonb`."""

PLUMBING = MetaData(naming_convention=dict(NAMING))
"""Where `shared` declares the tables that each service has in its own database."""

_ROOMS_WITH_TABLES = ("shared.db.idempotency", "shared.audit", "shared.outbox", "shared.jobs")
# By name, because the last three stand above this room and declare their tables here themselves; imported at
# the call, so that a service has all of them whatever it happened to import before.


def service_metadata() -> MetaData:
    """A new MetaData with the naming convention and copies of all plumbing tables."""
    for room in _ROOMS_WITH_TABLES:
        import_module(room)
    metadata = MetaData(naming_convention=dict(NAMING))
    for table in PLUMBING.sorted_tables:
        table.to_metadata(metadata)
    return metadata


class ServiceBase(DeclarativeBase):
    """Annotations of its models mean what `TYPES` says. A service's own `Base` adds its metadata:

    `class Base(ServiceBase): __abstract__ = True; metadata = service_metadata()`.
    """

    __abstract__ = True
    type_annotation_map: ClassVar[dict[Any, Any]] = TYPES


class Identified:
    """A UUIDv7 as primary key, given by the application so that it is known before the row is written."""

    id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True, default=new_id, sort_order=-10)


class Versioned:
    """A row that counts its changes: a write upon a stale reading finds no row and fails instead of overwriting.

    `created_at` and `updated_at` are set by whoever writes, from the `now` of the request.
    """

    version: Mapped[int] = mapped_column(BigInteger(), nullable=False, sort_order=90)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), sort_order=91)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), sort_order=92)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


def after_create(table: Table, *statements: str) -> None:
    """Statements that belong to a table but are no part of SQLAlchemy's model of it, such as triggers.

    They run after `CREATE TABLE` in `create_all`, and `shared.db.migrations new` writes them into the migration
    that creates the table; copies of the table keep them.
    """
    table.info["after_create"] = (*table.info.get("after_create", ()), *statements)

    def run(_table: Table, connection: Connection, **_options: Any) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    event.listen(table, "after_create", run, propagate=True)
