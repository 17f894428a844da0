"""HTTP of educators."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Body, Path, Query, Request, Response
from pydantic import TypeAdapter

from services.training_api.access_log import service as access_log
from services.training_api.dependencies import (
    IdentifierSecret,
    Key,
    answer_list,
    answer_one,
    answer_written,
    seen_by,
)
from services.training_api.educators import service as educators
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.training.educators import (
    EducatorBatchCreate,
    EducatorBatchRead,
    EducatorCreate,
    EducatorQuery,
    EducatorRead,
    EducatorUpdate,
)
from shared.web import conditional, export
from shared.web.conditional import IfMatch
from shared.web.routing import Router
from shared.web.sessions import Writing

router = Router("/v1/educators", tags=["educators"])
batches = Router("/v1/educator-batches", tags=["educators"])
_PAGE = TypeAdapter(Page[EducatorRead])
_READER = [requires("training:read")]
_WRITER = [requires("training:enrol")]
EducatorPath = Annotated[UUID, Path(description="The person", examples=["0198c0de-0000-7000-8000-000000000401"])]


@router.get(
    "",
    summary="List educators",
    description="Persons within your reach, in the order of the Kazakh alphabet. Names are personal data: who was "
    "shown is written down for them to see, with `X-Reason` if you say why. A page holds 200, "
    "and there is no file of persons.",
    response_model=Page[EducatorRead],
    dependencies=_READER,
)
async def list_educators(
    request: Request, session: Writing, actor: Caller, query: Annotated[EducatorQuery, Query()]
) -> Response:
    export.wanted(request, offered=("json",))

    async def fetch(after: Sequence[Any] | None) -> Sequence[tuple[EducatorRead, str]]:
        rows = await educators.page(session, actor, query, after=after)
        shown = [educator.id for educator, _ in rows[: query.limit]]
        await access_log.note(session, shown, shown="educators", now=clock.now())
        return rows

    return await answer_list(
        request,
        query,
        _PAGE,
        of={"list": "educators", **seen_by(actor)},
        parse=[str, UUID],
        fetch=fetch,
        count=lambda: educators.count(session, actor, query),
        keys=lambda row: [row[1], row[0].id],
        item=lambda row: row[0],
    )


@router.post(
    "",
    summary="Add an educator",
    description="Adds a person at a workplace within your reach. An IIN serves only to recognise the same person; it "
    "is kept as a keyed hash and never comes out again.",
    status_code=201,
    response_model=EducatorRead,
    dependencies=_WRITER,
)
async def add_educator(
    body: EducatorCreate, session: Writing, actor: Caller, secret: IdentifierSecret, _key: Key = None
) -> Response:
    educator = await educators.take_in(session, actor, body, key=secret, now=clock.now())
    return answer_written(educator, status=201, location=f"/v1/educators/{educator.id}", version=educator.version)


@router.get(
    "/{educator_id}",
    summary="Read an educator",
    description="One person, if within your reach; otherwise 404. The reading is written down for the person to see, "
    "with `X-Reason` if you say why.",
    response_model=EducatorRead,
    responses={304: {"description": "Not changed since it was read"}},
    dependencies=_READER,
)
async def read_educator(request: Request, session: Writing, actor: Caller, educator_id: EducatorPath) -> Response:
    educator = await educators.get(session, actor, educator_id)
    await access_log.note(session, [educator.id], shown="educator", now=clock.now())
    return answer_one(request, educator, educator.version)


@router.patch(
    "/{educator_id}",
    summary="Change an educator",
    description="A JSON Merge Patch. `organisation_id` together with `hired_on` is a move: the former employment ends "
    "on that day and stays on record.",
    response_model=EducatorRead,
    dependencies=_WRITER,
)
async def change_educator(
    request: Request,
    session: Writing,
    actor: Caller,
    educator_id: EducatorPath,
    patch: Annotated[EducatorUpdate, Body(media_type="application/merge-patch+json")],
    _if_match: IfMatch = None,
) -> Response:
    educator = await educators.change(
        session,
        actor,
        educator_id,
        patch,
        check=lambda version: conditional.check_match(request, version),
        now=clock.now(),
    )
    return answer_written(educator, version=educator.version)


@batches.post(
    "",
    summary="Add many educators",
    description="Up to 2,000 persons: all of them or, if one is wrong, none, and `errors` names every fault.",
    status_code=201,
    response_model=EducatorBatchRead,
    dependencies=_WRITER,
)
async def add_educators(
    body: EducatorBatchCreate, session: Writing, actor: Caller, secret: IdentifierSecret, _key: Key = None
) -> Response:
    ids = await educators.take_in_many(session, actor, body, key=secret, now=clock.now())
    return answer_written(EducatorBatchRead(ids=ids), status=201)
