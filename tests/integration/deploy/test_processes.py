"""Service processes under supervision: started, fallen, started again, stopped in peace."""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.local import ports
from deploy.local.processes import Backoff, ServiceProcess

_COMMAND = (sys.executable, "-m", "uvicorn", "--factory", "tests.support.tiny:create_app", "--port")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[ServiceProcess]:
    port = ports.free()
    process = ServiceProcess(
        name="tiny",
        command=[*_COMMAND, str(port)],
        environment=os.environ,
        log=tmp_path / "tiny.log",
        address=f"http://127.0.0.1:{port}",
    )
    yield process
    process.stop(patience=0)


def _until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _wait_for_fall(service: ServiceProcess) -> str:
    deadline = time.monotonic() + 20
    while (end := service.fallen()) is None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return end


def _ask(service: ServiceProcess, path: str) -> str:
    with urllib.request.urlopen(service.address + path, timeout=10) as answer:
        return str(answer.read().decode())


def test_a_service_is_ready_once_it_answers_and_writes_to_its_own_log(service: ServiceProcess) -> None:
    assert not service.ready()

    service.start()
    _until(service.ready)

    assert _ask(service, "/") == str(service.pid)
    assert "startup complete" in service.log.read_text()
    assert service.fallen() is None


def test_a_killed_service_is_noticed_once_and_can_be_started_again(service: ServiceProcess) -> None:
    service.start()
    _until(service.ready)
    assert service.pid is not None

    os.kill(service.pid, signal.SIGKILL)
    end = _wait_for_fall(service)

    assert end == "ended by SIGKILL"
    assert service.fallen() is None
    service.start()
    _until(service.ready)


def test_a_service_that_cannot_start_ends_with_its_code_and_its_reason_in_the_log(service: ServiceProcess) -> None:
    service.environment = {**os.environ, "TINY_FAILS": "yes"}

    service.start()
    end = _wait_for_fall(service)

    assert end == "ended with code 1"
    assert "told to fail" in service.log.read_text()


def test_a_request_under_way_is_answered_before_the_service_stops(service: ServiceProcess) -> None:
    service.start()
    _until(service.ready)
    answers: list[str] = []
    caller = threading.Thread(target=lambda: answers.append(_ask(service, "/slow")))
    caller.start()
    time.sleep(0.3)

    service.ask_to_stop()
    service.stop(patience=10)
    caller.join()

    assert len(answers) == 1


_PARENT = """
import os, sys, time
from pathlib import Path
from deploy.local.processes import ServiceProcess
service = ServiceProcess("tiny", sys.argv[3:], os.environ, Path(sys.argv[1]), sys.argv[2])
service.start()
while not service.ready():
    time.sleep(0.05)
print(service.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux binds a child to its parent")
def test_a_service_does_not_outlive_a_killed_supervisor(service: ServiceProcess) -> None:
    arguments = [str(service.log), service.address, *service.command]
    with subprocess.Popen([sys.executable, "-c", _PARENT, *arguments], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline().strip().isdecimal()

        parent.kill()

    _until(lambda: not service.ready())


def test_the_pause_before_a_start_grows_with_each_fall_and_is_forgotten_after_a_steady_minute() -> None:
    backoff = Backoff()
    pauses = []
    now = 1000.0
    for _ in range(9):
        backoff.note_start(now)
        now += 1
        pauses.append(backoff.after_fall(now))

    assert pauses == [0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
    backoff.note_start(now)
    assert backoff.after_fall(now + 61) == 0.0
