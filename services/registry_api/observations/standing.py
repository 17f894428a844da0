"""One organisation beside those that are alike: each indicator's latest value, and what the others have."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Uuid, bindparam, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on

from services.registry_api.observations.models import Observation
from shared.db.sessions import AnySession


async def latest_final(
    session: AnySession, organisation_id: UUID, indicator_ids: Sequence[UUID]
) -> list[Mapping[str, Any]]:
    """The organisation's final values of the latest period of each of these versions, the latest of all first."""
    query = (
        select(Observation.indicator_id, Observation.period, Observation.period_end, Observation.value)
        .ext(distinct_on(Observation.indicator_id))
        .where(
            Observation.organisation_id == organisation_id,
            Observation.indicator_id == func.any(literal(list(indicator_ids), ARRAY(Uuid))),
            Observation.status.in_(("final", "corrected")),
            Observation.value.is_not(None),
            func.upper_inf(Observation.recorded),
        )
        .order_by(Observation.indicator_id, Observation.period_end.desc(), func.lower(Observation.recorded).desc())
        .subquery()
    )
    rows = await session.execute(select(query).order_by(query.c.period_end.desc()))
    return [dict(row) for row in rows.mappings()]


async def beside(
    session: AnySession, organisation_id: UUID, peers: Select[Any], values: Mapping[str, Any]
) -> list[Mapping[str, Any]]:
    """By indicator: the organisation's latest value, its period, the latest period anybody has, and the middle of
    the others' values in the organisation's period. `peers` includes the organisation itself."""
    latest = (
        select(
            Observation.indicator_id,
            Observation.organisation_id,
            Observation.period,
            Observation.period_end,
            Observation.value,
            Observation.missing_reason,
            Observation.status,
        )
        .ext(distinct_on(Observation.indicator_id, Observation.organisation_id))
        .where(
            Observation.organisation_id.in_(peers),
            Observation.status != "withdrawn",
            func.upper_inf(Observation.recorded),
        )
        .order_by(
            Observation.indicator_id,
            Observation.organisation_id,
            Observation.period_end.desc(),
            func.lower(Observation.recorded).desc(),
        )
        .cte("latest")
    )
    me = bindparam("organisation", type_=Uuid)
    own = select(latest).where(latest.c.organisation_id == me).cte("own")
    others = latest.c.organisation_id != me
    same_time = others & (latest.c.period_end == own.c.period_end) & latest.c.value.is_not(None)
    lower = same_time & (latest.c.value < own.c.value)
    higher = same_time & (latest.c.value > own.c.value)
    query = (
        select(
            latest.c.indicator_id,
            own.c.period,
            own.c.value,
            own.c.missing_reason,
            own.c.status,
            own.c.period_end,
            func.max(latest.c.period_end).label("newest_end"),
            func.array_agg(aggregate_order_by(latest.c.period, latest.c.period_end.desc())).label("periods"),
            func.count().filter(others).label("reporting"),
            func.count().filter(same_time).label("n"),
            func.count().filter(lower).label("lower"),
            func.count().filter(higher).label("higher"),
            func.percentile_cont(0.5).within_group(latest.c.value).filter(same_time).label("median"),
        )
        .join_from(latest, own, own.c.indicator_id == latest.c.indicator_id, isouter=True)
        .group_by(
            latest.c.indicator_id,
            own.c.period,
            own.c.value,
            own.c.missing_reason,
            own.c.status,
            own.c.period_end,
        )
    )
    rows = await session.execute(query, {**values, "organisation": organisation_id})
    return [{**row, "newest": row["periods"][0]} for row in rows.mappings()]
