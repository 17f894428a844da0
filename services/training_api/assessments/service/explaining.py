"""Why an outcome is what it is, or would be, part by part."""

from datetime import date, datetime
from uuid import UUID

from services.training_api.assessments import rules
from services.training_api.assessments.rules import Mark, Reached
from services.training_api.assessments.service import course as courses
from services.training_api.assessments.service.completing import refusal
from services.training_api.assessments.service.course import Course
from services.training_api.enrolments import service as enrolments
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession
from shared.schemas.base import TextOut
from shared.schemas.training.assessments import OutcomeExplained, OutcomePart, OutcomeResult, ResitRead
from shared.schemas.training.enrolments import OutcomeState


async def explain(session: AnySession, actor: Actor, enrolment_id: UUID, *, now: datetime) -> OutcomeExplained:
    """What was established, or what would be by the records, if the enrolment is within the caller's reach.

    Raises `EnrolmentNotFound`.
    """
    await enrolments.get(session, actor, enrolment_id, now=now)
    course = await courses.course(session, await enrolments.standing(session, enrolment_id))
    standing = course.standing
    established = standing.completed_on is not None
    if established:
        reached = Reached(standing.attendance, bool(standing.tasks_done), standing.score)
    else:
        reached = (await courses.reached(session, course.completion, [enrolment_id]))[enrolment_id]
    finals = [one for one in (await courses.standing_marks(session, [enrolment_id]))[enrolment_id] if one.code is None]
    return OutcomeExplained.model_validate(
        {
            "enrolment_id": enrolment_id,
            "established": established,
            "result": _result(course, reached),
            "completed_on": standing.completed_on,
            "parts": [OutcomePart.model_validate(part) for part in rules.parts(course.completion, reached)],
            "resit": _resit(course, finals, day_in_kazakhstan(now)),
        }
    )


def _result(course: Course, reached: Reached) -> OutcomeResult | None:
    if course.standing.outcome is OutcomeState.VOIDED or reached.attendance is None:
        return None
    if course.standing.outcome is not None:
        return OutcomeResult(course.standing.outcome.value)
    return rules.judge(course.completion, reached).result


def _resit(course: Course, finals: list[Mark], today: date) -> ResitRead:
    allowed = courses.resit(course, finals, on=today)
    why = None if allowed.refused is None else refusal(allowed)
    return ResitRead.model_validate(
        {
            "allowed": why is None,
            "code": why.code if why else None,
            "message": TextOut(**why.sentence()._asdict()) if why else None,
            "made": allowed.made,
            "at_most": allowed.at_most,
            "not_before": allowed.not_before,
            "until": allowed.until,
        }
    )
