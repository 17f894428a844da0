"""What is done with organisations that enrol as a team."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.training_api.cohorts import service as cohorts
from services.training_api.educators import service as educators
from services.training_api.enrolments import service as enrolments
from services.training_api.enrolments.errors import CohortClosed
from services.training_api.organisation_enrolments import errors, repository
from services.training_api.organisation_enrolments.models import OrganisationEnrolment
from services.training_api.organisations import service as organisations
from services.training_api.seats.service import SeatLocking
from shared import outbox
from shared.auth import Actor, Scope
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.cohorts import CohortStatus
from shared.schemas.training.enrolments import EnrolmentCreate, EnrolmentRead
from shared.schemas.training.ids import CohortId, EducatorId
from shared.schemas.training.organisation_enrolments import (
    OrganisationEnrolmentCount,
    OrganisationEnrolmentCreate,
    OrganisationEnrolmentQuery,
    OrganisationEnrolmentRead,
    TeamMember,
    TeamMembersCreate,
    TeamRead,
    TypeCount,
)


async def enrol(
    session: WriteSession, actor: Actor, body: OrganisationEnrolmentCreate, *, locking: SeatLocking, now: datetime
) -> TeamRead:
    """Let an organisation take part as a team, and enrol the members named.

    Raises `OrganisationUnknown`, `OutOfReach`, `CohortUnknown`, `CohortClosed`, `OrganisationEnrolled`; what stands
    in the way of a member is told with the member.
    """
    organisation = await organisations.require(session, body.organisation_id)
    actor.demand(Scope.TRAINING_ENROL, organisation.area_path, organisation.id)
    # People are held before their cohorts, as everywhere.
    if body.members:
        await educators.hold_many(session, body.members, pointer="/members")
    run = await cohorts.run_to_join(session, body.cohort_id, pointer="/cohort_id")
    if run.status is CohortStatus.CANCELLED:
        raise CohortClosed(cohort=run.code, status=run.status)
    if await repository.exists(session, cohort_id=body.cohort_id, organisation_id=body.organisation_id):
        raise errors.OrganisationEnrolled
    team = OrganisationEnrolment(
        cohort_id=body.cohort_id, organisation_id=body.organisation_id, created_at=now, updated_at=now
    )
    session.add(team)
    await session.flush()
    named = await _enrol_members(session, actor, team, body.members, locking=locking, now=now)
    event = outbox.Event(
        kind="organisation_enrolment.confirmed",
        subject="organisation_enrolment",
        subject_id=team.id,
        data=(await _reads(session, [team]))[0].model_dump(mode="json"),
    )
    await outbox.add(session, event)
    return await _team(session, team, named)


async def add_members(
    session: WriteSession,
    actor: Actor,
    team_id: UUID,
    body: TeamMembersCreate,
    *,
    locking: SeatLocking,
    now: datetime,
) -> TeamRead:
    """Enrol more members of a team. Raises `TeamNotFound`, `OutOfReach`."""
    team = await _find(session, team_id)
    await organisations.demand(session, actor, Scope.TRAINING_ENROL, team.organisation_id)
    return await _team(
        session, team, await _enrol_members(session, actor, team, body.members, locking=locking, now=now)
    )


async def members(session: AnySession, actor: Actor, team_id: UUID, *, now: datetime) -> list[EnrolmentRead]:
    """The enrolments made for a team, if its organisation is within the caller's reach. Raises `TeamNotFound`."""
    team = await _find(session, team_id)
    workplace = await organisations.get(session, team.organisation_id)
    if not organisations.sight(actor).covers(workplace.area_path, workplace.id):
        raise errors.TeamNotFound
    return await enrolments.reads_of(session, await repository.members(session, team_id), now=now)


async def get(session: AnySession, team_id: UUID) -> OrganisationEnrolmentRead:
    """One team. Raises `TeamNotFound`."""
    return (await _reads(session, [await _find(session, team_id)]))[0]


async def _find(session: AnySession, team_id: UUID) -> OrganisationEnrolment:
    team = await repository.find(session, team_id)
    if team is None:
        raise errors.TeamNotFound
    return team


async def _enrol_members(
    session: WriteSession,
    actor: Actor,
    team: OrganisationEnrolment,
    named: Sequence[EducatorId],
    *,
    locking: SeatLocking,
    now: datetime,
) -> list[TeamMember]:
    if not named:
        return []
    persons = list(dict.fromkeys(named))
    workplaces = await educators.workplaces(session, persons)
    own = [person for person in persons if workplaces.get(person, team.organisation_id) == team.organisation_id]
    wanted = [EnrolmentCreate(cohort_id=CohortId(team.cohort_id), educator_id=person) for person in own]
    answers = await enrolments.enrol_many(session, actor, wanted, dry_run=False, locking=locking, now=now)
    made = [one.enrolment.id for one in answers if one.enrolment is not None]
    await repository.add_members(session, team.id, made)
    told = {
        one.wanted.educator_id: TeamMember(
            educator_id=one.wanted.educator_id,
            enrolment=one.enrolment,
            problem=None if one.problem is None else enrolments.told(one.problem),
        )
        for one in answers
    }
    elsewhere = enrolments.told(errors.MemberElsewhere(pointer="/members"))
    return [told.get(person) or TeamMember(educator_id=person, enrolment=None, problem=elsewhere) for person in persons]


async def _team(session: AnySession, team: OrganisationEnrolment, named: Sequence[TeamMember]) -> TeamRead:
    read = (await _reads(session, [team]))[0]
    return TeamRead.model_validate({**read.model_dump(), "named": list(named)})


async def _reads(session: AnySession, teams: Sequence[OrganisationEnrolment]) -> list[OrganisationEnrolmentRead]:
    sizes = await repository.sizes(session, [team.id for team in teams])
    return [
        OrganisationEnrolmentRead.model_validate(
            {
                "id": team.id,
                "cohort_id": team.cohort_id,
                "organisation_id": team.organisation_id,
                "members": sizes.get(team.id, 0),
                "created_at": team.created_at,
            }
        )
        for team in teams
    ]


async def page(
    session: AnySession, query: OrganisationEnrolmentQuery, *, after: Sequence[Any] | None
) -> list[OrganisationEnrolmentRead]:
    """The organisations, the earliest enrolled first."""
    return await _reads(session, await repository.page(session, query, after=after))


async def count(session: AnySession, query: OrganisationEnrolmentQuery) -> int:
    """How many there are."""
    return await repository.count(session, query)


async def count_by_type(session: AnySession, cohort_id: UUID | None) -> OrganisationEnrolmentCount:
    """How many organisations took part, by type.

    Their share of all organisations of the type stays null: the replica holds those the registry has told of, and
    whether these are all there are is not known.
    """
    enrolled = await repository.organisation_ids(session, cohort_id)
    counted = await organisations.counts_by_type(session, enrolled)
    return OrganisationEnrolmentCount(
        total=len(enrolled),
        by_type=[TypeCount(organisation_type=kind, organisations=number, coverage=None) for kind, number in counted],
    )
