"""What staged observations change in those that stand, value by value: what a report of a file shows."""

from dataclasses import dataclass

import asyncpg

from shared.db.engine import driver_connection
from shared.db.failures import conceal
from shared.db.sessions import WriteSession

_CHANGED = """
    SELECT staged.place, coalesce(known.value::text, known.missing_reason) AS before,
        coalesce(staged.value::text, staged.missing_reason) AS after
    FROM staged_observations AS staged JOIN observations AS known ON known.id = staged.stands
    WHERE NOT staged.same AND (known.value, known.missing_reason) IS DISTINCT FROM (staged.value, staged.missing_reason)
    ORDER BY staged.place
    LIMIT $1
"""


@dataclass(frozen=True, slots=True)
class Changed:
    """A value that comes in the place of another."""

    place: int
    before: str
    """The value, or the reason for its absence."""
    after: str


async def changed(session: WriteSession, *, limit: int) -> list[Changed]:
    """After the comparison: the first staged observations whose value is another than the one that stands."""
    connection = await driver_connection(session)
    try:
        return [Changed(**row) for row in await connection.fetch(_CHANGED, limit)]
    except asyncpg.PostgresError as error:
        conceal(error)
        raise
