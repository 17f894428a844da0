"""How fast seats go, beside locking the cohort and counting: `python -m tests.load.seats` prints a table.

Both ways do in one transaction what a person's enrolment needs at the least: decide upon the seat, write the row that
holds it, commit. The first is the service's own (lock of the venue shared, a seat row taken past those that others are
taking); the second locks the row of the cohort, counts who holds a seat, and writes. Commits are flushed: to memory
where the temporary cluster lies there, and a disk slows the second more. They run in turn on one cluster, by pgbench,
so that no program of ours stands between the clock and the database.
"""

import asyncio
import os
import re
import statistics
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
from sqlalchemy.dialects import postgresql

from deploy.local.databases import driver_url
from deploy.local.postgres import Cluster
from services.training_api.seats import repository
from tests.support.cluster import Databases, temporary_cluster

CALLERS, SEATS, ROUNDS = 24, 3_000, 7
_SCHEMA = """
    CREATE TABLE bench_cohorts (id int PRIMARY KEY, capacity int NOT NULL);
    CREATE TABLE bench_venues (id uuid PRIMARY KEY DEFAULT uuidv7());
    CREATE TABLE bench_seats (LIKE seats INCLUDING ALL);
    CREATE TABLE bench_enrolments (
        id uuid PRIMARY KEY DEFAULT uuidv7(), cohort_id int NOT NULL, educator_id uuid NOT NULL,
        seat_id uuid UNIQUE, status text NOT NULL);
    CREATE INDEX ON bench_enrolments (cohort_id) WHERE status = 'confirmed';
    INSERT INTO bench_cohorts VALUES (1, {seats});
    INSERT INTO bench_venues DEFAULT VALUES;
"""
_FRESH = """
    TRUNCATE bench_enrolments, bench_seats;
    INSERT INTO bench_seats (id, venue_id, number, free)
    SELECT uuidv7(), (SELECT id FROM bench_venues), number, true FROM generate_series(1, {seats}) AS number;
"""
_LOCK_AND_COUNT = """\
BEGIN;
SELECT capacity FROM bench_cohorts WHERE id = 1 FOR UPDATE;
INSERT INTO bench_enrolments (cohort_id, educator_id, status)
SELECT 1, gen_random_uuid(), CASE WHEN held < capacity THEN 'confirmed' ELSE 'waitlisted' END
FROM bench_cohorts, (SELECT count(*) AS held FROM bench_enrolments WHERE cohort_id = 1 AND status = 'confirmed') AS now
WHERE id = 1;
COMMIT;
"""
_SEAT_ROWS = """\
BEGIN;
SELECT 1 FROM bench_venues FOR SHARE;
WITH taken AS ({take})
INSERT INTO bench_enrolments (cohort_id, educator_id, seat_id, status)
SELECT 1, gen_random_uuid(), (SELECT id FROM taken),
       CASE WHEN EXISTS (SELECT 1 FROM taken) THEN 'confirmed' ELSE 'waitlisted' END;
COMMIT;
"""


def _take(venue: str) -> str:
    """The service's own statement, on the table of the bench."""
    compiled = repository._TAKE_OPEN.compile(dialect=postgresql.dialect())  # type: ignore[no-untyped-call]
    text = str(compiled).replace("%(venue)s::UUID", f"'{venue}'").replace("%(venue)s", f"'{venue}'")
    text = re.sub(r"%\(free[^)]*\)s", "false", text)
    return re.sub(r"\bseats\b", "bench_seats", re.sub(r"%\(param_\d+\)s", "1", text))


def _run(cluster: Cluster, url: str, script: Path) -> float:
    """Enrolments a second."""
    parts = urlsplit(url)
    told = subprocess.run(
        [
            str(cluster.bindir / "pgbench"), "--no-vacuum", "--protocol=prepared", f"--client={CALLERS}", "--jobs=2",
            f"--transactions={SEATS // CALLERS}", f"--file={script}", f"--host={parts.hostname}",
            f"--port={parts.port}", f"--username={parts.username}", parts.path.strip("/"),
        ],
        env={**os.environ, "PGPASSWORD": parts.password or ""},
        capture_output=True,
        text=True,
        check=True,
    ).stdout  # fmt: skip
    found = re.search(r"tps = ([\d.]+)", told)
    assert found is not None, told
    return float(found[1])


async def _measure() -> None:
    with temporary_cluster() as cluster, tempfile.TemporaryDirectory() as folder:
        async with Databases(cluster).database_for("training") as address:
            url = driver_url(address)
            connection = await asyncpg.connect(url)
            await connection.execute("SET synchronous_commit = on")
            await connection.execute(_SCHEMA.format(seats=SEATS))
            venue = str(await connection.fetchval("SELECT id FROM bench_venues"))
            scripts = {"lock the cohort and count": Path(folder) / "count.sql", "seat rows": Path(folder) / "rows.sql"}
            scripts["lock the cohort and count"].write_text(_LOCK_AND_COUNT)
            scripts["seat rows"].write_text(_SEAT_ROWS.format(take=_take(venue)))
            speeds: dict[str, list[float]] = {name: [] for name in scripts}
            for _ in range(ROUNDS):
                for name, script in scripts.items():
                    await connection.execute(_FRESH.format(seats=SEATS))
                    speeds[name].append(await asyncio.to_thread(_run, cluster, url, script))
                    held = await connection.fetchval("SELECT count(*) FROM bench_enrolments WHERE status = 'confirmed'")
                    assert held == SEATS // CALLERS * CALLERS, f"{name}: {held} of {SEATS}"
            await connection.close()
    counted, rows = (speeds[name] for name in scripts)
    ratios = [one / other for one, other in zip(rows, counted, strict=True)]
    print(f"{SEATS} seats, {CALLERS} callers, {ROUNDS} rounds in turn, every commit flushed")
    print(f"{'':<28}{'least':>10}{'median':>10}{'most':>10}   enrolments a second")
    for name, found in speeds.items():
        print(f"{name:<28}{min(found):>10.0f}{statistics.median(found):>10.0f}{max(found):>10.0f}")
    print(f"{'ratio':<28}{min(ratios):>10.1f}{statistics.median(ratios):>10.1f}{max(ratios):>10.1f}")


def main() -> None:
    """Print the table."""
    asyncio.run(_measure())


if __name__ == "__main__":
    main()
