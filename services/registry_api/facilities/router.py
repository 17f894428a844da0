"""HTTP of facilities: standards, rooms, assessments, gaps."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api.facilities import service as facilities
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.base import Code
from shared.schemas.pages import Page
from shared.schemas.registry.facilities import (
    AssessmentCreate,
    AssessmentRead,
    AssessmentsQuery,
    FacilitiesQuery,
    FacilitiesRecorded,
    FacilityBatch,
    FacilityRead,
    GapRead,
    GapsQuery,
    StandardCreate,
    StandardQuery,
    StandardRead,
    StandardsQuery,
    WhatIf,
    WhatIfRead,
)
from shared.web import conditional, export, pages
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing, database_of

standards = Router("/v1/facility-standards", tags=["facilities"])
rooms = Router("/v1/facilities", tags=["facilities"])
assessments = Router("/v1/facility-assessments", tags=["facilities"])
gaps = Router("/v1/facility-gaps", tags=["facilities"])
routers = (standards, rooms, assessments, gaps)

_READER = [requires("registry:read")]
_WRITER = [requires("registry:write")]
_STANDARDS = TypeAdapter(Page[StandardRead])
_STANDARD = TypeAdapter(StandardRead)
_ROOMS = TypeAdapter(Page[FacilityRead])
_ASSESSMENTS = TypeAdapter(Page[AssessmentRead])
_GAPS = TypeAdapter(Page[GapRead])
_CHUNK = 1000
_PAGING = {"limit", "cursor", "count"}
_ROOM_COLUMNS = (
    *("organisation_id", "kind", "count", "area_m2", "equipment_index", "opened_on", "closed_on", "note", "source"),
)
_GAP_COLUMNS = (
    *("organisation_id", "name_kk", "name_ru", "name_en", "area", "kind", "group", "required", "present", "missing"),
    *("capacity", "surveyed"),
)


@standards.get(
    "",
    summary="List standards of facilities",
    description="All versions of all standards, in the order of their codes. Public.",
    response_model=Page[StandardRead],
)
async def list_facility_standards(
    request: Request, session: Reading, query: Annotated[StandardsQuery, Query()]
) -> Response:
    of = query.model_dump(mode="json", exclude=_PAGING)
    after = pages.start(request, query.cursor, of=of, length=2)
    rows = await facilities.standards(session, query, after=after)
    cut, following = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: (row["code"], row["version"]))
    return pages.answer(request, _STANDARDS, cut, next_cursor=following)


@standards.post(
    "",
    summary="Define a standard of facilities",
    description="A standard, or the next version of one: what was assessed by versions before stays as it was.",
    status_code=201,
    dependencies=_WRITER,
)
async def define_facility_standard(
    asked: StandardCreate, session: Writing, actor: Caller, response: Response, _key: IdempotencyKey = None
) -> StandardRead:
    found = await facilities.define(session, actor, asked, now=clock.now())
    response.headers["Location"] = f"/v1/facility-standards/{found['code']}?version={found['version']}"
    return StandardRead.model_validate(found)


@standards.get(
    "/{code}",
    summary="Read a standard of facilities",
    description="The latest version, or the one asked for. A version never changes. Public.",
    response_model=StandardRead,
    responses={304: {"description": "Not changed since it was read"}},
)
async def read_facility_standard(
    request: Request,
    session: Reading,
    code: Annotated[Code, Path(description="The standard's code", examples=["keleshek"])],
    query: Annotated[StandardQuery, Query()],
) -> Response:
    found = await facilities.standard(session, code, query.version)
    tag = conditional.etag(found["version"])
    if conditional.is_unchanged(request, tag):
        return conditional.not_modified(tag)
    body = _STANDARD.dump_json(_STANDARD.validate_python(found))
    return Response(body, media_type="application/json", headers={"ETag": tag})


@rooms.get(
    "",
    summary="List facilities",
    description="Rooms of schools as they are on a day, as it is known now or was known at a moment. Public. As CSV, "
    "XLSX or NDJSON by `Accept`.",
    response_model=Page[FacilityRead],
)
async def list_facilities(request: Request, session: Reading, query: Annotated[FacilitiesQuery, Query()]) -> Response:
    format_ = export.wanted(request)
    if format_ != "json":
        return await export.respond(format_, _ROOM_COLUMNS, _all_rooms(request, query), filename="facilities")
    of = query.model_dump(mode="json", exclude=_PAGING)
    after = pages.start(request, query.cursor, of=of, length=1)
    rows = await facilities.rooms(session, query, after=_ids(after), limit=query.limit, now=clock.now())
    cut, following = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: (str(row["id"]),))
    return pages.answer(request, _ROOMS, cut, next_cursor=following)


@rooms.post(
    "",
    summary="Record facilities",
    description="Which rooms an organisation has from a day on; `count` 0 says that they were looked for and are not "
    "there. What was said before of other days stays. All of them or none.",
    status_code=201,
    dependencies=_WRITER,
)
async def record_facilities(
    asked: FacilityBatch, session: Writing, actor: Caller, _key: IdempotencyKey = None
) -> FacilitiesRecorded:
    recorded = await facilities.record(session, actor, asked.facilities, now=clock.now())
    return FacilitiesRecorded(recorded=recorded)


@assessments.get(
    "",
    summary="List assessments of facilities",
    description="How far schools conformed, by which version of which standard and when; oldest first. Public.",
    response_model=Page[AssessmentRead],
)
async def list_facility_assessments(
    request: Request, session: Reading, query: Annotated[AssessmentsQuery, Query()]
) -> Response:
    of = query.model_dump(mode="json", exclude=_PAGING)
    after = pages.start(request, query.cursor, of=of, length=1)
    rows = await facilities.assessments(session, query, after=_ids(after))
    cut, following = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: (str(row["id"]),))
    return pages.answer(request, _ASSESSMENTS, cut, next_cursor=following)


@assessments.post(
    "",
    summary="Assess the facilities of a school",
    description="The rooms on record on that day are held against the standard for the school's capacity: percent for "
    "each kind, kinds that conform of all, and the gap; floor area and equipment against the typical school where "
    "figures are given. What is found is kept as it is, whatever versions of the standard follow.",
    status_code=201,
    dependencies=_WRITER,
)
async def assess_facilities(
    asked: AssessmentCreate, session: Writing, actor: Caller, response: Response, _key: IdempotencyKey = None
) -> AssessmentRead:
    found = await facilities.assess(session, actor, asked, now=clock.now())
    response.headers["Location"] = f"/v1/facility-assessments/{found['id']}"
    return AssessmentRead.model_validate(found)


@assessments.get(
    "/{assessment_id}",
    summary="Read an assessment of facilities",
    description="What was found, by which version of which standard. Public.",
)
async def read_facility_assessment(
    session: Reading,
    assessment_id: Annotated[
        UUID, Path(description="The assessment", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4f01"])
    ],
) -> AssessmentRead:
    return AssessmentRead.model_validate(await facilities.assessment(session, assessment_id))


@gaps.get(
    "",
    summary="List gaps of facilities",
    description="What each school that works on the day lacks of a standard, room by room in number. A school none of "
    "whose rooms is on record is listed with `surveyed=false`: there the gap is what nobody has looked at. Public. As "
    "CSV, XLSX or NDJSON by `Accept`.",
    response_model=Page[GapRead],
)
async def list_facility_gaps(request: Request, session: Reading, query: Annotated[GapsQuery, Query()]) -> Response:
    format_ = export.wanted(request)
    if format_ != "json":
        return await export.respond(format_, _GAP_COLUMNS, _all_gaps(request, query), filename="facility-gaps")
    of = query.model_dump(mode="json", exclude=_PAGING)
    after = pages.start(request, query.cursor, of=of, length=2)
    now = clock.now()
    behind = None if after is None else (UUID(str(after[0])), str(after[1]))
    rows = await facilities.gaps(session, query, after=behind, limit=query.limit, now=now)
    cut, following = pages.cut(
        request, rows, limit=query.limit, of=of, keys=lambda row: (str(row["organisation_id"]), row["kind"])
    )
    total = await facilities.count_gaps(session, query, now=now) if query.count else None
    return pages.answer(request, _GAPS, cut, next_cursor=following, total=total)


@gaps.post(
    "/what-if",
    summary="Hold a standard against schools",
    description="What a set of schools, named or described, would lack of a standard, stored or made up, and what it "
    "would cost. Nothing is written.",
    dependencies=_READER,
)
async def hold_standard_against_schools(asked: WhatIf, session: Reading) -> WhatIfRead:
    return WhatIfRead.model_validate(await facilities.what_if(session, asked, now=clock.now()))


def _ids(after: Sequence[Any] | None) -> list[UUID] | None:
    return None if after is None else [UUID(str(one)) for one in after]


async def _all_rooms(request: Request, query: FacilitiesQuery) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    # In a session of its own, because the request's is closed before the answer is sent.
    after: list[UUID] | None = None
    now = clock.now()
    async with database_of(request).reading() as session:
        while True:
            rows = await facilities.rooms(session, query, after=after, limit=_CHUNK, now=now)
            yield rows[:_CHUNK]
            if len(rows) <= _CHUNK:
                return
            after = [rows[_CHUNK - 1]["id"]]


async def _all_gaps(request: Request, query: GapsQuery) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    after: tuple[UUID, str] | None = None
    now = clock.now()
    async with database_of(request).reading() as session:
        while True:
            rows = await facilities.gaps(session, query, after=after, limit=_CHUNK, now=now)
            yield [
                {**row, **{f"name_{language}": text for language, text in row["name"].items()}} for row in rows[:_CHUNK]
            ]
            if len(rows) <= _CHUNK:
                return
            last = rows[_CHUNK - 1]
            after = last["organisation_id"], last["kind"]


def _line(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**row, **{f"name_{language}": text for language, text in row["name"].items()}}
