"""The statements that turn many observations into revisions: staged by COPY, compared and merged as sets."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from shared.db.engine import driver_connection
from shared.db.failures import conceal
from shared.db.sessions import WriteSession

_PATIENCE_SECONDS = 120
"""How long one statement on a whole file may take."""


class Staged(NamedTuple):
    """One observation on its way into the table; the fields are columns of the staging table, in their order."""

    place: int
    """Where it stood: its index in the request, or its number among the cells of a file."""
    organisation_id: UUID | None
    area_code: str | None
    indicator_id: UUID
    period: str
    period_end: date
    value: float | None
    missing_reason: str | None
    missing_code: str | None
    n: int | None
    variance: float | None
    status: str
    source_system: str
    source_ref: str
    as_of: date | None
    break_in_series: bool
    note: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What merging does for one indicator and period."""

    indicator_id: UUID
    period: str
    created: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The revision that stands for a staged observation."""

    id: UUID
    revision: int
    outcome: str


_COLUMNS = Staged._fields
_CARRIED_NAMES = tuple(name for name in _COLUMNS if name != "place")
_CARRIED = ", ".join(_CARRIED_NAMES)
_COMPARED = (
    *("value", "missing_reason", "missing_code", "n", "variance"),
    *("status", "source_ref", "as_of", "break_in_series", "note"),
)
_SUBJECTS = ("organisation_id", "area_code")

# Only names of our own tables and columns become part of the statements below.

_OPEN = f"""
    CREATE TEMPORARY TABLE staged_observations ON COMMIT DROP AS
    SELECT id, 0::bigint AS place, {_CARRIED}, NULL::uuid AS stands, 0 AS stands_revision, NULL::timestamptz AS moment,
        false AS same, NULL::text AS stands_status
    FROM observations WITH NO DATA
"""  # noqa: S608
_GIVE_IDS = "ALTER TABLE staged_observations ALTER COLUMN id SET DEFAULT uuidv7()"
_SAY_ONCE = "SELECT format('ALTER TABLE staged_observations ALTER COLUMN %I SET DEFAULT %L', $1::text, $2::text)"
_TURNS = """
    SELECT place, row_number() OVER same_thing AS turn, first_value(place) OVER same_thing AS first
    FROM staged_observations
    WINDOW same_thing AS (
        PARTITION BY organisation_id, area_code, indicator_id, period, source_system ORDER BY place
    )
"""
_REPEATED = f"SELECT place, first FROM ({_TURNS}) AS counted WHERE turn > 1 ORDER BY place"  # noqa: S608
_DROP_REPEATED = f"""
    DELETE FROM staged_observations AS staged USING ({_TURNS}) AS counted
    WHERE counted.place = staged.place AND turn > 1
"""  # noqa: S608
_LOCK = """
    SELECT count(pg_advisory_xact_lock(hashtextextended(indicator_id::text, 0)))
    FROM (SELECT DISTINCT indicator_id FROM {0} ORDER BY indicator_id) AS touched
"""
"""One transaction at a time revises an indicator: two senders of one value then make one revision, and no conflict."""

_SAME_NUMBER = " AND ".join(f"known.{name} IS NOT DISTINCT FROM staged.{name}" for name in _COMPARED[:4])
_SAID_AGAIN = f"""
    CASE WHEN staged.status = 'final'
        AND (known.status = 'corrected' OR (known.status = 'final' AND NOT ({_SAME_NUMBER})))
    THEN 'corrected' ELSE staged.status END
"""
"""A final number that its source says differently is a correction, and remains one when it is said again."""

_SAME = " AND ".join(
    f"known.{name} IS NOT DISTINCT FROM {_SAID_AGAIN if name == 'status' else f'staged.{name}'}" for name in _COMPARED
)
_ABOUT_THE_SAME = """
    known.{0} = staged.{0} AND known.indicator_id = staged.indicator_id AND known.period = staged.period
    AND known.source_system = staged.source_system
