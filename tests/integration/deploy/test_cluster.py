"""The embedded PostgreSQL: made once, started again after anything, never as root."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import pytest

from deploy.local.failure import StartFailure
from deploy.local.postgres import Cluster, open_cluster
from tests.support.cluster import driver_url


async def _query(cluster: Cluster, statement: str) -> object:
    connection = await asyncpg.connect(driver_url(cluster.url("postgres")))
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_a_cluster_is_made_once_and_keeps_its_rows_over_a_stop(cluster: Cluster) -> None:
    assert cluster.initialise() is True
    cluster.start()
    await _query(cluster, "CREATE TABLE kept AS SELECT 42 AS answer")

    cluster.stop()
    assert cluster.initialise() is False
    cluster.start()

    assert await _query(cluster, "SELECT answer FROM kept") == 42


async def test_the_server_keeps_what_it_acknowledges_and_knows_kazakh_letters(cluster: Cluster) -> None:
    cluster.initialise()
    cluster.start()

    for setting in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
        assert await _query(cluster, f"SHOW {setting}") == "on"
    assert await _query(cluster, "SELECT upper('әғқңөұүһі')") == "ӘҒҚҢӨҰҮҺІ"
    assert await _query(cluster, "SELECT datlocprovider::text FROM pg_database WHERE datname = 'template0'") == "b"


def test_an_attempt_that_was_cut_off_leaves_nothing_in_the_way(cluster: Cluster) -> None:
    (cluster.root / "data.new.1").mkdir()
    (cluster.root / "data.new.1" / "PG_VERSION").write_text("18")

    assert cluster.initialise() is True

    assert sorted(path.name for path in cluster.root.glob("data*")) == ["data"]
    assert not (cluster.root / "superuser-password").exists()


def test_data_of_another_version_is_refused_by_name(cluster: Cluster) -> None:
    cluster.data.mkdir()
    (cluster.data / "PG_VERSION").write_text("15\n")

    with pytest.raises(StartFailure, match="PostgreSQL 15"):
        cluster.initialise()


async def test_no_acknowledged_row_is_lost_when_the_postmaster_is_killed(cluster: Cluster) -> None:
    cluster.initialise()
    cluster.start()
    await _query(cluster, "CREATE TABLE written (number int PRIMARY KEY)")
    acknowledged = -1
    connection = await asyncpg.connect(driver_url(cluster.url("postgres")))
    assert cluster.process is not None

    for number in range(100):
        await connection.execute("INSERT INTO written VALUES ($1)", number)
        acknowledged = number
    os.kill(cluster.process.pid, signal.SIGKILL)
    cluster.process.wait()
    with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        while True:
            await connection.execute("INSERT INTO written VALUES ($1)", acknowledged + 1)
            acknowledged += 1
    connection.terminate()
    assert not cluster.running
    cluster.start()

    assert await _query(cluster, "SELECT count(*) FROM written") == acknowledged + 1


_STARTER = """
import os, sys, time
from pathlib import Path
from deploy.local.postgres import open_cluster
root = Path(sys.argv[1])
cluster = open_cluster(root / "postgres", password="secret", log=root / "postgres.log", environment=os.environ)
cluster.initialise()
cluster.start()
print(cluster.process.pid, flush=True)
time.sleep(600)
"""


def _start_and_kill_the_starter(folder: Path) -> int:
    with subprocess.Popen([sys.executable, "-c", _STARTER, str(folder)], stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        server = int(starter.stdout.readline())
        starter.kill()
    return server


async def test_a_server_does_not_outlive_its_killed_starter_and_its_data_serve_the_next(folder: Path) -> None:
    server = _start_and_kill_the_starter(folder)

    cluster = open_cluster(folder / "postgres", password="secret", log=folder / "postgres.log", environment=os.environ)
    cluster.initialise()
    cluster.start()
    try:
        assert await _query(cluster, "SELECT 1") == 1
        assert not _lives(server)
    finally:
        cluster.stop()


def _lives(pid: int) -> bool:
    """Whether a process that is not our child runs; one that ended may stay listed until its new parent looks."""
    for _ in range(50):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return False
        if state == "Z":
            return False
        time.sleep(0.1)
    return True


def test_a_stale_pid_file_that_names_an_innocent_process_is_no_hindrance(cluster: Cluster) -> None:
    cluster.initialise()
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.data}\n")

    cluster.start()

    assert cluster.running


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has privileges to drop")
def test_started_by_root_the_server_runs_as_another_user_who_owns_only_its_own_folder(
    cluster: Cluster, folder: Path
) -> None:
    cluster.initialise()
    cluster.start()

    assert cluster.process is not None
    assert Path(f"/proc/{cluster.process.pid}").stat().st_uid == cluster.account.uid != 0
    assert cluster.data.stat().st_uid == cluster.account.uid
    assert folder.stat().st_uid == 0
    assert folder.stat().st_mode & 0o777 == 0o755


@pytest.mark.skipif(os.geteuid() != 0, reason="another user always reads his own installation")
def test_started_by_root_from_a_private_installation_the_server_runs_from_a_copy(
    cluster: Cluster, folder: Path, tmp_path: Path
) -> None:
    tmp_path.chmod(0o700)
    package = cluster.bindir.parent.parent
    for part in (package, package.with_name(f"{package.name}.libs")):
        (tmp_path / part.name).symlink_to(part)

    copied = open_cluster(
        folder / "postgres",
        password="secret",
        log=folder / "postgres.log",
        environment={"PG_BINDIR": str(tmp_path / package.name / "pginstall" / "bin")},
    )

    assert copied.bindir.is_relative_to(folder)


def test_programs_that_are_not_there_are_named(folder: Path) -> None:
    with pytest.raises(StartFailure, match=r"PG_BINDIR=.* holds no initdb and no postgres"):
        open_cluster(folder / "postgres", password="", log=folder / "log", environment={"PG_BINDIR": str(folder)})
