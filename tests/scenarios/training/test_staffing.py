"""Staff for schools to come: the registry's projects and training's certificates, two services over HTTP."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.scenarios.registry.test_places import due_projects
from tests.support.cluster import Databases
from tests.support.house import House, open_house
from tests.support.registry import KARAGANDA, SHYMKENT, Registry

DAY = "2026-01-12"
Json = dict[str, Any]


@pytest.fixture(scope="module")
async def two(databases: Databases, local_key_file: Path, token_for: Callable[..., str]) -> AsyncIterator[House]:
    """The registry and training, each a process of its own."""
    only = ("registry", "training")
    async with open_house(databases, key_file=local_key_file, token_for=token_for, only=only) as house:
        yield house


@pytest.fixture(scope="module")
def registry(two: House, token_for: Callable[..., str]) -> Registry:
    return Registry(two.registry, token_for)


async def post(http: httpx.AsyncClient, path: str, body: Json) -> Json:
    answer = await http.post(path, json=body)
    assert answer.status_code in (200, 201), answer.text
    told: Json = answer.json()
    return told


async def teachers(house: House, school: str, how_many: int) -> list[str]:
    """Teachers of a school, as soon as training has heard of it."""
    rows = [
        {
            "name": {"kk": {"family": f"Үлгі{place}", "given": "Мысал"}},
            "organisation_id": school,
            "role": "teacher",
            "hired_on": "2015-09-01",
            "is_synthetic": True,
        }
        for place in range(how_many)
    ]
    for _ in range(200):
        answer = await house.training.post("/v1/educator-batches", json={"educators": rows})
        if answer.status_code == 201:
            ids: list[str] = answer.json()["ids"]
            return ids
        await asyncio.sleep(0.1)
    raise AssertionError(answer.text)


async def certify(
    house: House, people: list[str], *, mark: str, issued_on: str = "2025-06-01", hours: int = 80
) -> None:
    rows = [
        {
            "educator_id": person,
            "number": f"{mark}-{person}",
            "title": {"ru": "Курс НИШ"},
            "academic_hours": hours,
            "issued_on": issued_on,
        }
        for person in people
    ]
    await post(house.training, "/v1/certificate-batches", {"source": "CPM", "certificates": rows})


async def test_a8_30_projects_due_have_required_available_and_gap_and_no_teacher_is_borrowed_twice(
    two: House, registry: Registry
) -> None:
    ids = await due_projects(registry, 30, prefix="A8")
    here, elsewhere = await registry.organisation(area=SHYMKENT), await registry.organisation(area=KARAGANDA)
    people, others = await teachers(two, here["id"], 140), await teachers(two, elsewhere["id"], 40)
    await certify(two, [*people[:120], *others], mark="NIS")
    await certify(two, people[:15], mark="NIS-2", issued_on="2025-09-01")
    await certify(two, people[120:130], mark="SHORT", hours=32)
    await certify(two, people[130:], mark="OLD", issued_on="2022-12-31")

    asked: Json = {"until": "2030-09-01", "area": SHYMKENT, "source": "CPM", "as_of": DAY}
    report = await registry.get("/v1/reports/staffing", **asked)
    told = (await two.training.get("/v1/reports/certified", params={"source": "CPM", "as_of": DAY})).json()

    projects = report["projects"]
    assert {one["project_id"] for one in projects} == set(ids)
    assert len(projects) == 30
    assert [(one["required"], one["available"], one["gap"]) for one in projects] == [(10, 10, 0)] * 12 + [
        (10, 0, 10)
    ] * 18
    assert (report["training"], report["certified"]) == ("answered", 120)
    assert (report["required"], report["available"], report["gap"]) == (300, 120, 180)
    assert sum(drawn["teachers"] for one in projects for drawn in one["drawn"]) == 120
    assert {area["area"]: area["teachers"] for area in told["areas"]} == {SHYMKENT: 120, KARAGANDA: 40}


async def test_a8_who_moves_away_is_available_there_no_longer(two: House, registry: Registry) -> None:
    area = "750000000"
    here, away = await registry.organisation(area=area), await registry.organisation(area=KARAGANDA)
    people = await teachers(two, here["id"], 3)
    await certify(two, people, mark="MOVE")
    body = {"organisation_id": away["id"], "hired_on": "2026-01-10"}
    headers = {"If-Match": "*", "Content-Type": "application/merge-patch+json"}
    await teachers(two, away["id"], 1)
    moved = await two.training.patch(f"/v1/educators/{people[0]}", json=body, headers=headers)
    assert moved.status_code == 200, moved.text

    async def certified(day: str) -> int:
        report = await registry.get("/v1/reports/staffing", until="2030-09-01", area=area, as_of=day)
        found: int = report["certified"]
        return found

    assert [await certified("2026-01-09"), await certified("2026-01-10")] == [3, 2]
