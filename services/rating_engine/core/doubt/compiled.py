"""The loops of thousands of replicates, compiled: imported only by `kernel`, for the compiler takes seconds to load.

Every operation is `+ - * /`, a comparison or a move of bits, in a stated order and without contraction, so these loops,
their twins in `plain`, every machine, block and number of threads give the same bytes.
"""

# mypy: disable-error-code="misc, no-untyped-call, untyped-decorator"

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core.arithmetic import (
    EXPONENTIAL,
    GREATEST_EXPONENT,
    INVERSE_LN2,
    LEAST_EXPONENT,
    LN2_HIGH,
    LN2_LOW,
    LOGARITHM,
    SMALLEST_NORMAL,
    SQRT2,
    STEPS,
    TO_INTEGER,
    TO_INTEGER_BITS,
)

Array = NDArray[Any]

_TILE = 256
"""Units at a time: a tile of every row stays in the nearest memory while the replicates of a batch pass over it."""
_COLUMNS, _CHUNK = 32, 64
"""Units and replicates whose places are turned around at a time."""
_CROWD = 32
"""More units than this in one bucket are sorted."""
_LARGEST = 1.7976931348623157e308
_SIGNLESS = 0x7FFFFFFFFFFFFFFF
_MANTISSA = 0x000FFFFFFFFFFFFF
_ONE_BITS = 0x3FF0000000000000
_INFINITE_BITS = 0x7FF0000000000000
_E, _L = EXPONENTIAL, LOGARITHM


def _compiled(function: Callable[..., Any]) -> Any:
    """Compiled on first use and kept beside the source; in memory only where nothing may be written."""
    try:
        return numba.njit(nogil=True, error_model="numpy", cache=True)(function)
    except RuntimeError:  # no folder for the cache
        return numba.njit(nogil=True, error_model="numpy")(function)


@_compiled
def _exponential(x: Array, spare: Array, count: int) -> None:
    """e^x in place; see `arithmetic.exponential`."""
    bits = spare.view(np.int64)
    for u in range(count):
        held = x[u] if x[u] < GREATEST_EXPONENT else GREATEST_EXPONENT
        held = held if held > LEAST_EXPONENT else LEAST_EXPONENT
        spare[u] = held * INVERSE_LN2 + TO_INTEGER
    for u in range(count):
        held = x[u] if x[u] < GREATEST_EXPONENT else GREATEST_EXPONENT
        held = held if held > LEAST_EXPONENT else LEAST_EXPONENT
        k = spare[u] - TO_INTEGER
        r = (held - k * LN2_HIGH) - k * LN2_LOW
        p = _E[0]
        for term in range(1, 14):
            p = p * r + _E[term]
        p = p if x[u] >= LEAST_EXPONENT else 0.0
        p = p if x[u] <= GREATEST_EXPONENT else np.inf
        x[u] = p if x[u] == x[u] else np.nan
    for u in range(count):
        bits[u] = (bits[u] - TO_INTEGER_BITS + 1023) << 52
    for u in range(count):
        x[u] = x[u] * spare[u]


@_compiled
def _logarithm(x: Array, spare: Array, count: int) -> None:
    """ln x in place; see `arithmetic.logarithm`."""
    seen = x.view(np.int64)
    bits = spare.view(np.int64)
    for u in range(count):
        bits[u] = (seen[u] & _MANTISSA) | _ONE_BITS
    for u in range(count):
        k = np.float64((seen[u] >> 52) - 1023)
        m = spare[u]
        high = m > SQRT2
        k = k + 1.0 if high else k
        m = m * 0.5 if high else m
        s = (m - 1.0) / (m + 1.0)
        z = s * s
        p = _L[0]
        for term in range(1, 12):
            p = p * z + _L[term]
        value = k * LN2_HIGH + (k * LN2_LOW + s * p)
        value = value if x[u] >= SMALLEST_NORMAL else -np.inf
        value = value if x[u] <= _LARGEST else np.inf
        x[u] = value if x[u] == x[u] else np.nan


@_compiled
def _brought(x: Array, spare: Array, count: int, own: float, wanted: float) -> None:
    """From the sum of powers `own` to the power `wanted` of the mean, in place; see `arithmetic.brought`."""
    if own == wanted:
        return
    if own == 0.0:
        if wanted != 1.0:
            for u in range(count):
                x[u] = x[u] * wanted
        _exponential(x, spare, count)
    elif wanted == 0.0:
        _logarithm(x, spare, count)
        if own != 1.0:
            for u in range(count):
                x[u] = x[u] / own
    elif own == -wanted:
        for u in range(count):
            x[u] = 1.0 / x[u]
    else:
        _logarithm(x, spare, count)
        ratio = wanted / own
        for u in range(count):
            x[u] = x[u] * ratio
        _exponential(x, spare, count)


@_compiled
def _add_whole(tile: Array, at: Array, shares: Array, first: int, last: int, node: int, count: int) -> None:
    """Σ w x over children without gaps, in their order."""
    for u in range(count):
        tile[node, u] = 0.0
    slot = first
    while slot + 4 <= last:
        a, b, c, d = at[slot], at[slot + 1], at[slot + 2], at[slot + 3]
        wa, wb, wc, wd = shares[slot], shares[slot + 1], shares[slot + 2], shares[slot + 3]
        if wa > 0.0 and wb > 0.0 and wc > 0.0 and wd > 0.0:
            for u in range(count):
                tile[node, u] = (((tile[node, u] + wa * tile[a, u]) + wb * tile[b, u]) + wc * tile[c, u]) + (
                    wd * tile[d, u]
                )
            slot += 4
        else:
            if wa > 0.0:
                for u in range(count):
                    tile[node, u] = tile[node, u] + wa * tile[a, u]
            slot += 1
    while slot < last:
        a, wa = at[slot], shares[slot]
        if wa > 0.0:
            for u in range(count):
                tile[node, u] = tile[node, u] + wa * tile[a, u]
        slot += 1


