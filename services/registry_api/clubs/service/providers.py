"""What is done with providers of clubs: entered, changed, found by those who look for a club."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.registry_api import belonging
from services.registry_api.areas import service as areas
from services.registry_api.clubs import errors
from services.registry_api.clubs.models import ClubProvider
from services.registry_api.clubs.repository import providers as repository
from services.registry_api.clubs.repository.providers import Wanted
from services.registry_api.organisations.queries import understood
from services.registry_api.patches import patched
from services.registry_api.texts import LANGUAGES, spread, text
from shared import outbox
from shared.alphabet import search_key, sort_key
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, ReadSession, WriteSession
from shared.ids import new_id
from shared.schemas.registry.clubs import (
    ClubProviderAttributes,
    ClubProviderCreate,
    ClubProviderRead,
    ClubProvidersQuery,
    ClubProviderUpdate,
)

_LONGEST_SORT_KEY = 400
_PLAIN = (
    *("organisation_id", "directions", "age_from", "age_to", "accepts_social_wallet", "works_from", "works_until"),
)
_CONTACTS = ("phone", "email", "website")


@dataclass(frozen=True, slots=True)
class Seen:
    """One provider as a caller sees it."""

    document: dict[str, Any]
    version: int


async def enter(session: WriteSession, actor: Actor, asked: ClubProviderCreate, *, now: datetime) -> UUID:
    """Enter a provider; its id. Raises `OutOfReach`, `PlaceNeeded`, `AreaUnknown`, `OrganisationUnknown`."""
    provider = ClubProvider(
        id=new_id(), **await _columns(session, actor, asked, now=now), created_at=now, updated_at=now
    )
    await repository.add(session, provider)
    await _tell(session, "club_provider.entered", provider, now=now)
    return provider.id


async def lock(session: WriteSession, provider_id: UUID) -> ClubProvider:
    """The provider, for a change. Raises `ClubProviderNotFound`."""
    provider = await repository.lock(session, provider_id)
    if provider is None:
        raise errors.ClubProviderNotFound()
    return provider


async def change(
    session: WriteSession, actor: Actor, provider: ClubProvider, patch: ClubProviderUpdate, *, now: datetime
) -> None:
    """Change what is told of a provider; what is so already changes nothing."""
    await belonging.demand(session, actor, (provider.area_code, provider.organisation_id), on=day_in_kazakhstan(now))
    asked = patched(ClubProviderAttributes, _document(provider), patch)
    after = await _columns(session, actor, asked, now=now)
    if any(getattr(provider, name) != value for name, value in after.items()):
        await repository.write(session, provider, {**after, "updated_at": now})
        await _tell(session, "club_provider.changed", provider, now=now)


async def get(session: AnySession, provider_id: UUID, *, now: datetime) -> Seen:
    """A provider. Raises `ClubProviderNotFound`."""
    provider = await repository.find(session, provider_id)
    if provider is None:
        raise errors.ClubProviderNotFound()
    names = await belonging.names(session, {provider.organisation_id}, on=day_in_kazakhstan(now))
    return Seen(_read(provider, names), provider.version)


async def wanted_by(session: ReadSession, query: ClubProvidersQuery, *, now: datetime) -> Wanted:
    """The filters of a query, its area with all that lies in it."""
    inside = None
    if query.area is not None:
        inside = await areas.codes_under(session, query.area, on=day_in_kazakhstan(now))
    return Wanted(
        words=tuple(word.alternatives for word in understood(query.q or "") if word.decides),
        areas=inside,
        direction=query.direction,
        age=query.age,
        accepts_social_wallet=query.accepts_social_wallet,
        on=query.on,
    )


async def page(
    session: ReadSession, wanted: Wanted, *, after: Sequence[Any] | None, limit: int, now: datetime
) -> list[dict[str, Any]]:
    """Providers as `ClubProviderRead` reads them, one more than `limit` if there are more; and where to go on."""
    rows = await repository.page(session, wanted, after=after, limit=limit + 1)
    names = await belonging.names(session, {row.organisation_id for row in rows}, on=day_in_kazakhstan(now))
    return [{**_read(row, names), "sort_key": row.sort_key} for row in rows]


async def count(session: ReadSession, wanted: Wanted) -> int:
    """How many the list has."""
    return await repository.count(session, wanted)


async def _columns(
    session: WriteSession, actor: Actor, asked: ClubProviderAttributes, *, now: datetime
) -> dict[str, Any]:
    today = day_in_kazakhstan(now)
    known = await belonging.areas_of(session, {"/organisation_id": asked.organisation_id}, on=today)
    area = asked.area or (known[asked.organisation_id] if asked.organisation_id is not None else None)
    if area is None:
        raise errors.PlaceNeeded(pointer="/area")
    await areas.require(session, area, since=today)
    places: list[tuple[str | None, UUID | None]] = [(area, asked.organisation_id)]
    if asked.organisation_id is not None:
        places.append((known[asked.organisation_id], asked.organisation_id))
    await belonging.demand(session, actor, *places, on=today)
    names = [name for name in (asked.name.kk, asked.name.ru, asked.name.en) if name]
    return {
        **{name: getattr(asked, name) for name in _PLAIN},
        **spread("name", asked.name),
        **spread("address", asked.address),
        **{name: getattr(asked.contacts, name) if asked.contacts is not None else None for name in _CONTACTS},
        "area_code": area,
        "sort_key": sort_key(names[0])[:_LONGEST_SORT_KEY],
        "search_key": f" {' '.join(search_key(name) for name in names)} ",
    }


def _document(provider: ClubProvider) -> dict[str, Any]:
    """The provider as `ClubProviderAttributes` reads it; what is not told is left out."""
    found: dict[str, Any] = {name: getattr(provider, name) for name in _PLAIN}
    found |= {"name": text(provider, "name"), "address": text(provider, "address"), "area": provider.area_code}
    found["contacts"] = _contacts(provider)
    return {name: value for name, value in found.items() if value is not None}


def _contacts(provider: ClubProvider) -> dict[str, str] | None:
    told = {name: value for name in _CONTACTS if (value := getattr(provider, name)) is not None}
    return told or None


def _read(provider: ClubProvider, names: Mapping[UUID | None, Any]) -> dict[str, Any]:
    return {
        **{name: getattr(provider, name) for name in _PLAIN if name != "organisation_id"},
        "id": provider.id,
        "name": text(provider, "name"),
        "organisation": names.get(provider.organisation_id),
        "area": provider.area_code,
        "address": text(provider, "address"),
        "contacts": _contacts(provider),
        "version": provider.version,
    }


def line(document: Mapping[str, Any]) -> dict[str, Any]:
    """A provider as a line of a file."""
    told = {f"name_{language}": document["name"].get(language) for language in LANGUAGES}
    contacts = document["contacts"] or {}
    organisation = document["organisation"] or {"id": None}
    return {**document, **told, **contacts, "organisation_id": organisation["id"]}


async def _tell(session: WriteSession, kind: str, provider: ClubProvider, *, now: datetime) -> None:
    await session.flush()
    seen = await get(session, provider.id, now=now)
    told = ClubProviderRead.model_validate(seen.document).model_dump(mode="json", exclude={"version"})
    await outbox.add(
        session,
        outbox.Event(kind=kind, subject="club_provider", subject_id=provider.id, data=told, occurred_at=now),
    )
