"""HTTP of providers of clubs."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Body, Path, Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api.clubs.repository.providers import Wanted
from services.registry_api.clubs.router.screening import WithoutChildren
from services.registry_api.clubs.service import providers
from services.registry_api.rendering import answer
from shared import clock
from shared.auth import Caller, requires
from shared.db.sessions import WriteSession
from shared.schemas.pages import Page
from shared.schemas.registry.clubs import (
    ClubProviderCreate,
    ClubProviderRead,
    ClubProvidersQuery,
    ClubProviderUpdate,
)
from shared.web import conditional, export, pages
from shared.web.conditional import IfMatch
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing, database_of

router = Router("/v1/club-providers", tags=["clubs"])

ProviderPath = Annotated[UUID, Path(description="The provider", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4c01"])]
_PAGE = TypeAdapter(Page[ClubProviderRead])
_PROVIDER = TypeAdapter(ClubProviderRead)
_WRITER = [requires("registry:write"), WithoutChildren]
_CHUNK = 1000
_COLUMNS = (
    *("id", "name_kk", "name_ru", "name_en", "organisation_id", "area", "directions", "age_from", "age_to"),
    *("accepts_social_wallet", "phone", "email", "website", "works_from", "works_until"),
)


@router.get(
    "",
    summary="List club providers",
    description="Who provides clubs for children, by name; `accepts_social_wallet=true` gives those that take the "
    "voucher. Public. As CSV, XLSX or NDJSON by `Accept`, then all of them.",
    response_model=Page[ClubProviderRead],
)
async def list_club_providers(
    request: Request, session: Reading, query: Annotated[ClubProvidersQuery, Query()]
) -> Response:
    now = clock.now()
    wanted = await providers.wanted_by(session, query, now=now)
    format_ = export.wanted(request)
    if format_ != "json":
        return await export.respond(format_, _COLUMNS, _all(request, wanted), filename="club-providers")
    of = query.model_dump(mode="json", exclude={"limit", "cursor", "count"})
    after = pages.start(request, query.cursor, of=of, length=2)
    rows = await providers.page(session, wanted, after=after, limit=query.limit, now=now)
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=_position)
    total = await providers.count(session, wanted) if query.count else None
    return pages.answer(request, _PAGE, items, next_cursor=next_cursor, total=total, headers={"Vary": "Accept"})


@router.post(
    "",
    summary="Enter a club provider",
    description="Enters who provides clubs, what they are about, for which ages, and whether the voucher of the social "
    "wallet is taken.",
    status_code=201,
    response_model=ClubProviderRead,
    dependencies=_WRITER,
)
async def enter_club_provider(
    request: Request, asked: ClubProviderCreate, session: Writing, actor: Caller, _key: IdempotencyKey = None
) -> Response:
    provider_id = await providers.enter(session, actor, asked, now=clock.now())
    return await _as_it_is(request, session, provider_id, created=True)


@router.get(
    "/{provider_id}",
    summary="Read a club provider",
    description="A provider with its directions, ages and contacts. Public.",
    response_model=ClubProviderRead,
    responses={304: {"description": "Not changed since it was read"}},
)
async def get_club_provider(request: Request, session: Reading, provider_id: ProviderPath) -> Response:
    seen = await providers.get(session, provider_id, now=clock.now())
    return answer(request, _PROVIDER, seen.document, version=seen.version)


@router.patch(
    "/{provider_id}",
    summary="Change a club provider",
    description="A JSON Merge Patch; directions are replaced as a whole list.",
    response_model=ClubProviderRead,
    dependencies=_WRITER,
)
async def change_club_provider(
    request: Request,
    session: Writing,
    actor: Caller,
    provider_id: ProviderPath,
    patch: Annotated[ClubProviderUpdate, Body(media_type="application/merge-patch+json")],
    _if_match: IfMatch = None,
) -> Response:
    provider = await providers.lock(session, provider_id)
    conditional.check_match(request, provider.version)
    await providers.change(session, actor, provider, patch, now=clock.now())
    return await _as_it_is(request, session, provider_id)


async def _as_it_is(request: Request, session: WriteSession, provider_id: UUID, *, created: bool = False) -> Response:
    seen = await providers.get(session, provider_id, now=clock.now())
    return answer(
        request,
        _PROVIDER,
        seen.document,
        version=seen.version,
        status_code=201 if created else 200,
        headers={"Location": f"/v1/club-providers/{provider_id}"} if created else None,
    )


def _position(row: Mapping[str, Any]) -> list[Any]:
    return [row["sort_key"], row["id"]]


async def _all(request: Request, wanted: Wanted) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    # In a session of its own, because the request's is closed before the answer is sent.
    after: list[Any] | None = None
    async with database_of(request).reading() as session:
        while True:
            rows = await providers.page(session, wanted, after=after, limit=_CHUNK, now=clock.now())
            yield [providers.line(row) for row in rows[:_CHUNK]]
            if len(rows) <= _CHUNK:
                return
            after = _position(rows[_CHUNK - 1])
