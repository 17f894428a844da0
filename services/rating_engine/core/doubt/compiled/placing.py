"""From the scores of replicates to places."""

# mypy: disable-error-code="misc, no-untyped-call, untyped-decorator"

import numpy as np

from services.rating_engine.core.arithmetic import STEPS, TO_INTEGER
from services.rating_engine.core.doubt.compiled.compiler import Array, compiled

_CROWD = 32
"""More units than this in one bucket are sorted."""
_LARGEST = 1.7976931348623157e308
_BEHIND = -2.0
"""Of the greatest score: where those stand who have none."""
_SIGNLESS = 0x7FFFFFFFFFFFFFFF
_INFINITE_BITS = 0x7FF0000000000000


@compiled
def ranks(scored: Array, out: Array) -> None:
    """Places by scores compared at the fraction `STEPS` of the greatest, ties sharing the best; spoils `scored`.

    Scores become whole numbers of steps; those are dealt into buckets by size, in which a unit looks only at its few
    neighbours. A crowded bucket (an outlier, many ties) sends the replicate to a sort.
    """
    units = scored.shape[1]
    buckets = 1024
    while buckets < 2 * units and buckets < 1 << 18:
        buckets *= 2
    steps = np.empty(units, dtype=np.int64)
    as_float = steps.view(np.float64)
    keys = np.empty(units, dtype=np.uint32)
    start = np.empty(buckets + 1, dtype=np.int32)
    # After the last there are four that are behind everybody, so that nobody need ask where the list ends.
    ordered = np.full(units + 4, -(1 << 62), dtype=np.int64)
    seen = np.empty(1, dtype=np.int64)
    for r in range(len(scored)):
        bits = scored[r].view(np.int64)
        most = np.int64(0)
        for u in range(units):
            most = max(most, bits[u] & _SIGNLESS)
        is_whole = most < _INFINITE_BITS
        if not is_whole:
            most = np.int64(0)
            for u in range(units):
                if (bits[u] & _SIGNLESS) >= _INFINITE_BITS:
                    scored[r, u] = -_LARGEST
                else:
                    most = max(most, bits[u] & _SIGNLESS)
        seen[0] = most
        greatest = seen.view(np.float64)[0]
        greatest = greatest if greatest > 1e-300 else 1e-300
        if is_whole:
            for u in range(units):
                as_float[u] = scored[r, u] / greatest * STEPS + TO_INTEGER
        else:
            for u in range(units):
                as_float[u] = max(scored[r, u] / greatest, _BEHIND) * STEPS + TO_INTEGER
        low, high = steps[0], steps[0]
        for u in range(units):
            low = min(low, steps[u])
            high = max(high, steps[u])
        if low == high:
            for u in range(units):
                out[r, u] = 1
            continue
        scale = (buckets - 1) / np.float64(high - low)
        for b in range(buckets + 1):
            start[b] = 0
        for u in range(units):
            keys[u] = np.uint32(np.float64(high - steps[u]) * scale)
        for u in range(units):
            start[keys[u]] += 1
        running, crowd = 0, 0
        for b in range(buckets):
            held = start[b]
            crowd = max(crowd, held)
            running += held
            start[b] = running
        start[buckets] = units
        if crowd > _CROWD:
            ascending = np.sort(steps)
            found = np.searchsorted(ascending, steps, side="right")
            for u in range(units):
                out[r, u] = units - found[u] + 1
            continue
        for u in range(units):
            place = start[keys[u]] - np.int32(1)
            start[keys[u]] = place
            ordered[np.uintp(place)] = steps[u]
        for u in range(units):
            mine = steps[u]
            a = np.uintp(start[keys[u]])
            e = np.uintp(start[keys[u] + np.uint32(1)])
            before = np.int64(a) + (ordered[a] > mine) + (ordered[a + np.uintp(1)] > mine)
            before += np.int64(ordered[a + np.uintp(2)] > mine) + np.int64(ordered[a + np.uintp(3)] > mine)
            for other in range(a + np.uintp(4), e):
                before += ordered[other] > mine
            out[r, u] = before + 1
