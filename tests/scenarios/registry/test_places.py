"""Scenarios of places: three shifts, the deficit of places, staff for schools to come, A8 and A9."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from shared.clients.credentials import TokenSource
from shared.clients.training import TrainingClient
from tests.scenarios.registry.test_construction import passed, project
from tests.support import apps
from tests.support.cluster import Databases
from tests.support.registry import ALATAU, AUEZOV, KARAGANDA, SHYMKENT, Registry
from tests.support.training import World

ALMATY = "750000000"


@pytest.fixture(scope="module")
async def registry_app(databases: Databases, local_key_file: Path) -> AsyncIterator[FastAPI]:
    async with databases.database_for("registry") as url:
        app = apps.build_app("registry", {"REGISTRY_DATABASE_URL": url, "BILIM_LOCAL_KEY_FILE": str(local_key_file)})
        async with apps.running(app):
            yield app


@pytest.fixture(scope="module")
async def registry(registry_app: FastAPI, token_for: Callable[..., str]) -> AsyncIterator[Registry]:
    async with apps.client_for(registry_app) as client:
        yield Registry(client, token_for)


@pytest.fixture(scope="module")
async def training(
    databases: Databases, local_key_file: Path, token_for: Callable[..., str]
) -> AsyncIterator[tuple[FastAPI, World]]:
    """Training as an app of its own, and a world in it."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(databases.database_for("training"))
        environment = {"TRAINING_DATABASE_URL": url, "BILIM_LOCAL_KEY_FILE": str(local_key_file)}
        app = apps.build_app("training", environment)
        await stack.enter_async_context(apps.running(app))
        http = await stack.enter_async_context(apps.client_for(app))
        http.headers["Authorization"] = f"Bearer {token_for('admin')}"
        world = World(http, app.state.database, token_for)
        await world.begin()
        yield app, world