"""
_MATCH = f"""
    UPDATE staged_observations AS staged
    SET stands = known.id, stands_revision = known.revision, stands_status = known.status,
        status = {_SAID_AGAIN}, same = ({_SAME}),
        moment = greatest($1, lower(known.recorded) + interval '1 microsecond')
    FROM observations AS known
    WHERE upper_inf(known.recorded) AND {_ABOUT_THE_SAME}
"""  # noqa: S608
_NUMBER = f"""
    UPDATE staged_observations AS staged SET stands_revision = former.revision
    FROM (
        SELECT staged.id, max(known.revision) AS revision
        FROM staged_observations AS staged JOIN observations AS known ON {_ABOUT_THE_SAME}
        WHERE staged.stands IS NULL
        GROUP BY staged.id
    ) AS former
    WHERE former.id = staged.id
"""  # noqa: S608
"""Where an import was undone, nothing stands, and yet the numbers go on."""

_CLOSE = """
    UPDATE observations AS known SET recorded = tstzrange(lower(known.recorded), staged.moment)
    FROM staged_observations AS staged
    WHERE known.id = staged.stands AND NOT staged.same
"""
_INSERT = f"""
    INSERT INTO observations (id, {_CARRIED}, revision, recorded, recorded_by, import_id)
    SELECT id, {_CARRIED}, coalesce(stands_revision, 0) + 1, tstzrange(coalesce(moment, $1), NULL), $2, $3
    FROM staged_observations WHERE same IS NOT TRUE
"""  # noqa: S608
_TOTALS = """
    SELECT indicator_id, period, count(*) FILTER (WHERE stands IS NULL) AS created,
        count(*) FILTER (WHERE stands IS NOT NULL AND NOT same) AS changed, count(*) FILTER (WHERE same) AS unchanged
    FROM staged_observations GROUP BY indicator_id, period ORDER BY indicator_id, period
"""
_OUTCOMES = """
    SELECT CASE WHEN same THEN stands ELSE id END AS id,
        coalesce(stands_revision, 0) + CASE WHEN same THEN 0 ELSE 1 END AS revision,
        CASE WHEN stands IS NULL THEN 'created' WHEN same THEN 'unchanged' ELSE 'changed' END AS outcome
    FROM staged_observations ORDER BY place
"""

_MOST_PLACES = 200
_CHANGING = "staged_observations AS one WHERE same IS NOT TRUE"
_UNFOLLOWED = f"""
    SELECT place, stands_status, status FROM {_CHANGING} AND stands_status IS NOT NULL
        AND (stands_status, status) NOT IN (SELECT * FROM unnest($1::text[], $2::text[]))
    ORDER BY place LIMIT {_MOST_PLACES}
"""  # noqa: S608
_SETTLED = f"SELECT place FROM {_CHANGING} AND status = ANY ($1::text[]) ORDER BY place LIMIT {_MOST_PLACES}"  # noqa: S608
_BROUGHT = """
    (SELECT 0::bigint AS place, * FROM observations WHERE import_id = $5::uuid AND upper_inf(recorded)) AS one
    WHERE true
"""
_INSIDE = f"""
    SELECT place FROM {{0}} AND indicator_id = $1 AND period = $2 AND (
        $3::text[] IS NULL OR coalesce(one.area_code, (
            SELECT state.area_code FROM organisation_states AS state
            WHERE state.organisation_id = one.organisation_id AND upper_inf(state.recorded)
            ORDER BY state.valid @> $4::date DESC, lower(state.valid) DESC LIMIT 1
        )) = ANY ($3::text[])
    ) ORDER BY place LIMIT {_MOST_PLACES}
"""  # noqa: S608
_CURRENT_STANDING = f"""
    INSERT INTO staged_observations (place, {_CARRIED})
    SELECT row_number() OVER (ORDER BY known.id), {", ".join(f"known.{name}" for name in _CARRIED_NAMES)}
    FROM observations AS known WHERE upper_inf(known.recorded) AND known.id = ANY ($1::uuid[])
