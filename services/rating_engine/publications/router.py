"""`/v1/publications` and `/v1/organisations/{id}/trajectory`: HTTP only."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter
from starlette.responses import StreamingResponse

from services.rating_engine.dependencies import Catalogue
from services.rating_engine.publications import service
from shared import clock
from shared.alphabet import search_tokens
from shared.auth import requires
from shared.schemas.base import Code
from shared.schemas.pages import Page
from shared.schemas.rating.publications import (
    EntryExplained,
    EntryQuery,
    EntryRead,
    PublicationCreate,
    PublicationQuery,
    PublicationRead,
    Trajectory,
)
from shared.web import conditional, export, pages
from shared.web.cursors import Key
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/publications", tags=["publications"])
organisations = Router("/v1/organisations", tags=["publications"])
PublicationPath = Annotated[UUID, Path(description="The edition", examples=["01a20034-2d1f-7238-8589-c14d05c24fbf"])]
OrganisationPath = Annotated[
    UUID, Path(description="The organisation, as in the registry", examples=["01a20034-2d1f-77a4-b618-84a4220ed269"])
]
_PAGE = TypeAdapter(Page[PublicationRead])
_ENTRIES = TypeAdapter(Page[EntryRead])
_COLUMNS = ("rank", "organisation_id", "name_kk", "name_ru", "name_en", "area", "score", "band", "coverage", "status")
_MORE_COLUMNS = ("reason",)
_EXPORT_PAGE = 1000
_CODE = Query(description="The methodology's code", examples=["schools-public"])


@router.post(
    "",
    status_code=201,
    summary="Publish a rating",
    dependencies=[requires("rating:publish")],
    responses={409: {}},
)
async def create_publication(
    body: PublicationCreate, catalogue: Catalogue, session: Writing, response: Response, key: IdempotencyKey = None
) -> PublicationRead:
    """Put a run before the public: an edition that never changes, with the explanation of every entry. The edition in
    force until now is superseded and stays readable.

    Refused without Kazakh and Russian, for a methodology not agreed, for organisations of another type, and for a run
    against which an appeal was upheld: the run that corrects it is published instead. Where the methodology declares
    `appeals`, only a run in preview whose window is closed and whose appeals are decided is published, or one with
    `waive_appeals`, which the edition shows. An edition that `corrects` the one in force tells in `note` what changed.
    """
    publication = await service.publish(session, body, catalogue=catalogue, now=clock.now())
    response.headers["Location"] = f"/v1/publications/{publication.id}"
    response.headers["ETag"] = conditional.etag(publication.version)
    return PublicationRead.model_validate(publication)


@router.get("", response_model=Page[PublicationRead], summary="List publications")
async def list_publications(
    request: Request, query: Annotated[PublicationQuery, Query()], session: Reading
) -> Response:
    """All editions, the latest first. Superseded ones stay readable: nothing deletes an edition."""
    of = {"list": "publications", "code": query.code, "on": query.on}
    start = pages.start(request, query.cursor, of=of, length=2)
    after = [datetime.fromisoformat(str(start[0])), UUID(str(start[1]))] if start else None
    rows = await service.page(session, code=query.code, on=query.on, after=after, limit=query.limit + 1)
    page, cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: [row.published_at, row.id])
    return pages.answer(request, _PAGE, page, next_cursor=cursor)


@router.get("/latest", response_model=PublicationRead, summary="Read the edition in force", responses={404: {}})
async def get_latest_publication(
    code: Annotated[Code, _CODE], request: Request, session: Reading, response: Response
) -> object:
    """The current edition of a methodology."""
    return _one(request, response, await service.current(session, code))


@router.get("/{publication_id}", response_model=PublicationRead, summary="Read a publication")
async def get_publication(
    publication_id: PublicationPath, request: Request, session: Reading, response: Response
) -> object:
    """One edition: what it shows, from which data, by which methodology."""
    return _one(request, response, await service.get(session, publication_id))


@router.get(
    "/{publication_id}/entries",
    response_model=Page[EntryRead],
    summary="List the entries of a publication",
    responses={
        200: {
            "content": {export.MEDIA_TYPES[kind]: {"schema": {"type": "string"}} for kind in ("csv", "xlsx", "ndjson")}
        }
    },
)
async def list_publication_entries(
    publication_id: PublicationPath, request: Request, query: Annotated[EntryQuery, Query()], session: Reading
) -> Response:
    """By place or by name. `Accept: text/csv` or XLSX gives the whole filtered list as a table, NDJSON the same entries
    with their whole explanations, one a line."""
    publication = await service.get(session, publication_id)
    wanted = service.EntryFilter(
        publication_id=publication.id,
        tokens=tuple(search_tokens(query.q or "")),
        area=query.area,
        band=query.band,
        status=query.status,
    )
    format_ = export.wanted(request)
    if format_ == "ndjson":
        headers = {"Content-Disposition": f'attachment; filename="{publication.code}-{publication.edition}.ndjson"'}
        return StreamingResponse(_documents(request, wanted), media_type=export.MEDIA_TYPES["ndjson"], headers=headers)
    if format_ != "json":
        chunks = _chunks(request, wanted, query.sort)
        name = f"{publication.code}-{publication.edition}"
        return await export.respond(format_, (*_COLUMNS, *_MORE_COLUMNS), chunks, filename=name)
    of = {"list": "entries", "sort": query.sort, "filter": wanted}
    length = 3 if query.sort == "rank" else 2
    after = _typed(pages.start(request, query.cursor, of=of, length=length))
    rows = await service.entries(session, wanted, order=query.sort, after=after, limit=query.limit + 1)
    page, cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: _keys(row, query.sort))
    total = await service.count_entries(session, wanted) if query.count else None
    return pages.answer(request, _ENTRIES, page, next_cursor=cursor, total=total)


@router.get(
    "/{publication_id}/entries/{organisation_id}",
    response_model=EntryExplained,
    summary="Explain an entry of a publication",
)
async def get_publication_entry(
    publication_id: PublicationPath, organisation_id: OrganisationPath, request: Request, session: Reading
) -> Response:
    """Why an organisation has the score it has: every indicator with its value, weight and contribution, every gap
    with its reason, and the digests of the data and the methodology. The bytes never change."""
    tag = conditional.etag(str(publication_id), organisation_id)
    document = await service.entry(session, publication_id, organisation_id)
    if conditional.is_unchanged(request, tag):
        return conditional.not_modified(tag)
    return Response(document, media_type="application/json", headers={"ETag": tag})


@organisations.get("/{organisation_id}/trajectory", summary="Read an organisation's editions")
async def get_trajectory(organisation_id: OrganisationPath, session: Reading) -> Trajectory:
    """Its score, place and band in every edition that speaks of it, oldest first."""
    return Trajectory.model_validate(
        {"organisation_id": organisation_id, "items": await service.trajectory(session, organisation_id)}
    )


def _one(request: Request, response: Response, publication: Any) -> object:
    tag = conditional.etag(publication.version, publication.id)
    if conditional.is_unchanged(request, tag):
        return conditional.not_modified(tag)
    response.headers["ETag"] = tag
    return PublicationRead.model_validate(publication)


def _keys(row: Mapping[str, Any], sort: str) -> list[object]:
    name = [row["sort_key"], row["organisation_id"]]
    return [row["rank"], *name] if sort == "rank" else name


def _typed(after: list[Key] | None) -> list[Any] | None:
    return None if after is None else [*after[:-1], UUID(str(after[-1]))]


async def _documents(request: Request, wanted: service.EntryFilter) -> AsyncIterator[bytes]:
    """Every explanation of the edition, as rendered at publication, each on a line of its own."""
    after: UUID | None = None
    while True:
        async with request.app.state.database.reading() as session:
            rows = await service.documents(session, wanted, after=after, limit=_EXPORT_PAGE)
        if not rows:
            return
        yield b"".join(document + b"\n" for _, document in rows)
        after = rows[-1][0]


async def _chunks(
    request: Request, wanted: service.EntryFilter, sort: str
) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    """All entries, page after page, each in a session of its own: the request's is closed when the answer begins."""
    after: list[Any] | None = None
    while True:
        async with request.app.state.database.reading() as session:
            rows = await service.entries(session, wanted, order=sort, after=after, limit=_EXPORT_PAGE)
        if not rows:
            return
        yield [
            {**row, **{f"name_{language}": row["name"].get(language) for language in ("kk", "ru", "en")}}
            for row in rows
        ]
        if len(rows) < _EXPORT_PAGE:
            return
        after = _keys(rows[-1], sort)
