"""Files of memberships, targets, events and construction projects: in, again, and taken back."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support import apps
from tests.support.cluster import Databases
from tests.support.registry import SHYMKENT, Registry, demo_number


@pytest.fixture(scope="module")
async def registry(
    databases: Databases, local_key_file: Path, token_for: Callable[..., str]
) -> AsyncIterator[Registry]:
    """One registry for all files of this module."""
    async with databases.database_for("registry") as url:
        app = apps.build_app("registry", {"REGISTRY_DATABASE_URL": url, "BILIM_LOCAL_KEY_FILE": str(local_key_file)})
        async with apps.running(app), apps.client_for(app) as client:
            yield Registry(client, token_for)


@pytest.fixture(scope="module")
async def school(registry: Registry) -> dict[str, Any]:
    return await registry.organisation("№46 мектеп", "Школа № 46")


def number_of(school: dict[str, Any]) -> str:
    number: str = school["identifiers"][0]["value"]
    return number


async def undo(registry: Registry, one: dict[str, Any]) -> dict[str, Any]:
    asked = await registry.call("POST", f"/v1/imports/{one['id']}/undo", expect=202)
    for _ in range(1000):
        job = await registry.get(asked.headers["Location"])
        if job["status"] not in ("queued", "running"):
            return job
    raise AssertionError("the undoing does not end")


async def total(registry: Registry, path: str, **query: Any) -> int:
    found: int = (await registry.get(path, count="exact", limit=1, **query))["total"]
    return found


async def test_events_of_a_district_come_from_its_spreadsheet_once(registry: Registry, school: dict[str, Any]) -> None:
    text = (
        "Іс-шара;Түрі;БСН;Мерзімі;Күн саны\n"
        f"«Жас ұстаз» мектебі;seminar;{number_of(school)};2026-W11;2\n"
        f"Әдістемелік марафон;methodical_marathon;{number_of(school)};15.03.2026;1\n"
    )

    first = await registry.hand_in(text.encode(), "events")
    again = await registry.hand_in(text.encode(), "events")

    assert (first["state"], first["report"]["created"]) == ("applied", 2), first["report"]["errors"]
    assert (again["report"]["created"], again["report"]["unchanged"]) == (0, 2)
    assert await total(registry, "/v1/events", host_id=school["id"]) == 2


async def test_targets_come_with_words_of_this_country_and_are_withdrawn_when_taken_back(registry: Registry) -> None:
    text = (
        "Показатель;Территория;Было;Цель;Условие;Точность;Срок;Кем заявлено\n"
        f"REG_NIS_LEADING_SCHOOLS;{SHYMKENT};13;20;не менее;около;31.12.2027;akim_of_city\n"
    )

    found = await registry.hand_in(text.encode(), "targets")

    assert found["state"] == "applied", found["report"]["errors"]
    (target,) = (await registry.get("/v1/targets", area=SHYMKENT))["items"]
    assert (target["comparator"], target["qualifier"], target["value_low"]) == ("ge", "about", 20)
    assert target["due"] == "2027-12-31"

    job = await undo(registry, found)

    assert job["status"] == "succeeded", job
    (gone,) = (await registry.get("/v1/targets", area=SHYMKENT))["items"] or [{"status": "withdrawn"}]
    assert gone["status"] == "withdrawn"


async def test_projects_come_with_a_comma_and_one_bad_row_refuses_all_unless_asked_otherwise(
    registry: Registry,
) -> None:
    text = (
        "№;Название;Территория;Мощность;Площадь\n"
        f"KEL-1;Школа в мкр Асар;{SHYMKENT};1 500;21 060,5\n"
        f"KEL-2;Школа в мкр Нурсат;{SHYMKENT};много;100\n"
        f"KEL-3;Школа в мкр Кайтпас;999999999;900;100\n"
    )

    refused = await registry.hand_in(text.encode(), "construction-projects")
    partial = await registry.hand_in(text.encode(), "construction-projects", partial="true")

    assert refused["state"] == "refused"
    assert [(error["row"], error["column"]) for error in refused["report"]["errors"]] == [
        (3, "Мощность"),
        (4, "Территория"),
    ]
    assert (partial["state"], partial["report"]["created"]) == ("applied", 1)
    (project,) = (await registry.get("/v1/construction-projects"))["items"]
    assert (project["reference"], project["design_capacity"]) == ("KEL-1", 1500)


async def test_members_of_a_network_are_named_by_their_numbers(registry: Registry, school: dict[str, Any]) -> None:
    network = {"code": "readers", "kind": "league", "name": {"kk": "Оқырмандар лигасы", "ru": "Лига читателей"}}
    await registry.post("/v1/networks", network)
    text = f"Желі;Ұйым;Рөлі;Басталу күні\nreaders;{number_of(school)};member;01.09.2025\n"
    unknown = text.replace(number_of(school), demo_number(4_001))

    found = await registry.hand_in(text.encode(), "memberships")
    refused = await registry.hand_in(unknown.encode(), "memberships")

    assert (found["state"], found["report"]["created"]) == ("applied", 1), found["report"]["errors"]
    assert (await registry.get("/v1/networks/readers/count", as_of="2026-01-01"))["value"] == 1
    (error,) = refused["report"]["errors"]
    assert (error["row"], error["column"], error["code"]) == (2, "Ұйым", "organisation_unknown")

    job = await undo(registry, found)

    assert job["status"] == "succeeded", job
    assert (await registry.get("/v1/networks/readers/count", as_of="2026-01-01"))["value"] == 0
    again = await registry.hand_in(text.encode(), "memberships")
    assert again["report"]["created"] == 1


async def test_a_persons_number_in_any_of_them_is_refused_without_being_repeated(
    registry: Registry, school: dict[str, Any]
) -> None:
    text = f"Іс-шара;Түрі;БСН;Мерзімі;ЖСН\nСеминар;seminar;{number_of(school)};2026-03;900101300014\n"

    found = await registry.hand_in(text.encode(), "events")

    assert found["state"] == "refused"
    assert "900101300014" not in str(found)
