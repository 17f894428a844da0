"""What people type, and the school they mean, among the organisations of the whole country."""

import json
import statistics
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from shared.db.engine import Database
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
        app = apps.build_app(
            "registry", {"REGISTRY_DATABASE_URL": url, "BILIM_LOCAL_KEY_FILE": str(local_key_file)}
        )
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
