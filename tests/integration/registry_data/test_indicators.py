"""Definitions of indicators through HTTP."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.integration.registry_data.conftest import HandIn

DEFINITION: dict[str, Any] = {
    "code": "SCH_READING_HOURS",
    "organisation_types": ["school"],
    "pillar": "reading",
    "name": {"kk": "Оқу сағаты", "ru": "Часы чтения", "en": "Reading hours"},
    "unit": "ratio",
    "polarity": "higher",
    "formula": "hours read / pupils",
    "period_kind": "school_year",
    "plausible_min": 0,
    "plausible_max": 500,
}


@pytest.fixture
def writer(token_for: Callable[..., str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_for('admin')}"}


async def test_a_definition_is_created_read_by_anyone_and_listed(
    registry_client: httpx.AsyncClient, writer: dict[str, str]
) -> None:
    created = await registry_client.post("/v1/indicators", json=DEFINITION, headers=writer)

    assert created.status_code == 201, created.text
    assert created.json()["version"] == 1
    read = await registry_client.get("/v1/indicators/SCH_READING_HOURS")
    assert read.json() == created.json()
    unchanged = await registry_client.get(
        "/v1/indicators/SCH_READING_HOURS", headers={"If-None-Match": read.headers["etag"]}
    )
    assert unchanged.status_code == 304
    listed = await registry_client.get("/v1/indicators", params={"pillar": "reading", "limit": 200, "count": "exact"})
    assert "SCH_READING_HOURS" in [one["code"] for one in listed.json()["items"]]


async def test_a_formula_change_is_a_new_version_and_a_mended_name_is_not(
    registry_client: httpx.AsyncClient, writer: dict[str, str]
) -> None:
    await registry_client.post("/v1/indicators", json=DEFINITION, headers=writer)

    again = await registry_client.post("/v1/indicators", json=DEFINITION, headers=writer)
    mended = await registry_client.post(
        "/v1/indicators", json={**DEFINITION, "name": {**DEFINITION["name"], "en": "Hours of reading"}}, headers=writer
    )
    remade = await registry_client.post(
        "/v1/indicators", json={**DEFINITION, "formula": "hours read / pupils in grades 1-4"}, headers=writer
    )

    assert (again.status_code, again.json()["version"], again.json()["edition"]) == (200, 1, 1)
    assert (mended.status_code, mended.json()["version"], mended.json()["edition"]) == (200, 1, 2)
    assert (remade.status_code, remade.json()["version"]) == (201, 2)
    first = await registry_client.get("/v1/indicators/SCH_READING_HOURS", params={"version": 1})
    assert first.json()["is_current"] is False
    both = await registry_client.get("/v1/indicators", params={"versions": "all", "limit": 200})
    assert [one["version"] for one in both.json()["items"] if one["code"] == "SCH_READING_HOURS"] == [1, 2]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"organisation_types": []}, ""),
        ({"level": "area"}, ""),
        ({"plausible_min": 501}, ""),
        ({"name": {"kk": "Оқу"}}, "/name/ru"),
        ({"code": "lower_case"}, "/code"),
        ({"formula": ""}, "/formula"),
        ({"age_band": {"youngest": 6, "oldest": 2}}, "/age_band"),
        ({"polarity": "upwards"}, "/polarity"),
        ({"colour": "blue"}, "/colour"),
    ],
)
async def test_a_definition_with_a_mistake_is_refused_with_its_place(
    registry_client: httpx.AsyncClient, writer: dict[str, str], change: dict[str, object], pointer: str
) -> None:
    answer = await registry_client.post("/v1/indicators", json={**DEFINITION, **change}, headers=writer)

    assert answer.status_code == 422
    assert pointer in [one["pointer"] for one in answer.json()["errors"]]


async def test_definitions_are_the_countrys_and_not_a_regions(
    registry_client: httpx.AsyncClient, token_for: Callable[..., str]
) -> None:
    officer = {"Authorization": f"Bearer {token_for('region_officer', area='750000000')}"}

    assert (await registry_client.post("/v1/indicators", json=DEFINITION, headers=officer)).status_code == 403
    assert (await registry_client.post("/v1/indicators", json=DEFINITION)).status_code == 401


async def test_an_indicator_nobody_defined_is_not_found(registry_client: httpx.AsyncClient) -> None:
    assert (await registry_client.get("/v1/indicators/NO_SUCH_THING")).status_code == 404
    assert (await registry_client.get("/v1/indicators/SCH_X", params={"version": 9})).status_code == 404


async def test_the_shipped_catalogue_is_there_from_the_start(registry_client: httpx.AsyncClient) -> None:
    listed = await registry_client.get("/v1/indicators", params={"limit": 200, "count": "exact"})

    assert listed.json()["total"] == 73
    mean = (await registry_client.get("/v1/indicators/SCH_UNT_MEAN")).json()
    assert (mean["plausible_min"], mean["plausible_max"], mean["min_n"]) == (30.0, 125.0, 5)
    coverage = (await registry_client.get("/v1/indicators/REG_PRE_COVERAGE_2_6")).json()
    assert (coverage["level"], coverage["age_band"]) == ("area", {"youngest": 2, "oldest": 6})


async def test_definitions_taken_out_as_a_file_can_be_handed_in_again(
    registry_client: httpx.AsyncClient, hand_in: HandIn
) -> None:
    taken = await registry_client.get("/v1/indicators", headers={"Accept": "text/csv"})

    again = await hand_in(taken.content, "indicators", name="indicators.csv")

    assert (again["state"], again["report"]["unchanged"]) == ("applied", 73), again["report"]["errors"][:3]
