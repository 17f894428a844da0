"""Locks on files: the kernel lets go of them whatever way their holder dies."""

import fcntl
from pathlib import Path
from typing import IO


def try_lock(path: Path) -> IO[str] | None:
    """The open file while it is ours alone (close it to let go), or None when another process holds it.

    Children do not inherit it, so what a killed holder leaves running does not keep it.
    """
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file
