"""The classifier: shipped levels, newer editions, and how it was on any day."""

import csv
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.registry_api.areas import reference
from services.registry_api.areas import service as areas
from shared.auth import Actor
from shared.auth.errors import OutOfReach
from shared.db.engine import Database
from shared.schemas.registry.areas import AreaRow
from tests.integration.registry.conftest import ALATAU_DISTRICT, ALMATY

NOW = datetime(2026, 9, 1, 6, tzinfo=UTC)
ADMIN = Actor.of("admin", subject="admin")
KATO_2022 = Path(__file__).parents[4] / "shared" / "domain" / "data" / "kato_2022-10-17_ru.csv"


@pytest.fixture
async def database(registry_database: str) -> AsyncIterator[Database]:
    database = Database(registry_database, application_name="test")
    yield database
    await database.close()


def row(code: str, parent: str | None, ru: str, **more: Any) -> AreaRow:
    return AreaRow.model_validate({"code": code, "parent_code": parent, "name": {"ru": ru}, **more})


async def test_the_shipped_levels_are_there_from_the_first_start(registry_client: httpx.AsyncClient) -> None:
    regions = (await registry_client.get("/v1/areas", params={"level": 1, "count": "exact"})).json()
    districts = (await registry_client.get("/v1/areas", params={"level": 2, "count": "exact", "limit": 1})).json()

    assert (regions["total"], districts["total"]) == (20, 220)
    assert all(area["name"]["kk"] and area["name"]["ru"] and area["name"]["en"] for area in regions["items"])
    assert {area["kind"] for area in regions["items"]} == {"region", "republican_city"}


async def test_an_area_tells_its_way_up_and_its_children(registry_client: httpx.AsyncClient) -> None:
    district = await registry_client.get(f"/v1/areas/{ALATAU_DISTRICT}")
    city = (await registry_client.get(f"/v1/areas/{ALMATY}")).json()

    found = district.json()
    assert [area["code"] for area in found["path"]] == [ALMATY, ALATAU_DISTRICT]
    assert (found["kind"], found["parent"], found["children"]) == ("city_district", ALMATY, 0)
    assert found["name"] == {"kk": None, "ru": "Алатауский район", "en": None}
    assert city["children"] == 8
    again = await registry_client.get(
        f"/v1/areas/{ALATAU_DISTRICT}", headers={"If-None-Match": district.headers["ETag"]}
    )
    assert again.status_code == 304


async def test_areas_are_filtered_and_found_without_kazakh_letters(registry_client: httpx.AsyncClient) -> None:
    async def codes(**query: Any) -> list[str]:
        return [area["code"] for area in (await registry_client.get("/v1/areas", params=query)).json()["items"]]

    assert await codes(q="кызылорда облысы") == ["430000000"]
    assert await codes(q="алатауский", parent=ALMATY) == [ALATAU_DISTRICT]
    assert await codes(kind="republican_city") == ["710000000", "750000000", "790000000"]
    assert len(await codes(parent=ALMATY)) == 8


async def test_a_region_founded_in_2022_was_not_there_before(registry_client: httpx.AsyncClient) -> None:
    before = await registry_client.get("/v1/areas/620000000", params={"as_of": "2022-06-07"})
    after = await registry_client.get("/v1/areas/620000000", params={"as_of": "2022-06-08"})
    regions = (await registry_client.get("/v1/areas", params={"level": 1, "as_of": "2021-01-01"})).json()["items"]

    assert (before.status_code, before.json()["code"]) == (404, "area_not_found")
    assert after.json()["name"]["kk"] == "Ұлытау облысы"
    assert len(regions) == 17


async def test_loading_the_shipped_rows_again_changes_nothing(database: Database) -> None:
    async with database.writing() as session:
        edition = await areas.load_reference(session, now=NOW)

    assert (edition.added, edition.changed) == ([], [])


async def test_a_newer_edition_renames_from_its_day_and_keeps_what_was(database: Database) -> None:
    renamed = row("751210000", ALMATY, "район Алатау", valid_from="2025-01-01")
    before_the_edition = datetime.now(UTC)

    async with database.writing() as session:
        first = await areas.replace_or_add(session, [renamed], actor=ADMIN, now=datetime.now(UTC))
    async with database.writing() as session:
        second = await areas.replace_or_add(session, [renamed], actor=ADMIN, now=datetime.now(UTC))

    async with database.reading() as session:
        before = await areas.get(session, ALATAU_DISTRICT, on=date(2024, 12, 31))
        after = await areas.get(session, ALATAU_DISTRICT, on=date(2025, 1, 1))
        as_known_then = await areas.get(session, ALATAU_DISTRICT, on=date(2025, 1, 1), known_at=before_the_edition)
    assert (first.changed, second.unchanged) == ([ALATAU_DISTRICT], [ALATAU_DISTRICT])
    assert (before["name"]["ru"], after["name"]["ru"]) == ("Алатауский район", "район Алатау")
    assert as_known_then["name"]["ru"] == "Алатауский район"


