"""Bars that no sum of points can buy off: whoever does not clear one has no better band than it allows."""

from collections.abc import Mapping, Sequence

import numpy as np

from services.rating_engine.core.steps.reasons import REMEDIES, Remedy
from services.rating_engine.core.types import Column, Flags, Floats, Limit

Labels = tuple[str | None, ...]


def apply(
    limits: Sequence[Limit],
    labels: Sequence[str],
    band: Labels,
    nodes: Mapping[str, Floats],
    columns: Mapping[str, Column],
) -> tuple[Labels, tuple[tuple[str, ...], ...]]:
    """The bands after the limits, and for each unit the `of` of the limits that lowered its band.

    `labels` are all that the methodology declares, from the best band to the worst: a limit may allow no better one
    than a band that nobody is in. A node is judged by its score, an indicator by its natural value; a value on the bar
    clears it. A missing value fails the bar unless the limit says that it passes or the indicator has no meaning for
    the unit or was not sampled. A unit without a band has none to lower. Source: minimum standards of licensing;
    GreatSchools and California cap by single indicators in the same way.
    """
    if not limits:
        return band, ()
    places = {label: place for place, label in enumerate(labels)}
    lowered = list(band)
    held: list[list[str]] = [[] for _ in band]
    for limit in limits:
        for unit in np.flatnonzero(fails(limit, nodes, columns)).tolist():
            own, now = band[unit], lowered[unit]
            if own is None or now is None or places[own] >= places[limit.band]:
                continue
            held[unit].append(limit.of)
            lowered[unit] = max(now, limit.band, key=places.__getitem__)
    return tuple(lowered), tuple(map(tuple, held))


def fails(limit: Limit, nodes: Mapping[str, Floats], columns: Mapping[str, Column]) -> Flags:
    """Which units do not clear the bar."""
    if limit.of in nodes:
        values = nodes[limit.of]
        excused = np.zeros(len(values), dtype=np.bool_)
    else:
        column = columns[limit.of]
        values = column.values
        reasons = column.reasons or (None,) * len(values)
        excused = np.array([REMEDIES.get(reason) is Remedy.DROP for reason in reasons], dtype=np.bool_)
    missing = np.isnan(values)
    low = -np.inf if limit.at_least is None else limit.at_least
    high = np.inf if limit.at_most is None else limit.at_most
    beyond = np.nan_to_num(values, nan=0.0)
    outside = (beyond < low) | (beyond > high)
    fails: Flags = np.where(missing, not limit.missing_passes, outside) & ~(missing & excused)
    return fails
