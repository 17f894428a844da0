"""Chance that is the same every time: each thing draws from a source of its own, named after it."""

from random import Random


def source(*names: object) -> Random:
    """A source of chance of that name; equal names give equal draws on every machine."""
    return Random(":".join(map(str, names)))  # noqa: S311 -- repeatable on purpose; no secret depends on it


def clip(value: float, low: float, high: float) -> float:
    """The value, or the end of the range it lies beyond."""
    return min(high, max(low, value))
