"""A plan's life: drafted, agreed upon, running, completed or cancelled."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from services.training_api.cohorts import service as cohorts
from services.training_api.educators import service as educators
from services.training_api.enrolments import service as enrolments
from services.training_api.reasons import service as reasons
from services.training_api.support import errors, repository, rules
from services.training_api.support.models import SupportPlan, SupportTransition, SupportVisit
from services.training_api.support.service.reading import detail
from services.training_api.support.service.rubrics import rubric_for
from shared import outbox
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession, authorship
from shared.schemas.training.enrolments import EnrolmentStatus
from shared.schemas.training.reasons import ReasonList
from shared.schemas.training.support import (
    SupportAction,
    SupportCommand,
    SupportPlanCreate,
    SupportPlanDetail,
    SupportPlanUpdate,
    SupportStatus,
)

_NOTHING_SAID = SupportCommand()


async def draft(session: WriteSession, actor: Actor, body: SupportPlanCreate, *, now: datetime) -> SupportPlanDetail:
    """Write a plan for one who has ended a course.

    Raises `EnrolmentUnknown`, `OutOfReach`, `NothingOwed`, `SupportPlanExists`, `MentorUnknown`, `MentorIsLearner`,
    `RubricUnknown`, `VisitBeforeCourse`.
    """
    earned = await enrolments.earned(session, body.enrolment_id, pointer="/enrolment_id")
    cohort = await cohorts.demand(session, actor, earned.cohort_id)
    status = EnrolmentStatus(earned.status)
    if status not in rules.OWED:
        raise errors.NothingOwed(status=status)
    if (there := await repository.live_of(session, body.enrolment_id)) is not None:
        raise errors.SupportPlanExists(plan_id=str(there))
    await _mentor(session, body.mentor_id, learner=earned.educator_id)
    await rubric_for(session, body.rubric_id, cohort.programme_id)
    ended_on = min(earned.completed_on or cohort.ends_on, cohort.ends_on)
    for number, day in enumerate(body.visits):
        after_course(ended_on, day, pointer=f"/visits/{number}")
    plan = SupportPlan(
        enrolment_id=earned.id,
        cohort_id=earned.cohort_id,
        programme_id=cohort.programme_id,
        educator_id=earned.educator_id,
        organisation_id=earned.organisation_id,
        mentor_id=body.mentor_id,
        rubric_id=body.rubric_id,
        goals=list(body.goals),
        ended_on=ended_on,
        status=SupportStatus.DRAFT,
        created_at=now,
        updated_at=now,
    )
    session.add(plan)
    await session.flush()
    session.add_all(
        SupportVisit(plan_id=plan.id, number=number, planned_on=day, created_at=now, updated_at=now)
        for number, day in enumerate(body.visits, 1)
    )
    await _step(session, plan, SupportAction.DRAFT, None, said=_NOTHING_SAID, now=now)
    return await detail(session, plan)


async def change(
    session: WriteSession,
    actor: Actor,
    plan_id: UUID,
    body: SupportPlanUpdate,
    *,
    check: Callable[[int], None],
    now: datetime,
) -> SupportPlanDetail:
    """Change what `body` gives, once `check` has agreed to the version that is there.

    Raises `SupportPlanNotFound`, `OutOfReach`, `MustStayInPlan`, `SupportActionNotAllowed`, `FixedByAgreement`.
    """
    plan = await claim(session, actor, plan_id)
    check(plan.version)
    given = body.model_fields_set
    for name in sorted(given):
        if getattr(body, name) is None:
            raise errors.MustStayInPlan(pointer=f"/{name}")
    _demand_open(plan)
    if given - {"mentor_id"} and plan.status is not SupportStatus.DRAFT:
        raise errors.FixedByAgreement
    if body.mentor_id is not None:
        await _mentor(session, body.mentor_id, learner=plan.educator_id)
        plan.mentor_id = body.mentor_id
    if body.rubric_id is not None:
        await rubric_for(session, body.rubric_id, plan.programme_id)
        plan.rubric_id = body.rubric_id
    if body.goals is not None:
        plan.goals = list(body.goals)
    if given:
        plan.updated_at = now
    await session.flush()
    return await detail(session, plan)


async def agree(
    session: WriteSession, actor: Actor, plan_id: UUID, said: SupportCommand, *, now: datetime
) -> SupportPlanDetail:
    """Mentor and learner have agreed upon goals, rubric and visits."""
    return await _move(session, actor, plan_id, SupportAction.AGREE, SupportStatus.AGREED, said=said, now=now)


async def start(
    session: WriteSession, actor: Actor, plan_id: UUID, said: SupportCommand, *, now: datetime
) -> SupportPlanDetail:
    """The support has begun."""
    return await _move(session, actor, plan_id, SupportAction.START, SupportStatus.RUNNING, said=said, now=now)


async def complete(
    session: WriteSession, actor: Actor, plan_id: UUID, said: SupportCommand, *, now: datetime
) -> SupportPlanDetail:
    """End a plan that is fulfilled. Raises `SupportIncomplete` with everything that is missing."""
    return await _move(session, actor, plan_id, SupportAction.COMPLETE, SupportStatus.COMPLETED, said=said, now=now)


async def cancel(
    session: WriteSession, actor: Actor, plan_id: UUID, said: SupportCommand, *, now: datetime
) -> SupportPlanDetail:
    """Give a plan up, with a reason. Raises `ReasonNeeded`, `ReasonUnknown`."""
    return await _move(session, actor, plan_id, SupportAction.CANCEL, SupportStatus.CANCELLED, said=said, now=now)


async def claim(session: WriteSession, actor: Actor, plan_id: UUID) -> SupportPlan:
    """The plan, locked, if the caller manages its course. Raises `SupportPlanNotFound`, `OutOfReach`."""
    plan = await repository.lock(session, plan_id)
    if plan is None:
        raise errors.SupportPlanNotFound
    await cohorts.demand(session, actor, plan.cohort_id)
    return plan


def after_course(ended_on: date, day: date, *, pointer: str) -> None:
    """Raises `VisitBeforeCourse` for a visit that is no support after the course."""
    if day <= ended_on:
        raise errors.VisitBeforeCourse(pointer=pointer, day=ended_on.isoformat())


def _demand_open(plan: SupportPlan) -> None:
    if plan.status not in rules.OPEN:
        raise errors.SupportActionNotAllowed(status=plan.status, allowed="—")


async def _mentor(session: WriteSession, mentor_id: UUID, *, learner: UUID) -> None:
    if mentor_id == learner:
        raise errors.MentorIsLearner(pointer="/mentor_id")
    if (await educators.learners(session, [mentor_id])).get(mentor_id) is None:  # nor one whose data may not be used
        raise errors.MentorUnknown(pointer="/mentor_id")


async def _move(
    session: WriteSession,
    actor: Actor,
    plan_id: UUID,
    action: SupportAction,
    target: SupportStatus,
    *,
    said: SupportCommand,
    now: datetime,
) -> SupportPlanDetail:
    plan = await claim(session, actor, plan_id)
    if not rules.MACHINE.allows(action, plan.status):
        allowed = ", ".join(rules.MACHINE.commands(plan.status)) or "—"
        raise errors.SupportActionNotAllowed(status=plan.status, allowed=allowed)
    await reasons.check(
        session,
        ReasonList.PARTICIPATION,
        said.reason_code,
        on=said.effective_on or day_in_kazakhstan(now),
        needed=rules.MACHINE.by_action[action].needs_reason,
    )
    if action is SupportAction.COMPLETE:
        lacking = rules.missing((await repository.done(session, [plan.id]))[plan.id])
        if lacking:
            raise errors.SupportIncomplete(lacking)
    before, plan.status = plan.status, target
    plan.updated_at = now
    await _step(session, plan, action, before, said=said, now=now)
    return await detail(session, plan)


async def _step(
    session: WriteSession,
    plan: SupportPlan,
    action: SupportAction,
    before: SupportStatus | None,
    *,
    said: SupportCommand,
    now: datetime,
) -> None:
    await session.flush()
    session.add(
        SupportTransition(
            plan_id=plan.id,
            number=await repository.next_step(session, plan.id),
            action=action,
            from_status=before,
            to_status=plan.status,
            actor=authorship(session).subject,
            reason_code=said.reason_code,
            comment=said.comment,
            effective_on=said.effective_on or day_in_kazakhstan(now),
            recorded_at=now,
        )
    )
    data = {
        "id": str(plan.id),
        "enrolment_id": str(plan.enrolment_id),
        "cohort_id": str(plan.cohort_id),
        "organisation_id": str(plan.organisation_id),
        "status": plan.status.value,
    }
    kinds = {SupportStatus.DRAFT: "drafted", SupportStatus.RUNNING: "started"}
    kind = f"support_plan.{kinds.get(plan.status, plan.status.value)}"
    await outbox.add(session, outbox.Event(kind=kind, subject="support_plan", subject_id=plan.id, data=data))
