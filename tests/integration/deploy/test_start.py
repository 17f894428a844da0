"""The whole local start, as `make run` does it: from an empty folder to `ready`, through crashes, to a clean end."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from deploy.local import ports
from deploy.local.home import PROJECT
from deploy.local.services import SERVICES

_PATIENCE_SECONDS = 120.0


class Start:
    """One run of the supervisor, read line by line."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.lines: list[str] = []
        self._began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "deploy.local", "run"],
            cwd=PROJECT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def wait_for(self, line: str) -> float:
        """Read until a line matches; the seconds since the start."""
        assert self.process.stdout is not None
        while text := self.process.stdout.readline():
            self.lines.append(text.rstrip())
            if re.search(line, text):
                return time.monotonic() - self._began
        raise AssertionError("\n".join([*self.lines, f"ended with code {self.process.wait()}"]))

    def end(self, how: signal.Signals) -> int:
        """Signal it and read to the end; its exit code."""
        self.process.send_signal(how)
        rest, _ = self.process.communicate(timeout=_PATIENCE_SECONDS)
        self.lines += rest.splitlines()
        return self.process.returncode


@pytest.fixture
def environment(folder: Path) -> dict[str, str]:
    chosen = {service.port_variable: str(ports.free()) for service in SERVICES}
    own = {name: value for name, value in os.environ.items() if not name.endswith("_DATABASE_URL")}
    return own | chosen | {"BILIM_HOME": str(folder), "BILIM_DEMO": "none"}


@pytest.fixture
def started(environment: dict[str, str]) -> Iterator[list[Start]]:
    """Every start of a test, ended with it."""
    starts: list[Start] = []
    yield starts
    for start in starts:
        if start.process.poll() is None:
            start.end(signal.SIGTERM)
        if start.process.stdout:
            start.process.stdout.close()


def _status(environment: dict[str, str], service: str) -> int | None:
    port = environment[f"BILIM_{service.upper()}_PORT"]
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return None


def _wait_until_ready(environment: dict[str, str]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while {_status(environment, service.name) for service in SERVICES} != {200}:
        assert time.monotonic() < deadline
        time.sleep(0.1)


async def _as_training(folder: Path, statement: str) -> object:
    """Run a statement as training_api's role, at the port the server has now."""
    port = int((folder / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[3])
    password = json.loads((folder / "secrets.json").read_text())["training"]
    connection = await asyncpg.connect(
        host="127.0.0.1", port=port, user="bilim_training", database="bilim_training", password=password
    )
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def _service_process(environment: dict[str, str], package: str) -> int:
    """The process that serves a package from this home."""
    for entry in Path("/proc").iterdir():
        try:
            command = (entry / "cmdline").read_bytes().decode().split("\0")
        except (OSError, UnicodeDecodeError):
            continue
        if f"services.{package}.app:create_app" in command and environment["BILIM_TRAINING_PORT"] in command:
            return int(entry.name)
    raise AssertionError(f"{package} does not run")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds its processes in /proc")
async def test_a_start_survives_the_death_of_any_part_and_the_next_one_finds_its_data(
    environment: dict[str, str], started: list[Start], folder: Path
) -> None:
    first = Start(environment)
    started.append(first)
    first.wait_for("^ready$")
    await _as_training(folder, "CREATE TABLE kept AS SELECT 42 AS answer")

    joining = Start(environment)
    started.append(joining)
    joining.wait_for("^ready$")
    assert joining.process.wait() == 0
    assert any("already runs" in line for line in joining.lines)

    os.kill(_service_process(environment, "training_api"), signal.SIGKILL)
    first.wait_for("training_api ended by SIGKILL; starting it again")
    _wait_until_ready(environment)

    os.kill(int((folder / "postgres" / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    first.wait_for("PostgreSQL runs again")
    _wait_until_ready(environment)
    assert await _as_training(folder, "SELECT answer FROM kept") == 42

    first.process.kill()
    second = Start(environment)
    started.append(second)
    assert second.wait_for("^ready$") < 10 * _slowness()
    assert await _as_training(folder, "SELECT answer FROM kept") == 42

    assert second.end(signal.SIGINT) == 0
    assert second.lines[-1] == "Stopped."
    assert all(ports.is_free(int(environment[service.port_variable])) for service in SERVICES)
    assert not (folder / "postgres" / "data" / "postmaster.pid").exists()


async def test_with_databases_of_its_own_given_nothing_is_embedded(
    environment: dict[str, str],
    started: list[Start],
    folder: Path,
    registry_database: str,
    training_database: str,
    rating_database: str,
) -> None:
    given = {
        "REGISTRY_DATABASE_URL": registry_database,
        "TRAINING_DATABASE_URL": training_database,
        "RATING_DATABASE_URL": rating_database,
    }
    start = Start(environment | given)
    started.append(start)

    start.wait_for("^ready$")

    _wait_until_ready(environment)
    assert not (folder / "postgres").exists()
    assert start.end(signal.SIGTERM) == 0


def _slowness() -> float:
    """How much slower than one of our own the machine is at the moment: tests share it with others."""
    return max(1.0, 2 * os.getloadavg()[0] / (os.cpu_count() or 1))


def test_a_taken_port_ends_the_start_before_anything_else_is_touched(
    environment: dict[str, str], started: list[Start], folder: Path
) -> None:
    with socket.create_server(("127.0.0.1", int(environment["BILIM_RATING_PORT"]))):
        start = Start(environment)
        started.append(start)
        start.wait_for(rf"Port {environment['BILIM_RATING_PORT']} for rating_engine is taken")
        start.wait_for("BILIM_RATING_PORT=")

    assert start.process.wait() == 1
    assert not (folder / "postgres").exists()


def test_an_unknown_demo_is_refused_with_the_choices(environment: dict[str, str], started: list[Start]) -> None:
    start = Start(environment | {"BILIM_DEMO": "galaxy"})
    started.append(start)

    start.wait_for("BILIM_DEMO=galaxy is unknown; choose region, national, none")

    assert start.process.wait() == 1
