"""The loops of thousands of replicates: compiled where that is possible, in plain numpy to the same byte elsewhere."""

import contextlib
import logging
import threading
from functools import cache
from types import ModuleType

import numpy as np

from services.rating_engine.core import plain

_log = logging.getLogger(__name__)
_once = threading.Lock()


@cache
def _warmed() -> ModuleType:
    from services.rating_engine.core import compiled  # noqa: PLC0415 (takes seconds; never while the service starts)

    _exercise(compiled)
    return compiled


def loops() -> ModuleType:
    """The compiled loops, from the disk after the first time; those of `plain` where they cannot be compiled."""
    with _once:
        try:
            return _warmed()
        except Exception:  # noqa: BLE001 (whatever keeps a compiler from working, the answer is the same)
            _log.warning("rating.kernel_not_compiled", exc_info=True)
            return plain


def warm() -> None:
    """Load or compile everything, so that no request waits for it; to be called in a thread when a worker starts."""
    with contextlib.suppress(Exception):
        loops()


def _exercise(module: ModuleType) -> None:
    """One call of each with the types they are used with."""
    rows, weights = np.ones((2, 3)), np.ones((1, 2))
    first, child = np.array([0, 2]), np.array([0, 1])
    nothing = np.zeros((1, 3), dtype=np.uint8)
    flag = np.zeros(1, dtype=np.bool_)
    scored = np.empty((1, 3))
    module.scores(rows, np.zeros(2, dtype=np.bool_), first, child, np.ones((1, 2)), nothing, flag, weights, scored)
    placed = np.empty((1, 3), dtype=np.int32)
    module.ranks(scored, placed)
    within = np.zeros((1, 3), dtype=np.uint16)
    official = np.ones(3, dtype=np.int32)
    module.tally(placed, official, np.ones(1, dtype=np.int32), within)
    module.reach(scored, np.ones(1), within)
    kept = np.empty((1, 3), dtype=np.uint16)
    module.keep(placed, kept)
    module.count(placed, official, np.zeros(7, dtype=np.int32), np.zeros((3, 1), dtype=np.uint16))
    module.quantiles(kept, np.zeros(1, dtype=np.int64), 0, 3, np.empty((1, 3), dtype=np.int32))
