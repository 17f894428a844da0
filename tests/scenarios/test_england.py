"""Real input no one here wrote: 5,516 English schools from file to published, explained rating."""

import csv
import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.support.house import House

FILE = Path(__file__).parents[3] / "shared/rating/cases/school_data/england_ks4_2018_19.csv"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"the reference cases are not here: {FILE}")

WEIGHTS = {"P8MEA": 30, "ATT8SCR": 30, "PTL2BASICS_95": 20, "PTEBACC_E_PTQ_EE": 10, "EBACCAPS": 10}
POSTS = {
    "P8MEA": (-4, 3),
    "ATT8SCR": (0, 90),
    "PTL2BASICS_95": (0, 100),
    "PTEBACC_E_PTQ_EE": (0, 100),
    "EBACCAPS": (0, 9),
}
REASONS = {
    "SUPP": "suppressed",
    "NP": "not_reported",
    "NE": "not_applicable",
    "LOWCOV": "low_coverage",
    "": "not_reported",
}
MIN_COVERAGE = 0.6


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def value(cell: str) -> float | None:
    try:
        return float(cell.strip().removesuffix("%"))
    except ValueError:
        return None


async def take_in(
    house: House, kind: str, mapping: dict[str, Any], content: bytes, *, status: str = "succeeded"
) -> dict[str, Any]:
    """Send the file and give the report of its import."""
    accepted = await house.registry.post(
        "/v1/imports",
        files={"file": (FILE.name, content, "text/csv")},
        data={"kind": kind, "mapping": json.dumps(mapping)},
    )
    await house.finished(accepted, of="registry", status=status)
    report: dict[str, Any] = (await house.registry.get(f"/v1/imports/{accepted.json()['id']}")).json()
    return report


ORGANISATIONS = {
    "columns": {
        "URN": "identifier.value",
        "SCHNAME": ["name.kk", "name.ru", "name.en"],
        "LATITUDE": "latitude",
        "LONGITUDE": "longitude",
        "SCHTYPE": "ownership",
        "GRAMMAR": "selective",
    },
    "constants": {"identifier.scheme": "urn", "type": "school", "kind": "general", "status": "open"},
    "values": {
        "SCHTYPE": {
            "Academy": "state",
            "Special school": "state",
            "Maintained school": "state",
            "College": "state",
            "Independent school": "private",
        }
    },
}
OBSERVATIONS = {
    "organisation": {"scheme": "urn", "column": "URN"},
    "period": "2018-2019",
    "indicators": {column: f"ENG_{column}" for column in WEIGHTS},
    "reasons": REASONS,
    "source_system": "dfe",
}


async def test_england_from_file_to_explained_rating(house: House, rows: list[dict[str, str]]) -> None:
    for column in WEIGHTS:
        created = await house.registry.post(
            "/v1/indicators",
            json={
                "code": f"ENG_{column}",
                "organisation_types": ["school"],
                "pillar": "outcomes",
                "name": {"kk": column, "ru": column, "en": column},
                "unit": "percent" if column.startswith("PT") else "score",
                "polarity": "higher",
                "formula": "as published by the Department for Education",
                "period_kind": "school_year",
            },
        )
        assert created.status_code == 201, created.text

    organisations = await take_in(house, "organisations", ORGANISATIONS, FILE.read_bytes())
    observations = await take_in(house, "observations", OBSERVATIONS, FILE.read_bytes())
    again = await take_in(house, "organisations", ORGANISATIONS, FILE.read_bytes() + b"\n")

    cells = [(row["URN"], column, row[column].strip()) for row in rows for column in WEIGHTS]
    codes = Counter(cell for _, _, cell in cells if value(cell) is None)
    reasons = Counter(REASONS[cell] for _, _, cell in cells if value(cell) is None)
    assert organisations["report"]["created"] == len(rows) == 5516
    assert observations["report"]["created"] == len(cells)
    assert observations["report"]["by_code"] == dict(codes)
    assert observations["report"]["by_reason"] == dict(reasons)
    assert again["report"]["unchanged"] == 5516
    assert again["report"]["created"] == 0

    publication = await publish(house)
    entries = await read_entries(house, publication["id"])
    urns = await identifiers(house, {entry["organisation_id"] for entry in entries})
    by_urn = {row["URN"]: row for row in rows}

    assert len(entries) == 5516
    expected_not_rated = {urn for urn, row in by_urn.items() if coverage(row) < MIN_COVERAGE - 1e-9}
    assert {urns[e["organisation_id"]] for e in entries if e["status"] == "not_rated"} == expected_not_rated
    scores = [entry["score"] for entry in entries if entry["score"] is not None]
    # Scores that differ in the last bits alone share a place and stand by their names.
    assert scores == pytest.approx(sorted(scores, reverse=True), rel=1e-12, abs=0)

    explained = await explanations(house, publication["id"])
    one = await house.rating.get(f"/v1/publications/{publication['id']}/entries/{explained[0]['organisation_id']}")
    assert one.json() == explained[0]
    assert len(explained) == len(entries)
    for entry in explained:
        row = by_urn[urns[entry["organisation_id"]]]
        told = {one["indicator"].removeprefix("ENG_"): one for one in entry["contributions"]}
        for column in WEIGHTS:
            cell = row[column].strip()
            assert told[column]["value"] == value(cell)
            assert told[column]["reason"] == (None if value(cell) is not None else REASONS[cell])
        if entry["status"] == "rated":
            total = math.fsum(one["contribution"] or 0.0 for one in entry["contributions"])
            assert abs(total - entry["score"]) < 1e-9