@_compiled
def _add_present(
    tile: Array, at: Array, shares: Array, first: int, last: int, node: int, count: int, spare: Array
) -> None:
    """Σ w x / Σ w over the children that are there, in their order; `MISSING` where none is."""
    for u in range(count):
        tile[node, u] = 0.0
        spare[u] = 0.0
    for slot in range(first, last):
        a, w = at[slot], shares[slot]
        if w > 0.0:
            for u in range(count):
                x = tile[a, u]
                there = x == x
                tile[node, u] = tile[node, u] + (w * x if there else 0.0)
                spare[u] = spare[u] + (w if there else 0.0)
    for u in range(count):
        tile[node, u] = tile[node, u] / spare[u] if spare[u] > 0.0 else np.nan


@_compiled
def scores(
    rows: Array,
    gappy: Array,
    first: Array,
    child: Array,
    power: Array,
    absent: Array,
    has_absent: Array,
    weights: Array,
    out: Array,
) -> None:
    """The root's value for every replicate (row of `weights`) and unit; see `programme.Programme`."""
    count, units = len(rows), rows.shape[1]
    nodes, width = len(first) - 1, len(child)
    shares = np.empty((len(weights), width))
    whole = np.zeros((len(weights), count + nodes), dtype=np.bool_)
    for r in range(len(weights)):
        for row in range(count):
            whole[r, row] = not gappy[row]
        for node in range(nodes):
            total = 0.0
            for slot in range(first[node], first[node + 1]):
                total += weights[r, slot]
            is_whole = total > 0.0 and not has_absent[node]
            for slot in range(first[node], first[node + 1]):
                shares[r, slot] = weights[r, slot] / total if total > 0.0 else 0.0
                if shares[r, slot] > 0.0 and not whole[r, child[slot]]:
                    is_whole = False
            whole[r, count + node] = is_whole
    tile = np.empty((count + nodes, _TILE))
    spare = np.empty(_TILE)
    for low in range(0, units, _TILE):
        size = min(_TILE, units - low)
        for row in range(count):
            for u in range(size):
                tile[row, u] = rows[row, low + u]
        for r in range(len(weights)):
            for node in range(nodes):
                at = count + node
                if whole[r, at]:
                    _add_whole(tile, child, shares[r], first[node], first[node + 1], at, size)
                else:
                    _add_present(tile, child, shares[r], first[node], first[node + 1], at, size, spare)
                    if has_absent[node]:
                        for u in range(size):
                            if absent[node, low + u]:
                                tile[at, u] = np.nan
                _brought(tile[at], spare, size, power[node, 0], power[node, 1])
            for u in range(size):
                out[r, low + u] = tile[count + nodes - 1, u]


@_compiled
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
        if most >= _INFINITE_BITS:
            most = np.int64(0)
            for u in range(units):
                if (bits[u] & _SIGNLESS) >= _INFINITE_BITS:
                    scored[r, u] = -_LARGEST
                most = max(most, bits[u] & _SIGNLESS)
        seen[0] = most
        greatest = seen.view(np.float64)[0]
        greatest = greatest if greatest > 1e-300 else 1e-300
        for u in range(units):
            as_float[u] = scored[r, u] / greatest * STEPS + TO_INTEGER
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


@_compiled
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


@_compiled
def reach(scored: Array, cuts: Array, within: Array) -> None:
    """Add to `within[b, unit]` whether the score is at least `cuts[b]`."""
    for r in range(len(scored)):
        for b in range(len(cuts)):
            cut = cuts[b]
            for u in range(scored.shape[1]):
                within[b, u] += scored[r, u] >= cut


@_compiled
def keep(placed: Array, kept: Array) -> None:
    """Places into their rows of two bytes each."""
    for r in range(len(placed)):
        for u in range(placed.shape[1]):
            kept[r, u] = placed[r, u]


@_compiled
def count(placed: Array, official: Array, bin_of: Array, bins: Array) -> None:
    """Add each place to the bin of its distance from the official one."""
    middle = len(bin_of) // 2
    for u in range(placed.shape[1]):
        for r in range(len(placed)):
            bins[u, bin_of[middle + placed[r, u] - official[u]]] += 1


@_compiled
def _held(counted: Array, start: int) -> int:
    total = 0
    for value in range(start, start + _CHUNK):
        total += counted[value]
    return total


@_compiled
def quantiles(kept: Array, positions: Array, low: int, high: int, out: Array) -> None:
    """The values at `positions` of the ascending places of the units `low` to `high`, by counting."""
    replicates = len(kept)
    part = np.empty((_COLUMNS, replicates), dtype=np.uint16)
    counted = np.zeros(65_536 + _CHUNK, dtype=np.uint16)
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
            for r in range(replicates):
                counted[part[u, r]] += np.uint16(1)
            # Whole chunks are passed over at once; the value is looked for in the chunk that holds it.
            start, passed = int(least), 0
            for wanted in range(len(positions)):
                ahead = _held(counted, start)
                while passed + ahead <= positions[wanted]:
                    passed += ahead
                    start += _CHUNK
                    ahead = _held(counted, start)
                value, within = start, passed + counted[start]
                while within <= positions[wanted]:
                    value += 1
                    within += counted[value]
                out[wanted, begin + u] = value
            for value in range(int(least), int(most) + 1):
                counted[value] = 0
