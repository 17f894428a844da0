"""What people type, and the school they mean, among the organisations of the whole country."""

import json
import statistics
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import event

from shared.db.engine import Database
from shared.schemas.registry.organisation_lists import OrganisationFeature, OrganisationPage
from tests.support import apps
from tests.support.cluster import Databases
from tests.support.country import ORGANISATIONS, settle

_FIXTURE = json.loads((Path(__file__).parent / "search_queries.json").read_text())
_FIRST = 3
_P95_MS = 250
"""Of a search on a busy machine; quiet ones take a tenth."""


@dataclass(frozen=True, slots=True)
class Country:
    """A registry of national size."""

    client: httpx.AsyncClient
    database: Database
    ids: dict[str, str]
    """The schools of the fixture, by their keys there."""

    async def list(self, **query: Any) -> dict[str, Any]:
        answer = await self.client.get("/v1/organisations", params=query)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture(scope="module")
async def country(databases: Databases, local_key_file: Path) -> AsyncIterator[Country]:
    async with databases.database_for("registry") as url:
        app = apps.build_app("registry", {"REGISTRY_DATABASE_URL": url, "BILIM_LOCAL_KEY_FILE": str(local_key_file)})
        async with apps.running(app), apps.client_for(app) as client:
            database: Database = app.state.database
            ids = await settle(database, more=list(_FIXTURE["schools"].values()))
            yield Country(client, database, dict(zip(_FIXTURE["schools"], map(str, ids), strict=True)))


@pytest.mark.parametrize("query", _FIXTURE["queries"], ids=lambda query: query["typed"])
async def test_what_people_type_finds_the_school_they_mean_among_the_first_three(
    country: Country, query: dict[str, str]
) -> None:
    found = await country.list(q=query["typed"], limit=_FIRST)

    assert country.ids[query["finds"]] in [item["id"] for item in found["items"]], [
        item["name"] for item in found["items"]
    ]


async def test_there_are_forty_queries_at_least_and_a_country_to_search() -> None:
    assert len({query["typed"] for query in _FIXTURE["queries"]}) >= 40
    assert ORGANISATIONS >= 8000


FILTERS: list[dict[str, Any]] = [
    {},
    {"type": "school", "language": "kk", "sort": "-capacity,name"},
    {"area": "270000000", "type": ["school", "college"], "status": "open"},
    {"area": "270000000", "q": "мектеп 46"},
    {"q": "Мамышулы Уральск", "ownership": "state"},
    {"near": "51.246,51.4256", "radius_km": 50, "shift": [1, 2]},
    {"bbox": "50,50,53,52", "capacity_min": 300, "capacity_max": 1200},
    {"as_of": "2025-10-01", "known_at": "2026-01-01T00:00:00+05:00", "q": "гимназия", "area": "790000000"},
    {"programme": "keleshek", "sort": "number"},
    {"inclusive": True, "area": "390000000"},
    {"voucher": False, "network": "hub-schools", "type": "school"},
]


@pytest.mark.parametrize("query", FILTERS, ids=str)
async def test_a_page_of_organisations_is_one_statement_whatever_is_asked(
    country: Country, query: dict[str, Any]
) -> None:
    statements: list[str] = []
    engine = country.database.reader.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *told: statements.append(str(told[2])))

    page = await country.list(**query, limit=50)

    assert len(statements) == 1, statements
    if page["next_cursor"]:
        statements.clear()
        await country.list(**query, limit=50, cursor=page["next_cursor"])
        assert len(statements) == 1, statements


@pytest.mark.parametrize("query", FILTERS, ids=str)
async def test_a_page_is_what_its_schema_says(country: Country, query: dict[str, Any]) -> None:
    answer = await country.client.get("/v1/organisations", params={**query, "facets": "type,shift,programme"})

    page = OrganisationPage.model_validate_json(answer.content)

    assert json.loads(page.model_dump_json()) == answer.json()


async def test_facets_count_what_the_filters_find(country: Country) -> None:
    query = {"area": "270000000", "q": "мектеп", "capacity_min": 200}

    page = await country.list(**query, facets="type,shift,language,ownership", count="exact", limit=1)

    for name, values in page["facets"].items():
        asked = {"shift": "shift", "language": "language"}.get(name, name)
        for value in values:
            if value["value"] is None:
                continue
            found = await country.list(**{**query, asked: value["value"]}, count="exact", limit=1)
            assert found["total"] == value["count"], (name, value)
    assert sum(value["count"] for value in page["facets"]["type"]) == page["total"] > 50


async def test_a_map_has_all_that_the_list_has_east_before_north(country: Country) -> None:
    query = {"area": "270000000", "type": "school"}

    answer = await country.client.get("/v1/organisations", params=query, headers={"Accept": "application/geo+json"})
    listed = await country.list(**query, count="exact", limit=200)

    drawn = answer.json()
    assert answer.headers["content-type"] == "application/geo+json"
    assert (drawn["type"], len(drawn["features"])) == ("FeatureCollection", listed["total"])
    for feature in drawn["features"]:
        assert OrganisationFeature.model_validate(feature).properties.id == UUID(feature["id"])
    places = [feature["geometry"]["coordinates"] for feature in drawn["features"] if feature["geometry"]]
    assert places
    assert all(45 < east < 56 and 47 < north < 53 for east, north in places)


async def test_an_empty_map_is_a_map(country: Country) -> None:
    answer = await country.client.get(
        "/v1/organisations", params={"q": "фывапролдж"}, headers={"Accept": "application/geo+json"}
    )

    assert answer.json() == {"type": "FeatureCollection", "features": []}


async def test_while_somebody_types_the_likeliest_are_suggested(country: Country) -> None:
    typed = ["бау", "бауыржан мом", "46 момыш"]
    answers = [
        (await country.client.get("/v1/organisations/suggest", params={"q": text, "limit": 5})).json()["items"]
        for text in typed
    ]

    assert all(country.ids["momyshuly"] in [item["id"] for item in items] for items in answers)
    assert (await country.client.get("/v1/organisations/suggest", params={"q": "  "})).json() == {"items": []}


async def test_nineteen_of_twenty_searches_are_answered_quickly(country: Country) -> None:
    taken = []
    for query in _FIXTURE["queries"]:
        begun = time.perf_counter()
        await country.list(q=query["typed"])
        taken.append((time.perf_counter() - begun) * 1000)

    assert statistics.quantiles(taken, n=20)[18] < _P95_MS
