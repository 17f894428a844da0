"""A house that has published is upgraded with what it holds: editions stand, and their runs have a life behind them."""

import asyncpg
import pytest

from shared.db.migrations.upgrade import upgrade
from tests.support.cluster import Databases, driver_url

_BEFORE = "20261122_words"
_NAMES = ("methodology", "old", "new", "idle", "failed", "first", "second", "job")
_IDS = {name: f"0198c0de-0000-7000-8000-0000000000{number:02d}" for number, name in enumerate(_NAMES)}
_HELD = """
INSERT INTO jobs (id, kind, arguments, status, created_by, authorship, created_at, finished_at)
VALUES (:job, 'run', '{}', 'succeeded', 'bilim-local#analyst', '{}', now(), now());
INSERT INTO methodologies (id, code, edition, status, title, organisation_types, document, digest, basis, agreed_at,
                           version, created_at, updated_at)
VALUES (:methodology, 'r', 1, 'agreed', '{"kk": "Р", "ru": "Р"}', '["school"]', '{}', 'sha256:m', '', now(), 1, now(),
        now());
INSERT INTO snapshots (digest, period, as_of, organisations, content, created_at)
VALUES ('sha256:s', '2025-2026', '2026-11-01', 0, '', now());
INSERT INTO runs (id, methodology_id, methodology_digest, period, as_of, status, job_id, snapshot_digest,
                  result_digest, engine_version, organisations, rated, not_rated, finished_at, version, created_at,
                  updated_at)
SELECT run::uuid, :methodology, 'sha256:m', '2025-2026', '2026-11-01', 'succeeded', :job, 'sha256:s', 'sha256:r', '1',
    0, 0, '{}', now(), 1, now(), now()
FROM unnest(ARRAY[:old, :new, :idle]) AS run;
INSERT INTO runs (id, methodology_id, methodology_digest, period, as_of, status, job_id, not_rated, version,
                  created_at, updated_at)
VALUES (:failed, :methodology, 'sha256:m', '2025-2026', '2026-11-01', 'failed', :job, '{}', 1, now(), now());
INSERT INTO publications (id, code, edition, title, note, status, period, as_of, published_at, superseded_by, run_id,
                          methodology_id, methodology_digest, snapshot_digest, result_digest, organisations, rated,
                          version, created_at, updated_at)
VALUES (:first, 'r', 1, '{"kk": "Р", "ru": "Р"}', 'null', 'superseded', '2025-2026', '2026-11-01', '2026-01-01Z',
        :second, :old, :methodology, 'sha256:m', 'sha256:s', 'sha256:r', 0, 0, 2, now(), '2026-02-01Z'),
       (:second, 'r', 2, '{"kk": "Р", "ru": "Р"}', 'null', 'current', '2025-2026', '2026-11-01', '2026-02-01Z',
        NULL, :new, :methodology, 'sha256:m', 'sha256:s', 'sha256:r', 0, 0, 1, now(), '2026-02-01Z');
"""


async def test_what_was_published_is_published_after_the_upgrade_and_stands(databases: Databases) -> None:
    held = _HELD
    for name in sorted(_IDS, key=len, reverse=True):
        held = held.replace(f":{name}", f"'{_IDS[name]}'")
    async with databases.empty() as url:
        await upgrade(url, "rating_engine", to=_BEFORE)
        connection = await asyncpg.connect(driver_url(url))
        try:
            await connection.execute(held)
            await upgrade(url, "rating_engine")
            runs = await connection.fetch("SELECT stage, requested_by FROM runs ORDER BY id")
            steps = await connection.fetch(
                "SELECT action FROM run_steps WHERE run_id = $1 ORDER BY number", _IDS["old"]
            )
            editions = await connection.fetch(
                "SELECT note, superseded_at = updated_at AS ended FROM publications ORDER BY id"
            )
            with pytest.raises(asyncpg.CheckViolationError):
                await connection.execute("UPDATE publications SET period = '2024' WHERE id = $1", _IDS["second"])
        finally:
            await connection.close()

    assert [row["stage"] for row in runs] == ["superseded", "published", "computed", "draft"]
    assert runs[0]["requested_by"] == "bilim-local#analyst"
    assert [row["action"] for row in steps] == ["compute", "publish", "supersede"]
    assert [(row["note"], row["ended"]) for row in editions] == [(None, True), (None, None)]
