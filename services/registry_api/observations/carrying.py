"""Observations of organisations that end: those of later periods become the successor's, as new revisions."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.registry_api.observations.models import Observation
from services.registry_api.organisations.succession import Carried, Succession, Undoing
from shared.db.engine import driver_connection
from shared.db.failures import conceal
from shared.db.sessions import WriteSession, authorship

_PATIENCE_SECONDS = 60
_WRITTEN_ANEW = {"id", "organisation_id", "revision", "recorded", "recorded_by"}
_CARRIED = ", ".join(column.name for column in Observation.__table__.c if column.name not in _WRITTEN_ANEW)
_OLD = ", ".join(f"old.{column.name}" for column in Observation.__table__.c if column.name not in _WRITTEN_ANEW)

# Only names of our own columns become part of the statements below.

_THEIRS = "organisation_id = ANY ($1::uuid[]) AND upper_inf(recorded) AND period_end >= $2"
_COUNT = f"SELECT count(*) FROM observations WHERE {_THEIRS}"  # noqa: S608
_LOCK = """
    SELECT count(pg_advisory_xact_lock(hashtextextended(indicator_id::text, 0)))
    FROM (SELECT DISTINCT indicator_id FROM observations WHERE {0} ORDER BY indicator_id) AS touched
"""
"""The lock under which an indicator is revised, whoever does it."""
_DECIDE = f"""
    SELECT id, organisation_id,
        turn = 1 AND NOT EXISTS (
            SELECT FROM observations AS own
            WHERE own.organisation_id = $3 AND upper_inf(own.recorded) AND own.indicator_id = theirs.indicator_id
                AND own.period = theirs.period AND own.source_system = theirs.source_system
        ) AS moves
    FROM (
        SELECT *, row_number() OVER (
            PARTITION BY indicator_id, period, source_system ORDER BY array_position($1::uuid[], organisation_id)
        ) AS turn
        FROM observations WHERE {_THEIRS}
    ) AS theirs
    ORDER BY array_position($1::uuid[], organisation_id), indicator_id, period_end, period, source_system
"""  # noqa: S608
_CLOSE = """
    UPDATE observations
    SET recorded = tstzrange(lower(recorded), greatest($2, lower(recorded) + interval '1 microsecond'))
    WHERE id = ANY ($1::uuid[])
"""
_GIVE = f"""
    INSERT INTO observations (id, organisation_id, {_CARRIED}, revision, recorded, recorded_by)
    SELECT uuidv7(), $3, {_OLD}, coalesce((
            SELECT max(known.revision) FROM observations AS known
            WHERE known.organisation_id = $3 AND known.indicator_id = old.indicator_id AND known.period = old.period
                AND known.source_system = old.source_system
        ), 0) + 1, tstzrange($2, NULL), $4
    FROM observations AS old WHERE old.id = ANY ($1::uuid[])
"""  # noqa: S608
_BEGUN = "organisation_id = ANY ($1::uuid[]) AND lower(recorded) = $2"
_ENDED = "organisation_id = ANY ($1::uuid[]) AND upper(recorded) = $2"
_WITHDRAW = f"""
    UPDATE observations AS stands SET recorded = tstzrange(lower(stands.recorded), $3)
    FROM (SELECT * FROM observations WHERE {_BEGUN}) AS given
    WHERE upper_inf(stands.recorded) AND stands.organisation_id = given.organisation_id
        AND stands.indicator_id = given.indicator_id AND stands.period = given.period
        AND stands.source_system = given.source_system
"""  # noqa: S608
"""Where what came later was taken back, a copy stands for what was given then."""

_RESTORE = f"""
    INSERT INTO observations (id, organisation_id, {_CARRIED}, revision, recorded, recorded_by)
    SELECT uuidv7(), old.organisation_id, {_OLD}, old.revision + 1, tstzrange($3, NULL), $4
    FROM observations AS old WHERE {_ENDED}
"""  # noqa: S608


async def bound(session: WriteSession, organisation_ids: list[UUID], *, on: date) -> int:
    """How many observations stand of these organisations for periods that end on that day or later."""
    return int((await _run(session, _COUNT, organisation_ids, on))[0][0])


async def carry(session: WriteSession, succession: Succession, *, now: datetime) -> list[Carried]:
    """Make observations of periods that end on the day or later the successor's.

    One stays where it is if the successor, or a predecessor named before, has a value of the same indicator, period
    and source.
    """
    predecessors = list(succession.predecessors)
    await _run(session, _LOCK.format(_THEIRS), predecessors, succession.on)
    decided = await _run(session, _DECIDE, predecessors, succession.on, succession.successor)
    moving = [row["id"] for row in decided if row["moves"]]
    if moving:
        await _run(session, _CLOSE, moving, now)
        await _run(session, _GIVE, moving, now, succession.successor, authorship(session).subject)
    return [
        Carried("observation", row["id"], row["organisation_id"], "moved" if row["moves"] else "kept")
        for row in decided
    ]


async def give_back(session: WriteSession, undoing: Undoing) -> None:
    """Undo what `carry` recorded: each observation is again whose it was, as a new revision."""
    organisations = list(undoing.organisations)
    for touched in (_BEGUN, _ENDED):
        await _run(session, _LOCK.format(touched), organisations, undoing.recorded_at)
    await _run(session, _WITHDRAW, organisations, undoing.recorded_at, undoing.now)
    author = authorship(session).subject
    await _run(session, _RESTORE, organisations, undoing.recorded_at, undoing.now, author)


async def _run(session: WriteSession, statement: str, *arguments: Any) -> list[Any]:
    connection = await driver_connection(session)
    try:
        return list(await connection.fetch(statement, *arguments, timeout=_PATIENCE_SECONDS))
    except asyncpg.PostgresError as error:
        conceal(error)
        raise
