"""What a rating of the whole country costs from end to end: `python -m tests.load.national`.

7,600 schools and 30 indicators lie in the registry and in training, each a process of its own with its own database.
The rating engine pulls them over HTTP, scores, tries other choices, explains, keeps and publishes; the stages are those
that the job itself tells.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg

from deploy.local.databases import driver_url
from shared import clock
from shared.auth.keys import LocalKey
from shared.db.engine import Database
from tests.support.cluster import Databases, temporary_cluster
from tests.support.country import settle
from tests.support.house import House, open_house

SCHOOLS = 7_600
INDICATORS = 30
REPLICATES = 1_000
ROUNDS = int(os.environ.get("BILIM_NATIONAL_ROUNDS", "3"))
PERIOD = "2025-2026"
UPSKILLED = "TCH_PD_3Y_SHARE"
_OBSERVE = """
    INSERT INTO observations (id, organisation_id, indicator_id, period, period_end, value, missing_reason, n, variance,
        status, source_system, source_ref, break_in_series, note, revision, recorded, recorded_by)
    SELECT gen_random_uuid(), o.id, i.id, $1, date '2026-08-31', CASE WHEN gap THEN NULL ELSE drawn END,
        CASE WHEN gap THEN 'not_reported' END, size, CASE WHEN gap THEN NULL ELSE drawn / size END, 'final', 'bench',
        '', false, '', 1, tstzrange(now(), NULL), 'bench'
    FROM organisations o CROSS JOIN indicators i
    CROSS JOIN LATERAL (
        SELECT 20 + 70 * random() + 0 * length(o.id::text || i.code) AS drawn, random() < 0.05 AS gap,
            (20 + 200 * random())::int AS size
    ) AS one
    WHERE i.code = ANY($2)
"""
_MIRROR = """
    INSERT INTO organisations (id, type, status, name_kk, area, area_path, ownership, setting, is_synthetic, deleted,
        position)
    SELECT id, 'school', 'open', 'Мектеп', '391010000', '{390000000,391000000,391010000}', 'communal', 'city', true,
        false, 1
    FROM unnest($1::uuid[]) AS id
"""
_TEACHERS = """
    WITH person AS (
        INSERT INTO educators (id, family_kk, given_kk, sort_key, search_key, consent_public, is_synthetic, state,
            version, created_at, updated_at)
        SELECT gen_random_uuid(), 'Тестов', 'Тест', 'x', 'x', false, true, 'active', 1, now(), now()
        FROM generate_series(1, $2 * cardinality($1::uuid[]))
        RETURNING id
    ), numbered AS (SELECT id, row_number() OVER () AS place FROM person)
    INSERT INTO employments (id, educator_id, organisation_id, role, subjects, period, version, created_at, updated_at)
    SELECT gen_random_uuid(), id, ($1::uuid[])[1 + place % cardinality($1::uuid[])], 'teacher', '{}',
        daterange('2020-09-01', NULL), 1, now(), now()
    FROM numbered
