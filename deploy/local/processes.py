"""One service process: started, watched, started again when it falls, stopped in peace."""

import contextlib
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.children import dies_with_parent
from deploy.local.home import PROJECT

_READY_SECONDS = 5.0
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_STEADY_SECONDS = 60.0


@dataclass
class Backoff:
    """How long to wait before the next start: doubled by each fall, forgotten after a steady minute."""

    pause: float = 0.0
    started: float = 0.0

    def note_start(self, now: float) -> None:
        self.started = now

    def after_fall(self, now: float) -> float:
        if now - self.started > _STEADY_SECONDS:
            self.pause = 0.0
        waited, self.pause = self.pause, min(max(self.pause * 2, _FIRST_PAUSE), _LONGEST_PAUSE)
        return waited


@dataclass
class ServiceProcess:
    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    address: str
    backoff: Backoff = field(default_factory=Backoff)
    start_again_at: float | None = None
    """Set while it lies fallen and waits for its next start."""
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        self.start_again_at = None
        self.backoff.note_start(time.monotonic())
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                cwd=PROJECT,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # A session of its own: Ctrl-C at the terminal reaches the supervisor alone, which keeps the order.
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGKILL),
            )

    def fallen(self) -> str | None:
        """How it ended, once it has; None while it runs or already waits for its next start."""
        if self._process is None or (code := self._process.poll()) is None:
            return None
        self._sweep()
        self._process = None
        return f"ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=_READY_SECONDS) as answer:  # noqa: S310 - http
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError, ValueError):
            return False

    def ask_to_stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def stop(self, patience: float) -> None:
        """Wait for a service that was asked to stop; end it by force when it does not."""
        if self._process is None:
            return
        try:
            self._process.wait(max(patience, 0.0))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._sweep()
        self._process = None

    def _sweep(self) -> None:
        """End what the service itself had started and left behind."""
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