class _Token:
    """A token that is at hand."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def token(self) -> str:
        return self._token

    def forget(self, token: str) -> None:
        pass


def speaks_to(registry_app: FastAPI, transport: httpx.AsyncBaseTransport, token: str) -> None:
    tokens: TokenSource = _Token(token)
    registry_app.state.training = TrainingClient("http://training", tokens, transport=transport, attempts=1)


def silence(_: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody is there")


async def due_projects(registry: Registry, number: int, *, prefix: str, **more: Any) -> list[str]:
    asked = [
        project(f"{prefix}-{one:02d}", funding=[{"source": "sponsor"}], history=passed("construction"), **more)
        for one in range(number)
    ]
    ids: list[str] = (await registry.post("/v1/construction-project-batches", {"projects": asked}))["ids"]
    for one in ids:
        body = {"gate": "operating", "kind": "forecast", "date": "2030-09-01"}
        await registry.post(f"/v1/construction-projects/{one}/dates", body)
    return ids


async def test_a8_30_projects_due_each_with_required_available_and_gap_and_nobody_borrowed_twice(
    registry: Registry, registry_app: FastAPI, training: tuple[FastAPI, World], token_for: Callable[..., str]
) -> None:
    app, world = training
    speaks_to(registry_app, httpx.ASGITransport(app), token_for("integration"))
    ids = await due_projects(registry, 30, prefix="A8")
    school = await world.organisation(area=SHYMKENT)
    elsewhere = await world.organisation(area=KARAGANDA)
    people = await world.educators(120, school)
    others = await world.educators(40, elsewhere)
    rows = [
        {
            "educator_id": person,
            "number": f"NIS-{place}",
            "title": {"ru": "Курс НИШ"},
            "academic_hours": 80,
            "issued_on": "2025-06-01",
        }
        for place, person in enumerate([*people, *others])
    ]
    again = [{**row, "number": f"{row['number']}-2", "issued_on": "2025-09-01"} for row in rows[:15]]
    await world.post("/v1/certificate-batches", {"source": "CPM", "certificates": [*rows, *again]})

    report = await registry.get(
        "/v1/reports/staffing", until="2030-09-01", area=SHYMKENT, source="CPM", as_of="2026-01-12"
    )

    projects = report["projects"]
    assert {one["project_id"] for one in projects} == set(ids)
    assert len(projects) == 30
    assert [one["required"] for one in projects] == [10] * 30
    assert [one["available"] for one in projects] == [10] * 12 + [0] * 18
    assert [one["gap"] for one in projects] == [0] * 12 + [10] * 18
    assert (report["training"], report["certified"]) == ("answered", 120)
    assert (report["required"], report["available"], report["gap"]) == (300, 120, 180)
    assert sum(one["available"] for one in projects) <= report["certified"]
    assert {drawn["area"] for one in projects for drawn in one["drawn"]} == {SHYMKENT}
    by_places = await registry.get("/v1/reports/staffing", until="2030-09-01", area=SHYMKENT, places_per_teacher=400)
    assert {one["required"] for one in by_places["projects"]} == {4}


async def test_a8_while_training_cannot_be_reached_the_report_tells_what_is_required_and_says_so(
    registry: Registry, registry_app: FastAPI, token_for: Callable[..., str]
) -> None:
    speaks_to(registry_app, httpx.MockTransport(silence), token_for("integration"))
    await due_projects(registry, 2, prefix="A8-SILENT", area=KARAGANDA)

    report = await registry.get("/v1/reports/staffing", until="2030-09-01", area=KARAGANDA)

    assert (report["training"], report["certified"], report["available"], report["gap"]) == (
        "unreachable",
        None,
        None,
        None,
    )
    assert [(one["required"], one["available"], one["gap"]) for one in report["projects"]] == [(10, None, None)] * 2


async def test_a9_a_school_of_three_shifts_is_listed_until_it_moves_to_two_on_1_september(registry: Registry) -> None:
    school = await registry.organisation(shift_count=3, design_capacity=600, area=SHYMKENT)
    await registry.organisation(shift_count=2, area=SHYMKENT)
    await registry.observe(
        {"indicator": "SCH_PRIMARY_CLASS_COUNT", "organisation_id": school["id"], "period": "2024-2025", "value": 18}
    )

    async def report(day: str) -> dict[str, Any]:
        return await registry.get("/v1/reports/three-shift", area=SHYMKENT, as_of=day)

    before = await report("2025-08-31")
    await registry.call(
        "PATCH",
        f"/v1/organisations/{school['id']}",
        {"shift_count": 2},
        expect=200,
        if_match=school["etag"],
        params={"effective_from": "2025-09-01"},
    )
    listed, left = await report("2025-08-31"), await report("2025-09-01")

    assert (before["count"], before["target"], before["met"]) == (1, 0, False)
    (one,) = listed["schools"]
    assert (one["organisation_id"], one["shift_count"], one["primary_classes"]) == (school["id"], 3, 18)
    assert (listed["met"], left["met"], left["count"], left["schools"]) == (False, True, 0, [])


async def test_a9_a_school_with_more_pupils_than_two_shifts_hold_is_the_next_to_slip(registry: Registry) -> None:
    school = await registry.organisation(shift_count=2, design_capacity=600, area=AUEZOV)
    await registry.observe(
        {"indicator": "SCH_LOAD_FACTOR", "organisation_id": school["id"], "period": "2025-2026", "value": 205}
    )

    report = await registry.get("/v1/reports/three-shift", area=AUEZOV, as_of="2026-01-12")

    assert (report["count"], report["met"]) == (0, True)
    assert [(one["organisation_id"], one["pupils"]) for one in report["slipping"]] == [(school["id"], 1230)]


async def test_a9_the_deficit_of_places_is_told_by_district_and_foreseen_with_an_interval(registry: Registry) -> None:
    full = await registry.organisation(shift_count=2, design_capacity=500, area=ALATAU)
    roomy = await registry.organisation(shift_count=1, design_capacity=900, area=ALATAU)
    silent = await registry.organisation(design_capacity=300, area=ALATAU)
    loads = {"2023-2024": (200, 40), "2024-2025": (220, 44), "2025-2026": (240, 48)}
    for period, (of_full, of_roomy) in loads.items():
        await registry.observe(
            {"indicator": "SCH_LOAD_FACTOR", "organisation_id": full["id"], "period": period, "value": of_full},
            {"indicator": "SCH_LOAD_FACTOR", "organisation_id": roomy["id"], "period": period, "value": of_roomy},
        )
    opening = await registry.post(
        "/v1/construction-projects",
        project("DEFICIT-1", area=ALATAU, design_capacity=150, history=passed("construction")),
    )
    date_path = f"/v1/construction-projects/{opening['id']}/dates"
    await registry.post(date_path, {"gate": "operating", "kind": "forecast", "date": "2027-09"})

    now = await registry.get("/v1/reports/place-deficit", area=ALMATY, as_of="2026-01-12")
    ahead = await registry.get("/v1/reports/place-deficit", area=ALMATY, as_of="2026-01-12", until="2027-09-01")

    district = next(one for one in now["areas"] if one["area"] == ALATAU)
    assert (district["schools"], district["unknown"]) == (3, 1)
    assert (district["pupils"], district["places"], district["deficit"]) == (1200 + 432, 3400, 200)
    assert now["total"]["deficit"] == sum(one["deficit"] for one in now["areas"])
    foreseen = next(one for one in ahead["areas"] if one["area"] == ALATAU)
    growth = (1632 + 2 * 136) / 1632
    assert foreseen["years"] == [2023, 2024, 2025]
    assert foreseen["pupils_foreseen"]["value"] == pytest.approx(1632 * growth, abs=0.1)
    assert foreseen["opening_places"] == 150
    assert foreseen["deficit_foreseen"]["value"] == pytest.approx(max(0, 1200 * growth - 1000 - 300), abs=0.1)
    bounds = foreseen["deficit_foreseen"]
    assert bounds["low"] <= bounds["value"] <= bounds["high"]
    assert set(ahead["method"]) == {"kk", "ru", "en"}
    assert silent["id"]


async def test_reports_of_places_need_a_token_with_the_right(registry: Registry) -> None:
    for path in ("three-shift", "place-deficit", "staffing?until=2030-09-01"):
        await registry.get(f"/v1/reports/{path}", expect=401, caller=registry.headers(None))
    await registry.get("/v1/reports/staffing", expect=422)
    await registry.get("/v1/reports/three-shift", area="199999999")
