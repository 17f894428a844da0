"""The folder of a local start (`BILIM_HOME`): its data, logs, secrets, and the lock that gives it one master."""

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from deploy.local.account import Account, account_for
from deploy.local.failure import StartFailure
from deploy.local.locks import try_lock

PROJECT = Path(__file__).resolve().parents[2]
_ELSEWHERE = Path("/var/lib")
_LARGEST_LOG = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Secrets:
    """Made at the first start and kept: whoever can read the file can do everything in this local installation."""

    postgres: str
    registry: str
    training: str
    rating: str
    cursor: str
    """Signs the cursors of pages, so that one handed out before a restart is still good after it."""


@dataclass(frozen=True, slots=True)
class Home:
    root: Path

    @property
    def secrets_file(self) -> Path:
        return self.root / "secrets.json"

    @property
    def key_file(self) -> Path:
        return self.root / "local-key.pem"

    @property
    def state_file(self) -> Path:
        return self.root / "running.json"

    def log(self, name: str) -> Path:
        """A log that is appended to, after the last one was put aside when it had grown large."""
        path = self.root / "logs" / f"{name}.log"
        if path.exists() and path.stat().st_size > _LARGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        return path

    def secrets(self) -> Secrets:
        try:
            return Secrets(**json.loads(self.secrets_file.read_text()))
        except FileNotFoundError:
            if (self.cluster_root() / "data").exists():
                raise StartFailure(
                    f"{self.secrets_file} is gone, but it holds the passwords of the data in {self.cluster_root()}.\n"
                    f"Put it back, or start anew with another BILIM_HOME."
                ) from None
        made = Secrets(**{name: secrets.token_urlsafe(24) for name in Secrets.__dataclass_fields__})
        write_privately(self.secrets_file, json.dumps(asdict(made), indent=2))
        return made

    def cluster_root(self) -> Path:
        """Where the cluster lives: in this home, or outside where PostgreSQL's account cannot come in.

        Only as root: a home below a private folder such as /root is closed to every other account, and
        PostgreSQL does not run as root. Opening /root to all would be worse than a second place.
        """
        inside = self.root / "postgres"
        account = account_for(inside / "data")
        if not account.switched or _enterable(self.root, account):
            return inside
        digest = hashlib.sha256(str(self.root).encode()).hexdigest()[:12]
        return _ELSEWHERE / f"bilim-{digest}"


def _enterable(root: Path, account: Account) -> bool:
    if account.can_enter(root):
        return True
    if account.can_enter(root.parent):
        root.chmod(0o711)
        return account.can_enter(root)
    return False


def open_home(environment: Mapping[str, str]) -> Home:
    root = Path(environment.get("BILIM_HOME") or PROJECT / ".bilim").expanduser().absolute()
    home = Home(root)
    try:
        root.mkdir(mode=0o755, parents=True, exist_ok=True)
        (root / "logs").mkdir(mode=0o700, exist_ok=True)
        if not os.access(root, os.W_OK | os.X_OK) or not os.access(root / "logs", os.W_OK | os.X_OK):
            raise PermissionError
    except OSError as error:
        raise StartFailure(
            f"The data folder {root} cannot be written by this user ({error.strerror or 'permission denied'}).\n"
            f"It may belong to another user's start; choose another with BILIM_HOME=/some/folder"
        ) from error
    return home


class Lock:
    """Held from the first step of a start to its end."""

    def __init__(self, home: Home) -> None:
        self._path = home.root / "lock"
        self._file: IO[str] | None = None

    def acquire(self) -> bool:
        try:
            file = try_lock(self._path)
        except PermissionError as error:
            raise StartFailure(f"{self._path} belongs to another user; choose another BILIM_HOME.") from error
        if file is None:
            return False
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file
        return True

    def holder(self) -> str:
        """The process number of whoever holds it, for a message."""
        try:
            return self._path.read_text().strip() or "unknown"
        except OSError:
            return "unknown"

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def write_privately(path: Path, text: str) -> None:
    """Write a file only its owner can read, whole or not at all."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def read_state(home: Home) -> dict[str, Any]:
    """What the present master says about itself; empty when it says nothing."""
    try:
        state = json.loads(home.state_file.read_text())
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}
