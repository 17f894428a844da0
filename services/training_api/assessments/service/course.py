"""What assessing asks of courses: the enrolment held, the rule of completion, the records, and who may evaluate."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.training_api.assessments import errors, repository, rules
from services.training_api.assessments.models import Assessment
from services.training_api.assessments.rules import Mark, Reached, Resit
from services.training_api.attendance import service as attendance
from services.training_api.cohorts import service as cohorts
from services.training_api.cohorts.service import Run
from services.training_api.enrolments import service as enrolments
from services.training_api.enrolments.errors import EnrolmentNotFound, EnrolmentUnknown
from services.training_api.enrolments.service import Standing
from services.training_api.programmes import service as programmes
from services.training_api.trainers import service as trainers
from services.training_api.trainers.errors import TrainerNotFound
from shared.auth import Actor
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.assessments import AssessmentKind, RubricLine
from shared.schemas.training.enrolments import EnrolmentStatus, OutcomeState
from shared.schemas.training.programmes import CompletionRule

TAKING_PART = frozenset({EnrolmentStatus.CONFIRMED, EnrolmentStatus.STARTED})
"""The course is still before or behind them, and nothing has been established."""


@dataclass(frozen=True, slots=True)
class Course:
    """What decides over an enrolment's outcome."""

    standing: Standing
    run: Run
    completion: CompletionRule


async def course(session: AnySession, standing: Standing) -> Course:
    """The cohort and the rule that the enrolment goes by."""
    run = await cohorts.run_of(session, standing.cohort_id)
    return Course(standing, run, (await programmes.taught(session, run.programme_id)).completion)


async def claim(session: WriteSession, actor: Actor, enrolment_id: UUID, *, pointer: str | None = None) -> Course:
    """The enrolment with its course, held until the transaction ends, if the caller manages the provider's courses.

    Raises `EnrolmentNotFound`, or `EnrolmentUnknown` where a body names it at `pointer`; `OutOfReach`.
    """
    try:
        seen = await enrolments.standing(session, enrolment_id)
    except EnrolmentNotFound as unknown:
        if pointer is None:
            raise
        raise EnrolmentUnknown(pointer=pointer) from unknown
    await cohorts.demand(session, actor, seen.cohort_id)
    # The venue comes before the enrolment, as everywhere: so nobody waits for who waits.
    await cohorts.lock_places(session, [seen.venue_id])
    await enrolments.earned(session, enrolment_id, pointer=pointer or "/enrolment_id")
    return await course(session, await enrolments.standing(session, enrolment_id))


async def reached(
    session: AnySession, completion: CompletionRule, enrolment_ids: Sequence[UUID]
) -> dict[UUID, Reached]:
    """What the records say each of these people has reached."""
    attended = await attendance.attended(session, enrolment_ids)
    marks = await standing_marks(session, enrolment_ids)
    found: dict[UUID, Reached] = {}
    for enrolment_id in enrolment_ids:
        done = rules.tasks_done([mark for mark in marks[enrolment_id] if mark.code is not None])
        score = rules.last_score([mark for mark in marks[enrolment_id] if mark.code is None])
        share = attended[enrolment_id].share if enrolment_id in attended else None
        found[enrolment_id] = Reached(share, done >= completion.min_tasks, score, done)
    return found


async def standing_marks(session: AnySession, enrolment_ids: Collection[UUID]) -> Mapping[UUID, list[Mark]]:
    """The assessments that were not voided, of each enrolment."""
    found = await repository.standing(session, enrolment_ids)
    return {enrolment_id: [_mark(one) for one in assessments] for enrolment_id, assessments in found.items()}


def _mark(assessment: Assessment) -> Mark:
    code = assessment.code if assessment.kind is AssessmentKind.TASK else None
    return Mark(code, assessment.attempt, assessment.score, assessment.done, assessment.assessed_on)


def score_of(score: float | None, rubric: Sequence[RubricLine]) -> float | None:
    """The score as given or as the rubric makes it. Raises `PointsBeyond`."""
    place = rules.beyond(rubric)
    if place is not None:
        raise errors.PointsBeyond(pointer=f"/rubric/{place}/points")
    return rules.score_of(score, rubric)


def check_day(course: Course, on: date, *, today: date, pointer: str) -> None:
    """Raise `AssessedInFuture` or `AssessedTooEarly` for a day on which nobody can have been assessed."""
    if on > today:
        raise errors.AssessedInFuture(pointer=pointer)
    if on < course.run.starts_on:
        raise errors.AssessedTooEarly(pointer=pointer)


async def check_evaluator(session: AnySession, course: Course, evaluator_id: UUID | None, *, is_final: bool) -> None:
    """Whether this person may evaluate.

    Raises `EvaluatorNeeded`, `EvaluatorUnknown`, `EvaluatorIsLearner`, `EvaluatorTeaches`.
    """
    if evaluator_id is None:
        if is_final and course.completion.evaluator_not_trainer:
            raise errors.EvaluatorNeeded(pointer="/evaluator_id")
        return
    try:
        evaluator = await trainers.get(session, evaluator_id)
    except TrainerNotFound as unknown:
        raise errors.EvaluatorUnknown(pointer="/evaluator_id") from unknown
    if evaluator.educator_id is not None and evaluator.educator_id == course.standing.educator_id:
        raise errors.EvaluatorIsLearner(pointer="/evaluator_id")
    if not (is_final and course.completion.evaluator_not_trainer):
        return
    meetings = await cohorts.meetings(session, course.run.id)
    teaching = await trainers.teaching(session, [meeting.id for meeting in meetings])
    for one in (teacher for teachers in teaching.values() for teacher in teachers):
        if one.trainer_id == evaluator_id or (one.educator_id and one.educator_id == evaluator.educator_id):
            raise errors.EvaluatorTeaches(pointer="/evaluator_id")


def resit(course: Course, finals: Sequence[Mark], *, on: date) -> Resit:
    """Whether the final assessment may be taken again on that day, `finals` being the attempts that stand."""
    standing = course.standing
    judged = None
    if standing.outcome not in (None, OutcomeState.VOIDED):
        reached = Reached(standing.attendance, bool(standing.tasks_done), standing.score)
        judged = rules.judge(course.completion, reached)
    again = [mark for mark in finals if mark.attempt > 1]
    return rules.resit(
        course.completion.resit,
        judged,
        made=len(again),
        last_on=max((mark.on for mark in finals), default=standing.completed_on),
        ends_on=course.run.ends_on,
        today=on,
    )
