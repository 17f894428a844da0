"""Every SQL statement about study visits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Text, distinct, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm.attributes import flag_modified

from services.registry_api.projects.models import StudyVisit, StudyVisitTeam
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession

KEYS = (
    keyset.Key(StudyVisit.departs_on.expression, descending=True),
    keyset.Key(StudyVisit.id.expression, descending=True),
)
_HAS_OUTCOMES = or_(*(getattr(StudyVisit, f"outcomes_{code}").is_not(None) for code in ("kk", "ru", "en")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which visits are asked for; what is None does not matter."""

    country: str | None = None
    areas: Sequence[str] | None = None
    participant_id: UUID | None = None
    since: date | None = None
    until: date | None = None


def _people() -> Any:
    return select(func.sum(StudyVisitTeam.people)).where(StudyVisitTeam.visit_id == StudyVisit.id).scalar_subquery()


async def page(
    session: AnySession, wanted: Wanted, *, after: Sequence[Any] | None, limit: int
) -> list[tuple[StudyVisit, int]]:
    """Visits with the number of people, the latest first."""
    query = select(StudyVisit, _people()).where(*_conditions(wanted)).order_by(*keyset.order_by(KEYS)).limit(limit)
    if after is not None:
        query = query.where(keyset.after(KEYS, [date.fromisoformat(str(after[0])), UUID(str(after[1]))]))
    return [(row[0], int(row[1])) for row in await session.execute(query)]


async def count(session: AnySession, wanted: Wanted) -> int:
    """How many there are."""
    return await session.scalar(select(func.count()).select_from(StudyVisit).where(*_conditions(wanted))) or 0


async def by_country(session: AnySession, wanted: Wanted) -> Sequence[RowMapping]:
    """Visits, people and visits with outcomes of each country."""
    query = select(
        StudyVisit.country,
        func.count().label("visits"),
        func.sum(_people()).label("people"),
        func.count().filter(_HAS_OUTCOMES).label("with_outcomes"),
    )
    query = query.where(*_conditions(wanted)).group_by(StudyVisit.country).order_by(StudyVisit.country)
    return (await session.execute(query)).mappings().all()


async def organisation_count(session: AnySession, wanted: Wanted) -> int:
    """From how many organisations people went."""
    query = select(func.count(distinct(StudyVisitTeam.organisation_id)))
    query = query.join(StudyVisit, StudyVisit.id == StudyVisitTeam.visit_id).where(*_conditions(wanted))
    return await session.scalar(query) or 0


async def find(session: AnySession, visit_id: UUID) -> StudyVisit | None:
    """One visit."""
    return await session.get(StudyVisit, visit_id)


async def lock(session: WriteSession, visit_id: UUID) -> StudyVisit | None:
    """One visit, which nobody else changes until this transaction ends."""
    query = select(StudyVisit).where(StudyVisit.id == visit_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def team(session: AnySession, visit_id: UUID) -> Sequence[StudyVisitTeam]:
    """Who goes, in the order they were named."""
    query = select(StudyVisitTeam).where(StudyVisitTeam.visit_id == visit_id).order_by(StudyVisitTeam.position)
    return (await session.scalars(query)).all()


async def add(session: WriteSession, visit: StudyVisit) -> None:
    """A new visit."""
    session.add(visit)
    await session.flush()


async def replace_team(session: WriteSession, former: Iterable[StudyVisitTeam], rows: Iterable[StudyVisitTeam]) -> None:
    """Put others in place of those who were to go."""
    for one in former:
        await session.delete(one)
    await session.flush()
    session.add_all(rows)
    await session.flush()


async def touch(session: WriteSession, visit: StudyVisit, changes: Mapping[str, Any]) -> None:
    """Write the changes and count one more, even where only the team has changed."""
    for name, value in changes.items():
        setattr(visit, name, value)
    flag_modified(visit, "updated_at")
    await session.flush()


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.country is not None:
        found.append(StudyVisit.country == wanted.country)
    if wanted.areas is not None:
        found.append(StudyVisit.area_code == func.any(literal(list(wanted.areas), ARRAY(Text))))
    if wanted.participant_id is not None:
        of_theirs = StudyVisitTeam.organisation_id == wanted.participant_id
        # Only the visit is the outer query's: one that counts teams has a row of theirs at hand that is not meant.
        of_the_visit = exists().where(StudyVisitTeam.visit_id == StudyVisit.id, of_theirs)
        found.append(of_the_visit.correlate(StudyVisit))
    if wanted.since is not None:
        found.append(StudyVisit.returns_on >= wanted.since)
    if wanted.until is not None:
        found.append(StudyVisit.departs_on <= wanted.until)
    return found
