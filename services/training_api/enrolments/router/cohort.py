"""HTTP of what concerns everybody in a cohort: its beginning, its cancelling, its seats and its waiting list."""

from typing import Annotated
from uuid import UUID

from fastapi import Body, Path, Query, Request, Response
from pydantic import TypeAdapter

from services.training_api.dependencies import Key, answer_list, answer_written, seen_by
from services.training_api.enrolments import service as enrolments
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.training.cohorts import CohortRead, SeatCounts, VenueRead, VenueUpdate
from shared.schemas.training.enrolments import ReasonedCommand, WaitingEntry, WaitingQuery
from shared.web import conditional
from shared.web.conditional import IfMatch
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/cohorts", tags=["cohorts"])
_LINE = TypeAdapter(Page[WaitingEntry])
_MANAGER = [requires("training:manage")]
CohortPath = Annotated[UUID, Path(description="The cohort", examples=["0198c0de-0000-7000-8000-000000000301"])]
VenuePath = Annotated[UUID, Path(description="The venue", examples=["0198c0de-0000-7000-8000-000000000311"])]


@router.post(
    "/{cohort_id}/start",
    summary="Start a cohort",
    description="The course begins: whoever has a confirmed seat has started. The waiting list no longer moves by "
    "itself.",
    response_model=CohortRead,
    dependencies=_MANAGER,
)
async def start_cohort(session: Writing, actor: Caller, cohort_id: CohortPath, _key: Key = None) -> Response:
    cohort = await enrolments.start(session, actor, cohort_id, now=clock.now())
    return answer_written(cohort, version=cohort.version)


@router.post(
    "/{cohort_id}/cancel",
    summary="Cancel a cohort",
    description="The course does not take place; every enrolment that is not yet over is cancelled with it.",
    response_model=CohortRead,
    dependencies=_MANAGER,
)
async def cancel_cohort(
    session: Writing, actor: Caller, cohort_id: CohortPath, body: ReasonedCommand, _key: Key = None
) -> Response:
    cohort = await enrolments.cancel(session, actor, cohort_id, body, now=clock.now())
    return answer_written(cohort, version=cohort.version)


@router.patch(
    "/{cohort_id}/venues/{venue_id}",
    summary="Change the capacity of a venue",
    description="New seats are offered to the waiting list first. Seats that are taken cannot be taken away.",
    response_model=VenueRead,
    dependencies=_MANAGER,
)
async def change_venue(
    request: Request,
    session: Writing,
    actor: Caller,
    cohort_id: CohortPath,
    venue_id: VenuePath,
    patch: Annotated[VenueUpdate, Body(media_type="application/merge-patch+json")],
    _if_match: IfMatch = None,
) -> Response:
    venue = await enrolments.resize(
        session,
        actor,
        cohort_id,
        venue_id,
        capacity=patch.capacity,
        check=lambda version: conditional.check_match(request, version),
        now=clock.now(),
    )
    return answer_written(venue, version=venue.version)


@router.get(
    "/{cohort_id}/seats",
    summary="Count seats",
    description="Seats of a cohort, taken and free, and how many wait, venue by venue. Public.",
)
async def count_seats(session: Reading, cohort_id: CohortPath) -> SeatCounts:
    return await enrolments.seat_counts(session, cohort_id)


@router.get(
    "/{cohort_id}/waiting-list",
    summary="List the waiting list",
    description="Who waits, venue by venue and in order, as far as people are within your reach; positions count "
    "everybody.",
    response_model=Page[WaitingEntry],
    dependencies=[requires("training:read")],
)
async def list_waiting(
    request: Request, session: Reading, actor: Caller, cohort_id: CohortPath, query: Annotated[WaitingQuery, Query()]
) -> Response:
    return await answer_list(
        request,
        query,
        _LINE,
        of={"list": "waiting", "cohort": cohort_id, **seen_by(actor)},
        parse=[UUID, int, int],
        fetch=lambda after: enrolments.line(session, actor, cohort_id, query, after=after),
        count=lambda: enrolments.line_length(session, actor, cohort_id, query),
        keys=lambda row: [row[0].venue_id, row[0].priority, row[1]],
        item=lambda row: row[0],
    )
