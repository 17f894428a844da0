"""Who is expected where, read in one statement from the table of enrolments, which is named as text here."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, text

from shared.db.sessions import AnySession


@dataclass(frozen=True, slots=True)
class Person:
    """An enrolment as far as attendance goes."""

    enrolment_id: UUID
    cohort_id: UUID
    venue_id: UUID
    educator_id: UUID
    organisation_id: UUID
    has_seat: bool


_PEOPLE = """
    SELECT id, cohort_id, venue_id, educator_id, organisation_id,
           seat_id IS NOT NULL AND status <> 'offered' AS has_seat
    FROM enrolments
"""
_BY_ID = text(f"{_PEOPLE} WHERE id = ANY(:enrolments)").bindparams(bindparam("enrolments", type_=ARRAY(Uuid)))
_EXPECTED = text(
    f"""
    {_PEOPLE}
    WHERE cohort_id = :cohort AND seat_id IS NOT NULL AND status <> 'offered'
      AND (CAST(:venue AS uuid) IS NULL OR venue_id = :venue)
    ORDER BY id
    """
).bindparams(bindparam("cohort", type_=Uuid), bindparam("venue", type_=Uuid))


async def find_many(session: AnySession, enrolment_ids: Collection[UUID]) -> dict[UUID, Person]:
    """Those of the enrolments that exist."""
    if not enrolment_ids:
        return {}
    rows = await session.execute(_BY_ID, {"enrolments": sorted(set(enrolment_ids))})
    return {row.id: Person(*row) for row in rows}


async def expected(session: AnySession, cohort_id: UUID, *, venue_id: UUID | None) -> dict[UUID, Person]:
    """Everybody who holds a seat in the cohort, or at one of its venues, in the order of enrolments."""
    rows = await session.execute(_EXPECTED, {"cohort": cohort_id, "venue": venue_id})
    return {row.id: Person(*row) for row in rows}
