"""What an import of 200,000 observations costs beside a bare COPY of the same rows: `python -m tests.load.imports`.

The COPY goes into a twin of the table, with the same constraints and indexes, and has everything computed beforehand:
it is what no program that keeps its promises can be faster than. Both run in turn on one cluster; the loop that
carries the import answers `/livez` all the while.
"""

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from deploy.local.databases import driver_url
from shared import clock
from shared.auth.keys import LocalKey
from tests.support.cluster import Databases, temporary_cluster
from tests.support.house import open_house
from tests.support.registry import demo_number

ORGANISATIONS, INDICATORS, PERIODS = 4_000, 10, 5
ROUNDS = 3
MAPPING = {
    "organisation": {"scheme": "demo", "column": "Ұйым"},
    "long": {"indicator": "Көрсеткіш", "period": "Кезең", "value": "Мәні"},
    "status": "final",
    "source_system": "bench",
}
_TWIN = """
    CREATE TABLE twin_observations (LIKE observations INCLUDING ALL);
    ALTER TABLE twin_observations ADD FOREIGN KEY (organisation_id) REFERENCES organisations,
        ADD FOREIGN KEY (indicator_id) REFERENCES indicators, ADD FOREIGN KEY (area_code) REFERENCES areas
"""


Measured = tuple[str, float, float]
"""An indicator's code and the range its values lie in."""


def file_of(measured: list[Measured], round_: int) -> bytes:
    """A row for each organisation, indicator and period, as a spreadsheet of this country saves it."""
    lines = ["Ұйым;Көрсеткіш;Кезең;Мәні"]
    for serial in range(1, ORGANISATIONS + 1):
        number = demo_number(serial)
        for place, (code, low, high) in enumerate(measured):
            for year in range(2019, 2019 + PERIODS):
                part = (serial * 7 + place * 13 + year * 3 + round_) % 700 / 700
                value = f"{low + part * (high - low):.1f}"
                lines.append(f"{number};{code};{year}-{year + 1};{value.replace('.', ',')}")
    return "\n".join(lines).encode()


@asynccontextmanager
async def registry() -> AsyncIterator[tuple[httpx.AsyncClient, str]]:
    """A caller who may do everything, and the address of the registry's database; the registry is a process of its own,
    so that watching it costs it little.
    """
    with temporary_cluster() as cluster, tempfile.TemporaryDirectory() as folder:
        key_file = Path(folder) / "key.pem"
        key = LocalKey.ensure(key_file)

        def token_for(role: str, **claims: Any) -> str:
            return key.issue(role, subject="bench", now=clock.now(), **claims)

        async with open_house(Databases(cluster), key_file=key_file, token_for=token_for, only=("registry",)) as house:
            url = house.processes["registry"].environment["REGISTRY_DATABASE_URL"]
            house.registry.timeout = httpx.Timeout(600)
            yield house.registry, url


async def hand_in(client: httpx.AsyncClient, content: bytes, **form: str) -> dict[str, Any]:
    """The import when its job is over."""
    asked = await client.post("/v1/imports", files={"file": ("bench.csv", content)}, data=form)
    assert asked.status_code == 202, asked.text
    while True:
        job = (await client.get(asked.headers["Location"])).json()
        if job["status"] not in ("queued", "running"):
            found: dict[str, Any] = (await client.get(f"/v1/imports/{asked.json()['id']}")).json()
            return found
        await asyncio.sleep(0.2)


async def watch(client: httpx.AsyncClient, taken: list[float]) -> None:
    """Ask for `/livez` again and again."""
    while True:
        begun = time.perf_counter()
        assert (await client.get("/livez")).status_code == 200
        taken.append((time.perf_counter() - begun) * 1000)
        await asyncio.sleep(0.03)


async def _bare_copy(url: str) -> float:
    """Seconds to COPY the rows that stand into the empty twin."""
    connection = await asyncpg.connect(driver_url(url))
    try:
        rows = await connection.fetch("SELECT * FROM observations WHERE upper_inf(recorded)")
        names = list(rows[0].keys())
        records = [tuple(row) for row in rows]
        await connection.execute("TRUNCATE twin_observations")
        begun = time.perf_counter()
        await connection.copy_records_to_table("twin_observations", records=records, columns=names)
        return time.perf_counter() - begun
    finally:
        await connection.close()


async def _measured(client: httpx.AsyncClient) -> list[Measured]:
    items = (await client.get("/v1/indicators", params={"limit": 200})).json()["items"]
    return [
        (one["code"], one["plausible_min"], one["plausible_max"])
        for one in items
        if one["plausible_max"] is not None
        and one["period_kind"] == "school_year"
        and "school" in one["organisation_types"]
    ][:INDICATORS]


async def _schools(client: httpx.AsyncClient) -> None:
    lines = ["scheme;identifier;type;area;name_kk;name_ru;valid_from;is_synthetic"]
    lines += [
        f"demo;{demo_number(serial)};school;751310000;№{serial} мектеп;Школа № {serial};2015-09-01;true"
        for serial in range(1, ORGANISATIONS + 1)
    ]
    found = await hand_in(client, "\n".join(lines).encode(), kind="organisations")
    assert found["state"] == "applied", found["report"]["errors"][:3]


async def _table() -> None:
    async with registry() as (client, url):
        await _schools(client)
        codes = await _measured(client)
        connection = await asyncpg.connect(driver_url(url))
        await connection.execute(_TWIN)
        rows = ORGANISATIONS * len(codes) * PERIODS
        print(f"{rows:,} observations, a CSV of long rows; in turn, {ROUNDS} rounds")
        print(f"{'':<10}{'job s':>10}{'COPY s':>10}{'ratio':>10}{'livez p50 ms':>14}{'p99 ms':>10}{'max ms':>10}")
        ratios = []
        for round_ in range(ROUNDS):
            await connection.execute("TRUNCATE observations")
            taken: list[float] = []
            watching = asyncio.create_task(watch(client, taken))
            begun = time.perf_counter()
            found = await hand_in(
                client, file_of(codes, round_), kind="observations", mapping=json.dumps(MAPPING, ensure_ascii=False)
            )
            job = time.perf_counter() - begun
            watching.cancel()
            assert found["report"]["created"] == rows, found["report"]["errors"][:3]
            copy = await _bare_copy(url)
            ratios.append(copy / job)
            cuts = statistics.quantiles(taken, n=100)
            print(
                f"round {round_ + 1:<4}{job:>10.2f}{copy:>10.2f}{ratios[-1]:>10.2f}"
                f"{cuts[49]:>14.1f}{cuts[98]:>10.1f}{max(taken):>10.1f}"
            )
        print(f"rate of the import in that of a bare COPY: {statistics.median(ratios):.2f}")
        await connection.close()


def main() -> None:
    """Print the table."""
    asyncio.run(_table())


if __name__ == "__main__":
    main()
