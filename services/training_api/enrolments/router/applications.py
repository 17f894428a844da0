"""HTTP of applications: deciding upon them level by level, one or many; and of handing a seat to a colleague."""

from typing import Annotated

from fastapi import Body, Response

from services.training_api.dependencies import Key, answer_written
from services.training_api.enrolments import service as enrolments
from services.training_api.enrolments.router.enrolments import EnrolmentPath
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.training.enrolments import (
    Command,
    DecisionsCreate,
    DecisionsRead,
    EnrolmentRead,
    ReasonedCommand,
    SubstituteCommand,
)
from shared.web.routing import Router
from shared.web.sessions import Writing

router = Router("/v1/enrolments", tags=["enrolments"])
decisions = Router("/v1/enrolment-decisions", tags=["enrolments"])
_PERSON = [requires("training:enrol")]
Said = Annotated[Command, Body(description="Why, and from which day", examples=[{"reason_code": "agreed"}])]


@router.post(
    "/{enrolment_id}/approve",
    summary="Approve an application",
    description="For the level whose turn it is (`next_approver`): the school by its director, the district by an "
    "officer of the area, the provider by who manages its courses. After the last level the person gets a seat or a "
    "place in line at once. Refused with 403 `not_next_approver` when it is another's turn.",
    response_model=EnrolmentRead,
    dependencies=_PERSON,
)
async def approve_enrolment(
    session: Writing, actor: Caller, enrolment_id: EnrolmentPath, body: Said, _key: Key = None
) -> Response:
    return _answer(await enrolments.approve(session, actor, enrolment_id, body, now=clock.now()))


@router.post(
    "/{enrolment_id}/reject",
    summary="Reject an application",
    description="For the level whose turn it is, with a reason of the list `application`.",
    response_model=EnrolmentRead,
    dependencies=_PERSON,
)
async def reject_enrolment(
    session: Writing, actor: Caller, enrolment_id: EnrolmentPath, body: ReasonedCommand, _key: Key = None
) -> Response:
    return _answer(await enrolments.reject(session, actor, enrolment_id, body, now=clock.now()))


@router.post(
    "/{enrolment_id}/cancel",
    summary="Cancel an application",
    description="By who may enrol the person, while somebody has yet to decide. Who has been accepted withdraws.",
    response_model=EnrolmentRead,
    dependencies=_PERSON,
)
async def cancel_enrolment(
    session: Writing, actor: Caller, enrolment_id: EnrolmentPath, body: Said, _key: Key = None
) -> Response:
    return _answer(await enrolments.take_back(session, actor, enrolment_id, body, now=clock.now()))


@router.post(
    "/{enrolment_id}/substitute",
    summary="Send a colleague instead",
    description="The confirmed seat goes to another educator of the same workplace, who must be eligible and free at "
    "these hours; the waiting list is not touched. Possible until the cohort's `substitution_closes_on`. Where "
    "the district or the provider approves people, only who decides last sends another: else the colleague applies "
    "(409 `application_needed`). Answers with the colleague's enrolment.",
    status_code=201,
    response_model=EnrolmentRead,
    dependencies=_PERSON,
)
async def substitute_enrolment(
    session: Writing, actor: Caller, enrolment_id: EnrolmentPath, body: SubstituteCommand, _key: Key = None
) -> Response:
    enrolment = await enrolments.substitute(session, actor, enrolment_id, body, now=clock.now())
    return answer_written(enrolment, status=201, location=f"/v1/enrolments/{enrolment.id}", version=enrolment.version)


@decisions.post(
    "",
    summary="Decide upon many applications",
    description="The same decision upon up to 500 applications. Each is answered: decided, or not and why; one that "
    "cannot be decided stops no other.",
    response_model=DecisionsRead,
    dependencies=_PERSON,
)
async def decide_enrolments(body: DecisionsCreate, session: Writing, actor: Caller, _key: Key = None) -> Response:
    return answer_written(await enrolments.decide(session, actor, body, now=clock.now()))


def _answer(enrolment: EnrolmentRead) -> Response:
    return answer_written(enrolment, version=enrolment.version)
