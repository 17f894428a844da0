"""The data as the steps see them: divided by their denominators, without what is too small to count, screened."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from services.rating_engine.core import exact
from services.rating_engine.core.evidence import precision, sampling
from services.rating_engine.core.steps import peers
from services.rating_engine.core.types import Column, Dataset, Flags, Floats, Methodology

_SAME_SHARE = 1e-9
"""A share this close to its threshold is equal to it."""
_OUT = "not_sampled"
"""The reason in the cells of a unit that takes no part: nobody is charged for them."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """The data of the population, and who was left out of it."""

    dataset: Dataset
    """Units that are screened out stay in their rows, without any value."""
    present: Mapping[str, Flags]
    """By indicator of the tree: who had a value, screened out or not."""
    screened_out: Flags


def prepare(dataset: Dataset, methodology: Methodology) -> Prepared:
    """Denominators, then `min_n`, variances by kind of value, and screening: the share of the indicators present, each
    counting one.

    Screening looks at what was observed, before anything is imputed. COINr screens after imputation, where nothing is
    missing any more and nobody can be screened out. Source: OECD/JRC Handbook (2008), step 2; COINr `Denominate`,
    `Screen`.
    """
    columns = dict(dataset.columns)
    for leaf in methodology.tree.leaves():
        column = dataset.columns[leaf.indicator]
        if leaf.denominator is not None:
            column = divided(column, dataset.columns[leaf.denominator])
        fewest = methodology.precision.min_n if leaf.min_n is None else leaf.min_n
        columns[leaf.indicator] = precision.without_small(column, fewest)
    rule = methodology.peer_groups
    if any(leaf.sampling is not None or leaf.widen > 0.0 for leaf in methodology.tree.leaves()):
        groups = peers.groups(dataset, None if rule is None else replace(rule, nearest=None))
        columns |= sampling.completed(columns, list(methodology.tree.leaves()), groups)
    present = {leaf.indicator: ~np.isnan(columns[leaf.indicator].values) for leaf in methodology.tree.leaves()}
    out = np.zeros(len(dataset.units), dtype=np.bool_)
    if methodology.screening is not None:
        out = availability(present) < methodology.screening.min_available - _SAME_SHARE
    if out.any():
        columns |= {code: _without(columns[code], out) for code in present}
    return Prepared(replace(dataset, columns=columns), present, out)


def availability(present: Mapping[str, Flags]) -> Floats:
    """Share of the indicators that a unit has."""
    count = np.sum(list(present.values()), axis=0)
    return np.asarray(count / len(present), dtype=np.float64)


def divided(column: Column, by: Column) -> Column:
    """x / d, its variance v / d²; where there is nothing to divide by, a gap.

    A denominator of 0 makes the indicator `not_applicable`; a missing one leaves its own reason. Source: OECD/JRC
    Handbook (2008), step 5; COINr `Denominate`.
    """
    usable = ~np.isnan(by.values) & (by.values != 0.0)
    divisor = np.where(usable, by.values, 1.0)

    def quotient(values: Floats, power: int) -> Floats:
        with np.errstate(over="ignore"):
            shares = exact.saturated(values / divisor)
            return np.where(usable, exact.saturated(shares / divisor) if power == 2 else shares, np.nan)

    own = column.reasons or (None,) * len(divisor)
    others = by.reasons or (None,) * len(divisor)
    reasons = tuple(
        reason if value != value else "not_applicable" if below == 0.0 else other if below != below else reason
        for reason, other, value, below in zip(own, others, column.values.tolist(), by.values.tolist(), strict=True)
    )
    return replace(
        column,
        values=quotient(column.values, 1),
        variance=None if column.variance is None else quotient(column.variance, 2),
        reasons=reasons,
        previous=None if column.previous is None else quotient(column.previous, 1),
    )


def _without(column: Column, out: Flags) -> Column:
    reasons = column.reasons or (None,) * len(out)
    return replace(
        column,
        values=np.where(out, np.nan, column.values),
        reasons=tuple(_OUT if gone else reason for gone, reason in zip(out.tolist(), reasons, strict=True)),
    )
