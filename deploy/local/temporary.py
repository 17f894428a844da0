"""A cluster that exists for a moment: for tests, and for tools that need a server to try something on."""

import contextlib
import os
import secrets
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.locks import try_lock
from deploy.local.postgres import Cluster, open_cluster

_MEMORY = Path("/dev/shm")  # noqa: S108 - each cluster makes a private folder in it
_PREFIX = "bilim-temporary-"
_LOCK = "in-use"
_ROOM_BYTES = 2 * 1024**3


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that any user may enter (as root, PostgreSQL runs as another), gone afterwards.

    In memory where there is room: a new database is some five hundred files, and a disk may take half a second
    to make them where memory takes 40 ms. A crash of a process loses no more there than on a disk.
    """
    parent = _MEMORY if _roomy(_MEMORY) else Path(tempfile.gettempdir())
    _remove_abandoned(parent)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    folder.chmod(0o755)
    held = try_lock(folder / _LOCK)
    assert held is not None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        held.close()


@contextmanager
def temporary_cluster() -> Iterator[Cluster]:
    """A running cluster in a folder of its own, with the settings every other one has; gone afterwards."""
    with temporary_folder() as folder:
        cluster = open_cluster(
            folder / "postgres",
            password=secrets.token_urlsafe(16),
            log=folder / "postgres.log",
            environment=os.environ,
        )
        cluster.initialise()
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop(signal.SIGQUIT)


def _remove_abandoned(parent: Path) -> None:
    """What a killed test run left behind would otherwise take up memory until the machine is restarted."""
    for lock in parent.glob(f"{_PREFIX}*/{_LOCK}"):
        with contextlib.suppress(OSError):
            if held := try_lock(lock):
                shutil.rmtree(lock.parent, ignore_errors=True)
                held.close()


def _roomy(folder: Path) -> bool:
    try:
        space = os.statvfs(folder)
    except OSError:
        return False
    return os.access(folder, os.W_OK) and space.f_bavail * space.f_frsize >= _ROOM_BYTES
