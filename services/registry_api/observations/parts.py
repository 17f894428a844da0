"""Parts of the statements of other capabilities, so that a list needs only one."""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Date, DateTime, Double, Integer, Select, bindparam, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from services.registry_api.indicators import service as indicators
from services.registry_api.observations.models import Observation

_LONGEST_PERIOD_DAYS = 366


@lru_cache(maxsize=2)
def reaching(*, known: bool) -> Select[Any]:
    """Organisations whose latest final value of the indicator bound as `indicator` is at least what is bound as
    `least`: of periods that had begun on the day bound as `on`."""
    believed: ColumnElement[bool] = func.upper_inf(Observation.recorded)
    if known:
        believed = Observation.recorded.op("@>")(bindparam("known_at", type_=DateTime(timezone=True)))
    begun = Observation.period_end < bindparam("on", type_=Date) + bindparam(
        "longest_period", _LONGEST_PERIOD_DAYS, type_=Integer
    )
    latest = (
        select(Observation.organisation_id, Observation.value)
        .ext(distinct_on(Observation.organisation_id))
        .where(
            Observation.indicator_id.in_(indicators.with_code()),
            Observation.organisation_id.is_not(None),
            Observation.status.in_(("final", "corrected")),
            Observation.value.is_not(None),
            believed,
            begun,
        )
        .order_by(Observation.organisation_id, Observation.period_end.desc(), func.lower(Observation.recorded).desc())
        .subquery()
    )
    return select(latest.c.organisation_id).where(latest.c.value >= bindparam("least", type_=Double))


__all__ = ["reaching"]
