"""Registers the organisations and records what was measured of them."""

import asyncio
from collections.abc import Iterable, Mapping

from deploy.demo import directions, sheets
from deploy.demo.loading.calls import LoadFailure, Service
from deploy.demo.measures import Row
from deploy.demo.region import District
from deploy.demo.stories import facts
from deploy.demo.world import World, districts_of

_CLOSED_ON = "2026-01-15"
_FEED_PAGE = 1000
_FEED_SECONDS = 60
_LONG = {
    "indicator": "indicator",
    "value": "value",
    "reason": "reason",
    "period": "period",
    "n": "n",
    "variance": "variance",
}
_OF_ORGANISATIONS = {"organisation": {"column": "subject", "scheme": "demo"}, "long": _LONG, "status": "final"}
_OF_AREAS = {"area_column": "subject", "long": _LONG, "status": "final", "source_system": "published stories"}


async def districts(registry: Service) -> Mapping[str, list[District]]:
    """The level-2 areas of every region, as the registry has them."""
    areas = [(area["code"], area["parent"], area["kind"]) async for area in registry.items("/v1/areas", {"level": 2})]
    return districts_of(areas)


async def register(registry: Service, world: World) -> dict[str, str]:
    """Register every organisation; their ids by demo number."""
    await registry.hand_in("organisations", "demo-organisations.csv", sheets.organisations(world.places))
    return await identities(registry, {place.key for place in world.places})


async def identities(registry: Service, keys: set[str]) -> dict[str, str]:
    """The registry's ids of these demo numbers, from its change feed."""
    found: dict[str, str] = {}
    after, waited = 0, 0
    while keys - found.keys():
        page = await registry.get("/v1/changes", {"after": after, "limit": _FEED_PAGE})
        for change in page["items"]:
            for identifier in change["data"].get("identifiers", ()):
                if identifier["scheme"] == "demo" and identifier["value"] in keys:
                    found[identifier["value"]] = change["subject_id"]
        after = page["next_after"]
        if not page["items"]:
            waited += 1
            if waited > _FEED_SECONDS * 5:
                raise LoadFailure("The registry's feed does not tell of all organisations that were imported.")
            await asyncio.sleep(0.2)
    return found


async def observe(registry: Service, name: str, rows: Iterable[Row]) -> int:
    """Record observations of organisations; how many the registry found out of the ordinary."""
    done = await registry.hand_in("observations", f"{name}.csv", sheets.observations(rows), _OF_ORGANISATIONS)
    warnings: int = done["report"]["warnings_total"]
    return warnings


async def tell_stories(registry: Service) -> None:
    """Record what the published stories say of whole areas."""
    await registry.hand_in("observations", "demo-stories.csv", sheets.observations(facts()), _OF_AREAS)


async def tell_directions(registry: Service) -> None:
    """Record how far the home region has come in the nine directions."""
    rows = sheets.observations(directions.observed())
    await registry.hand_in("observations", "demo-directions.csv", rows, _OF_AREAS | {"source_system": "demo"})


async def close_one(registry: Service, world: World, ids: Mapping[str, str]) -> None:
    """Close a village school in the middle of the school year."""
    await registry.post(f"/v1/organisations/{ids[world.broken.closed]}/close", {"on": _CLOSED_ON}, step="close")
