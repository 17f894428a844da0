"""Values over time of many subjects at once, for whoever compares them with what was promised."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Text, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.registry_api.observations import rules
from services.registry_api.observations.models import Observation
from shared.db.sessions import AnySession

_SAID_NOTHING = "withdrawn"


@dataclass(frozen=True, slots=True)
class Point:
    """One value that stands, and what it speaks of."""

    indicator_id: UUID
    organisation_id: UUID | None
    area: str | None
    period: str
    first: date
    """The period's first day: before it nothing could be said of it."""
    on: date
    """The day the facts were taken at, or the period's last."""
    value: float
    n: int | None
    status: str
    source_system: str
    breaks: bool
    """Not comparable with what came before."""
    recorded_at: datetime


async def read(
    session: AnySession,
    *,
    indicator_ids: Collection[UUID],
    organisations: Collection[UUID] = (),
    areas: Collection[str] = (),
    known_at: datetime | None = None,
) -> list[Point]:
    """The values of these indicators for these subjects, by day; what is missing or withdrawn is left out."""
    if not indicator_ids or not (organisations or areas):
        return []
    known: ColumnElement[bool] = func.upper_inf(Observation.recorded)
    if known_at is not None:
        known = Observation.recorded.op("@>")(literal(known_at))
    query = (
        select(Observation)
        .where(
            Observation.indicator_id == func.any(literal(list(indicator_ids))),
            or_(
                Observation.organisation_id == func.any(literal(list(organisations), ARRAY(Observation.id.type))),
                Observation.area_code == func.any(literal(list(areas), ARRAY(Text))),
            ),
            Observation.value.is_not(None),
            Observation.status != _SAID_NOTHING,
            known,
        )
        .order_by(Observation.period_end, Observation.id)
    )
    return sorted((_point(row) for row in await session.scalars(query)), key=lambda point: point.on)


def _point(row: Observation) -> Point:
    period = rules.period(row.period)
    on = row.as_of or row.period_end
    assert row.value is not None
    assert row.recorded.lower is not None
    return Point(
        indicator_id=row.indicator_id,
        organisation_id=row.organisation_id,
        area=row.area_code,
        period=row.period,
        first=min(period.first, on) if period else on,
        on=on,
        value=row.value,
        n=row.n,
        status=row.status,
        source_system=row.source_system,
        breaks=row.break_in_series,
        recorded_at=row.recorded.lower,
    )
