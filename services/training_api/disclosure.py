"""Which small figures of a table are not shown to who has no business with the persons behind them."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeVar

K = TypeVar("K", bound=Hashable)

FEWEST = 5
"""Fewer persons than this are not shown, unless there are none."""


def is_small(count: int) -> bool:
    """Whether so few persons could be recognised.

    >>> [is_small(count) for count in (0, 1, 4, 5)]
    [False, True, True, False]
    """
    return 0 < count < FEWEST


def hidden(
    cells: Mapping[K, Sequence[int]], sums: Sequence[tuple[K, Sequence[K]]], *, known: Collection[K] = ()
) -> frozenset[K]:
    """The cells that are not shown: the small ones, and others so that no subtraction gives the small ones.

    Each cell has one or several counts, all of persons. `sums` say which cells add up to which; a cell may stand in
    several. `known` are cells whose persons the caller is responsible for: they are shown, and nothing hides behind
    them. Behind every shown sum then stand either no hidden parts, or two and more that add up to nobody or to
    `FEWEST` and more in each count; where no part is left to hide, the sum is hidden itself.
    """
    kept = frozenset(known)
    found = {key for key, counts in cells.items() if key not in kept and any(map(is_small, counts))}
    changed = True
    while changed:
        changed = False
        for total, parts in sums:
            one = _next(cells, found, kept, total, parts)
            if one is not None:
                found.add(one)
                changed = True
    return frozenset(found)


def _next(
    cells: Mapping[K, Sequence[int]], found: Collection[K], kept: Collection[K], total: K, parts: Sequence[K]
) -> K | None:
    """One more cell that has to be hidden for the sake of this sum."""
    gone = [part for part in parts if part in found]
    if total in found:
        needed = bool(parts) and not gone
    else:
        needed = bool(gone) and not (len(gone) > 1 and _is_wide([cells[part] for part in gone]))
    if not needed:
        return None
    left = [part for part in parts if part not in found and part not in kept]
    if left:
        # The smallest costs least; an empty one hides nothing and is taken last.
        return min(left, key=lambda part: (not any(cells[part]), sum(cells[part]), str(part)))
    return None if total in found or total in kept else total


def _is_wide(counts: Sequence[Sequence[int]]) -> bool:
    return not any(is_small(sum(values)) for values in zip(*counts, strict=True))
