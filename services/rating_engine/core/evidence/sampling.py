"""The sampling variance of a value, where the data give none: by what kind of number the value is.

Also a count of everybody has a sampling variance, for the question is about the school and not about these children.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from services.rating_engine.core import exact
from services.rating_engine.core.types import Column, Flags, Floats, Leaf, Sampling, SamplingKind

FEW = 30
"""With fewer observations the standard deviation of the group stands in for a value's own."""
FEWEST = 1e-6
"""Fewer observations are none."""
_MOST = 2.0**50
"""More observations than this are no more evidence of a standard deviation."""

Pairs = Sequence[tuple[Flags, Flags]]


def completed(columns: Mapping[str, Column], leaves: Sequence[Leaf], groups: Pairs) -> dict[str, Column]:
    """The columns of the leaves that say where their variance comes from, or that carry values forward, with it."""
    found = {}
    for leaf in leaves:
        column = columns[leaf.indicator]
        if leaf.sampling is not None:
            column = _with_variance(columns, leaf.indicator, leaf.sampling, groups)
        if column.age is not None and column.variance is not None and leaf.widen > 0.0:
            column = replace(column, variance=carried(column.variance, column.age, leaf.widen))
        found[leaf.indicator] = column
    return found


def _with_variance(columns: Mapping[str, Column], code: str, rule: Sampling, groups: Pairs) -> Column:
    column = columns[code]
    unknown = np.full(len(column.values), np.nan)
    given = unknown if column.variance is None else column.variance
    n = unknown if column.n is None else column.n
    match rule.kind:
        case SamplingKind.NONE:
            variance = np.zeros(len(column.values))
        case SamplingKind.GIVEN:
            variance = given
        case SamplingKind.SHARE:
            variance = np.where(np.isnan(given), share_variance(column.values, n, rule.whole), given)
        case SamplingKind.MEAN:
            variance = mean_variance(given, n, groups, rule.sd)
        case SamplingKind.SURVEY:
            frame = columns[rule.population].values if rule.population is not None else unknown
            variance = survey_variance(given, n, frame, groups, rule.sd)
    variance = np.where(np.isnan(column.values), np.nan, variance)
    return replace(column, variance=None if bool(np.isnan(variance).all()) else variance)


def share_variance(shares: Floats, n: Floats, whole: float = 1.0) -> Floats:
    """p (1 - p) / n with p = (x + ½) / (n + 1), in squares of the unit in which everything is `whole`.

    The half keeps a school of which all or none pass from looking exact. `MISSING` without a share or observations.
    Source: Agresti and Coull 1998, after Jeffreys.
    """
    usable = ~np.isnan(shares) & (n >= FEWEST)
    count = np.where(usable, n, 1.0)
    x = np.clip(np.where(usable, shares, 0.0) / whole, 0.0, 1.0) * count
    p = (x + 0.5) / (count + 1.0)
    return np.where(usable, p * (1.0 - p) / count * whole * whole, np.nan)


def wilson(shares: Floats, n: Floats, whole: float = 1.0, z: float = 1.959963984540054) -> tuple[Floats, Floats]:
    """(p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n), in the unit in which everything is `whole` (Wilson 1927).

    Never outside 0 .. `whole`; `MISSING` without a share or observations.
    """
    usable = ~np.isnan(shares) & (n >= FEWEST)
    count = np.where(usable, n, 1.0)
    p = np.clip(np.where(usable, shares, 0.0) / whole, 0.0, 1.0)
    centre = p + z * z / (2.0 * count)
    half = z * np.sqrt(p * (1.0 - p) / count + z * z / (4.0 * count * count))
    scale = 1.0 + z * z / count
    low, high = np.clip((centre - half) / scale, 0.0, 1.0), np.clip((centre + half) / scale, 0.0, 1.0)
    return np.where(usable, low * whole, np.nan), np.where(usable, high * whole, np.nan)


def pooled_variance(variances: Floats, n: Floats, groups: Pairs) -> Floats:
    """s² of one observation within the group of each unit: Σ (n - 1) s² / Σ (n - 1) with s² = v n.

    From the units that have both a variance and at least two observations; `MISSING` where a group has none.
    """
    pooled = np.full(len(variances), np.nan)
    usable = ~np.isnan(variances) & (n >= 2.0)
    for members, population in groups:
        source = usable & population
        if source.any():
            freedom = np.minimum(n[source], _MOST) - 1.0
            with np.errstate(over="ignore"):
                terms = exact.saturated(freedom * exact.saturated(variances[source] * n[source]))
            scale = exact.exponent(terms)
            total = exact.mean(np.ldexp(terms, -scale)) / exact.mean(freedom)
            pooled[members] = exact.saturated(np.ldexp(np.array([total]), scale))[0]
    return pooled


def mean_variance(given: Floats, n: Floats, groups: Pairs, sd: float | None = None) -> Floats:
    """s² / n: s as declared, else the value's own from 30 observations, else pooled within the group.

    A variance that is given stays where nothing better is known; `MISSING` without observations. Progress 8 is of this
    kind, with the national standard deviation of pupils.
    """
    usable = n >= FEWEST
    count = np.where(usable, n, 1.0)
    one = np.full(len(n), sd * sd) if sd is not None else pooled_variance(given, n, groups)
    with np.errstate(over="ignore"):
        estimated = np.where(usable, exact.saturated(one / count), np.nan)
    if sd is not None:
        return np.where(np.isnan(estimated), given, estimated)
    own = ~np.isnan(given) & ((n >= FEW) | np.isnan(estimated))
    return np.where(own, given, estimated)


def survey_variance(given: Floats, n: Floats, frame: Floats, groups: Pairs, sd: float | None = None) -> Floats:
    """s² / n · (1 - n / N): the finite population correction; where N is unknown there is none (Cochran 1977).

    A variance that is given is taken to have the correction in it, and stays.
    """
    known = ~np.isnan(frame) & (frame > 0.0) & (n >= FEWEST)
    share = np.where(known, np.minimum(n, frame) / np.where(known, frame, 1.0), 0.0)
    left = 1.0 - share
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        whole = np.where(left > 0.0, exact.saturated(given / left), np.nan)
    estimated = mean_variance(whole if sd is None else np.full(len(n), np.nan), n, groups, sd) * left
    return np.where(np.isnan(given), estimated, given)


def difference_variance(now: Floats, before: Floats, covariance: Floats | float = 0.0) -> Floats:
    """v_t + v_(t-1) - 2 cov, never below 0: the variance of a change between two years."""
    return np.maximum(now + before - 2.0 * covariance, 0.0)


def carried(variances: Floats, age: Floats, widen: float) -> Floats:
    """v (1 + widen · k): what was observed k periods ago says less of today."""
    with np.errstate(over="ignore"):
        return exact.saturated(variances * (1.0 + widen * np.maximum(np.nan_to_num(age), 0.0)))
