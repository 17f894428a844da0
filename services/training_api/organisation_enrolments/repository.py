"""Every SQL statement about organisations enrolled as teams."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from services.training_api.organisation_enrolments.models import OrganisationEnrolment as Enrolment
from services.training_api.organisation_enrolments.models import TeamMember
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.organisation_enrolments import OrganisationEnrolmentQuery

KEYS = (keyset.Key(Enrolment.__table__.c.id),)


async def find(session: AnySession, team_id: UUID) -> Enrolment | None:
    return await session.get(Enrolment, team_id)


async def add_members(session: WriteSession, team_id: UUID, enrolment_ids: Sequence[UUID]) -> None:
    session.add_all(TeamMember(team_id=team_id, enrolment_id=one) for one in enrolment_ids)
    await session.flush()


async def members(session: AnySession, team_id: UUID) -> list[UUID]:
    """The enrolments made for the team."""
    query = select(TeamMember.enrolment_id).where(TeamMember.team_id == team_id).order_by(TeamMember.enrolment_id)
    return list(await session.scalars(query))


async def sizes(session: AnySession, team_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many members each team has; teams without any are left out."""
    query = select(TeamMember.team_id, func.count()).where(TeamMember.team_id.in_(team_ids))
    return {row[0]: row[1] for row in await session.execute(query.group_by(TeamMember.team_id))}


async def exists(session: WriteSession, *, cohort_id: UUID, organisation_id: UUID) -> bool:
    query = select(Enrolment.id).where(Enrolment.cohort_id == cohort_id, Enrolment.organisation_id == organisation_id)
    return (await session.execute(query)).first() is not None


async def organisation_ids(session: AnySession, cohort_id: UUID | None) -> set[UUID]:
    """The organisations of a cohort, or of all cohorts."""
    query = select(Enrolment.organisation_id).distinct()
    return set(await session.scalars(query if cohort_id is None else query.where(Enrolment.cohort_id == cohort_id)))


def _matching(query: Select[Any], wanted: OrganisationEnrolmentQuery) -> Select[Any]:
    if wanted.cohort_id is not None:
        query = query.where(Enrolment.cohort_id == wanted.cohort_id)
    if wanted.organisation_id is not None:
        query = query.where(Enrolment.organisation_id == wanted.organisation_id)
    return query


async def page(
    session: AnySession, wanted: OrganisationEnrolmentQuery, *, after: Sequence[Any] | None
) -> list[Enrolment]:
    query = _matching(select(Enrolment), wanted)
    if after is not None:
        query = query.where(keyset.after(KEYS, after))
    return list(await session.scalars(query.order_by(*keyset.order_by(KEYS)).limit(wanted.limit + 1)))


async def count(session: AnySession, wanted: OrganisationEnrolmentQuery) -> int:
    return int(await session.scalar(_matching(select(func.count()).select_from(Enrolment), wanted)) or 0)
