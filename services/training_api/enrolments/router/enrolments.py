"""HTTP of enrolling and of reading enrolments."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.training_api.dependencies import (
    FILE_CHUNK,
    Key,
    Lane,
    Locking,
    answer_list,
    answer_one,
    answer_written,
    rows_of,
    seen_by,
)
from services.training_api.enrolments import service as enrolments
from services.training_api.organisations import service as organisations
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.training.enrolments import EnrolmentCreate, EnrolmentQuery, EnrolmentRead, TransitionList
from shared.web import export
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/enrolments", tags=["enrolments"])
_PAGE = TypeAdapter(Page[EnrolmentRead])
_COLUMNS = (
    *("id", "cohort_id", "venue_id", "educator_id", "organisation_id", "application", "participation", "status"),
    *("next_approver", "waiting_since", "position", "seat", "priority", "offer_expires_at", "attendance", "tasks_done"),
    *("score", "completed_on", "unmet", "transferred_to", "substituted_by", "created_at"),
)
_READER = [requires("training:read")]
EnrolmentPath = Annotated[UUID, Path(description="The enrolment", examples=["0198c0de-0000-7000-8000-000000000501"])]


@router.post(
    "",
    summary="Enrol an educator",
    description="Holds a seat (`confirmed`) or, when none is free, gives the next place in the waiting list of the "
    "venue (`waitlisted` with `position`). Refused with 409 `cohort_closed`, `already_enrolled` or `double_booking` "
    "(naming the other cohort), and with 422 `not_eligible` and the rule that failed.",
    status_code=201,
    response_model=EnrolmentRead,
    dependencies=[requires("training:enrol")],
)
async def enrol_educator(
    body: EnrolmentCreate, _lane: Lane, session: Writing, actor: Caller, locking: Locking, _key: Key = None
) -> Response:
    enrolment = await enrolments.enrol(session, actor, body, locking=locking, now=clock.now())
    return answer_written(enrolment, status=201, location=f"/v1/enrolments/{enrolment.id}", version=enrolment.version)


@router.get(
    "",
    summary="List enrolments",
    description="Enrolments of people within your reach, the oldest first. As CSV, XLSX or NDJSON by `Accept`, then "
    "all of them.",
    response_model=Page[EnrolmentRead],
    dependencies=_READER,
)
async def list_enrolments(
    request: Request, session: Reading, actor: Caller, query: Annotated[EnrolmentQuery, Query()]
) -> Response:
    format_ = export.wanted(request)
    if format_ != "json":
        organisations.sight(actor)
        now, whole = clock.now(), query.model_copy(update={"limit": FILE_CHUNK})
        lines = rows_of(
            request,
            lambda session, after: enrolments.page(session, actor, whole, after=after, now=now),
            keys=lambda enrolment: [enrolment.id],
            line=_line,
        )
        return await export.respond(format_, _COLUMNS, lines, filename="enrolments")
    return await answer_list(
        request,
        query,
        _PAGE,
        of={"list": "enrolments", **seen_by(actor)},
        parse=[UUID],
        fetch=lambda after: enrolments.page(session, actor, query, after=after, now=clock.now()),
        count=lambda: enrolments.count(session, actor, query),
        keys=lambda enrolment: [enrolment.id],
    )


@router.get(
    "/{enrolment_id}",
    summary="Read an enrolment",
    description="One enrolment, if within your reach; otherwise 404. `allowed_actions` tells what may be done now, "
    "`refused_actions` why not the rest.",
    response_model=EnrolmentRead,
    responses={304: {"description": "Not changed since it was read"}},
    dependencies=_READER,
)
async def read_enrolment(request: Request, session: Reading, actor: Caller, enrolment_id: EnrolmentPath) -> Response:
    enrolment = await enrolments.get(session, actor, enrolment_id, now=clock.now())
    # The position moves when others leave the line, and days pass: neither is a change of this enrolment's version.
    return answer_one(request, enrolment, enrolment.version, enrolment.position, *enrolment.allowed_actions)


@router.get(
    "/{enrolment_id}/transitions",
    summary="List the steps of an enrolment",
    description="Every step with who took it, why, and from which day it holds.",
    dependencies=_READER,
)
async def list_transitions(session: Reading, actor: Caller, enrolment_id: EnrolmentPath) -> TransitionList:
    return TransitionList(items=await enrolments.transitions(session, actor, enrolment_id))


def _line(enrolment: EnrolmentRead) -> Mapping[str, Any]:
    told = enrolment.model_dump(mode="json", include=set(_COLUMNS))
    reached = enrolment.outcome.model_dump(mode="json", include=set(_COLUMNS)) if enrolment.outcome else {}
    return {**told, **reached}