"""  # noqa: S608

_SUPERSEDED = """
    SELECT count(*) FROM observations AS brought
    WHERE brought.import_id = $1 AND NOT upper_inf(brought.recorded) AND NOT EXISTS (
        SELECT FROM observations AS known
        WHERE known.import_id = $1 AND upper_inf(known.recorded)
            AND known.organisation_id IS NOT DISTINCT FROM brought.organisation_id
            AND known.area_code IS NOT DISTINCT FROM brought.area_code
            AND known.indicator_id = brought.indicator_id AND known.period = brought.period
            AND known.source_system = brought.source_system
    )
"""
_MOMENT = """
    SELECT greatest($2::timestamptz, max(lower(recorded)) + interval '1 microsecond')
    FROM observations WHERE import_id = $1 AND upper_inf(recorded)
"""
_WITHDRAW = """
    UPDATE observations SET recorded = tstzrange(lower(recorded), $2) WHERE import_id = $1 AND upper_inf(recorded)
"""
_RESTORE = f"""
    INSERT INTO observations (id, {_CARRIED}, revision, recorded, recorded_by, import_id)
    SELECT uuidv7(), {", ".join(f"known.{name}" for name in _CARRIED_NAMES)}, staged.revision + 1,
        tstzrange($2, NULL), $3, known.import_id
    FROM observations AS staged
    CROSS JOIN LATERAL (
        SELECT min(lower(own.recorded)) AS began FROM observations AS own
        WHERE own.import_id = $1 AND own.{{0}} = staged.{{0}} AND own.indicator_id = staged.indicator_id
            AND own.period = staged.period AND own.source_system = staged.source_system
    ) AS import
    JOIN observations AS known ON {_ABOUT_THE_SAME} AND upper(known.recorded) = import.began
    WHERE staged.import_id = $1 AND upper(staged.recorded) = $2
"""  # noqa: S608
"""What stood before ended in the moment in which the import first spoke; it stands again, as a new revision.

