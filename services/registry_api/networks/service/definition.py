"""What is done with networks themselves: defined, changed, given operators and national figures."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from services.registry_api.areas import service as areas
from services.registry_api.indicators import service as indicators
from services.registry_api.networks import errors, repository, rules
from services.registry_api.networks.models import NationalFigure, Network, NetworkOperator
from services.registry_api.networks.service import views
from services.registry_api.organisations.service import scope as organisations
from services.registry_api.patches import patched
from shared import outbox
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, WriteSession
from shared.ids import new_id
from shared.schemas.registry.networks import (
    FigureCreate,
    NetworkCreate,
    NetworksQuery,
    NetworkUpdate,
    OperatorCreate,
)

_KEPT = frozenset({"code", "kind", "name", "area"})
"""Fields that the table holds under other names or that never change."""


async def get(session: AnySession, code: str) -> Network:
    """The network. Raises `NetworkNotFound`."""
    network = await repository.find(session, code)
    if network is None:
        raise errors.NetworkNotFound()
    return network


async def read(session: AnySession, code: str, *, on: date, known_at: datetime | None = None) -> dict[str, Any]:
    """The network with its operator of a day, as `NetworkRead` reads it."""
    network = await get(session, code)
    held = await repository.operators(session, network.id, on=on, named_on=on, known_at=known_at)
    return {**views.network(network), "operator": views.operator(held[0]) if held else None}


async def page(
    session: AnySession, query: NetworksQuery, *, after: Sequence[Any] | None, limit: int, on: date
) -> list[dict[str, Any]]:
    """Up to `limit` + 1 networks behind a position, in the order of their codes."""
    inside = await _around(session, query, on=on)
    rows = await repository.page(session, query, areas=inside, after=after, limit=limit + 1)
    return [views.network(row) for row in rows]


async def count(session: AnySession, query: NetworksQuery, *, on: date) -> int:
    """How many the list has."""
    return await repository.count(session, query, areas=await _around(session, query, on=on))


async def operators(session: AnySession, code: str, *, known_at: datetime | None, now: datetime) -> dict[str, Any]:
    """All operators one after another, as `OperatorHistory` reads them."""
    network = await get(session, code)
    today = day_in_kazakhstan(now)
    rows = await repository.operators(session, network.id, on=None, named_on=today, known_at=known_at)
    return {"items": [views.operator(row) for row in rows]}


async def figures(session: AnySession, code: str, *, known_at: datetime | None) -> dict[str, Any]:
    """All national figures one after another, as `FigureHistory` reads them."""
    network = await get(session, code)
    return {"items": await repository.figures(session, network.id, on=None, known_at=known_at)}


async def define(session: WriteSession, actor: Actor, asked: NetworkCreate, *, now: datetime) -> Network:
    """Define a network. Raises `NetworkExists`, `AreaUnknown`, `IndicatorOfNetworkUnknown`, `OutOfReach`."""
    await _demand(session, actor, asked.area, now=now)
    if asked.area is not None:
        await areas.require(session, asked.area, since=day_in_kazakhstan(now))
    await _require_indicators(session, asked)
    if await repository.find(session, asked.code) is not None:
        raise errors.NetworkExists(pointer="/code")
    network = Network(
        id=new_id(), code=asked.code, kind=asked.kind.value, area_code=asked.area, created_at=now, updated_at=now
    )
    if "mentoring" not in asked.model_fields_set and asked.kind in rules.USUAL_MENTORING:
        asked = asked.model_copy(update={"mentoring": rules.USUAL_MENTORING[asked.kind]})
    _describe(network, asked)
    session.add(network)
    await session.flush()
    await _tell(session, "network.defined", network, now=now)
    return network


async def lock(session: WriteSession, code: str) -> Network:
    """The network, for a change. Raises `NetworkNotFound`."""
    network = await repository.lock(session, code)
    if network is None:
        raise errors.NetworkNotFound()
    return network


async def change(session: WriteSession, actor: Actor, network: Network, patch: NetworkUpdate, *, now: datetime) -> None:
    """Change the definition; memberships already granted keep the trace of the rules they were granted by."""
    await _demand(session, actor, network.area_code, now=now)
    asked = patched(NetworkCreate, _document(network), patch)
    await _require_indicators(session, asked)
    _describe(network, asked)
    if session.is_modified(network):
        network.updated_at = now
        await session.flush()
        await _tell(session, "network.changed", network, now=now)


async def appoint(
    session: WriteSession, actor: Actor, network: Network, asked: OperatorCreate, *, now: datetime
) -> None:
    """From that day on the network has this operator; who it was before stays in the history."""
    await _demand(session, actor, network.area_code, now=now)
    if asked.organisation_id not in await organisations.briefly(session, [asked.organisation_id], on=asked.valid_from):
        raise errors.MemberUnknown(pointer="/organisation_id")
    operator = NetworkOperator(network_id=network.id, organisation_id=asked.organisation_id, basis=_plain(asked.basis))
    await repository.tell(session, operator, valid_from=asked.valid_from, now=now)
    network.updated_at = now
    await session.flush()
    await _tell(session, "network.changed", network, now=now)


async def tell_figure(
    session: WriteSession, actor: Actor, network: Network, asked: FigureCreate, *, now: datetime
) -> None:
    """Write down how many there are in the country as of a day; figures of other days stay."""
    await _demand(session, actor, network.area_code, now=now)
    figure = NationalFigure(
        network_id=network.id,
        value=asked.value,
        source=asked.source,
        source_url=asked.source_url,
        qualifier=asked.qualifier,
    )
    await repository.tell(session, figure, valid_from=asked.valid_from, now=now)
    network.updated_at = now
    await session.flush()
    await _tell(session, "network.changed", network, now=now)


def _describe(network: Network, asked: NetworkCreate) -> None:
    wanted = asked.model_dump(mode="json", exclude=set(_KEPT))
    wanted |= {f"name_{language}": getattr(asked.name, language) for language in ("kk", "ru", "en")}
    for name, value in wanted.items():
        if getattr(network, name) != value:
            setattr(network, name, value)


def _document(network: Network) -> dict[str, Any]:
    names = {"kk": network.name_kk, "ru": network.name_ru, "en": network.name_en}
    kept = {name: getattr(network, name) for name in ("code", "kind", "indicator", "basis", "term_months")}
    kept |= {"mentoring": network.mentoring, "eligibility": network.eligibility, "area": network.area_code}
    return {**{name: value for name, value in kept.items() if value is not None}, "name": names}


def _plain(basis: Any) -> dict[str, Any] | None:
    return None if basis is None else basis.model_dump(mode="json")


async def _around(session: AnySession, query: NetworksQuery, *, on: date) -> Sequence[str]:
    return await areas.codes_above(session, query.area, on=on) if query.area else ()


async def _require_indicators(session: AnySession, asked: NetworkCreate) -> None:
    codes = {rule.indicator for rule in asked.eligibility if rule.indicator}
    if asked.indicator is not None:
        codes.add(asked.indicator)
    unknown = codes - (await indicators.latest(session, codes)).keys() if codes else set()
    if unknown:
        pointer = "/indicator" if asked.indicator in unknown else "/eligibility"
        raise errors.IndicatorOfNetworkUnknown(pointer=pointer, indicators=", ".join(sorted(unknown)))


async def _demand(session: AnySession, actor: Actor, area: str | None, *, now: datetime) -> None:
    """A network of the whole country is nobody's in particular: only who is without bounds may change it."""
    path = await areas.codes_above(session, area, on=day_in_kazakhstan(now)) if area is not None else None
    actor.demand(Scope.REGISTRY_WRITE, path)


async def _tell(session: WriteSession, kind: str, network: Network, *, now: datetime) -> None:
    today = day_in_kazakhstan(now)
    held = await repository.operators(session, network.id, on=today, named_on=today, known_at=None)
    data = {
        "id": str(network.id),
        "code": network.code,
        "kind": network.kind,
        "name": {"kk": network.name_kk, "ru": network.name_ru, "en": network.name_en},
        "area": network.area_code,
        "operator": str(held[0]["organisation_id"]) if held else None,
    }
    event = outbox.Event(kind=kind, subject="network", subject_id=network.code, data=data, occurred_at=now)
    await outbox.add(session, event)
