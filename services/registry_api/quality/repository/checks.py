"""What a check writes down: what it found, what it found no more, and how much there is of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert

from services.registry_api.quality.models import QualityRun
from shared.db import keyset
from shared.db.engine import driver_connection
from shared.db.sessions import AnySession, WriteSession
from shared.ids import new_id
from shared.schemas.registry.quality import RunsQuery

KEYS = (keyset.Key(QualityRun.id.expression, descending=True),)
_LOCK = 0x7175616C
"""One check at a time."""
_PATIENCE_SECONDS = 120
_COLUMNS = (
    *("fingerprint", "rule", "severity", "organisation_id", "area_code", "indicator", "period", "source_system"),
    *("observation_id", "value", "low", "high"),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One breach as a check saw it."""

    fingerprint: str
    rule: str
    severity: str
    organisation_id: UUID | None
    area_code: str | None
    indicator: str
    period: str
    source_system: str | None
    observation_id: UUID | None
    value: float | None
    low: float | None
    high: float | None


_ROOM = text(
    f"""
    CREATE TEMPORARY TABLE seen_findings ON COMMIT DROP AS
    SELECT {", ".join(_COLUMNS)} FROM quality_findings WITH NO DATA
    """  # noqa: S608 -- names of our own columns
)
_MERGE = text(
    """
    INSERT INTO quality_findings AS known (
        id, fingerprint, rule, severity, organisation_id, area_code, indicator, period, source_system, observation_id,
        value, low, high, state, found_at, seen_at, version, created_at, updated_at
    )
    SELECT uuidv7(), seen.fingerprint, seen.rule, seen.severity, seen.organisation_id,
        coalesce(seen.area_code, (
            SELECT state.area_code FROM organisation_states AS state
            WHERE state.organisation_id = seen.organisation_id AND upper_inf(state.recorded)
            ORDER BY state.valid @> CAST(:day AS date) DESC, lower(state.valid) DESC LIMIT 1
        )),
        seen.indicator, seen.period, seen.source_system, seen.observation_id, seen.value, seen.low, seen.high,
        'open', :now, :now, 1, :now, :now
    FROM (SELECT DISTINCT ON (fingerprint) * FROM seen_findings ORDER BY fingerprint) AS seen
    ON CONFLICT (fingerprint) DO UPDATE SET
        severity = excluded.severity, observation_id = excluded.observation_id, value = excluded.value,
        low = excluded.low, high = excluded.high, seen_at = excluded.seen_at, updated_at = excluded.updated_at,
        version = known.version + 1, resolved_at = NULL,
        -- what was acknowledged of another value is not acknowledged of this one
        state = CASE WHEN known.state = 'acknowledged' AND known.value IS NOT DISTINCT FROM excluded.value
            THEN 'acknowledged' ELSE 'open' END,
        found_at = CASE WHEN known.state = 'resolved' THEN excluded.found_at ELSE known.found_at END
    RETURNING found_at
    """
)
_RESOLVE = text(
    """
    UPDATE quality_findings AS known
    SET state = 'resolved', resolved_at = :now, updated_at = :now, version = version + 1
    WHERE state <> 'resolved' AND (CAST(:indicator AS text) IS NULL OR indicator = CAST(:indicator AS text))
        AND NOT EXISTS (SELECT FROM seen_findings AS seen WHERE seen.fingerprint = known.fingerprint)
    RETURNING 1
    """
)
_FIGURES = text(
    """
    SELECT count(*) FILTER (WHERE state = 'open' AND severity = 'error') AS errors,
        count(*) FILTER (WHERE state = 'open' AND severity = 'warning') AS warnings,
        count(*) FILTER (WHERE state = 'open' AND severity = 'info') AS infos,
        count(*) FILTER (WHERE state = 'acknowledged') AS acknowledged,
        (SELECT count(*) FROM observations WHERE upper_inf(recorded) AND status <> 'withdrawn') AS observations,
        (SELECT count(*) FROM duplicate_candidates WHERE state = 'open') AS duplicates
    FROM quality_findings
    """
)
_ANYTHING = text("SELECT EXISTS (SELECT FROM observations)")


async def begin(session: WriteSession) -> None:
    """Wait for the check before this one, and take the patience a whole country needs."""
    await session.execute(text(f"SET LOCAL statement_timeout = '{_PATIENCE_SECONDS}s'"))
    await session.execute(text(f"SET LOCAL lock_timeout = '{_PATIENCE_SECONDS}s'"))
    await session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    await session.execute(_ROOM)


async def merge(
    session: WriteSession, seen: Collection[Seen], *, indicator: str | None, day: date, now: datetime
) -> tuple[int, int]:
    """Write down what was seen and resolve what was not; how many findings were opened and resolved."""
    connection = await driver_connection(session)
    records = [tuple(getattr(one, name) for name in _COLUMNS) for one in seen]
    await connection.copy_records_to_table("seen_findings", records=records, columns=_COLUMNS)
    found = (await session.execute(_MERGE, {"day": day, "now": now})).all()
    resolved = (await session.execute(_RESOLVE, {"indicator": indicator, "now": now})).all()
    return sum(row.found_at == now for row in found), len(resolved)


async def figures(session: AnySession) -> dict[str, int]:
    """How much there is of everything now."""
    return dict((await session.execute(_FIGURES)).mappings().one())


async def there_is_anything(session: AnySession) -> bool:
    """Whether there is a value to check."""
    return bool((await session.execute(_ANYTHING)).scalar_one())


async def had_nightly(session: AnySession, day: date) -> bool:
    """Whether the check of that night has been asked for."""
    statement = select(func.count()).where(QualityRun.day == day, QualityRun.occasion == "nightly")
    return bool(await session.scalar(statement))


async def add_run(
    session: WriteSession, *, day: date, occasion: str, indicator: str | None, now: datetime
) -> UUID | None:
    """Write down that a check was asked for; None where that night has had its own."""
    row = {"id": new_id(), "day": day, "occasion": occasion, "indicator": indicator, "started_at": now, "figures": {}}
    statement = insert(QualityRun).values(row).on_conflict_do_nothing().returning(QualityRun.id)
    found: UUID | None = await session.scalar(statement)
    return found


async def run(session: AnySession, run_id: UUID, *, for_update: bool = False) -> QualityRun | None:
    """One check."""
    return await session.get(QualityRun, run_id, with_for_update=for_update or None)


async def runs(session: AnySession, query: RunsQuery, *, after: Sequence[Any] | None, limit: int) -> list[QualityRun]:
    """A page of the checks, newest first."""
    statement = select(QualityRun).order_by(*keyset.order_by(KEYS)).limit(limit)
    if query.since is not None:
        statement = statement.where(QualityRun.day >= query.since)
    if after is not None:
        statement = statement.where(keyset.after(KEYS, after))
    return list(await session.scalars(statement))


async def count_runs(session: AnySession, query: RunsQuery) -> int:
    """How many there were."""
    statement = select(func.count()).select_from(QualityRun)
    if query.since is not None:
        statement = statement.where(QualityRun.day >= query.since)
    return await session.scalar(statement) or 0
