"""Reports on attendance: what looks odd, and who missed what."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from services.training_api.attendance import errors
from services.training_api.attendance.repository import reports
from services.training_api.organisations import service as organisations
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession
from shared.schemas.training.attendance import AnomalyQuery, AnomalyRead, GapQuery, GapRead

_LONGEST = timedelta(days=366)
_A_MONTH = timedelta(days=31)


async def anomalies(
    session: AnySession, actor: Actor, query: AnomalyQuery, *, now: datetime, after: Sequence[Any] | None, limit: int
) -> list[AnomalyRead]:
    """What looks odd at sessions of providers within the caller's reach. Raises `PeriodTooLong`."""
    rows = await reports.anomalies(session, _odd(query, now=now), organisations.sight(actor), limit=limit, after=after)
    return [AnomalyRead.model_validate(row) for row in rows]


async def count_anomalies(session: AnySession, actor: Actor, query: AnomalyQuery, *, now: datetime) -> int:
    """How many there are."""
    return await reports.count_anomalies(session, _odd(query, now=now), organisations.sight(actor))


async def gaps(
    session: AnySession, actor: Actor, query: GapQuery, *, now: datetime, after: Sequence[Any] | None, limit: int
) -> list[GapRead]:
    """People within the caller's reach who missed something. Raises `PeriodTooLong`."""
    rows = await reports.gaps(session, _missed(query, now=now), organisations.sight(actor), limit=limit, after=after)
    return [GapRead.model_validate(row) for row in rows]


async def count_gaps(session: AnySession, actor: Actor, query: GapQuery, *, now: datetime) -> int:
    """How many there are."""
    return await reports.count_gaps(session, _missed(query, now=now), organisations.sight(actor))


def _odd(query: AnomalyQuery, *, now: datetime) -> dict[str, Any]:
    since, until = _period(query.since, query.until, back=_A_MONTH, now=now)
    kind = query.kind.value if query.kind else None
    return {"since": since, "until": until, "cohort": query.cohort_id, "session": query.session_id, "kind": kind}


def _missed(query: GapQuery, *, now: datetime) -> dict[str, Any]:
    since, until = _period(query.since, query.until, back=_LONGEST, now=now)
    return {
        "since": since,
        "until": until,
        "cohort": query.cohort_id,
        "organisation": query.organisation_id,
        "never": query.never,
        "now": now,
    }


def _period(since: date | None, until: date | None, *, back: timedelta, now: datetime) -> tuple[date, date]:
    last = until or day_in_kazakhstan(now)
    first = since or last - back
    if last - first > _LONGEST:
        raise errors.PeriodTooLong(pointer="?since")
    return first, last
