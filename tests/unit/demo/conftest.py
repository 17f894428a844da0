"""The worlds the demo makes, from the areas that the registry ships."""

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from deploy.demo.region import District
from deploy.demo.world import Scale, World, districts_of, world

_REFERENCE = Path(__file__).parents[3] / "services/registry_api"


def shipped_districts() -> Mapping[str, list[District]]:
    """The districts of each region, without a registry to ask."""
    with (_REFERENCE / "areas/reference/kato_levels_1_2.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["level"] == "2"]
    return districts_of([(row["code"], row["parent_code"], row["kind"]) for row in rows])


@pytest.fixture(scope="session")
def districts() -> Mapping[str, list[District]]:
    return shipped_districts()


@pytest.fixture(scope="session")
def region(districts: Mapping[str, list[District]]) -> World:
    return world(Scale.REGION, districts)


@pytest.fixture(scope="session")
def country(districts: Mapping[str, list[District]]) -> World:
    return world(Scale.NATIONAL, districts)


@pytest.fixture(scope="session")
def catalogue() -> dict[str, dict[str, str]]:
    """Definitions of indicators by code."""
    with (_REFERENCE / "indicators/reference/indicators.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}
