"""Every SQL statement that reads observations: lists and the columns of a table."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, func, literal, literal_column, select, text

from services.registry_api.observations.models import Observation
from services.registry_api.observations.staging import Merged
from shared.db import keyset
from shared.db.sessions import AnySession
from shared.schemas.registry.observations import ObservationsQuery

KEYS = (keyset.Key(Observation.id.expression),)


@dataclass(frozen=True, slots=True)
class Column:
    """What a table says of one indicator: arrays in the order of the organisations asked for."""

    value: list[float | None] = field(default_factory=list)
    n: list[int | None] = field(default_factory=list)
    variance: list[float | None] = field(default_factory=list)
    reason: list[str | None] = field(default_factory=list)


_TABLE = text(
    """
    WITH scope AS MATERIALIZED (
        SELECT id, place FROM unnest(CAST(:organisations AS uuid[])) WITH ORDINALITY AS listed (id, place)
    ), chosen AS MATERIALIZED (
        SELECT DISTINCT ON (indicator_id, organisation_id)
            indicator_id, organisation_id, value, n, variance, missing_reason, status
        FROM observations
        WHERE indicator_id = ANY (CAST(:indicators AS uuid[])) AND organisation_id IS NOT NULL
            AND period_end BETWEEN :first AND :last
            AND CASE WHEN CAST(:known_at AS timestamptz) IS NULL THEN upper_inf(recorded)
                ELSE recorded @> CAST(:known_at AS timestamptz) END
        ORDER BY indicator_id, organisation_id, status = 'withdrawn', period_end DESC, (period = :period) DESC,
            lower(recorded) DESC, source_system
    ), cells AS (
        SELECT asked.id AS indicator_id, scope.place,
            CASE WHEN chosen.status <> 'withdrawn' THEN chosen.value END AS value,
            CASE WHEN chosen.status <> 'withdrawn' THEN chosen.n END AS n,
            CASE WHEN chosen.status <> 'withdrawn' THEN chosen.variance END AS variance,
            CASE WHEN chosen.status IS NULL THEN 'not_reported'
                WHEN chosen.status = 'withdrawn' THEN coalesce(chosen.missing_reason, 'invalidated')
                ELSE chosen.missing_reason END AS reason
        FROM unnest(CAST(:indicators AS uuid[])) AS asked (id)
        CROSS JOIN scope
        LEFT JOIN chosen ON chosen.indicator_id = asked.id AND chosen.organisation_id = scope.id
    )
    SELECT indicator_id, array_agg(value ORDER BY place) AS value, array_agg(n ORDER BY place) AS n,
        array_agg(variance ORDER BY place) AS variance, array_agg(reason ORDER BY place) AS reason
    FROM cells GROUP BY indicator_id
    """
)
_MORE_MEMORY = text("SELECT set_config('work_mem', '64MB', true)")
"""For one statement: the sort of a whole country's cells then stays off the disk."""


async def columns(
    session: AnySession,
    *,
    indicators: Sequence[UUID],
    organisations: Sequence[UUID],
    period: str,
    first: date,
    last: date,
    known_at: datetime | None,
) -> dict[UUID, Column]:
    """By indicator, what stands for each organisation; inside a `consistent` block."""
    await session.execute(_MORE_MEMORY)
    rows = await session.execute(
        _TABLE,
        {
            "indicators": list(indicators),
            "organisations": list(organisations),
            "period": period,
            "first": first,
            "last": last,
            "known_at": known_at,
        },
    )
    return {row.indicator_id: Column(row.value, row.n, row.variance, row.reason) for row in rows}


async def page(
    session: AnySession,
    query: ObservationsQuery,
    *,
    indicator_ids: Collection[UUID] | None,
    after: Sequence[Any] | None,
    limit: int,
) -> list[Observation]:
    """A page of the list, oldest first."""
    statement = select(Observation).where(*_filters(query, indicator_ids)).order_by(*keyset.order_by(KEYS)).limit(limit)
    if after is not None:
        statement = statement.where(keyset.after(KEYS, after))
    return list(await session.scalars(statement))


async def count(session: AnySession, query: ObservationsQuery, *, indicator_ids: Collection[UUID] | None) -> int:
    """How many there are."""
    statement = select(func.count()).select_from(Observation).where(*_filters(query, indicator_ids))
    return await session.scalar(statement) or 0


async def of_import(session: AnySession, import_id: UUID) -> list[Merged]:
    """How many observations that stand an import brought, by indicator and period."""
    statement = (
        select(Observation.indicator_id, Observation.period, func.count())
        .where(Observation.import_id == import_id, func.upper_inf(Observation.recorded))
        .group_by(Observation.indicator_id, Observation.period)
        .order_by(Observation.indicator_id, Observation.period)
    )
    return [
        Merged(indicator_id, period, 0, count, 0) for indicator_id, period, count in await session.execute(statement)
    ]


_PERIOD_START: ColumnElement[date] = literal_column(
    """
    CASE
        WHEN observations.period ~ '^[0-9]{4}-[0-9]{4}$' THEN make_date(left(observations.period, 4)::int, 9, 1)
        WHEN observations.period ~ '-H' THEN
            make_date(left(observations.period, 4)::int, 6 * right(observations.period, 1)::int - 5, 1)
        WHEN observations.period ~ '-Q' THEN
            make_date(left(observations.period, 4)::int, 3 * right(observations.period, 1)::int - 2, 1)
        WHEN length(observations.period) = 7 THEN
            make_date(left(observations.period, 4)::int, right(observations.period, 2)::int, 1)
        ELSE make_date(left(observations.period, 4)::int, 1, 1)
    END
    """,
    Date(),
)
"""The first day of a period as `rules.period` finds it."""


def _filters(query: ObservationsQuery, indicator_ids: Collection[UUID] | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if indicator_ids is not None:
        conditions.append(Observation.indicator_id.in_(indicator_ids))
    if query.organisation is not None:
        conditions.append(Observation.organisation_id == query.organisation)
    if query.area is not None:
        conditions.append(Observation.area_code == query.area)
    if query.period is not None:
        conditions.append(Observation.period == query.period)
    if query.status is not None:
        conditions.append(Observation.status == query.status)
    if query.as_of is not None:
        conditions += [Observation.period_end >= query.as_of, literal(query.as_of) >= _PERIOD_START]
    if query.known_at is not None:
        conditions.append(Observation.recorded.op("@>")(literal(query.known_at)))
    elif query.revisions == "current":
        conditions.append(func.upper_inf(Observation.recorded))
    return conditions
