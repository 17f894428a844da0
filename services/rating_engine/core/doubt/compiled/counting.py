"""What is counted of the places of replicates."""

# mypy: disable-error-code="misc, no-untyped-call, untyped-decorator"

import numpy as np

from services.rating_engine.core.doubt.compiled.compiler import Array, compiled

_COLUMNS, _CHUNK = 32, 64
"""Units and replicates whose places are turned around at a time."""
_BUCKETS = 512
"""Into which the places of a unit are dealt."""
_CROWD = 32
"""More places than this in one bucket are sorted."""


@compiled
def tally(placed: Array, official: Array, bounds: Array, within: Array) -> int:
    """Add to `within[b, unit]` whether the place is at most `bounds[b]`; the sum of |place - official place|."""
    shift = np.int64(0)
    for r in range(len(placed)):
        for u in range(placed.shape[1]):
            shift += abs(placed[r, u] - official[u])
        for b in range(len(bounds)):
            bound = bounds[b]
            for u in range(placed.shape[1]):
                within[b, u] += placed[r, u] <= bound
    return int(shift)


@compiled
def reach(scored: Array, cuts: Array, within: Array) -> None:
    """Add to `within[b, unit]` whether the score is at least `cuts[b]`."""
    for r in range(len(scored)):
        for b in range(len(cuts)):
            cut = cuts[b]
            for u in range(scored.shape[1]):
                within[b, u] += scored[r, u] >= cut


@compiled
def keep(placed: Array, kept: Array) -> None:
    """Places into their rows of two bytes each."""
    for r in range(len(placed)):
        for u in range(placed.shape[1]):
            kept[r, u] = placed[r, u]


@compiled
def note(placed: Array, official: Array, bin_of: Array, noted: Array) -> None:
    """The bin of the distance of each place from the official one."""
    middle = len(bin_of) // 2
    for r in range(len(placed)):
        for u in range(placed.shape[1]):
            noted[r, u] = bin_of[middle + placed[r, u] - official[u]]


@compiled
def count(noted: Array, bins: Array) -> None:
    """Add each unit's noted bins to its counts."""
    units = noted.shape[1]
    for begin in range(0, units, _COLUMNS):
        for u in range(begin, min(begin + _COLUMNS, units)):
            for r in range(len(noted)):
                bins[u, noted[r, u]] += np.uint16(1)


@compiled
def quantiles(kept: Array, positions: Array, low: int, high: int, out: Array) -> None:
    """The values at the ascending `positions` of the ascending places of the units `low` to `high`.

    Places are dealt into buckets over their range, and where a bucket holds several values looked for within it: the
    work does not grow with the range.
    """
    replicates = len(kept)
    part = np.empty((_COLUMNS, replicates), dtype=np.uint16)
    ordered = np.empty(replicates, dtype=np.uint16)
    start = np.empty(_BUCKETS + 1, dtype=np.int32)
    for begin in range(low, high, _COLUMNS):
        size = min(_COLUMNS, high - begin)
        for top in range(0, replicates, _CHUNK):
            for u in range(size):
                for r in range(top, min(top + _CHUNK, replicates)):
                    part[u, r] = kept[r, begin + u]
        for u in range(size):
            least, most = part[u, 0], part[u, 0]
            for r in range(replicates):
                least = min(least, part[u, r])
                most = max(most, part[u, r])
            shift = np.uint16(0)
            while (most - least) >> shift >= _BUCKETS:
                shift += np.uint16(1)
            start[:] = 0
            for r in range(replicates):
                start[(part[u, r] - least) >> shift] += 1
            running = 0
            for b in range(_BUCKETS):
                running += start[b]
                start[b] = running
            start[_BUCKETS] = replicates
            b = 0
            if shift == 0:
                for wanted in range(len(positions)):
                    while start[b] <= positions[wanted]:
                        b += 1
                    out[wanted, begin + u] = least + b
                continue
            for r in range(replicates):
                key = (part[u, r] - least) >> shift
                start[key] -= 1
                ordered[start[key]] = part[u, r]
            for wanted in range(len(positions)):
                while start[b + 1] <= positions[wanted]:
                    b += 1
                out[wanted, begin + u] = _at(ordered[start[b] : start[b + 1]], positions[wanted] - start[b])


@compiled
def _at(values: Array, position: int) -> int:
    """The value at the position of the ascending order."""
    if len(values) > _CROWD:
        return int(np.sort(values)[position])
    for one in values:
        before, same = 0, 0
        for other in values:
            before += other < one
            same += other == one
        if before <= position < before + same:
            return int(one)
    return 0
