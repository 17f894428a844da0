"""Every SQL statement about outcome measures and who is compared by them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Date, Table, Text, bindparam, select, text, tuple_

from services.training_api.impact.models import OutcomeMeasure
from shared.db import bulk
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.enrolments import EnrolmentStatus

_TABLE = OutcomeMeasure.__table__
_HAD_A_SEAT = (
    EnrolmentStatus.CONFIRMED,
    EnrolmentStatus.STARTED,
    EnrolmentStatus.COMPLETED_PASSED,
    EnrolmentStatus.COMPLETED_ATTENDED,
    EnrolmentStatus.FAILED,
    EnrolmentStatus.NO_SHOW,
)
_WAITED = (EnrolmentStatus.WAITLISTED, EnrolmentStatus.OFFER_EXPIRED, EnrolmentStatus.CANCELLED)
Key = tuple[UUID, str, date]
"""Person, instrument and day of a measure."""


async def there(session: AnySession, keys: Sequence[Key]) -> set[Key]:
    """Those of the measures that were recorded before."""
    columns = (OutcomeMeasure.educator_id, OutcomeMeasure.instrument, OutcomeMeasure.taken_on)
    found = await session.execute(select(*columns).where(tuple_(*columns).in_(keys)))
    return {(row[0], row[1], row[2]) for row in found}


async def add_many(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write many measures at once, past the recorder of the audit trail."""
    assert isinstance(_TABLE, Table)
    columns = list(rows[0])
    await bulk.copy_rows(session, _TABLE, columns, ([row[name] for name in columns] for row in rows))


async def programme_is_known(session: AnySession, code: str) -> bool:
    query = text("SELECT true FROM programmes WHERE code = :code LIMIT 1").bindparams(bindparam("code", type_=Text))
    return bool(await session.scalar(query, {"code": code}))


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who applied for the programme, once: what was measured before and after, if it was."""

    organisation_id: UUID
    venue_id: UUID
    order: float
    """When the person enrolled, in seconds."""
    took_part: bool
    before: float | None
    after: float | None


# Tables are named here as text: they belong to other capabilities, and a query for each person would be thousands.
# Of somebody who applied several times the enrolment with a seat counts, else the first. The measure before the course
# is the last one by its first day, the one after it the first behind its last day.
_APPLICANTS = text(
    """
    WITH applied AS (
        SELECT DISTINCT ON (enrolments.educator_id)
               enrolments.educator_id, enrolments.organisation_id, enrolments.venue_id,
               extract(epoch FROM enrolments.created_at)::double precision AS arrived,
               enrolments.status = ANY(:had_a_seat) AS took_part,
               cohorts.starts_on, cohorts.ends_on
        FROM enrolments
        JOIN cohorts ON cohorts.id = enrolments.cohort_id
        JOIN programmes ON programmes.id = cohorts.programme_id
        WHERE programmes.code = :code AND cohorts.ends_on < :today
          AND (enrolments.status = ANY(:had_a_seat)
               OR (enrolments.status = ANY(:waited) AND enrolments.ticket IS NOT NULL))
        ORDER BY enrolments.educator_id, enrolments.status = ANY(:had_a_seat) DESC, cohorts.starts_on, enrolments.id
    )
    SELECT applied.organisation_id, applied.venue_id, applied.arrived, applied.took_part, before.score, after.score
    FROM applied
    LEFT JOIN LATERAL (
        SELECT score FROM outcome_measures AS measure
        WHERE measure.educator_id = applied.educator_id AND measure.instrument = :instrument
          AND measure.taken_on <= applied.starts_on
        ORDER BY measure.taken_on DESC LIMIT 1
    ) AS before ON true
    LEFT JOIN LATERAL (
        SELECT score FROM outcome_measures AS measure
        WHERE measure.educator_id = applied.educator_id AND measure.instrument = :instrument
          AND measure.taken_on > applied.ends_on
        ORDER BY measure.taken_on LIMIT 1
    ) AS after ON true
    ORDER BY applied.educator_id
    """
).bindparams(
    bindparam("code", type_=Text),
    bindparam("instrument", type_=Text),
    bindparam("today", type_=Date),
    bindparam("had_a_seat", type_=ARRAY(Text)),
    bindparam("waited", type_=ARRAY(Text)),
)


async def applicants(session: AnySession, *, code: str, instrument: str | None, today: date) -> list[Applicant]:
    """Everybody who applied for a run of the programme that is over: with a seat, or in the waiting list."""
    values = {
        "code": code,
        "instrument": instrument,
        "today": today,
        "had_a_seat": [status.value for status in _HAD_A_SEAT],
        "waited": [status.value for status in _WAITED],
    }
    return [Applicant(*row) for row in await session.execute(_APPLICANTS, values)]
