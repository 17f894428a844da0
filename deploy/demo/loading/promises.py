"""Hands over what was promised: networks, targets, a directive, a memorandum, events, schools to be built."""

from collections.abc import Mapping, Sequence
from typing import Any

from deploy.demo import directions, promises
from deploy.demo.loading.calls import Service
from deploy.demo.world import World

_BATCH = 100


async def promise(registry: Service, world: World, ids: Mapping[str, str]) -> int:
    """All of it, each step once; how many schools are to be built. `ids` are the registry's, by demo number."""
    by_name = {name: ids[key] for name, key in world.stories.keys.items()}
    for year in promises.academic_years():
        await registry.post("/v1/academic-years", year, step="year")
    await _networks(registry, world, by_name)
    await _targets(registry)
    await _memorandum(registry, by_name)
    await _events(registry, by_name)
    return await _construction(registry, keleshek=[ids[key] for key in world.keleshek])


async def _networks(registry: Service, world: World, by_name: Mapping[str, str]) -> None:
    for network in promises.networks():
        await registry.post("/v1/networks", network, step="network")
    for figure in promises.figures():
        await registry.post(f"/v1/networks/{promises.LEADING}/national-figures", figure, step="figure")
    operator = {"organisation_id": by_name["altynsarin-academy"], "valid_from": "2025-09-08"}
    await registry.post(f"/v1/networks/{promises.KELESHEK}/operators", operator, step="operator")
    await registry.hand_in("memberships", "demo-memberships.csv", promises.memberships(world.stories.keys))


async def _targets(registry: Service) -> None:
    ids: dict[str, str] = {}
    for target in promises.targets():
        stated = await registry.post("/v1/targets", target, step="target")
        ids[target["indicator"]] = stated["id"]
    await registry.post("/v1/directives", promises.directive(ids), step="directive")
    for target in directions.targets():
        await registry.post("/v1/targets", target, step="direction")


async def _memorandum(registry: Service, by_name: Mapping[str, str]) -> None:
    made = await registry.post("/v1/memoranda", promises.memorandum(by_name), step="memorandum")
    path = f"/v1/memoranda/{made['id']}"
    for command in ("submit", "send", "sign"):
        await registry.post(f"{path}/{command}", {}, step=command)
    akimat, schools = (party["id"] for party in made["parties"])
    for commitment in promises.commitments(akimat, schools):
        await registry.post(f"{path}/commitments", commitment, step="commitment")


async def _events(registry: Service, by_name: Mapping[str, str]) -> None:
    plan = await registry.post("/v1/event-plans", promises.plan(), step="plan")
    role: dict[str, Any] = {"approver_role": "Облыстық білім басқармасының басшысы"}
    await registry.post(f"/v1/event-plans/{plan['id']}/approve", role, step="approve")
    items = [item["id"] for item in plan["items"]]
    for event in promises.events(by_name, items):
        await registry.post("/v1/events", event, step="event")


async def _construction(registry: Service, *, keleshek: Sequence[str]) -> int:
    """The projects; those of the home region that teach become the schools `keleshek`."""
    projects = list(promises.construction())
    made: list[str] = []
    for place in range(0, len(projects), _BATCH):
        body = {"projects": projects[place : place + _BATCH]}
        told = await registry.post("/v1/construction-project-batches", body, step=f"construction-{place}")
        made += told["ids"]
    opened = [place for place, project in enumerate(projects) if promises.teaches_at_home(project)]
    for place, school in zip(opened, keleshek, strict=True):
        path = f"/v1/construction-projects/{made[place]}/open"
        await registry.post(path, {"organisation_id": school}, step="open")
    for plan in promises.construction_plans():
        await registry.post("/v1/construction-programmes/keleshek/plans", plan, step="programme-plan")
    return len(projects)
