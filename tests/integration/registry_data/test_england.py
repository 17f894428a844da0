"""A file no one here wrote: 5,516 English schools with reasons in place of values."""

import csv
import io
import time
from collections import Counter
from collections.abc import Awaitable, Callable

import httpx
import pytest

from tests.integration.registry_data.conftest import (
    ENGLAND,
    ENGLISH_INDICATORS,
    OBSERVATIONS_MAPPING,
    ORGANISATIONS_MAPPING,
    HandIn,
)

pytestmark = pytest.mark.skipif(not ENGLAND.exists(), reason="the English performance tables are not at hand")

REASONS = OBSERVATIONS_MAPPING["reasons"]


async def define_all(define: Callable[..., Awaitable[None]]) -> None:
    for heading, code in ENGLISH_INDICATORS.items():
        await define(code, unit="percent" if heading.startswith("PT") else "score")


async def test_5516_schools_and_their_observations_go_in_with_every_reason_counted(
    registry_client: httpx.AsyncClient,
    admin: dict[str, str],
    hand_in: HandIn,
    define: Callable[..., Awaitable[None]],
) -> None:
    content = ENGLAND.read_bytes()
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    by_code = Counter(row[heading] for row in rows for heading in ENGLISH_INDICATORS if row[heading] in REASONS)
    by_reason = Counter(
        REASONS[row[heading]] for row in rows for heading in ENGLISH_INDICATORS if row[heading] in REASONS
    )
    cells = len(rows) * len(ENGLISH_INDICATORS)
    await define_all(define)

    started = time.monotonic()
    schools = await hand_in(content, "organisations", ORGANISATIONS_MAPPING, name=ENGLAND.name)
    half_way = time.monotonic()
    values = await hand_in(content, "observations", OBSERVATIONS_MAPPING, name=ENGLAND.name)
    done = time.monotonic()
    print(f"\norganisations {half_way - started:.1f} s, observations {done - half_way:.1f} s")

    assert schools["state"] == "applied", schools["report"]["errors"][:3]
    assert (schools["report"]["rows"], schools["report"]["created"], schools["report"]["rejected"]) == (5516, 5516, 0)
    assert values["state"] == "applied", values["report"]["errors"][:3]
    report = values["report"]
    assert (report["rows"], report["created"], report["rejected"]) == (5516, cells, 0)
    assert report["by_code"] == dict(by_code)
    assert report["by_reason"] == dict(by_reason)
    assert report["values"] == cells - by_code.total()
    for heading in ENGLISH_INDICATORS:
        told = {one["code"]: one["count"] for one in report["missing"] if one["column"] == heading}
        assert told == dict(Counter(row[heading] for row in rows if row[heading] in REASONS))

    again = await hand_in(content, "observations", OBSERVATIONS_MAPPING, name=ENGLAND.name)
    assert (again["report"]["created"], again["report"]["changed"], again["report"]["unchanged"]) == (0, 0, cells)
    again = await hand_in(content, "organisations", ORGANISATIONS_MAPPING, name=ENGLAND.name)
    assert (again["report"]["created"], again["report"]["changed"], again["report"]["unchanged"]) == (0, 0, 5516)
    print(f"both again {time.monotonic() - done:.1f} s")

    started = time.monotonic()
    table = await registry_client.get(
        "/v1/observation-table",
        params={
            "indicators": ",".join(ENGLISH_INDICATORS.values()),
            "period": "2018-2019",
            "organisation_type": "school",
            "as_of": "2019-08-31",
        },
        headers=admin,
    )
    print(f"table {time.monotonic() - started:.2f} s, {len(table.content)} bytes")
    assert table.status_code == 200, table.text[:1000]
    columns = table.json()["columns"]
    assert len(table.json()["organisations"]) == 5516
    in_table = Counter(reason for column in columns.values() for reason in column["reason"] if reason)
    assert in_table == by_reason


async def test_one_bad_row_of_5516_changes_nothing_and_is_named(
    registry_client: httpx.AsyncClient,
    admin: dict[str, str],
    hand_in: HandIn,
    define: Callable[..., Awaitable[None]],
) -> None:
    await define_all(define)
    lines = ENGLAND.read_text().splitlines(keepends=True)
    number = 3000
    cells = next(csv.reader([lines[number - 1]]))
    latitude = cells[14]
    spoiled = [*lines[: number - 1], lines[number - 1].replace(latitude, "91.5"), *lines[number:]]

    refused = await hand_in("".join(spoiled), "organisations", ORGANISATIONS_MAPPING)

    assert refused["state"] == "refused"
    assert (refused["job"]["status"], refused["job"]["problem"]["code"]) == ("failed", "import_refused")
    assert (refused["report"]["rows"], refused["report"]["rejected"], refused["report"]["created"]) == (5516, 1, 0)
    (error,) = refused["report"]["errors"]
    assert (error["row"], error["column"], error["value"]) == (number, "LATITUDE", "91.5")
    assert (error["code"], error["message"]) == ("less_than_equal", "At most 90")
    listed = await registry_client.get("/v1/organisations", params={"count": "exact", "limit": 1}, headers=admin)
    assert listed.json()["total"] == 0

    kept = await hand_in("".join(spoiled), "organisations", ORGANISATIONS_MAPPING, partial=True)
    assert (kept["state"], kept["report"]["created"], kept["report"]["rejected"]) == ("applied", 5515, 1)
    unsound = "".join([*lines[: number - 1], lines[number - 1].replace(cells[6], "a lot"), *lines[number:]])
    refused = await hand_in(unsound, "observations", OBSERVATIONS_MAPPING, language="ru")
    assert refused["state"] == "refused"
    errors = refused["report"]["errors"]
    assert [(one["row"], one["column"], one["code"]) for one in errors] == [(number, "URN", "organisation_unknown")]
    recorded = await registry_client.get("/v1/observations", params={"count": "exact", "limit": 1}, headers=admin)
    assert recorded.json()["total"] == 0
