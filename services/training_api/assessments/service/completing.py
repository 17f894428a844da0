"""Establishing outcomes: one, a whole cohort's, again after a re-sit, and taking them back."""

from collections import Counter
from datetime import date, datetime
from typing import assert_never
from uuid import UUID

from services.training_api.assessments import errors, rules
from services.training_api.assessments.rules import Judged, Reached, Resit, ResitRefused
from services.training_api.assessments.service import assessing
from services.training_api.assessments.service import course as courses
from services.training_api.assessments.service.course import TAKING_PART
from services.training_api.certificates import service as certificates
from services.training_api.cohorts import service as cohorts
from services.training_api.enrolments import service as enrolments
from services.training_api.enrolments.errors import CourseNotBegun
from services.training_api.enrolments.service import Conclusion, Expected
from services.training_api.programmes import service as programmes
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.errors import Problem
from shared.schemas.training.assessments import (
    AssessmentKind,
    CohortComplete,
    CohortCompletion,
    CompleteCommand,
    CompletionLine,
    OutcomePart,
    OutcomeResult,
    ResitCommand,
)
from shared.schemas.training.enrolments import Command, EnrolmentRead, OutcomeState, ParticipationState, ReasonedCommand
from shared.schemas.training.programmes import CompletionRule

_AT_ONCE = 500
"""How many people one request completes."""
_PRESENT = frozenset({ParticipationState.CONFIRMED, ParticipationState.STARTED})


async def complete(
    session: WriteSession, actor: Actor, enrolment_id: UUID, body: CompleteCommand, *, now: datetime
) -> EnrolmentRead:
    """Establish the outcome by the rule of the programme: by what is given, and for the rest by the records.

    Raises `EnrolmentNotFound`, `OutOfReach`, `CourseNotBegun`, `OutcomeEstablished`, `NotTakingPart`,
    `AssessedInFuture`, `AssessedTooEarly`, `AttendanceMissing`.
    """
    course = await courses.claim(session, actor, enrolment_id)
    today = day_in_kazakhstan(now)
    if today < course.run.starts_on:
        raise CourseNotBegun
    if course.standing.outcome is not None:
        raise errors.OutcomeEstablished
    if course.standing.status not in TAKING_PART:
        raise errors.NotTakingPart(status=course.standing.status)
    on = body.effective_on or today
    courses.check_day(course, on, today=today, pointer="/effective_on")
    reached = (await courses.reached(session, course.completion, [enrolment_id]))[enrolment_id]
    reached = Reached(
        attendance=reached.attendance if body.attendance is None else body.attendance,
        tasks_done=reached.tasks_done if body.tasks_done is None else body.tasks_done,
        score=body.score if "score" in body.model_fields_set else reached.score,
    )
    if reached.attendance is None:
        raise errors.AttendanceMissing(pointer="/attendance")
    judged = rules.judge(course.completion, reached)
    return await _conclude(session, enrolment_id, reached, judged, on, said=body, now=now)


async def complete_cohort(
    session: WriteSession, actor: Actor, cohort_id: UUID, body: CohortComplete, *, now: datetime
) -> CohortCompletion:
    """Establish the outcome of everybody who takes part, by the records; of as many as one request can.

    Raises `CohortNotFound`, `OutOfReach`, `VenueUnknown`, `CourseNotBegun`, `AssessedInFuture`.
    """
    await cohorts.demand(session, actor, cohort_id)
    run = await cohorts.run_of(session, cohort_id)
    today = day_in_kazakhstan(now)
    if today < run.starts_on:
        raise CourseNotBegun
    on = body.completed_on or today
    if on > today:
        raise errors.AssessedInFuture(pointer="/completed_on")
    if on < run.starts_on:
        raise errors.AssessedTooEarly(pointer="/completed_on")
    if body.venue_id is not None:
        await cohorts.place_of(session, cohort_id, body.venue_id, pointer="/venue_id")
    expected = await enrolments.expected(session, cohort_id, venue_id=body.venue_id)
    present = [one for one in expected if one.participation in _PRESENT]
    completion = (await programmes.taught(session, run.programme_id)).completion
    reached = await courses.reached(session, completion, [one.enrolment_id for one in present])
    # Who cannot be told comes last, or they would stand in the way of the others whenever this is repeated.
    present.sort(key=lambda one: reached[one.enrolment_id].attendance is None)
    lines = [_line(one, completion, reached[one.enrolment_id]) for one in present[:_AT_ONCE]]
    established: set[UUID] = set()
    if not body.dry_run:
        conclusions: dict[UUID, Conclusion] = {
            line.enrolment_id: _conclusion(
                reached[line.enrolment_id], rules.judge(completion, reached[line.enrolment_id]), on
            )
            for line in lines
            if line.result is not None
        }
        said = Command(effective_on=on)
        established = await enrolments.conclude_many(
            session, cohort_id, conclusions, completed_on=on, said=said, now=now
        )
    counts = Counter(line.result.value if line.result else str(line.problem) for line in lines)
    return CohortCompletion(
        dry_run=body.dry_run, counts=dict(sorted(counts.items())), left=len(present) - len(established), items=lines
    )


