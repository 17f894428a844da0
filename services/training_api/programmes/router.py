"""HTTP of programmes."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.training_api.dependencies import Key, answer_list, answer_one, answer_written
from services.training_api.programmes import service as programmes
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.training.programmes import (
    ApprovalDecision,
    ProgrammeCreate,
    ProgrammeDiff,
    ProgrammeQuery,
    ProgrammeRead,
    ProgrammeVersionCreate,
    ReviewCreate,
    ReviewList,
    ReviewRead,
)
from shared.web import export
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing, database_of

router = Router("/v1/programmes", tags=["programmes"])
_PAGE = TypeAdapter(Page[ProgrammeRead])
_COLUMNS = (
    *("id", "provider_id", "code", "number", "name_kk", "name_ru", "name_en", "kind", "theme", "mode", "languages"),
    *("academic_hours", "modules", "min_attendance", "tasks_required", "min_score", "audience", "rules"),
    *("valid_from", "valid_until", "proposer_id", "approval", "approved_by", "approved_on", "approval_basis"),
)
_CHUNK = 500
_MANAGER = [requires("training:manage")]
ProgrammePath = Annotated[
    UUID, Path(description="The version of the programme", examples=["0198c0de-0000-7000-8000-000000000201"])
]

OtherPath = Annotated[UUID, Path(description="Another version", examples=["0198c0de-0000-7000-8000-000000000202"])]


@router.get(
    "",
    summary="List programmes",
    description="Every version of every programme, by code and number. Public. As CSV, XLSX or NDJSON by `Accept`, "
    "then all of them.",
    response_model=Page[ProgrammeRead],
)
async def list_programmes(request: Request, session: Reading, query: Annotated[ProgrammeQuery, Query()]) -> Response:
    format_ = export.wanted(request)
    if format_ != "json":
        return await export.respond(format_, _COLUMNS, _all(request, query), filename="programmes")
    return await answer_list(
        request,
        query,
        _PAGE,
        of={"list": "programmes"},
        parse=[str, int],
        fetch=lambda after: programmes.page(session, query, after=after),
        count=lambda: programmes.count(session, query),
        keys=lambda programme: [programme.code, programme.number],
    )


@router.post(
    "",
    summary="Draft a programme",
    description="Writes version 1 of a programme as a draft. Its hours are the sum of its modules; an author's course "
    "gives certificates only once it is approved, as any other. `rules` are conditions of joining beside the audience; "
    "all of them must hold, and whoever is refused is told which does not.",
    status_code=201,
    response_model=ProgrammeRead,
    dependencies=_MANAGER,
)
async def draft_programme(body: ProgrammeCreate, session: Writing, actor: Caller, _key: Key = None) -> Response:
    programme = await programmes.draft(session, actor, body, now=clock.now())
    return answer_written(programme, status=201, location=f"/v1/programmes/{programme.id}", version=programme.version)


@router.get(
    "/{programme_id}",
    summary="Read a programme",
    description="One version with its modules, audience and completion rule. Public.",
    response_model=ProgrammeRead,
    responses={304: {"description": "Not changed since it was read"}},
)
async def read_programme(request: Request, session: Reading, programme_id: ProgrammePath) -> Response:
    programme = await programmes.get(session, programme_id)
    return answer_one(request, programme, programme.version)


@router.post(
    "/{programme_id}/versions",
    summary="Add a version of a programme",
    description="Writes the next version as a draft: as the newest one, save what is given. Cohorts keep the version "
    "they were planned with.",
    status_code=201,
    response_model=ProgrammeRead,
    dependencies=_MANAGER,
)
async def add_programme_version(
    body: ProgrammeVersionCreate, session: Writing, actor: Caller, programme_id: ProgrammePath, _key: Key = None
) -> Response:
    programme = await programmes.add_version(session, actor, programme_id, body, now=clock.now())
    return answer_written(programme, status=201, location=f"/v1/programmes/{programme.id}", version=programme.version)


@router.get(
    "/{programme_id}/diff/{other}",
    summary="Compare two versions",
    description="What differs between two versions of one programme: fields, and modules by their subjects. Public.",
)
async def compare_programmes(session: Reading, programme_id: ProgrammePath, other: OtherPath) -> ProgrammeDiff:
    return await programmes.compare(session, programme_id, other)


@router.post(
    "/{programme_id}/reviews",
    summary="Review a draft",
    description="Writes down what an expert body thinks of a draft. Somebody's own course (`proposer_id`) is approved "
    "only after a favourable review, which its proposer cannot give.",
    status_code=201,
    response_model=ReviewRead,
    responses={409: {}},
    dependencies=_MANAGER,
)
async def review_programme(
    body: ReviewCreate, session: Writing, actor: Caller, programme_id: ProgrammePath, _key: Key = None
) -> Response:
    review = await programmes.review(session, actor, programme_id, body, now=clock.now())
    return answer_written(review, status=201, location=f"/v1/programmes/{programme_id}/reviews")


@router.get(
    "/{programme_id}/reviews",
    summary="List the reviews of a programme",
    description="What expert bodies thought of a version before it was decided upon.",
    dependencies=[requires("training:read")],
)
async def list_programme_reviews(session: Reading, programme_id: ProgrammePath) -> ReviewList:
    return ReviewList(items=await programmes.reviews(session, programme_id))


@router.post(
    "/{programme_id}/approval",
    summary="Decide on a programme",
    description="Approves or rejects a draft and says by whom, when and on what ground. Somebody's own course needs a "
    "favourable review (409 `review_missing`, `review_unfavourable`) and a ground (422 `basis_missing`).",
    response_model=ProgrammeRead,
    dependencies=_MANAGER,
)
async def decide_programme(
    body: ApprovalDecision, session: Writing, actor: Caller, programme_id: ProgrammePath, _key: Key = None
) -> Response:
    programme = await programmes.decide(session, actor, programme_id, body, now=clock.now())
    return answer_written(programme, version=programme.version)


async def _all(request: Request, query: ProgrammeQuery) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    # In a session of its own, because the request's is closed before the answer is sent.
    after: list[Any] | None = None
    async with database_of(request).reading() as session:
        while True:
            rows = await programmes.page(session, query, after=after, limit=_CHUNK)
            yield [programmes.line(row) for row in rows[:_CHUNK]]
            if len(rows) <= _CHUNK:
                return
            after = [rows[_CHUNK - 1].code, rows[_CHUNK - 1].number]
