"""The life of a version as a table, and what differs between two documents."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

MOVES: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"agreed"}),
    "agreed": frozenset({"retired"}),
    "retired": frozenset(),
}
"""From each state, where to."""


def may_become(status: str, wanted: str) -> bool:
    """Whether a version in `status` may become `wanted`."""
    return wanted in MOVES[status]


def differences(first: Any, second: Any, pointer: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Every place in which two JSON values differ: pointer, what the first says, what the second says.

    >>> list(differences({"a": 1, "b": [1, 2]}, {"a": 2, "b": [1]}))
    [('/a', 1, 2), ('/b/1', 2, None)]
    """
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        for key in [*first, *(key for key in second if key not in first)]:
            step = str(key).replace("~", "~0").replace("/", "~1")
            yield from differences(first.get(key), second.get(key), f"{pointer}/{step}")
    elif _is_list(first) and _is_list(second):
        for place in range(max(len(first), len(second))):
            before = first[place] if place < len(first) else None
            after = second[place] if place < len(second) else None
            yield from differences(before, after, f"{pointer}/{place}")
    elif first != second:
        yield pointer, first, second


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)
