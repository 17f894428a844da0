"""What is done with organisations that enrol as a team."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.training_api.cohorts import service as cohorts
from services.training_api.organisation_enrolments import errors, repository
from services.training_api.organisation_enrolments.models import OrganisationEnrolment
from services.training_api.organisations import service as organisations
from shared import outbox
from shared.auth import Actor, Scope
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.organisation_enrolments import (
    OrganisationEnrolmentCount,
    OrganisationEnrolmentCreate,
    OrganisationEnrolmentQuery,
    OrganisationEnrolmentRead,
    TypeCount,
)


async def enrol(
    session: WriteSession, actor: Actor, body: OrganisationEnrolmentCreate, *, now: datetime
) -> OrganisationEnrolmentRead:
    """Let an organisation take part as a team.

    Raises `OrganisationUnknown`, `OutOfReach`, `CohortUnknown`, `OrganisationEnrolled`.
    """
    organisation = await organisations.require(session, body.organisation_id)
    actor.demand(Scope.TRAINING_ENROL, organisation.area_path, organisation.id)
    await cohorts.run_to_join(session, body.cohort_id, pointer="/cohort_id")
    if await repository.exists(session, cohort_id=body.cohort_id, organisation_id=body.organisation_id):
        raise errors.OrganisationEnrolled
    enrolment = OrganisationEnrolment(
        cohort_id=body.cohort_id, organisation_id=body.organisation_id, created_at=now, updated_at=now
    )
    session.add(enrolment)
    await session.flush()
    read = OrganisationEnrolmentRead.model_validate(enrolment)
    event = outbox.Event(
        kind="organisation_enrolment.confirmed",
        subject="organisation_enrolment",
        subject_id=enrolment.id,
        data=read.model_dump(mode="json"),
    )
    await outbox.add(session, event)
    return read


async def page(
    session: AnySession, query: OrganisationEnrolmentQuery, *, after: Sequence[Any] | None
) -> list[OrganisationEnrolmentRead]:
    """The organisations, the earliest enrolled first."""
    found = await repository.page(session, query, after=after)
    return [OrganisationEnrolmentRead.model_validate(enrolment) for enrolment in found]


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