async def resit(
    session: WriteSession, actor: Actor, enrolment_id: UUID, body: ResitCommand, *, now: datetime
) -> EnrolmentRead:
    """Write down another attempt at the final assessment and establish the outcome anew.

    Raises `EnrolmentNotFound`, `OutOfReach`, the reason why it may not be taken again, `NothingAssessed`,
    `PointsBeyond`, `AssessedInFuture`, `AssessedTooEarly`, and what `check_evaluator` does.
    """
    course = await courses.claim(session, actor, enrolment_id)
    today = day_in_kazakhstan(now)
    on = body.effective_on or today
    courses.check_day(course, on, today=today, pointer="/effective_on")
    finals = [one for one in (await courses.standing_marks(session, [enrolment_id]))[enrolment_id] if one.code is None]
    allowed = courses.resit(course, finals, on=on)
    if allowed.refused is not None:
        raise refusal(allowed)
    await courses.check_evaluator(session, course, body.evaluator_id, is_final=True)
    score = courses.score_of(body.score, body.rubric)
    if score is None:
        raise errors.NothingAssessed(pointer="/score")
    await assessing.add(
        session,
        course,
        kind=AssessmentKind.FINAL,
        code=None,
        attempt=1 + max((mark.attempt for mark in finals), default=1),
        score=score,
        done=None,
        rubric=body.rubric,
        evaluator_id=body.evaluator_id,
        evidence=body.evidence,
        on=on,
        now=now,
    )
    standing = course.standing
    reached = Reached(standing.attendance, bool(standing.tasks_done), score)
    judged = rules.judge(course.completion, reached)
    return await _conclude(session, enrolment_id, reached, judged, on, said=body, now=now)


async def void_outcome(
    session: WriteSession, actor: Actor, enrolment_id: UUID, said: ReasonedCommand, *, now: datetime
) -> EnrolmentRead:
    """Take an outcome back. Raises `EnrolmentNotFound`, `OutOfReach`, `CertificateStands`, and as `conclude` does."""
    standing = (await courses.claim(session, actor, enrolment_id)).standing
    number = await certificates.number_given(session, enrolment_id)
    if number is not None:
        raise errors.CertificateStands(number=number)
    conclusion = Conclusion(
        outcome=OutcomeState.VOIDED,
        attendance=standing.attendance or 0,
        tasks_done=bool(standing.tasks_done),
        score=standing.score,
        unmet=standing.unmet,
        completed_on=standing.completed_on or day_in_kazakhstan(now),
    )
    return await enrolments.conclude(session, enrolment_id, conclusion, said=said, now=now)


def refusal(allowed: Resit) -> Problem:
    """Why the final assessment may not be taken again, as a problem."""
    match allowed.refused:
        case ResitRefused.NOT_ESTABLISHED:
            return errors.ResitNotEstablished()
        case ResitRefused.NOT_FORESEEN:
            return errors.ResitNotForeseen()
        case ResitRefused.NOT_NEEDED:
            return errors.ResitNotNeeded()
        case ResitRefused.OF_NO_USE:
            return errors.ResitOfNoUse()
        case ResitRefused.TOO_MANY:
            return errors.ResitTooMany(made=allowed.made, at_most=allowed.at_most)
        case ResitRefused.TOO_EARLY:
            return errors.ResitTooEarly(not_before=str(allowed.not_before))
        case ResitRefused.TOO_LATE:
            return errors.ResitTooLate(until=str(allowed.until))
        case None:
            raise ValueError("it may be taken again")
        case _:
            assert_never(allowed.refused)


async def _conclude(
    session: WriteSession,
    enrolment_id: UUID,
    reached: Reached,
    judged: Judged,
    on: date,
    *,
    said: Command,
    now: datetime,
) -> EnrolmentRead:
    return await enrolments.conclude(session, enrolment_id, _conclusion(reached, judged, on), said=said, now=now)


def _conclusion(reached: Reached, judged: Judged, on: date) -> Conclusion:
    return Conclusion(
        outcome=None if judged.result is OutcomeResult.NO_SHOW else OutcomeState(judged.result.value),
        attendance=reached.attendance or 0,
        tasks_done=reached.tasks_done,
        score=reached.score,
        unmet=judged.unmet,
        completed_on=on,
    )


def _line(one: Expected, completion: CompletionRule, reached: Reached) -> CompletionLine:
    judged = None if reached.attendance is None else rules.judge(completion, reached)
    parts = rules.parts(completion, reached)
    return CompletionLine.model_validate(
        {
            "enrolment_id": one.enrolment_id,
            "educator_id": one.educator_id,
            "organisation_id": one.organisation_id,
            "result": judged.result if judged else None,
            "unmet": [part.part for part in parts if not part.met],
            "parts": [OutcomePart.model_validate(part) for part in parts],
            "problem": None if judged else errors.AttendanceMissing.code,
        }
    )