"""


def methodology(codes: list[str]) -> dict[str, Any]:
    """Six pillars of five indicators; what is declared is what a public rating declares."""
    each = INDICATORS // 6

    def leaf(code: str, weight: int) -> dict[str, Any]:
        posts = {"kind": "goalposts", "low": 10, "high": 100, "scale": [1, 100], "cap": True}
        return {"indicator": code, "weight": weight, "normalisation": posts}

    return {
        "code": "national",
        "title": {"kk": "Ел рейтингі", "ru": "Рейтинг страны", "en": "Rating of the country"},
        "organisation_types": ["school"],
        "tree": {
            "code": "index",
            "children": [
                {
                    "code": f"pillar-{pillar}",
                    "weight": 10 + pillar,
                    "aggregation": {"kind": "weighted_geometric" if pillar % 2 else "weighted_arithmetic"},
                    "children": [
                        leaf(code, 1 + at) for at, code in enumerate(codes[pillar * each : (pillar + 1) * each])
                    ],
                }
                for pillar in range(6)
            ],
        },
        "missing": {"policy": "penalise", "min_coverage": 0.6, "min_node_coverage": 0.2},
        "peer_groups": {"by": ["setting"], "minimum": 10},
        "precision": {"shrink": True, "suppress_below": 10},
        "bands": {"kind": "pairwise_loss", "labels": ["A", "B", "C", "D", "E"], "loss": 9},
        "uncertainty": {
            "replicates": REPLICATES,
            "seed": 20260101,
            "weights": {"kind": "uniform", "spread": 0.25},
            "alternatives": {"normalisation": ["z_score"], "aggregation": ["weighted_arithmetic"]},
        },
    }


@asynccontextmanager
async def country() -> AsyncIterator[tuple[House, list[str]]]:
    """The house with the country in it, and the codes of the indicators."""
    with temporary_cluster() as cluster, tempfile.TemporaryDirectory() as folder:
        key = LocalKey.ensure(Path(folder) / "key.pem")

        def token_for(role: str, **claims: Any) -> str:
            return key.issue(role, subject="bench", now=clock.now(), **claims)

        async with open_house(Databases(cluster), key_file=Path(folder) / "key.pem", token_for=token_for) as house:
            codes = await _catalogue(house)
            registry_url = house.processes["registry"].environment["REGISTRY_DATABASE_URL"]
            database = Database(registry_url, application_name="bench")
            await settle(database, type_="school", count=SCHOOLS)
            await database.close()
            await _fill(registry_url, house.processes["training"].environment["TRAINING_DATABASE_URL"], codes)
            yield house, codes


async def _catalogue(house: House) -> list[str]:
    answer = await house.registry.get("/v1/indicators", params={"limit": 200})
    known = [one["code"] for one in answer.json()["items"] if one["polarity"] != "neutral"]
    return [UPSKILLED, *[code for code in known if code.startswith(("SCH_", "TCH_", "ORG_"))]][:INDICATORS]


async def _fill(registry_url: str, training_url: str, codes: list[str]) -> None:
    registry = await asyncpg.connect(driver_url(registry_url))
    await registry.execute(_OBSERVE, PERIOD, codes)
    await registry.execute("ANALYZE")
    ids = [row["id"] for row in await registry.fetch("SELECT id FROM organisations")]
    await registry.close()
    training = await asyncpg.connect(driver_url(training_url))
    await training.execute(_MIRROR, ids)
    await training.execute(_TEACHERS, ids, 8)
    await training.execute("ANALYZE")
    await training.close()


async def edition(house: House, codes: list[str]) -> tuple[Mapping[str, Any], float, float]:
    """The stages of a run as its job tells them, the seconds from asking to the end, and those of publishing."""
    drafted = await house.rating.post("/v1/methodologies", json=methodology(codes))
    assert drafted.status_code == 201, drafted.text
    begun = time.perf_counter()
    accepted = await house.rating.post("/v1/runs", json={"methodology_id": drafted.json()["id"], "period": PERIOD})
    job = await house.finished(accepted, of="rating")
    computed = time.perf_counter() - begun
    run = accepted.json()["id"]
    address = f"/v1/methodologies/{drafted.json()['id']}"
    audit = await house.rating.post(f"{address}/audit", json={"run_id": run})
    assert audit.status_code == 201, audit.text
    stops = {finding["code"] for finding in audit.json()["findings"] if finding["severity"] == "stops"}
    accepted_findings = dict.fromkeys(stops, "Figures of chance")
    agreed = await house.rating.post(
        f"{address}/agree", json={"basis": "bench", "accepted_findings": accepted_findings}
    )
    assert agreed.status_code == 200, agreed.text
    begun = time.perf_counter()
    published = await house.rating.post("/v1/publications", json={"run_id": run})
    assert published.status_code == 201, published.text
    return job["result"], computed, time.perf_counter() - begun


async def measured() -> None:
    """Print the stages of each round."""
    async with country() as (house, codes):
        for _ in range(ROUNDS):
            told, computed, published = await edition(house, codes)
            for one in told["stages"]:
                print(f"  {one['stage']:<24}{one['seconds']:>8.2f} s")
            print(f"  {'asked to computed':<24}{computed:>8.2f} s")
            print(f"  {'published':<24}{published:>8.2f} s")
            print(f"  {'end to end':<24}{computed + published:>8.2f} s")
            print(f"  {'most memory':<24}{_peak_mebibytes(house):>8.0f} MiB")


def _peak_mebibytes(house: House) -> float:
    process = house.processes["rating"].popen
    assert process is not None
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def main() -> None:
    """Print the table."""
    print(
        f"{SCHOOLS:,} schools x {INDICATORS} indicators, {REPLICATES:,} replicates: from two services to a publication"
    )
    asyncio.run(measured())


if __name__ == "__main__":
    main()
