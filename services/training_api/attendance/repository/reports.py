"""Reports on attendance: single statements over the tables of several capabilities, which are named as text here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Select,
    Text,
    TextualSelect,
    Uuid,
    bindparam,
    column,
    func,
    select,
    text,
)

from services.training_api.organisations import service as organisations
from services.training_api.organisations.service import Reach
from shared.db import keyset
from shared.db.sessions import AnySession

PEOPLE_A_DEVICE = 3
"""From so many people on one device of a person's own at one session, it is told."""
BY_HAND_FROM = 3
"""From so many people, all marked by hand, it is told."""
BURST = 10
BURST_SECONDS = 10
"""So many comings within so many seconds are told."""
REFUSED_FROM = 10
"""From so many refusals of one device at one session, it is told."""
DRIFT_SECONDS = 120
"""From so many seconds between a device's clock and the code's half minute, it is told."""
NEAR_MINUTES = 15
FAR_MINUTES = 60
"""Within so many minutes nobody is at two venues: of one area, of different areas."""

_ANOMALIES = """
    WITH meeting AS (
        SELECT course_sessions.id, course_sessions.cohort_id, course_sessions.held_on, course_sessions.venue_id,
               (extract(epoch FROM course_sessions.ends_at - course_sessions.starts_at) / 60)::int AS minutes,
               providers.organisation_id
        FROM course_sessions
        JOIN cohorts ON cohorts.id = course_sessions.cohort_id
        JOIN programmes ON programmes.id = cohorts.programme_id
        JOIN providers ON providers.id = programmes.provider_id
        WHERE course_sessions.held_on BETWEEN :since AND :until
          AND (CAST(:cohort AS uuid) IS NULL OR course_sessions.cohort_id = :cohort)
          AND (CAST(:session AS uuid) IS NULL OR course_sessions.id = :session)
    ), scan AS (
        SELECT * FROM attendance_scans WHERE session_id IN (SELECT id FROM meeting)
    ), line AS (
        -- Of all sessions of these days: who was elsewhere was there at another one.
        SELECT attendance_scans.*, enrolments.educator_id, owner.subject, venues.organisation_id AS host_id,
               organisations.area
        FROM attendance_scans
        JOIN course_sessions ON course_sessions.id = attendance_scans.session_id
        JOIN enrolments ON enrolments.id = attendance_scans.enrolment_id
        JOIN venues ON venues.id = enrolments.venue_id
        JOIN organisations ON organisations.id = venues.organisation_id
        CROSS JOIN LATERAL (VALUES (enrolments.educator_id::text), (attendance_scans.device)) AS owner (subject)
        WHERE course_sessions.held_on BETWEEN :since AND :until
          AND (attendance_scans.is_own_device OR owner.subject <> attendance_scans.device)
    ), found AS (
        SELECT 'one_device' AS kind, session_id, device AS subject, count(DISTINCT enrolment_id) AS how_many,
               min(moment) AS first_at, max(moment) AS last_at, array_agg(DISTINCT enrolment_id) AS enrolment_ids
        FROM scan WHERE is_own_device AND NOT is_offline
        GROUP BY session_id, device HAVING count(DISTINCT enrolment_id) >= :people_a_device
        UNION ALL
        SELECT 'two_places', session_id, subject, min(seconds), min(before_at), max(moment),
               array_agg(DISTINCT enrolment_id)
        FROM (
            SELECT *, extract(epoch FROM moment - before_at) AS seconds
            FROM (
                SELECT line.*, lag(moment) OVER way AS before_at, lag(host_id) OVER way AS before_host_id,
                       lag(area) OVER way AS before_area
                FROM line
                WINDOW way AS (PARTITION BY subject ORDER BY moment, id)
            ) AS lined
            WHERE before_host_id <> host_id
              AND moment - before_at < make_interval(
                  mins => CASE WHEN area IS NOT DISTINCT FROM before_area THEN :near ELSE :far END)
        ) AS moved
        GROUP BY session_id, subject
        UNION ALL
        SELECT 'all_by_hand', session_id, '', count(*), min(settled_at), max(settled_at),
               array_agg(enrolment_id ORDER BY enrolment_id)
        FROM attendances
        WHERE session_id IN (SELECT id FROM meeting) AND status IN ('present', 'late', 'left_early')
        GROUP BY session_id HAVING count(*) >= :by_hand_from AND bool_and(known_by IN ('hand', 'correction'))
        UNION ALL
        SELECT 'over_length', meeting.id, attendances.enrolment_id::text, attendances.minutes,
               attendances.arrived_at, attendances.left_at, ARRAY[attendances.enrolment_id]
        FROM meeting JOIN attendances ON attendances.session_id = meeting.id
        WHERE attendances.minutes > meeting.minutes
        UNION ALL
        SELECT 'not_expected', session_id, enrolment_id::text, sum(how_many), min(first_at), max(last_at),
               ARRAY[enrolment_id]
        FROM attendance_refusals
        WHERE session_id IN (SELECT id FROM meeting) AND code IN ('not_enrolled', 'seat_at_another_venue')
        GROUP BY session_id, enrolment_id
        UNION ALL
        SELECT 'many_refused', session_id, device, sum(how_many), min(first_at), max(last_at),
               array_agg(DISTINCT enrolment_id)
        FROM attendance_refusals WHERE session_id IN (SELECT id FROM meeting)
        GROUP BY session_id, device HAVING sum(how_many) >= :refused_from
        UNION ALL
        SELECT 'burst', session_id, '', max(at_once), min(moment), max(moment), array_agg(DISTINCT enrolment_id)
        FROM (
            SELECT session_id, enrolment_id, moment,
                   count(*) OVER (PARTITION BY session_id ORDER BY moment
                                  RANGE BETWEEN make_interval(secs => :burst_seconds) PRECEDING AND CURRENT ROW)
                   AS at_once
            FROM scan WHERE direction = 'in' AND NOT is_offline
        ) AS counted
        WHERE at_once >= :burst
        GROUP BY session_id
        UNION ALL
        SELECT 'clock_drift', session_id, device, max(abs(drift_seconds)), min(moment), max(moment),
               array_agg(DISTINCT enrolment_id)
        FROM scan WHERE abs(drift_seconds) > :drift
        GROUP BY session_id, device
    )
    SELECT found.kind, found.session_id, meeting.cohort_id, meeting.held_on, found.subject,
           least(found.how_many, 2147483647)::int AS how_many, found.first_at, found.last_at,
           found.enrolment_ids[1:50] AS enrolment_ids, meeting.organisation_id
    FROM found JOIN meeting ON meeting.id = found.session_id
    WHERE CAST(:kind AS text) IS NULL OR found.kind = :kind
"""

