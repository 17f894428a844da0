"""What is done with providers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.training_api.organisations import service as organisations
from services.training_api.providers import errors, repository
from services.training_api.providers.models import Provider
from shared import outbox
from shared.auth import Actor, Scope
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.base import TextOut
from shared.schemas.training.providers import ProviderCreate, ProviderQuery, ProviderRead


async def admit(session: WriteSession, actor: Actor, body: ProviderCreate, *, now: datetime) -> ProviderRead:
    """Make an organisation a provider. Raises `OrganisationUnknown`, `OutOfReach`, `ProviderExists`."""
    organisation = await organisations.require(session, body.organisation_id)
    actor.demand(Scope.TRAINING_MANAGE, organisation.area_path, organisation.id)
    if await repository.exists(session, organisation_id=body.organisation_id, code=body.code):
        raise errors.ProviderExists
    provider = Provider(organisation_id=body.organisation_id, code=body.code, created_at=now, updated_at=now)
    session.add(provider)
    await session.flush()
    read = _read(provider, organisation.name)
    event = outbox.Event(
        kind="provider.admitted", subject="provider", subject_id=provider.id, data=read.model_dump(mode="json")
    )
    await outbox.add(session, event)
    return read


async def get(session: AnySession, provider_id: UUID) -> ProviderRead:
    """One provider. Raises `ProviderNotFound`."""
    provider = await repository.find(session, provider_id)
    if provider is None:
        raise errors.ProviderNotFound
    return (await _reads(session, [provider]))[0]


async def require(session: AnySession, provider_id: UUID, *, pointer: str | None = None) -> ProviderRead:
    """The provider that a body names at `pointer`. Raises `ProviderUnknown`."""
    provider = await repository.find(session, provider_id)
    if provider is None:
        raise errors.ProviderUnknown(pointer=pointer)
    return (await _reads(session, [provider]))[0]


async def demand(session: AnySession, actor: Actor, provider_id: UUID, *, pointer: str | None = None) -> ProviderRead:
    """The provider, if the caller may manage its courses. Raises `ProviderUnknown`, `OutOfReach`."""
    provider = await require(session, provider_id, pointer=pointer)
    await organisations.demand(session, actor, Scope.TRAINING_MANAGE, provider.organisation_id)
    return provider


async def page(session: AnySession, query: ProviderQuery, *, after: Sequence[Any] | None) -> list[ProviderRead]:
    """Providers by code."""
    return await _reads(session, await repository.page(session, query, after=after))


async def count(session: AnySession, query: ProviderQuery) -> int:
    """How many there are."""
    return await repository.count(session, query)


async def _reads(session: AnySession, providers: Sequence[Provider]) -> list[ProviderRead]:
    names = await organisations.find_many(session, {provider.organisation_id for provider in providers})
    unnamed = TextOut()
    return [
        _read(provider, known.name if (known := names.get(provider.organisation_id)) else unnamed)
        for provider in providers
    ]


def _read(provider: Provider, name: TextOut) -> ProviderRead:
    return ProviderRead.model_validate(
        {"id": provider.id, "organisation_id": provider.organisation_id, "code": provider.code, "name": name}
    )
