"""Child processes that never outlive us."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def dies_with_parent(how: signal.Signals, *, of: int | None = None) -> Callable[[], None]:
    """What a child calls so that the kernel signals it when its parent (this process, or `of`) dies, even by kill -9.

    Linux only. Elsewhere the next start finds what was left over by its pid file or its port.
    """
    if not sys.platform.startswith("linux"):
        return _nothing
    # Loaded here, before the fork: after it only the call itself is safe.
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid() if of is None else of

    def bind() -> None:
        prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), how)

    return bind


def _nothing() -> None:
    return


def last_lines(path: Path, count: int = 20) -> str:
    """The end of a log, for a message to the terminal."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 64 * 1024))
            lines = file.read().decode(errors="replace").splitlines()
    except FileNotFoundError:
        return f"({path} is empty)"
    return "\n".join(f"  {line}" for line in lines[-count:])