async def test_one_bad_row_of_5516_changes_nothing_and_is_named(house: House, rows: list[dict[str, str]]) -> None:
    before = (await house.registry.get("/v1/organisations", params={"count": "exact"})).json()["total"]
    lines = FILE.read_text(encoding="utf-8-sig").splitlines()
    urn = rows[4000]["URN"]
    spoilt = [line.replace("51.", "951.", 1) if line.startswith(urn) else line for line in lines]
    assert sum(a != b for a, b in zip(lines, spoilt, strict=True)) == 1
    mapping = {**ORGANISATIONS, "constants": {**ORGANISATIONS["constants"], "identifier.scheme": "foreign"}}  # type: ignore[dict-item]

    told = await take_in(house, "organisations", mapping, "\n".join(spoilt).encode(), status="failed")

    after = (await house.registry.get("/v1/organisations", params={"count": "exact"})).json()["total"]
    assert told["state"] == "refused"
    assert [(bad["row"], bad["column"], bad["value"][:4]) for bad in told["report"]["errors"]] == [
        (4002, "LATITUDE", "951.")
    ]
    assert told["report"]["errors"][0]["message"]
    assert after == before


async def publish(house: House) -> dict[str, Any]:
    """Run a methodology over HTTP, agree it with the audit of that run, publish the run."""
    document = {
        "code": "england-ks4",
        "title": {"kk": "Англия мектептері", "ru": "Школы Англии", "en": "Schools of England"},
        "organisation_types": ["school"],
        "tree": {
            "code": "index",
            "children": [
                {
                    "indicator": f"ENG_{column}",
                    "weight": weight,
                    "normalisation": {
                        "kind": "goalposts",
                        "low": POSTS[column][0],
                        "high": POSTS[column][1],
                        "scale": [0, 100],
                        "cap": True,
                    },
                }
                for column, weight in WEIGHTS.items()
            ],
        },
        "missing": {"policy": "renormalise", "min_coverage": MIN_COVERAGE},
        "bands": {"kind": "quantiles", "labels": ["A", "B", "C", "D", "E"]},
    }
    drafted = await house.rating.post("/v1/methodologies", json=document)
    assert drafted.status_code == 201, drafted.text
    methodology = f"/v1/methodologies/{drafted.json()['id']}"
    accepted = await house.rating.post("/v1/runs", json={"methodology_id": drafted.json()["id"], "period": "2018-2019"})
    run = accepted.json()
    await house.finished(accepted, of="rating")
    audit = await house.rating.post(f"{methodology}/audit", json={"run_id": run["id"]})
    assert audit.status_code == 201, audit.text
    assert [finding for finding in audit.json()["findings"] if finding["severity"] == "stops"] == []
    agreed = await house.rating.post(f"{methodology}/agree", json={"basis": "scenario"})
    assert agreed.json()["status"] == "agreed"
    published = await house.rating.post("/v1/publications", json={"run_id": run["id"]})
    assert published.status_code == 201, published.text
    publication: dict[str, Any] = published.json()
    return publication


async def read_entries(house: House, publication: str) -> list[dict[str, Any]]:
    address: str | None = f"/v1/publications/{publication}/entries?limit=200"
    entries: list[dict[str, Any]] = []
    while address:
        answer = await house.rating.get(address)
        assert answer.status_code == 200, answer.text
        entries += answer.json()["items"]
        address = answer.links.get("next", {}).get("url")
    return entries


async def explanations(house: House, publication: str) -> list[dict[str, Any]]:
    """Every entry with its explanation, as the file that researchers take."""
    answer = await house.rating.get(
        f"/v1/publications/{publication}/entries", headers={"Accept": "application/x-ndjson"}
    )
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


async def identifiers(house: House, organisations: set[str]) -> dict[str, str]:
    """The URN of every organisation, from the registry's feed."""
    found: dict[str, str] = {}
    after = 0
    while True:
        page = (await house.registry.get("/v1/changes", params={"after": after, "limit": 200})).json()
        if not page["items"]:
            return found
        for event in page["items"]:
            for identifier in event["data"].get("identifiers", ()):
                if identifier["scheme"] == "urn" and event["subject_id"] in organisations:
                    found[event["subject_id"]] = identifier["value"]
        after = page["next_after"]


def coverage(row: dict[str, str]) -> float:
    present = sum(weight for column, weight in WEIGHTS.items() if value(row[column]) is not None)
    return present / sum(WEIGHTS.values())
