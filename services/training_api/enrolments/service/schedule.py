"""What changes the hours of a cohort, and so those of everybody in it: its days and its sessions."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from services.training_api.cohorts import service as cohorts
from services.training_api.cohorts.rules import Period
from services.training_api.educators import service as educators
from services.training_api.enrolments import errors, repository
from services.training_api.enrolments.service.steps import fill
from services.training_api.providers import service as providers
from services.training_api.trainers import service as trainers
from shared.auth import Actor
from shared.db.sessions import WriteSession
from shared.schemas.training.cohorts import CohortRead, CohortUpdate
from shared.schemas.training.sessions import SessionCancel, SessionCreate, SessionRead, SessionUpdate


async def change_cohort(
    session: WriteSession,
    actor: Actor,
    cohort_id: UUID,
    patch: CohortUpdate,
    *,
    check: Callable[[int], None],
    now: datetime,
) -> CohortRead:
    """Change what was planned of a cohort that has not begun. Raises as `cohorts.change` does, and `DoubleBooking`."""
    read = await cohorts.change(session, actor, cohort_id, patch, check=check, now=now)
    await _rebook(session, cohort_id)
    if patch.model_fields_set & {"starts_on", "changes_close_on"}:
        # Seats that came free while nobody could come in any more are the line's, if people can now.
        run = await cohorts.run_of(session, cohort_id)
        places = await cohorts.places_of(session, cohort_id)
        await cohorts.lock_places(session, [place.id for place in places])
        for place in places:
            await fill(session, run, place.id, now=now)
    return read


async def add_session(
    session: WriteSession, actor: Actor, cohort_id: UUID, body: SessionCreate, *, now: datetime
) -> SessionRead:
    """Add a meeting. Raises as `cohorts.add_session` does, and `DoubleBooking`, `TrainerLearns`."""
    read = await cohorts.add_session(session, actor, cohort_id, body, now=now)
    await _rebook(session, cohort_id)
    return read


async def change_session(
    session: WriteSession,
    actor: Actor,
    session_id: UUID,
    patch: SessionUpdate,
    *,
    check: Callable[[int], None],
    now: datetime,
) -> SessionRead:
    """Move a meeting, if everybody has time then.

    Raises as `cohorts.change_session` does, and `DoubleBooking`, `TeachesThen`, `TrainerLearns`.
    """
    teaching = (await trainers.teaching(session, [session_id]))[session_id]
    people = {one.educator_id for one in teaching if one.educator_id is not None}
    if people:  # nobody takes a seat for them until this is done
        await educators.hold_many(session, people, pointer="/held_on")
    read = await cohorts.change_session(session, actor, session_id, patch, check=check, now=now)
    await _rebook(session, read.cohort_id)
    await _check_trainers_learn_not(session, read)
    return read


async def cancel_session(
    session: WriteSession, actor: Actor, session_id: UUID, body: SessionCancel, *, now: datetime
) -> SessionRead:
    """Let a meeting not take place. Raises as `cohorts.cancel_session` does.

    The last session of a cohort cannot make its whole days busy again for who has other plans by now: `DoubleBooking`.
    """
    read = await cohorts.cancel_session(session, actor, session_id, body, now=now)
    await _rebook(session, read.cohort_id)
    return read


async def assign_trainer(
    session: WriteSession, actor: Actor, session_id: UUID, trainer_id: UUID, *, now: datetime
) -> SessionRead:
    """Give the meeting a trainer who neither teaches nor learns then, of a provider whose courses the caller manages.

    Raises as `cohorts.assign_trainer` does, and `TrainerLearns`.
    """
    trainer = await trainers.get(session, trainer_id)
    await providers.demand(session, actor, trainer.provider_id)
    if trainer.educator_id is not None:
        # Nobody can take a seat for the person until this is done.
        await educators.hold(session, trainer.educator_id, pointer="#trainer_id")
    read = await cohorts.assign_trainer(session, actor, session_id, trainer_id, now=now)
    await _check_trainers_learn_not(session, read)
    return read


async def release_trainer(
    session: WriteSession, actor: Actor, session_id: UUID, trainer_id: UUID, *, now: datetime
) -> SessionRead:
    """Take the meeting from a trainer. Raises as `cohorts.release_trainer` does."""
    return await cohorts.release_trainer(session, actor, session_id, trainer_id, now=now)


async def _check_trainers_learn_not(session: WriteSession, read: SessionRead) -> None:
    teaching = (await trainers.teaching(session, [read.id]))[read.id]
    people = [one.educator_id for one in teaching if one.educator_id is not None]
    if not people:
        return
    hours: Sequence[Period] = [(read.begins, read.ends)]
    learns = await repository.learning(session, people, hours)
    if learns is not None:
        other = await cohorts.run_of(session, learns.cohort_id)
        raise errors.TrainerLearns(cohort=other.code, cohort_id=str(other.id), enrolment_id=str(learns.id))


async def _rebook(session: WriteSession, cohort_id: UUID) -> None:
    """Give everybody in the cohort the hours of their venue anew, under the locks of the cohort and its venues.

    Raises `DoubleBooking` naming the other booking of the first person for whom that is too much.
    """
    await _refuse_collision(session, cohort_id)
    async with repository.attempt(session) as attempt:
        await repository.take_hours(session, cohort_id)
    if attempt.refused:  # somebody was quicker
        await _refuse_collision(session, cohort_id)
        raise errors.DoubleBooking(cohort="—")


async def _refuse_collision(session: WriteSession, cohort_id: UUID) -> None:
    collision = await repository.collision(session, cohort_id)
    if collision is None:
        return
    if collision.cohort_id is None:
        raise errors.TeachesThen(session_id=str(collision.id), enrolment_id=str(collision.enrolment_id))
    other = await cohorts.run_of(session, collision.cohort_id)
    raise errors.DoubleBooking(
        cohort=other.code,
        cohort_id=str(other.id),
        enrolment_id=str(collision.id),
        of_enrolment=str(collision.enrolment_id),
    )