_GAPS = """
    SELECT enrolments.id AS enrolment_id, enrolments.educator_id, enrolments.organisation_id, enrolments.cohort_id,
           enrolments.venue_id, count(*)::int AS sessions,
           count(*) FILTER (WHERE coalesce(attendances.minutes, 0) = 0)::int AS missed,
           count(*) FILTER (WHERE attendances.status = 'excused')::int AS excused,
           coalesce(sum(least(attendances.minutes, meeting.minutes)), 0)::int AS minutes,
           sum(meeting.minutes)::int AS of_minutes,
           coalesce(bool_and(coalesce(attendances.minutes, 0) = 0), true) AS never
    FROM enrolments
    JOIN LATERAL (
        SELECT id, (extract(epoch FROM ends_at - starts_at) / 60)::int AS minutes
        FROM course_sessions
        WHERE cohort_id = enrolments.cohort_id
          AND (venue_id IS NULL OR venue_id = enrolments.venue_id)
          AND status <> 'cancelled' AND upper(busy) <= :now AND held_on BETWEEN :since AND :until
    ) AS meeting ON true
    LEFT JOIN attendances ON attendances.session_id = meeting.id AND attendances.enrolment_id = enrolments.id
    WHERE (enrolments.seat_id IS NOT NULL OR enrolments.status = 'no_show') AND enrolments.status <> 'offered'
      AND (CAST(:cohort AS uuid) IS NULL OR enrolments.cohort_id = :cohort)
      AND (CAST(:organisation AS uuid) IS NULL OR enrolments.organisation_id = :organisation)
    GROUP BY enrolments.id
    HAVING bool_or(coalesce(attendances.minutes, 0) = 0)
       AND (NOT :never OR bool_and(coalesce(attendances.minutes, 0) = 0))
"""


@dataclass(frozen=True, slots=True)
class Odd:
    """Something odd about a session."""

    kind: str
    session_id: UUID
    cohort_id: UUID
    held_on: date
    subject: str
    how_many: int
    first_at: datetime | None
    last_at: datetime | None
    enrolment_ids: list[UUID]


