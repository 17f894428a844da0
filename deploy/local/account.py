"""The account PostgreSQL runs as: never root, and able to reach what it is given."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

_FALLBACK_NOBODY = 65534


class Credentials(TypedDict, total=False):
    """The part of `subprocess.Popen`'s arguments that changes the user."""

    user: int
    group: int
    extra_groups: Sequence[int]


@dataclass(frozen=True, slots=True)
class Account:
    """A user PostgreSQL runs as; PostgreSQL refuses to run as root."""

    uid: int
    gid: int
    switched: bool
    """True when we are root and children have to change to this account."""

    @property
    def credentials(self) -> Credentials:
        if not self.switched:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": ()}

    def own(self, path: Path) -> None:
        if self.switched:
            os.chown(path, self.uid, self.gid)

    def can_enter(self, path: Path) -> bool:
        """Whether the account may enter this folder, asked of the kernel and so true with ACLs as well."""
        return self._asks(["/bin/sh", "-c", 'cd "$1"', "sh", str(path)])

    def can_run(self, program: Path) -> bool:
        return self._asks([str(program), "--version"])

    def _asks(self, command: Sequence[str]) -> bool:
        try:
            answer = subprocess.run(command, cwd="/", capture_output=True, check=False, **self.credentials)
        except PermissionError:
            return False
        return answer.returncode == 0

    @property
    def prefix(self) -> list[str]:
        """What initdb is started through: it insists on a passwd entry, which `docker run --user 1234` lacks."""
        try:
            pwd.getpwuid(self.uid)
        except KeyError:
            unshare = shutil.which("unshare")
            return [unshare, "--user", f"--map-user={_nobody().pw_uid}"] if unshare else []
        return []


def _nobody() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        return pwd.getpwuid(_FALLBACK_NOBODY)


def account_for(data: Path) -> Account:
    """The present user, or as root the owner of the existing data, or `nobody` for new data."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switched=False)
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid, switched=True)
    try:
        nobody = _nobody()
    except KeyError:
        return Account(_FALLBACK_NOBODY, _FALLBACK_NOBODY, switched=True)
    return Account(nobody.pw_uid, nobody.pw_gid, switched=True)
