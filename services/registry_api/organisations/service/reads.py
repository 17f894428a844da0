"""How organisations are looked at: one by one, in lists, through their history, by any identifier they ever had."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.organisations import attributes, errors, repository, rules
from services.registry_api.organisations.repository import lineage, listing
from services.registry_api.organisations.repository.listing import Listed, Order, Wanted
from services.registry_api.organisations.service import views
from shared.auth import Actor, Scope
from shared.auth.errors import ScopeMissing, Unauthenticated
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, ReadSession
from shared.schemas.registry.organisation_lists import ResolveScheme
from shared.schemas.registry.organisation_words import OrganisationStatus

MOST_BRANCHES = 200
_RESTRICTED = frozenset({ResolveScheme.NOBD, ResolveScheme.INTERNAL})


@dataclass(frozen=True, slots=True)
class Seen:
    """One organisation as a caller sees it."""

    document: dict[str, Any]
    version: int


async def get(
    session: AnySession,
    organisation_id: UUID,
    *,
    actor: Actor | None,
    now: datetime,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> Seen:
    """An organisation on a day; without a day today, or its first day if that is still to come.

    Raises `OrganisationNotFound`, `CreatedInError`.
    """
    row = await _visible(session, organisation_id, actor=actor, now=now, as_of=as_of, known_at=known_at)
    on = as_of or max(day_in_kazakhstan(now), row["valid_from"] or date.min)
    held = await repository.identifiers(session, [organisation_id], on=on, known_at=known_at)
    return Seen(views.whole(row, held, trusted=views.trusts(actor)), row["version"])


async def page(
    session: ReadSession,
    wanted: Wanted,
    order: Order,
    *,
    after: Sequence[Any] | None,
    limit: int,
) -> Sequence[Listed]:
    """Rows of a list in order, one more than `limit` if there are more; `lists.told` shows them."""
    return await listing.page(session, wanted, order, after=after, limit=limit)


async def count(session: ReadSession, wanted: Wanted) -> int:
    """How many the list has."""
    return await listing.count(session, wanted)


async def facets(session: ReadSession, wanted: Wanted, names: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """How many of each value, for each of the facets."""
    return {name: await listing.facet(session, wanted, name) for name in names}


async def history(
    session: ReadSession,
    organisation_id: UUID,
    *,
    actor: Actor | None,
    known_at: datetime | None,
    superseded: bool,
) -> dict[str, Any]:
    """The life of an organisation, period by period. Raises `OrganisationNotFound`, `CreatedInError`."""
    trusted = views.trusts(actor)
    if superseded and not trusted:
        raise ScopeMissing(Scope.REGISTRY_READ.value) if actor is not None else Unauthenticated
    states = await repository.states(session, organisation_id, known_at=known_at, superseded=superseded)
    if not states:
        raise errors.OrganisationNotFound()
    if not trusted:
        if any(state["status"] == OrganisationStatus.CREATED_IN_ERROR for state in states):
            raise errors.CreatedInError()
        states = [state for state in states if state["status"] not in rules.HIDDEN_FROM_STRANGERS]
        if not states:
            raise errors.OrganisationNotFound()
    held = await repository.identifiers(session, [organisation_id], known_at=known_at)
    nothing = dict.fromkeys(attributes.flat(states[0]))
    flat = [nothing, *(attributes.flat(state) for state in states)]
    return {
        "id": organisation_id,
        "entries": [
            {
                **{
                    name: state[name]
                    for name in ("valid_from", "valid_until", "recorded_at", "superseded_at", "status")
                },
                "name": views.names(state),
                "changes": _changes(before, after),
            }
            for state, (before, after) in zip(states, pairwise(flat), strict=True)
        ],
        "identifiers": [views.identifier(one) for one in held if trusted or views.is_public(one)],
    }


async def profile(session: ReadSession, organisation_id: UUID, *, actor: Actor | None, now: datetime) -> dict[str, Any]:
    """What a parent wants on one page. Raises `OrganisationNotFound`, `CreatedInError`."""
    today = day_in_kazakhstan(now)
    organisation = (await get(session, organisation_id, actor=actor, now=now)).document
    area, parent = organisation["area"], organisation["parent_id"]
    hidden = rules.HIDDEN_FROM_STRANGERS
    states = await repository.states(session, organisation_id)
    parents = await repository.some(session, [parent], on=today) if parent else []
    successors = await repository.some(session, await lineage.successors(session, organisation_id), on=today)
    branches = await repository.parts(session, organisation_id, on=today, limit=MOST_BRANCHES)
    return {
        "organisation": organisation,
        "area_path": await areas.find_path(session, area, on=today) if area else [],
        "parent": next((views.summary(row) for row in parents if row["status"] not in hidden), None),
        "branches": [views.summary(row) for row in branches if row["status"] not in hidden],
        "successors": [views.summary(row) for row in successors],
        "names_before": _names_before(states, today),
    }


async def resolve(
    session: ReadSession,
    scheme: ResolveScheme,
    value: str,
    *,
    actor: Actor | None,
    as_of: date | None,
    known_at: datetime | None,
    now: datetime,
) -> dict[str, Any]:
    """Who has or had an identifier. Raises `IdentifierNotFound`, `Merged` with the successors, `CreatedInError`."""
    if scheme in _RESTRICTED and not views.trusts(actor):
        raise ScopeMissing(Scope.REGISTRY_READ.value) if actor is not None else Unauthenticated
    identifier: Mapping[str, Any] | None = None
    if scheme is ResolveScheme.ID:
        organisation_id = _uuid(value)
    else:
        holders = await repository.holders(session, scheme.value, value, on=as_of, known_at=known_at)
        identifier = holders[0] if holders else None
        organisation_id = identifier["organisation_id"] if identifier else None
    if organisation_id is None:
        raise errors.IdentifierNotFound()
    try:
        seen = await get(session, organisation_id, actor=actor, now=now, known_at=known_at)
    except errors.OrganisationNotFound:
        raise errors.IdentifierNotFound() from None
    if seen.document["status"] == OrganisationStatus.MERGED:
        await _tell_successors(session, organisation_id, known_at=known_at)
    today = day_in_kazakhstan(now)
    return {
        "organisation": seen.document,
        "identifier": views.identifier(identifier) if identifier else None,
        "current": identifier is None or identifier["valid_until"] is None or identifier["valid_until"] > today,
    }


async def _visible(
    session: AnySession,
    organisation_id: UUID,
    *,
    actor: Actor | None,
    now: datetime,
    as_of: date | None,
    known_at: datetime | None,
) -> Mapping[str, Any]:
    on = as_of or day_in_kazakhstan(now)
    row = await repository.state(session, organisation_id, on=on, known_at=known_at, nearest=as_of is None)
    if row is None:
        raise errors.OrganisationNotFound()
    if row["status"] == OrganisationStatus.CREATED_IN_ERROR:
        raise errors.CreatedInError()
    if row["status"] in rules.HIDDEN_FROM_STRANGERS and not views.trusts(actor):
        raise errors.OrganisationNotFound()
    return row


async def _tell_successors(session: ReadSession, organisation_id: UUID, *, known_at: datetime | None) -> None:
    successors = await lineage.successors(session, organisation_id, known_at=known_at)
    links = ", ".join(f'</v1/organisations/{successor}>; rel="successor-version"' for successor in successors)
    raise errors.Merged(
        headers={"Link": links} if links else None,
        organisation_id=str(organisation_id),
        successors=",".join(str(successor) for successor in successors),
    )


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    empty: tuple[Any, ...] = (None, [])
    return [
        {"field": name, "before": before[name], "after": after[name]}
        for name in after
        if before[name] != after[name] and not (before[name] in empty and after[name] in empty)
    ]


def _names_before(states: Sequence[Mapping[str, Any]], today: date) -> list[dict[str, str | None]]:
    past = [state for state in states if state["valid_from"] is None or state["valid_from"] <= today]
    found: list[dict[str, str | None]] = []
    for state in reversed(past):
        name = views.names(state)
        if not found or found[-1] != name:
            found.append(name)
    return found[1:]
