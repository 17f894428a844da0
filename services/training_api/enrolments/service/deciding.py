"""One decision upon many applications, each answered."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.training_api.cohorts import service as cohorts
from services.training_api.educators import service as educators
from services.training_api.enrolments import errors, repository
from services.training_api.enrolments.service.applying import approve, reject
from services.training_api.enrolments.service.reading import told
from shared.auth import Actor
from shared.db.sessions import WriteSession
from shared.errors import Problem
from shared.schemas.training.enrolments import Command, Decision, DecisionRead, DecisionsCreate, DecisionsRead
from shared.schemas.training.ids import EnrolmentId


async def decide(session: WriteSession, actor: Actor, body: DecisionsCreate, *, now: datetime) -> DecisionsRead:
    """Approve or reject every application named, each on its own: one that cannot be decided stops no other."""
    ids = list(dict.fromkeys(body.enrolment_ids))
    await _lock(session, ids)
    said = Command.model_validate(body.model_dump(include=set(Command.model_fields)))
    items = [await _decide(session, actor, enrolment_id, body.decision, said, now=now) for enrolment_id in ids]
    decided = sum(item.enrolment is not None for item in items)
    return DecisionsRead(decided=decided, refused=len(items) - decided, items=items)


async def _decide(
    session: WriteSession, actor: Actor, enrolment_id: EnrolmentId, decision: Decision, said: Command, *, now: datetime
) -> DecisionRead:
    act = approve if decision is Decision.APPROVE else reject
    try:
        async with session.begin_nested():
            enrolment = await act(session, actor, enrolment_id, said, now=now)
    except Problem as problem:
        return DecisionRead(enrolment_id=enrolment_id, enrolment=None, problem=told(problem))
    return DecisionRead(enrolment_id=enrolment_id, enrolment=enrolment, problem=None)


async def _lock(session: WriteSession, enrolment_ids: Sequence[UUID]) -> None:
    """Take the locks of all in the order of their kinds, so that nobody who takes one at a time waits in a circle."""
    found = await repository.find_many(session, enrolment_ids)
    if not found:
        raise errors.EnrolmentUnknown(pointer="/enrolment_ids")
    await educators.hold_many(session, {enrolment.educator_id for enrolment in found}, pointer="/enrolment_ids")
    venues: set[UUID] = set()
    for cohort_id in sorted({enrolment.cohort_id for enrolment in found}):
        await cohorts.run_to_join(session, cohort_id, pointer="/enrolment_ids")
        venues |= {place.id for place in await cohorts.places_of(session, cohort_id)}
    await cohorts.lock_places(session, venues)
