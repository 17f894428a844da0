"""Planning sessions, moving and cancelling them, and saying who teaches; learners' hours follow."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from services.training_api import patches
from services.training_api.cohorts import errors, repository, rules
from services.training_api.cohorts.models import Cohort, CourseSession
from services.training_api.cohorts.service.known import demand, place_of
from services.training_api.cohorts.service.reading import session_reads
from services.training_api.reasons import service as reasons
from services.training_api.rooms import service as rooms
from services.training_api.trainers import service as trainers
from shared import outbox
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.ids import new_id
from shared.schemas.training.reasons import ReasonList
from shared.schemas.training.sessions import SessionCancel, SessionCreate, SessionRead, SessionStatus, SessionUpdate

_MAY_BE_NONE = frozenset({"venue_id", "room_id", "title"})


async def add_session(
    session: WriteSession, actor: Actor, cohort_id: UUID, body: SessionCreate, *, now: datetime
) -> SessionRead:
    """Add a meeting; on a public holiday with a warning.

    Raises `CohortNotFound`, `OutOfReach`, `ActionNotAllowed`, `SessionOutsideCohort`, `VenueUnknown`, `VenueNeeded`,
    `RoomUnknown`, `RoomTaken`.
    """
    cohort = await _demand(session, actor, cohort_id)
    meeting = CourseSession(
        id=new_id(),
        cohort_id=cohort_id,
        status=SessionStatus.SCHEDULED,
        created_at=now,
        updated_at=now,
        **body.model_dump(),
    )
    await _fit(session, cohort, meeting)
    session.add(meeting)
    return await _told(session, meeting, kind="session.scheduled")


async def change_session(
    session: WriteSession,
    actor: Actor,
    session_id: UUID,
    patch: SessionUpdate,
    *,
    check: Callable[[int], None],
    now: datetime,
) -> SessionRead:
    """Move a meeting, or change what else the patch names, once `check` has agreed to its version.

    Raises `SessionNotFound`, `SessionCancelled`, `FieldRequired`, `PeriodReversed`, `TrainerTaken`, and as
    `add_session` does.
    """
    cohort, meeting = await _claim(session, actor, session_id)
    check(meeting.version)
    with session.no_autoflush:  # what is half changed is of no use to the database
        for name, value in patches.changes(patch, nullable=_MAY_BE_NONE).items():
            setattr(meeting, name, value)
        if meeting.ends_at <= meeting.starts_at:
            raise errors.PeriodReversed(pointer="/ends_at")
        await _fit(session, cohort, meeting)
        await trainers.check_free(
            session,
            session_id=meeting.id,
            period=rules.hours(meeting.held_on, meeting.starts_at, meeting.ends_at),
        )
    if patch.model_fields_set:
        meeting.updated_at = now
    return await _told(session, meeting, kind="session.changed")


async def cancel_session(
    session: WriteSession, actor: Actor, session_id: UUID, body: SessionCancel, *, now: datetime
) -> SessionRead:
    """Let a meeting not take place: its room, trainers and learners are free then.

    Raises `SessionNotFound`, `OutOfReach`, `ActionNotAllowed`, `SessionCancelled`, `ReasonUnknown`.
    """
    _, meeting = await _claim(session, actor, session_id)
    await reasons.check(session, ReasonList.SESSION, body.reason_code, on=day_in_kazakhstan(now), needed=True)
    meeting.status = SessionStatus.CANCELLED
    meeting.reason_code = body.reason_code
    meeting.updated_at = now
    return await _told(session, meeting, kind="session.cancelled")


async def assign_trainer(
    session: WriteSession, actor: Actor, session_id: UUID, trainer_id: UUID, *, now: datetime
) -> SessionRead:
    """Give the meeting a trainer who has time for it; again is no fault.

    Raises `SessionNotFound`, `OutOfReach`, `ActionNotAllowed`, `SessionCancelled`, `TrainerNotFound`,
    `TrainerNotInUse`, `TrainerTaken`.
    """
    _, meeting = await _claim(session, actor, session_id)
    period = rules.hours(meeting.held_on, meeting.starts_at, meeting.ends_at)
    if await trainers.assign(session, session_id=meeting.id, trainer_id=trainer_id, period=period):
        meeting.updated_at = now
    return await _told(session, meeting, kind="session.changed")


async def release_trainer(
    session: WriteSession, actor: Actor, session_id: UUID, trainer_id: UUID, *, now: datetime
) -> SessionRead:
    """Take the meeting from a trainer. Raises as `assign_trainer` does, `TrainerNotFound` for who does not teach it."""
    _, meeting = await _claim(session, actor, session_id)
    await trainers.release(session, session_id=meeting.id, trainer_id=trainer_id)
    meeting.updated_at = now
    return await _told(session, meeting, kind="session.changed")


async def _demand(session: WriteSession, actor: Actor, cohort_id: UUID) -> Cohort:
    cohort = await demand(session, actor, cohort_id, lock=True)
    if cohort.status in rules.OVER:
        raise errors.ActionNotAllowed(status=cohort.status)
    return cohort


async def _claim(session: WriteSession, actor: Actor, session_id: UUID) -> tuple[Cohort, CourseSession]:
    """The session and its cohort, locked in this order, if the caller may manage them and they are not over."""
    seen = await repository.course_session(session, session_id)
    if seen is None:
        raise errors.SessionNotFound
    cohort = await _demand(session, actor, seen.cohort_id)
    meeting = await repository.lock_session(session, session_id)
    assert meeting is not None
    if meeting.status is SessionStatus.CANCELLED:
        raise errors.SessionCancelled
    return cohort, meeting


async def _fit(session: WriteSession, cohort: Cohort, meeting: CourseSession) -> None:
    """See that the meeting is on a day of the cohort, at a venue of it, and in a room that is free then."""
    if not cohort.starts_on <= meeting.held_on <= cohort.ends_on:
        raise errors.SessionOutsideCohort(
            pointer="/held_on", starts_on=cohort.starts_on.isoformat(), ends_on=cohort.ends_on.isoformat()
        )
    host = None
    if meeting.venue_id is not None:
        host = (await place_of(session, cohort.id, meeting.venue_id, pointer="/venue_id")).organisation_id
    if meeting.room_id is None:
        return
    if host is None:
        raise rooms.VenueNeeded(pointer="/venue_id")
    await rooms.hold(session, meeting.room_id, organisation_id=host, pointer="/room_id")
    period = rules.hours(meeting.held_on, meeting.starts_at, meeting.ends_at)
    other = await repository.held_in_room(session, meeting.room_id, period, but=meeting.id)
    if other is not None:
        raise rooms.RoomTaken(pointer="/room_id", session_id=str(other))


async def _told(session: WriteSession, meeting: CourseSession, *, kind: str) -> SessionRead:
    """Write it down, have the hours of learners counted anew, and tell others."""
    await session.flush()
    await repository.count_hours(session, meeting.cohort_id)
    (read,) = await session_reads(session, [meeting])
    data = read.model_dump(mode="json", exclude={"trainers", "warnings"})
    await outbox.add(session, outbox.Event(kind=kind, subject="session", subject_id=meeting.id, data=data))
    return read
