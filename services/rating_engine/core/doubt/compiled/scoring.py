"""The value of the root for every replicate and unit."""

# mypy: disable-error-code="misc, no-untyped-call, untyped-decorator"

import numpy as np

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
    TO_INTEGER,
    TO_INTEGER_BITS,
)
from services.rating_engine.core.doubt.compiled.compiler import Array, compiled

_TILE = 512
"""Units at a time: a tile of every row stays in the nearest memory while the replicates of a batch pass over it."""
_LARGEST = 1.7976931348623157e308
_MANTISSA = 0x000FFFFFFFFFFFFF
_ONE_BITS = 0x3FF0000000000000
_E, _L = EXPONENTIAL, LOGARITHM


@compiled
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


@compiled
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


@compiled
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


@compiled
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


@compiled
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


@compiled
def _is_one_sum(power: Array) -> bool:
    """Whether every node adds up with the power of the root and hands on what it has added up."""
    for node in range(len(power)):
        if power[node, 0] != power[len(power) - 1, 0]:
            return False
        if node < len(power) - 1 and power[node, 1] != power[node, 0]:
            return False
    return True


@compiled
def _add_up(first: Array, child: Array, shares: Array, own: Array) -> None:
    """Add to `own` each row's share of the whole: the product of the shares on its paths from the root."""
    nodes, count = len(first) - 1, len(own)
    part = np.zeros(nodes)
    part[nodes - 1] = 1.0
    for node in range(nodes - 1, -1, -1):
        for slot in range(first[node], first[node + 1]):
            below = part[node] * shares[slot]
            if child[slot] < count:
                own[child[slot]] += below
            else:
                part[child[slot] - count] = below


@compiled
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
    """The root's value for every replicate (row of `weights`) and unit; see `programme.Programme`.

    Where no unit has a gap and every mean has the same power, the tree is one sum over its leaves, each by the product
    of the shares on its path.
    """
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
    root = count + nodes - 1
    is_one_sum = _is_one_sum(power)
    own = np.zeros((len(weights), count))
    if is_one_sum:
        for r in range(len(weights)):
            _add_up(first, child, shares[r], own[r])
    everything = np.arange(count)
    tile = np.empty((count + nodes, _TILE))
    spare = np.empty(_TILE)
    for low in range(0, units, _TILE):
        size = min(_TILE, units - low)
        for row in range(count):
            for u in range(size):
                tile[row, u] = rows[row, low + u]
        for r in range(len(weights)):
            if is_one_sum and whole[r, root]:
                _add_whole(tile, everything, own[r], 0, count, root, size)
                _brought(tile[root], spare, size, power[nodes - 1, 0], power[nodes - 1, 1])
                for u in range(size):
                    out[r, low + u] = tile[root, u]
                continue
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
                out[r, low + u] = tile[root, u]
