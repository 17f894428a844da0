"""The loops of thousands of replicates: compiled where that is possible, in plain numpy to the same byte elsewhere."""

import logging
import threading
from types import ModuleType

import numpy as np

from services.rating_engine.core.doubt import plain

_log = logging.getLogger(__name__)
_once = threading.Lock()
_begun = threading.Lock()
"""Taken for good by the first who starts the compiler beside the work."""
_ready: dict[str, ModuleType] = {}
_WORTH_COMPILING = 5_000_000
_WORTH_WAITING = 1_000_000_000


def _compiled() -> ModuleType:
    """Imported here, for it takes seconds."""
    from services.rating_engine.core.doubt import compiled

    _exercise(compiled)
    return compiled


def warm() -> ModuleType:
    """Load or compile everything, so that nobody waits for it; to be called in a thread when a process starts."""
    with _once:
        if "loops" not in _ready:
            try:
                _ready["loops"] = _compiled()
            except Exception:  # whatever keeps a compiler from working, the answer is the same
                _log.warning("rating.kernel_not_compiled", exc_info=True)
                _ready["loops"] = plain
        return _ready["loops"]


def loops(size: int) -> ModuleType:
    """The compiled loops, or those of `plain` while they are not ready: the bytes are the same.

    `size` is units times weights times replicates. Little work begins nothing; more starts the compiler in a thread of
    its own and goes on without; work that would take longer than compiling waits for it.
    """
    if "loops" in _ready:
        return _ready["loops"]
    if size > _WORTH_WAITING:
        return warm()
    if size > _WORTH_COMPILING and _begun.acquire(blocking=False):
        threading.Thread(target=warm, name="rating-kernel", daemon=True).start()
    return plain


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
    module.note(placed, official, np.zeros(7, dtype=np.uint16), kept)
    module.count(np.zeros((1, 3), dtype=np.uint16), np.zeros((3, 1), dtype=np.uint16))
    module.quantiles(kept, np.zeros(1, dtype=np.int64), 0, 3, np.empty((1, 3), dtype=np.int32))
