"""Many rows at once: COPY through the driver, inside the session's transaction."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import asyncpg
from sqlalchemy import Dialect, Table, text

from shared.db.engine import driver_connection
from shared.db.failures import conceal
from shared.db.sessions import WriteSession

Row = Sequence[Any]
Rows = Iterable[Row] | AsyncIterable[Row]
Encoders = Sequence[tuple[int, Callable[[Any], Any]]]
"""For the columns that need one: its place in the row, and what makes the driver's value of ours."""

_BOOKKEEPING = ("version", "created_at", "updated_at")

_ROWS_A_TURN = 500
"""How many rows are encoded before other requests of the process get a turn (about 2 ms)."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of the rows of a `merge_rows`."""

    inserted: int
    updated: int
    unchanged: int


async def copy_rows(session: WriteSession, table: Table, columns: Sequence[str], rows: Rows) -> int:
    """Add rows in the order of `columns`; how many. A row that a constraint refuses undoes the whole transaction.

    Nothing is filled in on our side: columns that are left out need a default in the database.
    """
    return await _copy(session, table, columns, rows, into=table.name, schema=table.schema)


async def merge_rows(
    session: WriteSession,
    table: Table,
    columns: Sequence[str],
    rows: Rows,
    *,
    key: Sequence[str],
    update: Sequence[str] | None = None,
) -> Merged:
    """Add the rows that are new by their `key` and change those that differ in a column of `update`.

    `update` is by default every column that is neither in the key nor in the primary key; `()` leaves existing rows
    alone. Of a row that changes, `version` counts up and `updated_at` is taken from the row that came. A key must
    come once only. Rows are locked in the order of the key, so that two merges at once wait for each other and do
    not deadlock.
    """
    fixed = {*key, *table.primary_key.columns.keys(), *_BOOKKEEPING}
    changing = [column for column in columns if column not in fixed] if update is None else list(update)
    quote = session.get_bind().dialect.identifier_preparer.quote
    target, incoming = quote(table.name), f"incoming_{uuid4().hex}"
    listed, keys = ", ".join(map(quote, columns)), ", ".join(map(quote, key))
    # Only names of our own tables and columns, quoted, become part of the statements.
    # The temporary name differs at each call: the driver may still hold a statement prepared for an earlier table.
    await session.execute(
        text(f"CREATE TEMP TABLE {incoming} ON COMMIT DROP AS SELECT {listed} FROM {target} WITH NO DATA")  # noqa: S608
    )
    count = await _copy(session, table, columns, rows, into=incoming)
    action = "NOTHING"
    if changing:
        new = [f"{quote(column)} = excluded.{quote(column)}" for column in changing]
        if "version" in table.c:
            new.append(f"version = {target}.version + 1")
        if "updated_at" in columns:
            new.append("updated_at = excluded.updated_at")
        old_row, new_row = (", ".join(f"{row}.{quote(column)}" for column in changing) for row in (target, "excluded"))
        action = f"UPDATE SET {', '.join(new)} WHERE ({old_row}) IS DISTINCT FROM ({new_row})"
    merged = await session.execute(
        text(
            f"WITH merged AS (INSERT INTO {target} ({listed}) SELECT {listed} FROM {incoming} ORDER BY {keys}"  # noqa: S608
            f" ON CONFLICT ({keys}) DO {action} RETURNING (xmax = 0) AS is_new)"
            " SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM merged"
        )
    )
    inserted, updated = merged.one()
    return Merged(inserted, updated, count - inserted - updated)


async def _copy(
    session: WriteSession, table: Table, columns: Sequence[str], rows: Rows, *, into: str, schema: str | None = None
) -> int:
    connection = await driver_connection(session)
    encoders = _encoders(table, columns, session.get_bind().dialect)
    try:
        status = await connection.copy_records_to_table(
            into, schema_name=schema, columns=list(columns), records=_encoded(rows, columns, encoders)
        )
    except asyncpg.PostgresError as error:
        conceal(error)
        raise
    return int(status.split()[-1])


async def _encoded(rows: Rows, columns: Sequence[str], encoders: Encoders) -> AsyncIterator[Row]:
    """The rows as the driver wants them, with a pause now and then for the others in this process."""
    in_turn = 0
    async for row in _asynchronous(rows):
        if len(row) != len(columns):
            raise ValueError(f"a row of {len(row)} values for {len(columns)} columns")
        if encoders:
            changed = list(row)
            for place, encode in encoders:
                changed[place] = encode(changed[place])
            yield changed
        else:
            yield row
        in_turn += 1
        if in_turn == _ROWS_A_TURN:
            in_turn = 0
            await asyncio.sleep(0)


async def _asynchronous(rows: Rows) -> AsyncIterator[Row]:
    if isinstance(rows, AsyncIterable):
        async for row in rows:
            yield row
    else:
        for row in rows:
            yield row


def _encoders(table: Table, columns: Sequence[str], dialect: Dialect) -> Encoders:
    """What SQLAlchemy does to values of these columns before the driver sees them: ranges, JSON, enumerations."""
    found: list[tuple[int, Callable[[Any], Any]]] = []
    for place, name in enumerate(columns):
        encode = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
        if encode is not None:
            found.append((place, encode))
    return found