@dataclass(frozen=True, slots=True)
class Gap:
    """Somebody who missed something."""

    enrolment_id: UUID
    educator_id: UUID
    organisation_id: UUID
    cohort_id: UUID
    venue_id: UUID
    sessions: int
    missed: int
    excused: int
    minutes: int
    of_minutes: int
    never: bool


def _textual(statement: str, types: dict[str, Any], columns: dict[str, Any]) -> TextualSelect:
    bound = text(statement).bindparams(*(bindparam(name, type_=type_) for name, type_ in types.items()))
    return bound.columns(*(column(name, type_) for name, type_ in columns.items()))


_ODD = _textual(
    _ANOMALIES,
    {"since": Date, "until": Date, "cohort": Uuid, "session": Uuid, "kind": Text}
    | dict.fromkeys(
        (*("people_a_device", "near", "far", "by_hand_from", "refused_from", "burst", "burst_seconds", "drift"),),
        Integer,
    ),
    {
        "kind": Text,
        "session_id": Uuid,
        "cohort_id": Uuid,
        "held_on": Date,
        "subject": Text,
        "how_many": Integer,
        "first_at": DateTime(timezone=True),
        "last_at": DateTime(timezone=True),
        "enrolment_ids": ARRAY(Uuid),
        "organisation_id": Uuid,
    },
).subquery("odd")
_LIMITS = {
    "people_a_device": PEOPLE_A_DEVICE,
    "near": NEAR_MINUTES,
    "far": FAR_MINUTES,
    "by_hand_from": BY_HAND_FROM,
    "refused_from": REFUSED_FROM,
    "burst": BURST,
    "burst_seconds": BURST_SECONDS,
    "drift": DRIFT_SECONDS,
}
_ODD_KEYS = (
    keyset.Key(_ODD.c.held_on, descending=True),
    keyset.Key(_ODD.c.session_id, descending=True),
    keyset.Key(_ODD.c.kind, descending=True),
    keyset.Key(_ODD.c.subject, descending=True),
)
_GAP = _textual(
    _GAPS,
    {
        "since": Date,
        "until": Date,
        "cohort": Uuid,
        "organisation": Uuid,
        "never": Boolean,
        "now": DateTime(timezone=True),
    },
    {
        **dict.fromkeys(("enrolment_id", "educator_id", "organisation_id", "cohort_id", "venue_id"), Uuid),
        **dict.fromkeys(("sessions", "missed", "excused", "minutes", "of_minutes"), Integer),
        "never": Boolean,
    },
).subquery("gap")
_GAP_KEYS = (keyset.Key(_GAP.c.enrolment_id),)


async def anomalies(
    session: AnySession, wanted: dict[str, Any], reach: Reach, *, limit: int, after: Sequence[Any] | None
) -> list[Odd]:
    """What is odd about sessions of providers within the reach, the latest sessions first; one more than `limit`."""
    columns = [one for one in _ODD.c if one.name != "organisation_id"]
    query = _page(select(*columns), _ODD_KEYS, _ODD.c.organisation_id, reach, limit=limit, after=after)
    return [Odd(*row) for row in await session.execute(query, {**wanted, **_LIMITS})]


async def count_anomalies(session: AnySession, wanted: dict[str, Any], reach: Reach) -> int:
    query = select(func.count()).select_from(_ODD).where(organisations.within(_ODD.c.organisation_id, reach))
    return int(await session.scalar(query, {**wanted, **_LIMITS}) or 0)


async def gaps(
    session: AnySession, wanted: dict[str, Any], reach: Reach, *, limit: int, after: Sequence[Any] | None
) -> list[Gap]:
    """People within the reach who missed something, in the order of enrolments; one more than `limit`."""
    query = _page(select(_GAP), _GAP_KEYS, _GAP.c.organisation_id, reach, limit=limit, after=after)
    return [Gap(*row) for row in await session.execute(query, wanted)]


async def count_gaps(session: AnySession, wanted: dict[str, Any], reach: Reach) -> int:
    query = select(func.count()).select_from(_GAP).where(organisations.within(_GAP.c.organisation_id, reach))
    return int(await session.scalar(query, wanted) or 0)


def _page(
    query: Select[Any],
    keys: Sequence[keyset.Key],
    organisation: ColumnElement[UUID],
    reach: Reach,
    *,
    limit: int,
    after: Sequence[Any] | None,
) -> Select[Any]:
    query = query.where(organisations.within(organisation, reach))
    if after is not None:
        query = query.where(keyset.after(keys, after))
    return query.order_by(*keyset.order_by(keys)).limit(limit + 1)
