"""Ports of this machine: finding a free one, and telling who must move when one is taken."""

import socket
import time

from deploy.local.failure import StartFailure

_LOOPBACK = "127.0.0.1"


def free() -> int:
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int, host: str = _LOOPBACK) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def require_free(port: int, *, variable: str, purpose: str, host: str = _LOOPBACK, patience: float = 3.0) -> None:
    """Refuse when the port stays taken; patient, because what a killed start left behind needs a moment to go."""
    deadline = time.monotonic() + patience
    while not is_free(port, host):
        if time.monotonic() > deadline:
            raise StartFailure(
                f"Port {port} for {purpose} is taken by another program.\n"
                f"Stop that program, or choose another port: {variable}={port + 100} make run"
            )
        time.sleep(0.1)
