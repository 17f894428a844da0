"""HTTP of what is done to an enrolment: each command is a POST to a path of its own."""

from typing import Annotated

from fastapi import Body, Response

from services.training_api.dependencies import Key, answer_written
from services.training_api.enrolments import service as enrolments
from services.training_api.enrolments.router.enrolments import EnrolmentPath
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.training.enrolments import (
    Command,
    EnrolmentRead,
    PriorityCommand,
    ReasonedCommand,
    TransferCommand,
)
from shared.web.routing import Router
from shared.web.sessions import Writing

router = Router("/v1/enrolments", tags=["enrolments"])
_PERSON = [requires("training:enrol")]
_MANAGER = [requires("training:manage")]
Said = Annotated[Command, Body(description="Why, and from which day", examples=[{"reason_code": "agreed"}])]


@router.post(
    "/{enrolment_id}/offer",
    summary="Offer a seat",
    description="Holds a free seat for the first in line, by hand; seats that come free before the course begins are "
    "offered by themselves.",
    response_model=EnrolmentRead,
    dependencies=_MANAGER,
)
async def offer_seat(
    session: Writing, actor: Caller, enrolment_id: EnrolmentPath, body: Said, _key: Key = None
) -> Response:
    return _answer(await enrolments.offer(session, actor, enrolment_id, body, now=clock.now()))


@router.post(
    "/{enrolment_id}/priority",
    summary="Set the priority of who waits",
    description="Another place in a waiting list that goes by priority (`waiting_policy` of the cohort), with a reason "
    "of the list `allocation`, which the trail keeps.",
    response_model=EnrolmentRead,
    dependencies=_MANAGER,
)
async def set_priority(
    session: Writing, actor: Caller, enrolment_id: EnrolmentPath, body: PriorityCommand, _key: Key = None
) -> Response:
    return _answer(await enrolments.prioritise(session, actor, enrolment_id, body, now=clock.now()))


@router.post(
    "/{enrolment_id}/accept",
    summary="Accept an offered seat",
    description="Takes the seat, if the time to answer is not over.",
    response_model=EnrolmentRead,
    dependencies=_PERSON,
)
async def accept_offer(
    session: Writing, actor: Caller, enrolment_id: EnrolmentPath, body: Said, _key: Key = None
) -> Response:
    return _answer(await enrolments.accept(session, actor, enrolment_id, body, now=clock.now()))


@router.post(
    "/{enrolment_id}/decline",
    summary="Decline an offered seat",
    description="Leaves the seat to the next in line.",
    response_model=EnrolmentRead,
    dependencies=_PERSON,
)
async def decline_offer(
    session: Writing, actor: Caller, enrolment_id: EnrolmentPath, body: Said, _key: Key = None
) -> Response:
    return _answer(await enrolments.decline(session, actor, enrolment_id, body, now=clock.now()))


@router.post(
    "/{enrolment_id}/withdraw",
    summary="Withdraw from a cohort",
    description="Ends the enrolment. A seat that was held goes to the first in line in the same transaction.",
    response_model=EnrolmentRead,
    dependencies=_PERSON,
)
async def withdraw_enrolment(
    session: Writing, actor: Caller, enrolment_id: EnrolmentPath, body: ReasonedCommand, _key: Key = None
) -> Response:
    return _answer(await enrolments.withdraw(session, actor, enrolment_id, body, now=clock.now()))


@router.post(
    "/{enrolment_id}/defer",
    summary="Defer an enrolment",
    description="Puts it off: the seat goes to the first in line, and the person may resume or be transferred later.",
    response_model=EnrolmentRead,
    dependencies=_PERSON,
)
async def defer_enrolment(
    session: Writing, actor: Caller, enrolment_id: EnrolmentPath, body: ReasonedCommand, _key: Key = None
) -> Response:
    return _answer(await enrolments.defer(session, actor, enrolment_id, body, now=clock.now()))


@router.post(
    "/{enrolment_id}/resume",
    summary="Resume a deferred enrolment",
    description="Back to the same cohort and venue: to a free seat, or to the end of the line.",
    response_model=EnrolmentRead,
    dependencies=_PERSON,
)
async def resume_enrolment(
    session: Writing, actor: Caller, enrolment_id: EnrolmentPath, body: Said, _key: Key = None
) -> Response:
    return _answer(await enrolments.resume(session, actor, enrolment_id, body, now=clock.now()))


@router.post(
    "/{enrolment_id}/transfer",
    summary="Transfer to another cohort or venue",
    description="Ends this enrolment and answers with the one that takes its place, with a seat or at the end of the "
    "line there.",
    status_code=201,
    response_model=EnrolmentRead,
    dependencies=_PERSON,
)
async def transfer_enrolment(
    session: Writing, actor: Caller, enrolment_id: EnrolmentPath, body: TransferCommand, _key: Key = None
) -> Response:
    enrolment = await enrolments.transfer(session, actor, enrolment_id, body, now=clock.now())
    return answer_written(enrolment, status=201, location=f"/v1/enrolments/{enrolment.id}", version=enrolment.version)


def _answer(enrolment: EnrolmentRead) -> Response:
    return answer_written(enrolment, version=enrolment.version)
