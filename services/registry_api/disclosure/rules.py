"""Suppression of small cells in a tree of sums, so that none can be had by subtraction.

Primary suppression hides the cells that are small themselves. Complementary suppression hides more of them until
every hidden cell, seen from what is shown, may lie anywhere in an interval at least as wide as the threshold:

- under a shown sum, either no part is hidden or at least two are;
- the hidden leaves that a shown sum bounds add up to the threshold or more, for each thing that is counted;
- a hidden sum has a hidden part (or none that is known), else its parts would give it away.

A leaf in such a group can be anything from 0 to what the group adds up to; a hidden sum within it varies by as much.
Parts nobody reported are taken as known, which can only hide more than is needed. Hidden cells do not say why they
are hidden: whoever knew which are the small ones would know that they are below the threshold.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

FEWEST = 5
"""Fewer persons than this are not shown."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a table."""

    parent: str | None
    """The cell it is a part of; None, or one that is not in the table, for the top."""
    counts: tuple[float, ...]
    """Everything that adds up in it: persons, or those asked and those of whom it is true."""
    is_small: bool
    """Whether it is hidden for its own sake."""


def is_small(persons: float | None, part: float | None, *, fewest: int) -> bool:
    """Whether a figure rests on too few: persons in all, or a part of them that is not empty.

    >>> is_small(3, None, fewest=5), is_small(40, 3, fewest=5), is_small(40, 0, fewest=5), is_small(40, 30, fewest=5)
    (True, True, False, False)
    """
    return (persons is not None and persons < fewest) or (part is not None and 0 < part < fewest)


def hidden(cells: Mapping[str, Cell], *, fewest: int = FEWEST) -> frozenset[str]:
    """The cells that must not be shown: the small ones, and those that would give them away."""
    return frozenset(_Table(cells, fewest).hide())


class _Table:
    def __init__(self, cells: Mapping[str, Cell], fewest: int) -> None:
        self._cells = cells
        self._fewest = fewest
        self._parts: dict[str, list[str]] = {}
        self._roots: list[str] = []
        for key, cell in sorted(cells.items()):
            if cell.parent is not None and cell.parent in cells:
                self._parts.setdefault(cell.parent, []).append(key)
            else:
                self._roots.append(key)
        self._hidden = {key for key, cell in cells.items() if cell.is_small}

    def hide(self) -> set[str]:
        """Hide more until nothing is given away; every round hides at least one cell, so it ends."""
        while sum(self._mend(key) for key in self._from_below()):
            pass
        return self._hidden

    def _from_below(self) -> Iterator[str]:
        stack = [(root, False) for root in reversed(self._roots)]
        while stack:
            key, is_left = stack.pop()
            if is_left:
                yield key
                continue
            stack.append((key, True))
            stack.extend((part, False) for part in self._parts.get(key, ()))

    def _mend(self, key: str) -> bool:
        """Whether a cell had to be hidden for the sake of this sum."""
        parts = self._parts.get(key, ())
        hidden = [part for part in parts if part in self._hidden]
        if key in self._hidden:
            return bool(parts) and not hidden and self._hide_one(parts)
        if not hidden or (len(hidden) > 1 and self._is_wide(hidden)):
            return False
        if not self._hide_one(parts):
            self._hidden.add(key)
        return True

    def _hide_one(self, parts: Sequence[str]) -> bool:
        """Hide the smallest part that is shown, one that has something to hide behind if there is any."""
        shown = [part for part in parts if part not in self._hidden]
        if not shown:
            return False
        counts = {part: self._cells[part].counts for part in shown}
        self._hidden.add(min(shown, key=lambda part: (not all(counts[part]), counts[part], part)))
        return True

    def _is_wide(self, hidden: Sequence[str]) -> bool:
        leaves = list(self._leaves(hidden))
        sums = [sum(values) for values in zip(*(self._cells[leaf].counts for leaf in leaves), strict=True)]
        return all(total >= self._fewest for total in sums)

    def _leaves(self, hidden: Sequence[str]) -> Iterator[str]:
        """The hidden cells without hidden parts that these sums hang on."""
        stack = list(hidden)
        while stack:
            key = stack.pop()
            below = [part for part in self._parts.get(key, ()) if part in self._hidden]
            if below:
                stack.extend(below)
            else:
                yield key
