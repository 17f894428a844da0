"""Who belongs on a day, how many they are, where, and which share of the country's."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.networks import repository, rules
from services.registry_api.networks.repository import memberships
from services.registry_api.networks.service import views
from services.registry_api.networks.service.definition import get
from shared.db.sessions import AnySession
from shared.schemas.registry.areas import AreaKind
from shared.schemas.registry.memberships import CoordinatorsQuery, CountQuery

_NOWHERE = {"kind": AreaKind.OTHER, "name": {"kk": None, "ru": None, "en": None}}
"""What an area is called that has left the classifier."""


async def member_ids(
    session: AnySession,
    code: str,
    on: date,
    known_at: datetime | None = None,
    *,
    role: str | None = None,
    area: str | None = None,
) -> list[UUID]:
    """The organisations that belong to a network on a day, in ascending order; coordinators only as a role asked for.

    Raises `NetworkNotFound`.
    """
    network = await get(session, code)
    inside = await _inside(session, area, on=on, known_at=known_at)
    return await memberships.members(session, [network.id], role=role, areas=inside, on=on, known_at=known_at)


async def counted_by(
    session: AnySession, indicator: str, *, role: str | None, area: str | None, on: date, known_at: datetime | None
) -> list[UUID]:
    """The same of all networks whose members an indicator counts; an organisation in two of them once."""
    networks = await repository.counted_by(session, indicator)
    inside = await _inside(session, area, on=on, known_at=known_at)
    return await memberships.members(session, networks, role=role, areas=inside, on=on, known_at=known_at)


async def count_members(
    session: AnySession, *, network: str, role: str | None, area: str | None, on: date, known_at: datetime | None
) -> int:
    """How many organisations belong to a network on a day. Raises `NetworkNotFound`."""
    return len(await member_ids(session, network, on, known_at, role=role, area=area))


async def count(session: AnySession, code: str, query: CountQuery, *, on: date) -> dict[str, Any]:
    """The number with its share of the national figure and its parts, as `MembershipCount` reads it."""
    network = await get(session, code)
    role = query.role.value if query.role else None
    found = await memberships.by_area(session, [network.id], role=role, on=on, known_at=query.known_at)
    parts = await _parts(session, found, query.area, on=on, known_at=query.known_at)
    figures = await repository.figures(session, network.id, on=on, known_at=query.known_at)
    value = sum(parts.values())
    return {
        "network": network.code,
        "area": query.area,
        "role": query.role,
        "as_of": on,
        "known_at": query.known_at,
        "value": value,
        "national": figures[0] if figures else None,
        "share_percent": rules.share_percent(value, figures[0]["value"] if figures else None),
        "by_area": [{"area": area, "value": parts[area]} for area in sorted(parts, key=lambda code: code or "9")],
    }


async def coordinators(
    session: AnySession, code: str, query: CoordinatorsQuery, *, on: date
) -> dict[str, list[dict[str, Any]]]:
    """Who coordinates what at which level, from the region down, as `Coordinators` reads it."""
    network = await get(session, code)
    reaches = None if query.area is None else await areas.codes_above(session, query.area, on=on)
    rows = await memberships.coordinators(session, network.id, reaches=reaches, on=on, known_at=query.known_at)
    items = []
    for reach in sorted({row["reach"] for row in rows}):
        path = await areas.find_path(session, reach, on=on)
        there: Mapping[str, Any] = path[-1] if path else _NOWHERE
        items += [
            {
                "level": rules.level(AreaKind(there["kind"])),
                "area": reach,
                "area_name": there["name"],
                "organisation": views.brief(row["organisation_id"], row),
                "membership_id": row["membership_id"],
            }
            for row in rows
            if row["reach"] == reach
        ]
    return {"items": items}


async def _inside(
    session: AnySession, area: str | None, *, on: date, known_at: datetime | None
) -> Sequence[str] | None:
    return None if area is None else await areas.codes_under(session, area, on=on, known_at=known_at)


async def _parts(
    session: AnySession, found: dict[str | None, int], area: str | None, *, on: date, known_at: datetime | None
) -> dict[str | None, int]:
    """Numbers by the units directly below `area` (or by regions), which together are the whole."""
    inside = await _inside(session, area, on=on, known_at=known_at)
    kept = {place: number for place, number in found.items() if inside is None or place in inside}
    paths = await areas.paths(session, {place for place in kept if place is not None}, on=on)
    parts: dict[str | None, int] = {}
    for place, number in kept.items():
        part = rules.directly_below(paths[place], area) if place is not None else None
        parts[part] = parts.get(part, 0) + number
    return parts
