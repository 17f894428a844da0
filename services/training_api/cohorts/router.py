"""HTTP of cohorts, their venues and sessions."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.training_api.cohorts import service as cohorts
from services.training_api.cohorts.rules import CohortAction
from services.training_api.dependencies import Key, answer_list, answer_one, answer_written
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.training.cohorts import (
    CohortCreate,
    CohortQuery,
    CohortRead,
    VenueCreate,
    VenueList,
    VenueQuery,
    VenueRead,
)
from shared.schemas.training.sessions import SessionList
from shared.web import export
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing, database_of

router = Router("/v1/cohorts", tags=["cohorts"])
venues = Router("/v1/venues", tags=["cohorts"])
routers = (router, venues)
_PAGE = TypeAdapter(Page[CohortRead])
_VENUE_PAGE = TypeAdapter(Page[VenueRead])
_COLUMNS = (
    *("id", "programme_id", "code", "name_kk", "name_ru", "name_en", "starts_on", "ends_on", "status"),
    *("enrolment_opens_on", "enrolment_closes_on", "changes_close_on", "substitution_closes_on", "waiting_policy"),
    *("minimum_seats_taken", "decide_on", "seats_taken", "minimum_reached"),
)
_VENUE_COLUMNS = ("id", "cohort_id", "organisation_id", "area", "room", "capacity", "free")
_CHUNK = 500
_MANAGER = [requires("training:manage")]
CohortPath = Annotated[UUID, Path(description="The cohort", examples=["0198c0de-0000-7000-8000-000000000301"])]


@router.get(
    "",
    summary="List cohorts",
    description="Runs of programmes, the latest first. Public. As CSV, XLSX or NDJSON by `Accept`, then all of them.",
    response_model=Page[CohortRead],
)
async def list_cohorts(request: Request, session: Reading, query: Annotated[CohortQuery, Query()]) -> Response:
    format_ = export.wanted(request)
    if format_ != "json":
        return await export.respond(format_, _COLUMNS, _all(request, query), filename="cohorts")
    return await answer_list(
        request,
        query,
        _PAGE,
        of={"list": "cohorts"},
        parse=[date.fromisoformat, UUID],
        fetch=lambda after: cohorts.page(session, query, after=after),
        count=lambda: cohorts.count(session, query),
        keys=lambda cohort: [cohort.starts_on, cohort.id],
    )


@router.post(
    "",
    summary="Plan a cohort",
    description="Writes a cohort down as a draft, with its venues and as many seats as each has.",
    status_code=201,
    response_model=CohortRead,
    dependencies=_MANAGER,
)
async def plan_cohort(body: CohortCreate, session: Writing, actor: Caller, _key: Key = None) -> Response:
    cohort = await cohorts.plan(session, actor, body, now=clock.now())
    return answer_written(cohort, status=201, location=f"/v1/cohorts/{cohort.id}", version=cohort.version)


@router.get(
    "/{cohort_id}",
    summary="Read a cohort",
    description="One cohort and what may be done to it. Public.",
    response_model=CohortRead,
    responses={304: {"description": "Not changed since it was read"}},
)
async def read_cohort(request: Request, session: Reading, cohort_id: CohortPath) -> Response:
    cohort = await cohorts.get(session, cohort_id)
    # Who comes and goes changes whether enough come, which is no change of the cohort's version.
    facets = [] if cohort.viability is None else [cohort.viability.taken, len(cohort.warnings)]
    return answer_one(request, cohort, cohort.version, *facets)


@router.post(
    "/{cohort_id}/open",
    summary="Open enrolment",
    description="From now on people may enrol, within the window if the cohort has one.",
    response_model=CohortRead,
    dependencies=_MANAGER,
)
async def open_cohort(session: Writing, actor: Caller, cohort_id: CohortPath, _key: Key = None) -> Response:
    cohort = await cohorts.move(session, actor, cohort_id, CohortAction.OPEN, now=clock.now())
    return answer_written(cohort, version=cohort.version)


@router.post(
    "/{cohort_id}/close",
    summary="Close enrolment",
    description="Nobody may enrol any more; seats that come free still go to the waiting list.",
    response_model=CohortRead,
    dependencies=_MANAGER,
)
async def close_cohort(session: Writing, actor: Caller, cohort_id: CohortPath, _key: Key = None) -> Response:
    cohort = await cohorts.move(session, actor, cohort_id, CohortAction.CLOSE, now=clock.now())
    return answer_written(cohort, version=cohort.version)


@router.post(
    "/{cohort_id}/finish",
    summary="Finish a cohort",
    description="The course is over; outcomes may still be established.",
    response_model=CohortRead,
    dependencies=_MANAGER,
)
async def finish_cohort(session: Writing, actor: Caller, cohort_id: CohortPath, _key: Key = None) -> Response:
    cohort = await cohorts.move(session, actor, cohort_id, CohortAction.FINISH, now=clock.now())
    return answer_written(cohort, version=cohort.version)


@router.get(
    "/{cohort_id}/venues",
    summary="List venues",
    description="The venues of a cohort in the order they were added, and how full they are. Public.",
)
async def list_venues(session: Reading, cohort_id: CohortPath) -> VenueList:
    return VenueList(items=await cohorts.venues(session, cohort_id))


@router.post(
    "/{cohort_id}/venues",
    summary="Add a venue",
    description="Adds a place where the cohort is taught, with its seats.",
    status_code=201,
    response_model=VenueRead,
    dependencies=_MANAGER,
)
async def add_venue(
    body: VenueCreate, session: Writing, actor: Caller, cohort_id: CohortPath, _key: Key = None
) -> Response:
    venue = await cohorts.add_venue(session, actor, cohort_id, body, now=clock.now())
    return answer_written(venue, status=201, location=f"/v1/cohorts/{cohort_id}/venues", version=venue.version)


@router.get(
    "/{cohort_id}/sessions",
    summary="List sessions",
    description="The meetings of a cohort by day and hour, with warnings for days off. Public.",
)
async def list_sessions(session: Reading, cohort_id: CohortPath) -> SessionList:
    return SessionList(items=await cohorts.sessions(session, cohort_id))


@venues.get(
    "",
    summary="List venues of all cohorts",
    description="Where courses are taught and how many seats are free, the latest first: by cohort, programme, host or "
    "area. Public. As CSV, XLSX or NDJSON by `Accept`, then all of them.",
    response_model=Page[VenueRead],
)
async def list_all_venues(request: Request, session: Reading, query: Annotated[VenueQuery, Query()]) -> Response:
    format_ = export.wanted(request)
    if format_ != "json":
        return await export.respond(format_, _VENUE_COLUMNS, _all_venues(request, query), filename="venues")
    return await answer_list(
        request,
        query,
        _VENUE_PAGE,
        of={"list": "venues"},
        parse=[UUID],
        fetch=lambda after: cohorts.venue_page(session, query, after=after),
        count=lambda: cohorts.venue_count(session, query),
        keys=lambda venue: [venue.id],
    )


async def _all(request: Request, query: CohortQuery) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    """All rows of the list, read in portions in a transaction of their own, for as long as the file is written."""
    wanted = query.model_copy(update={"limit": _CHUNK})
    after: Sequence[Any] | None = None
    async with database_of(request).reading() as session:
        while True:
            rows = await cohorts.page(session, wanted, after=after)
            yield [_row(cohort) for cohort in rows[:_CHUNK]]
            if len(rows) <= _CHUNK:
                return
            after = [rows[_CHUNK - 1].starts_on, rows[_CHUNK - 1].id]


async def _all_venues(request: Request, query: VenueQuery) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    wanted = query.model_copy(update={"limit": _CHUNK})
    after: Sequence[Any] | None = None
    async with database_of(request).reading() as session:
        while True:
            rows = await cohorts.venue_page(session, wanted, after=after)
            yield [venue.model_dump(mode="json") for venue in rows[:_CHUNK]]
            if len(rows) <= _CHUNK:
                return
            after = [rows[_CHUNK - 1].id]


def _row(cohort: CohortRead) -> Mapping[str, Any]:
    row = cohort.model_dump(mode="json")
    names = {f"name_{language}": name for language, name in row.pop("name").items()}
    measured = row.pop("viability") or {}
    return {**row, **names, "seats_taken": measured.get("taken"), "minimum_reached": measured.get("reached")}
