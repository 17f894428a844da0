"""A small town of schools in a real house: what a rating is made of comes over HTTP from the other two services."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.cluster import Databases
from tests.support.house import House, open_house

AREA = "391000000"
PERIOD = "2025-2026"
UNT = (71.0, 64.5, 80.25, 55.0, None, 64.5)
"""Mean UNT scores of six schools; the fifth was not sampled."""
BOOKS = (98.0, 91.0, None, 88.0, 100.0, 91.0)


@dataclass(frozen=True)
class Town:
    """The house, and the schools in it."""

    house: House
    schools: list[str]


@pytest.fixture(scope="session")
async def town(databases: Databases, local_key_file: Path, token_for: Callable[..., str]) -> AsyncIterator[Town]:
    """One for all tests of a process: every test has a methodology of its own, and none changes what others rate."""
    async with settled(databases, local_key_file, token_for) as town:
        yield town


@asynccontextmanager
async def settled(databases: Databases, key_file: Path, token_for: Callable[..., str]) -> AsyncIterator[Town]:
    """The three services with the town's schools and what is known of them."""
    async with open_house(databases, key_file=key_file, token_for=token_for) as house:
        schools = [await _register(house, number, "school") for number in range(1, 7)]
        await _register(house, 7, "college")
        await _observe(house, schools)
        yield Town(house, schools)


async def _register(house: House, number: int, type_: str) -> str:
    name = {"kk": f"№{number} мектеп", "ru": f"Школа № {number}", "en": f"School No. {number}"}
    body = {"name": name, "type": type_, "area": AREA, "setting": "city", "valid_from": "2020-09-01"}
    answer = await house.registry.post("/v1/organisations", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def _observe(house: House, schools: list[str]) -> None:
    observations: list[dict[str, Any]] = []
    for code, values, reason in (
        ("SCH_UNT_MEAN", UNT, "not_sampled"),
        ("SCH_TEXTBOOK_PROVISION", BOOKS, "not_reported"),
    ):
        for school, value in zip(schools, values, strict=True):
            told = {"value": value, "n": 30} if value is not None else {"missing_reason": reason}
            observations.append(
                {"organisation_id": school, "indicator": code, "period": PERIOD, "source_system": "test", **told}
            )
    answer = await house.registry.post("/v1/observations", json={"observations": observations})
    assert answer.status_code == 201, answer.text


def document(code: str, **changes: Any) -> dict[str, Any]:
    """A methodology of two nodes over two indicators of the registry and one of training."""

    def posts(low: float, high: float) -> dict[str, Any]:
        return {"kind": "goalposts", "low": low, "high": high, "scale": [0, 100], "cap": True}

    return {
        "code": code,
        "title": {"kk": "Мектептер рейтингі", "ru": "Рейтинг школ", "en": "Rating of schools"},
        "organisation_types": ["school"],
        "tree": {
            "code": "index",
            "children": [
                {
                    "code": "outcomes",
                    "weight": 60,
                    "children": [{"indicator": "SCH_UNT_MEAN", "normalisation": posts(40, 110)}],
                },
                {
                    "code": "conditions",
                    "weight": 40,
                    "aggregation": {"kind": "weighted_geometric"},
                    "children": [
                        {"indicator": "SCH_TEXTBOOK_PROVISION", "weight": 3, "normalisation": posts(50, 100)},
                        {"indicator": "TCH_PD_3Y_SHARE", "weight": 1, "normalisation": posts(0, 100)},
                    ],
                },
            ],
        },
        "missing": {"policy": "renormalise", "min_coverage": 0.5},
        "bands": {"kind": "quantiles", "labels": ["A", "B", "C"]},
        **changes,
    }


async def run(town: Town, methodology: dict[str, Any]) -> dict[str, Any]:
    """A finished run of a version."""
    body = {"methodology_id": methodology["id"], "period": PERIOD, "as_of": "2026-11-01"}
    accepted = await town.house.rating.post("/v1/runs", json=body)
    await town.house.finished(accepted, of="rating")
    done: dict[str, Any] = (await town.house.rating.get(f"/v1/runs/{accepted.json()['id']}")).json()
    return done


async def agree(town: Town, methodology: dict[str, Any]) -> httpx.Response:
    """A version agreed with the audit of a run of it, every finding that stops being answered."""
    address = f"/v1/methodologies/{methodology['id']}"
    audit = await town.house.rating.post(f"{address}/audit", json={"run_id": (await run(town, methodology))["id"]})
    assert audit.status_code == 201, audit.text
    stops = {finding["code"] for finding in audit.json()["findings"] if finding["severity"] == "stops"}
    body = {"basis": "Order 15", "accepted_findings": dict.fromkeys(stops, "A small town")}
    return await town.house.rating.post(f"{address}/agree", json=body)