Looked for from the first word of the import: it may itself have been restored over one that came later and was undone.
"""


async def _run(session: WriteSession, statement: str, *arguments: Any) -> list[Any]:
    """One statement with patience; its rows."""
    connection = await driver_connection(session)
    try:
        return list(await connection.fetch(statement, *arguments, timeout=_PATIENCE_SECONDS))
    except asyncpg.PostgresError as error:
        conceal(error)
        raise


async def begin(session: WriteSession, common: Mapping[str, Any] = MappingProxyType({})) -> None:
    """Make room for observations that are to be merged in this transaction.

    `common` is what all of them say alike; it is said here once, and `add` leaves it out.
    """
    await _run(session, f"SET LOCAL statement_timeout = '{_PATIENCE_SECONDS}s'")
    await _run(session, f"SET LOCAL lock_timeout = '{_PATIENCE_SECONDS // 4}s'")
    await _run(session, _OPEN)
    await _run(session, _GIVE_IDS)
    for name, value in common.items():
        if name not in _CARRIED_NAMES:
            raise ValueError(f"observations carry no {name}")
        if value is not None:
            [[statement]] = await _run(session, _SAY_ONCE, name, str(value))
            await _run(session, statement)


async def add(session: WriteSession, observations: Iterable[Staged], *, besides: Collection[str] = ()) -> None:
    """Put observations into the room, by COPY; of their columns not those that were told in `common`."""
    names = [name for name in _COLUMNS if name not in besides]
    take = itemgetter(*(_COLUMNS.index(name) for name in names))
    connection = await driver_connection(session)
    try:
        await connection.copy_records_to_table(
            "staged_observations",
            records=map(take, observations),
            columns=names,
            timeout=_PATIENCE_SECONDS,
        )
    except asyncpg.PostgresError as error:
        conceal(error)
        raise


async def repeated(session: WriteSession) -> list[tuple[int, int]]:
    """Staged observations that speak of a subject, indicator, period and source again: their place, and the first."""
    return [(row["place"], row["first"]) for row in await _run(session, _REPEATED)]


async def drop_repeated(session: WriteSession) -> None:
    """Of observations about the same, keep the first."""
    await _run(session, _DROP_REPEATED)


async def compare(session: WriteSession, now: datetime) -> list[Merged]:
    """Compare what is staged with what stands, holding off others who would revise the same indicators."""
    await _run(session, "ANALYZE staged_observations")
    await _run(session, _LOCK.format("staged_observations"))
    for subject in _SUBJECTS:
        await _run(session, _MATCH.format(subject), now)
        await _run(session, _NUMBER.format(subject))
    return [Merged(**row) for row in await _run(session, _TOTALS)]


async def unfollowed(session: WriteSession, pairs: Iterable[tuple[str, str]]) -> list[tuple[int, str, str]]:
    """After `compare`: staged observations whose status may not follow the one that stands; the first of them."""
    before, after = zip(*pairs, strict=True)
    rows = await _run(session, _UNFOLLOWED, list(before), list(after))
    return [(row["place"], row["stands_status"], row["status"]) for row in rows]


async def settled(session: WriteSession, statuses: Iterable[str]) -> list[int]:
    """After `compare`: places of the first that would be recorded with one of these statuses."""
    return [row["place"] for row in await _run(session, _SETTLED, list(statuses))]


async def inside(
    session: WriteSession,
    indicator_id: UUID,
    period: str,
    *,
    areas: Iterable[str] | None,
    on: date,
    import_id: UUID | None = None,
) -> list[int]:
    """Places of the first that would be recorded of these areas and what lies there, or that an import brought."""
    codes = None if areas is None else sorted(areas)
    told = (indicator_id, period, codes, on)
    if import_id is None:
        return [row["place"] for row in await _run(session, _INSIDE.format(_CHANGING), *told)]
    return [row["place"] for row in await _run(session, _INSIDE.format(_BROUGHT), *told, import_id)]


async def add_standing(session: WriteSession, ids: Iterable[UUID], changes: Mapping[str, Any]) -> None:
    """Put revisions that stand into the room again, with some of their columns changed."""
    await _run(session, _CURRENT_STANDING, list(ids))
    for name, value in changes.items():
        if name not in _CARRIED_NAMES:
            raise ValueError(f"observations carry no {name}")
        await _run(session, f"UPDATE staged_observations SET {name} = $1", value)  # noqa: S608


async def merge(session: WriteSession, now: datetime, *, recorded_by: str, import_id: UUID | None) -> None:
    """After `compare`: close the revisions that are superseded and add the new ones."""
    await _run(session, _CLOSE)
    await _run(session, _INSERT, now, recorded_by, import_id)


async def outcomes(session: WriteSession) -> list[Outcome]:
    """After `merge`: which revision stands for each staged observation, in the order of their places."""
    return [Outcome(**row) for row in await _run(session, _OUTCOMES)]


async def superseded(session: WriteSession, import_id: UUID) -> int:
    """How many observations of an import have been revised by others since."""
    rows = await _run(session, _SUPERSEDED, import_id)
    return int(rows[0][0])


async def withdraw(session: WriteSession, import_id: UUID, now: datetime, *, recorded_by: str) -> int:
    """Close the revisions an import made and let what stood before them stand again; how many were closed."""
    await _run(session, f"SET LOCAL statement_timeout = '{_PATIENCE_SECONDS}s'")
    moment = (await _run(session, _MOMENT, import_id, now))[0][0]
    closed = await _run(session, _WITHDRAW + " RETURNING 1", import_id, moment)
    for subject in _SUBJECTS:
        await _run(session, _RESTORE.format(subject), import_id, moment, recorded_by)
    return len(closed)