async def test_an_area_that_moves_to_another_region_is_under_each_in_its_time(database: Database) -> None:
    moved = row("191600000", "100000000", "Переезжающий район", valid_from="2025-01-01")
    born = row(moved.code, "190000000", "Переезжающий район", valid_from="2020-01-01")

    async with database.writing() as session:
        edition = await areas.replace_or_add(session, [moved, born], actor=ADMIN, now=NOW)

    async with database.reading() as session:
        early = await areas.codes_above(session, moved.code, on=date(2024, 1, 1))
        late = await areas.codes_above(session, moved.code, on=date(2026, 1, 1))
        inside = await areas.codes_under(session, "100000000", on=date(2026, 1, 1))
    assert edition.refusals == []
    assert (early, late) == (("190000000", moved.code), ("100000000", moved.code))
    assert moved.code in inside


async def test_an_edition_that_forgets_kazakh_names_does_not_take_them_away(database: Database) -> None:
    async with database.writing() as session:
        await areas.replace_or_add(session, [row("750000000", None, "г.Алматы")], actor=ADMIN, now=NOW)

    async with database.reading() as session:
        city = await areas.get(session, ALMATY, on=date(2026, 9, 2))
    assert city["name"] == {"kk": "Алматы қаласы", "ru": "г.Алматы", "en": "Almaty City"}


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([row("753000000", "758000000", "Нигде")], "area_parent_unknown"),
        ([row("753000000", "753100000", "А"), row("753100000", "753000000", "Б")], "area_parents_in_circle"),
        ([row("753000000", ALMATY, "А"), row("753000000", ALMATY, "Б")], "area_code_repeated"),
        ([row("753000000", ALMATY, "А", level=1)], "area_level_disagrees"),
        ([row("753000000", None, "А", level=2)], "area_level_disagrees"),
    ],
)
async def test_an_edition_with_a_bad_row_is_refused_whole(database: Database, rows: list[AreaRow], code: str) -> None:
    good = row("753900000", ALMATY, "Хороший район")

    async with database.writing() as session:
        edition = await areas.replace_or_add(session, [good, *rows], actor=ADMIN, now=NOW)

    assert code in {refusal.problem.code for refusal in edition.refusals}
    async with database.reading() as session:
        assert await areas.find_path(session, good.code, on=date(2026, 9, 2)) == []


async def test_only_who_reaches_the_whole_country_changes_the_classifier(database: Database) -> None:
    officer = Actor.of("region_officer", subject="officer", area=ALMATY)

    with pytest.raises(OutOfReach):
        async with database.writing() as session:
            await areas.replace_or_add(session, [row("753900000", ALMATY, "Район")], actor=officer, now=NOW)


async def test_a_dry_run_tells_and_writes_nothing(database: Database) -> None:
    rows = [row("753900000", ALMATY, "Район")]

    async with database.writing() as session:
        edition = await areas.replace_or_add(session, rows, actor=ADMIN, now=NOW, dry_run=True)

    assert edition.added == ["753900000"]
    async with database.reading() as session:
        assert await areas.find_path(session, "753900000", on=date(2026, 9, 2)) == []


@pytest.mark.skipif(not KATO_2022.exists(), reason="the full classifier is not beside the project")
async def test_the_full_classifier_comes_in_with_its_own_parents(
    database: Database, registry_client: httpx.AsyncClient
) -> None:
    with KATO_2022.open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file, delimiter=";"))
    codes = {line["id"]: line["code"] for line in lines}
    rows = [row(line["code"], codes.get(line["parent_id"]), line["name"]) for line in lines]

    async with database.writing() as session:
        edition = await areas.replace_or_add(session, rows, actor=ADMIN, now=datetime.now(UTC))
    async with database.writing() as session:
        again = await areas.replace_or_add(session, rows, actor=ADMIN, now=datetime.now(UTC))

    assert edition.refusals == []
    assert len(edition.added) == 16_264 - 240
    assert (again.added, again.changed) == ([], [])
    region = (await registry_client.get("/v1/areas/100000000")).json()
    village = (await registry_client.get("/v1/areas/101033100")).json()
    assert region["children"] == 10
    assert [area["code"] for area in village["path"]] == ["100000000", "101000000", "101033000", "101033100"]
    exported = await registry_client.get("/v1/areas", headers={"Accept": "text/csv"})
    assert len(exported.text.splitlines()) == 16_265


def test_the_shipped_rows_name_their_parents() -> None:
    rows = reference.rows()
    codes = {row.code for row in rows}

    assert len(rows) == len(codes) == 240
    assert all(row.parent_code is None or row.parent_code in codes for row in rows)
