"""HTTP of reading organisations."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api.organisations import service as organisations
from services.registry_api.organisations.router.rendering import OrganisationPath, answer
from shared import clock
from shared.auth import MaybeCaller
from shared.schemas.registry.organisation_lists import (
    AsOfQuery,
    HistoryQuery,
    OrganisationHistory,
    Resolution,
    ResolveQuery,
)
from shared.schemas.registry.organisations import OrganisationRead
from shared.web.routing import Router
from shared.web.sessions import Reading

router = Router("/v1/organisations", tags=["organisations"])
resolve = Router("/v1/resolve", tags=["organisations"])

_HISTORY = TypeAdapter(OrganisationHistory)
_RESOLUTION = TypeAdapter(Resolution)


@router.get(
    "/{organisation_id}",
    summary="Read an organisation",
    description="An organisation as it is today, or as it was or will be on a day, as it is known now or was known "
    "at a moment. Public; callers with `registry:read` also see its version and the identifiers of other systems.",
    response_model=OrganisationRead,
    responses={304: {"description": "Not changed since it was read"}, 410: {}},
)
async def get_organisation(
    request: Request,
    session: Reading,
    actor: MaybeCaller,
    organisation_id: OrganisationPath,
    query: Annotated[AsOfQuery, Query()],
) -> Response:
    seen = await organisations.get(
        session, organisation_id, actor=actor, now=clock.now(), as_of=query.as_of, known_at=query.known_at
    )
    return answer(request, seen)


@router.get(
    "/{organisation_id}/history",
    summary="Read the history of an organisation",
    description="Its life period by period, and what changed from one to the next, field by field. Public as far as it "
    "is believed; with `superseded=true` also what was believed before.",
    response_model=OrganisationHistory,
    responses={410: {}},
)
async def get_organisation_history(
    session: Reading,
    actor: MaybeCaller,
    organisation_id: OrganisationPath,
    query: Annotated[HistoryQuery, Query()],
) -> Response:
    found = await organisations.history(
        session, organisation_id, actor=actor, known_at=query.known_at, superseded=query.superseded
    )
    return _json(_HISTORY, found)


@resolve.get(
    "",
    summary="Resolve an identifier",
    description="Whose identifier it is or was: any BIN, code or id an organisation ever had leads to what it is "
    "today. 410 with `successors` if others carry on its work. Public, but for identifiers of other systems.",
    response_model=Resolution,
    responses={404: {}, 410: {}},
)
async def resolve_identifier(session: Reading, actor: MaybeCaller, query: Annotated[ResolveQuery, Query()]) -> Response:
    found = await organisations.resolve(
        session,
        query.scheme,
        query.value,
        actor=actor,
        as_of=query.as_of,
        known_at=query.known_at,
        now=clock.now(),
    )
    return _json(_RESOLUTION, found)


def _json(adapter: TypeAdapter[Any], document: Mapping[str, Any]) -> Response:
    return Response(adapter.dump_json(adapter.validate_python(document)), media_type="application/json")
