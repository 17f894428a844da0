"""HTTP of providers."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.training_api.dependencies import Key, answer_list, answer_written
from services.training_api.providers import service as providers
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.training.providers import ProviderCreate, ProviderQuery, ProviderRead
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/providers", tags=["providers"])
_PAGE = TypeAdapter(Page[ProviderRead])


@router.get(
    "",
    summary="List providers",
    description="Organisations that give courses, by code. Public.",
    response_model=Page[ProviderRead],
)
async def list_providers(request: Request, session: Reading, query: Annotated[ProviderQuery, Query()]) -> Response:
    return await answer_list(
        request,
        query,
        _PAGE,
        of={"list": "providers"},
        parse=[str],
        fetch=lambda after: providers.page(session, query, after=after),
        count=lambda: providers.count(session, query),
        keys=lambda provider: [provider.code],
    )


@router.post(
    "",
    summary="Admit a provider",
    description="Makes an organisation of the registry a provider. Its code begins the numbers of its certificates.",
    status_code=201,
    response_model=ProviderRead,
    dependencies=[requires("training:manage")],
)
async def admit_provider(body: ProviderCreate, session: Writing, actor: Caller, _key: Key = None) -> Response:
    provider = await providers.admit(session, actor, body, now=clock.now())
    return answer_written(provider, status=201, location=f"/v1/providers/{provider.id}")


@router.get(
    "/{provider_id}",
    summary="Read a provider",
    description="One provider. Public.",
    response_model=ProviderRead,
)
async def read_provider(
    session: Reading,
    provider_id: Annotated[UUID, Path(description="The provider", examples=["0198c0de-0000-7000-8000-000000000101"])],
) -> ProviderRead:
    return await providers.get(session, provider_id)
