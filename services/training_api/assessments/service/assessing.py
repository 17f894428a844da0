"""Tasks and final assessments: writing them down, voiding them, reading them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.training_api.assessments import errors, repository
from services.training_api.assessments.models import Assessment
from services.training_api.assessments.rules import Mark
from services.training_api.assessments.service import course as courses
from services.training_api.assessments.service.course import TAKING_PART, Course
from services.training_api.organisations import service as organisations
from services.training_api.reasons import service as reasons
from shared import outbox
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, WriteSession, authorship
from shared.schemas.training.assessments import (
    AssessmentCreate,
    AssessmentKind,
    AssessmentQuery,
    AssessmentRead,
    RubricLine,
)
from shared.schemas.training.enrolments import OutcomeState, ReasonedCommand
from shared.schemas.training.reasons import ReasonList
from shared.schemas.training.words import EvidenceItem


async def record(session: WriteSession, actor: Actor, body: AssessmentCreate, *, now: datetime) -> AssessmentRead:
    """Write down a task, or the first attempt at the final assessment.

    Raises `EnrolmentUnknown`, `OutOfReach`, `NotTakingPart`, `OutcomeEstablished`, `FinalRecorded`, `TaskCodeNeeded`,
    `TaskCodeUnexpected`, `NothingAssessed`, `PointsBeyond`, `AssessedInFuture`, `AssessedTooEarly`, and what
    `check_evaluator` does.
    """
    _check_form(body)
    course = await courses.claim(session, actor, body.enrolment_id, pointer="/enrolment_id")
    if course.standing.outcome is not None:
        raise errors.OutcomeEstablished
    if course.standing.status not in TAKING_PART:
        raise errors.NotTakingPart(status=course.standing.status)
    today = day_in_kazakhstan(now)
    courses.check_day(course, body.assessed_on or today, today=today, pointer="/assessed_on")
    is_final = body.kind is AssessmentKind.FINAL
    await courses.check_evaluator(session, course, body.evaluator_id, is_final=is_final)
    marks = (await courses.standing_marks(session, [body.enrolment_id]))[body.enrolment_id]
    if is_final and any(mark.code is None for mark in marks):
        raise errors.FinalRecorded
    score = courses.score_of(body.score, body.rubric)
    if (is_final and score is None) or (score is None and body.done is None):
        raise errors.NothingAssessed(pointer="/score")
    return await add(
        session,
        course,
        kind=body.kind,
        code=body.code,
        attempt=_next_attempt(marks, body.code),
        score=score,
        done=None if is_final else body.done,
        rubric=body.rubric,
        evaluator_id=body.evaluator_id,
        evidence=body.evidence,
        on=body.assessed_on or today,
        now=now,
    )


async def add(
    session: WriteSession,
    course: Course,
    *,
    kind: AssessmentKind,
    code: str | None,
    attempt: int,
    score: float | None,
    done: bool | None,
    rubric: Sequence[RubricLine],
    evaluator_id: UUID | None,
    evidence: Sequence[EvidenceItem],
    on: date,
    now: datetime,
) -> AssessmentRead:
    """Write one assessment down, everything having been checked, and tell others that there is one."""
    assessment = Assessment(
        enrolment_id=course.standing.id,
        cohort_id=course.standing.cohort_id,
        organisation_id=course.standing.organisation_id,
        kind=kind,
        code=code,
        attempt=attempt,
        score=score,
        done=done,
        rubric=[line.model_dump(mode="json") for line in rubric],
        evaluator_id=evaluator_id,
        evidence=[item.model_dump(mode="json", exclude_none=True) for item in evidence],
        assessed_on=on,
        recorded_by=authorship(session).subject,
        recorded_at=now,
    )
    session.add(assessment)
    await session.flush()
    await _tell(session, assessment, "recorded")
    return AssessmentRead.model_validate(assessment)


async def void(
    session: WriteSession, actor: Actor, assessment_id: UUID, said: ReasonedCommand, *, now: datetime
) -> AssessmentRead:
    """Take an assessment back; it stays to be read. An outcome that may rest on it must be voided first.

    Raises `AssessmentNotFound`, `OutOfReach`, `AssessmentVoided`, `OutcomeEstablished`, `ReasonUnknown`.
    """
    seen = await _find(session, assessment_id)
    course = await courses.claim(session, actor, seen.enrolment_id)
    assessment = await repository.lock(session, assessment_id)
    assert assessment is not None
    if assessment.voided_at is not None:
        raise errors.AssessmentVoided
    if course.standing.outcome not in (None, OutcomeState.VOIDED):
        raise errors.OutcomeEstablished
    today = day_in_kazakhstan(now)
    await reasons.check(session, ReasonList.OUTCOME, said.reason_code, on=said.effective_on or today, needed=True)
    assessment.voided_at = now
    assessment.voided_by = authorship(session).subject
    assessment.void_reason = said.reason_code
    assessment.void_comment = said.comment
    await session.flush()
    await _tell(session, assessment, "voided")
    return AssessmentRead.model_validate(assessment)


async def get(session: AnySession, actor: Actor, assessment_id: UUID) -> AssessmentRead:
    """One assessment, if within the caller's reach; `AssessmentNotFound` also for those out of reach."""
    reach = organisations.sight(actor)
    assessment = await _find(session, assessment_id)
    known = await organisations.find_many(session, [assessment.organisation_id])
    workplace = known.get(assessment.organisation_id)
    if not reach.covers(workplace.area_path if workplace else [], assessment.organisation_id):
        raise errors.AssessmentNotFound
    return AssessmentRead.model_validate(assessment)


async def page(
    session: AnySession, actor: Actor, query: AssessmentQuery, *, after: Sequence[Any] | None
) -> list[AssessmentRead]:
    """Assessments within the caller's reach, the oldest first."""
    found = await repository.page(session, query, organisations.sight(actor), after=after)
    return [AssessmentRead.model_validate(assessment) for assessment in found]


async def count(session: AnySession, actor: Actor, query: AssessmentQuery) -> int:
    """How many there are."""
    return await repository.count(session, query, organisations.sight(actor))


async def _find(session: AnySession, assessment_id: UUID) -> Assessment:
    assessment = await repository.find(session, assessment_id)
    if assessment is None:
        raise errors.AssessmentNotFound
    return assessment


def _check_form(body: AssessmentCreate) -> None:
    if body.kind is AssessmentKind.TASK and body.code is None:
        raise errors.TaskCodeNeeded(pointer="/code")
    if body.kind is AssessmentKind.FINAL and body.code is not None:
        raise errors.TaskCodeUnexpected(pointer="/code")


def _next_attempt(marks: Sequence[Mark], code: str | None) -> int:
    return 1 + max((mark.attempt for mark in marks if mark.code == code), default=0)


async def _tell(session: WriteSession, assessment: Assessment, what: str) -> None:
    event = outbox.Event(
        kind=f"assessment.{what}",
        subject="assessment",
        subject_id=assessment.id,
        data={
            "id": str(assessment.id),
            "enrolment_id": str(assessment.enrolment_id),
            "cohort_id": str(assessment.cohort_id),
            "kind": assessment.kind.value,
            "attempt": assessment.attempt,
        },
    )
    await outbox.add(session, event)
