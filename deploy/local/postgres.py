"""One PostgreSQL cluster of our own: made once, started as our child, stopped cleanly."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from deploy.local import binaries, ports
from deploy.local.account import Account, account_for
from deploy.local.children import dies_with_parent, last_lines
from deploy.local.failure import StartFailure

SUPERUSER = "postgres"
MAJOR = "18"
_START_SECONDS = 60.0
_STOP_SECONDS = 60.0
_POLL_SECONDS = 0.02
_LONGEST_SOCKET_PATH = 100

_LOCALE = (
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=PG_UNICODE_FAST",
    "--locale=C",
    # With the plain C ctype pg_trgm finds no letter in Cyrillic text and every similarity is 0.
    "--lc-ctype=C.UTF-8",
)
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    # Containers often have a /dev/shm of 64 MB; and what lies in the data folder goes with it.
    "dynamic_shared_memory_type": "mmap",
    "jit": "off",
    # After a bulk load the planner knows the new sizes within seconds, not within a minute.
    "autovacuum_naptime": "5s",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # DETAIL and the statement quote rows, and rows hold personal data.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    # The defaults, said aloud: what was acknowledged is on the disk.
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
}


@dataclass
class Cluster:
    """A cluster in `root/data`. Whoever uses it holds the lock of its home: it never fights a second starter."""

    root: Path
    password: str
    """Of the superuser; set by initdb and asked for ever after."""
    log: Path
    bindir: Path
    account: Account
    port: int = 0
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def process(self) -> subprocess.Popen[bytes] | None:
        return self._process

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def url(self, database: str, user: str = SUPERUSER, password: str | None = None) -> str:
        secret = quote(self.password if password is None else password, safe="")
        return f"postgresql+asyncpg://{user}:{secret}@127.0.0.1:{self.port}/{database}"

    def initialise(self) -> bool:
        """Make the cluster unless it is there; True when it was made. A broken-off attempt leaves nothing behind."""
        if self.data.exists():
            version = (self.data / "PG_VERSION").read_text().strip() if self._readable_version() else "unknown"
            if version != MAJOR:
                raise StartFailure(f"{self.data} holds a PostgreSQL {version} cluster; this Bilim runs {MAJOR}.")
            return False
        for abandoned in self.root.glob("data.new*"):
            shutil.rmtree(abandoned, ignore_errors=True)
        unfinished = self.root / f"data.new.{os.getpid()}"
        secret = self.root / "superuser-password"
        secret.unlink(missing_ok=True)
        with open(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(self.password)
        self.account.own(secret)
        try:
            made = subprocess.run(
                [
                    *self.account.prefix,
                    str(self.bindir / "initdb"),
                    f"--pgdata={unfinished}",
                    f"--username={SUPERUSER}",
                    f"--pwfile={secret}",
                    "--auth=scram-sha-256",
                    *_LOCALE,
                ],
                cwd="/",
                env=_plain_environment(),
                capture_output=True,
                text=True,
                check=False,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGKILL),
                **self.account.credentials,
            )
        finally:
            secret.unlink()
        if made.returncode != 0:
            raise StartFailure(f"PostgreSQL's initdb failed:\n{made.stderr.strip()}")
        unfinished.rename(self.data)
        _sync_folder(self.root)
        return True

    def _readable_version(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def start(self) -> None:
        """Start the server and return when it takes connections; recovers by itself after a crash.

        Call it from the main thread: the kernel ends a child bound to its parent when the *thread* that made it ends.
        """
        self._clear_predecessor()
        self.port = self.port or ports.free()
        deadline = time.monotonic() + _START_SECONDS
        while True:
            mark = self.log.stat().st_size if self.log.exists() else 0
            self._process = self._spawn()
            while self._process.poll() is None:
                if self._accepts_connections():
                    return
                if time.monotonic() > deadline:
                    self.stop()
                    raise StartFailure(f"PostgreSQL did not start in {_START_SECONDS:.0f} s:\n{last_lines(self.log)}")
                time.sleep(_POLL_SECONDS)
            with self.log.open("rb") as file:
                file.seek(mark)
                said = file.read()
            # Backends of a killed postmaster need a moment to notice that it is gone.
            passing = b"pre-existing shared memory block" in said or b"postmaster.pid" in said
            if not passing or time.monotonic() > deadline:
                raise StartFailure(f"PostgreSQL ended while starting:\n{last_lines(self.log)}")
            time.sleep(0.2)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Fast shutdown: sessions are ended, what was acknowledged is checkpointed. SIGQUIT is the crash stop."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(how)
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.send_signal(signal.SIGQUIT)
                self._process.wait()
        self._process = None

    def _spawn(self) -> subprocess.Popen[bytes]:
        sockets = self.root / "sockets"
        sockets.mkdir(mode=0o700, exist_ok=True)
        self.account.own(sockets)
        roomy = len(f"{sockets}/.s.PGSQL.{self.port}") <= _LONGEST_SOCKET_PATH
        settings = {
            **_SETTINGS,
            "port": str(self.port),
            "unix_socket_directories": str(sockets) if roomy else "",
        }
        command = [str(self.bindir / "postgres"), "-D", str(self.data)]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command,
                cwd="/",
                env=_plain_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGINT),
                **self.account.credentials,
            )

    def _accepts_connections(self) -> bool:
        """The postmaster writes its state into the eighth line of its pid file (pg_ctl waits for the same line)."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        ours = self._process is not None and lines[:1] == [str(self._process.pid)]
        return ours and len(lines) >= 8 and lines[7].strip() == "ready"

    def _clear_predecessor(self) -> None:
        """End a server left over from a killed starter, and drop a pid file whose number now belongs to another."""
        pidfile = self.data / "postmaster.pid"
        deadline = time.monotonic() + _STOP_SECONDS
        asked = False
        while True:
            try:
                pid = int(pidfile.read_text().splitlines()[0])
            except (OSError, IndexError, ValueError):
                return
            if str(self.data) not in _command_line(pid):
                pidfile.unlink(missing_ok=True)
                return
            if not asked:
                os.kill(pid, signal.SIGINT)
                asked = True
            elif time.monotonic() > deadline:
                raise StartFailure(f"PostgreSQL process {pid} still uses {self.data} and does not stop; end it first.")
            time.sleep(_POLL_SECONDS)


def open_cluster(root: Path, *, password: str, log: Path, environment: Mapping[str, str]) -> Cluster:
    """A cluster ready to start in `root`, with an account and programs that can reach it."""
    root.mkdir(parents=True, exist_ok=True)
    account = account_for(root / "data")
    account.own(root)
    root.chmod(0o700)
    if not account.can_enter(root):
        raise StartFailure(f"{root} cannot be entered by user {account.uid}, which PostgreSQL runs as.")
    bindir = binaries.reachable(binaries.find(environment), account, root)
    return Cluster(root=root, password=password, log=log, bindir=bindir, account=account)


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        if Path("/proc/self").exists():
            return ""
    return subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False).stdout


def _plain_environment() -> dict[str, str]:
    """PostgreSQL reads PG* and locale variables; none of the caller's may change what it does."""
    kept = ("PATH", "TMPDIR", "LD_LIBRARY_PATH")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
