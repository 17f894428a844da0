"""What a rating says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core.types.data import Floats


class NotRated(StrEnum):
    """Why a unit has no score."""

    NO_DATA = "no_data"
    """None of its indicators has a value."""
    VALUE_REQUIRED = "value_required"
    """The policy requires every indicator, and one is missing."""
    BELOW_COVERAGE = "below_coverage"
    """Less of the weight is present than the methodology asks of a unit."""
    BELOW_NODE_COVERAGE = "below_node_coverage"
    """The root has fewer children with a value than the methodology asks of a node."""
    INSUFFICIENT_EVIDENCE = "insufficient_evidence"
    """Weighed by their reliability, too little of the weight of its values is left."""
    SCREENED_OUT = "screened_out"
    """It has too few of the indicators, and takes no part in the population."""


class Fill(StrEnum):
    """What stands in a gap."""

    LOW = "low"
    """The lower of the group's low decile and mean, and of the unit's own last value."""
    WORST = "worst"
    """The worst of the scale, until proven."""
    IMPUTED = "imputed"
    """The mean or median that the methodology names."""
    EXPECTED = "expected"
    """The mean of the group, its variance in the interval."""
    LAST = "last"
    """The unit's own last accepted value."""


@dataclass(frozen=True, slots=True)
class Inside:
    """What the tree was computed from, for explanations: it need not be computed again."""

    entering: Mapping[str, Floats]
    """By indicator: the normalised value, or what a gap is charged with."""
    nodes: Mapping[str, Floats]
    """By node but the root: its value as its parent sees it, gaps charged where the methodology says so."""
    shares: Mapping[str, Floats]
    """By indicator: its weight in the score over what is present; 0 for a unit that is not rated."""
    weights: Mapping[str, Sequence[Floats]]
    """By node: the weight of each child over what is present."""
    factors: Mapping[str, Floats] | None
    """By indicator z^W, their product the score, in a tree that is geometric throughout."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a rating says of each unit, in the order of the data set; `MISSING` where it says nothing."""

    units: tuple[str, ...]
    score: Floats
    rank: NDArray[np.int64]
    """0 for a unit that is not rated."""
    not_rated: tuple[NotRated | None, ...]
    coverage: Floats
    band: tuple[str | None, ...]
    above_cut: Floats | None
    """Units by cuts: the probability that the true score is at least the cut; only with bands by cuts."""
    nodes: Mapping[str, Floats]
    normalised: Mapping[str, Floats]
    contributions: Mapping[str, Floats]
    """By indicator; those of a rated unit sum to its score."""
    mean: Floats
    """Posterior mean of the score: the score itself where nothing is shrunk."""
    variance: Floats | None
    """Sampling variance of the score, where the data carry variances."""
    filled: Mapping[str, tuple[Fill | None, ...]] = field(default_factory=dict)
    """By indicator with gaps that something stands in: what."""
    limited: tuple[tuple[str, ...], ...] = ()
    """For each unit the limits that lowered its band; empty unless the methodology has limits."""
    inside: Inside | None = None
    """What the tree was computed from; none in a result that was put together elsewhere."""
    band_names: tuple[str, ...] = ()
    """The bands that there are, best first."""
    band_probability: Floats | None = None
    """Units by `band_names`: the posterior probability of each; only with bands that have borders."""
    band_between: tuple[tuple[str, str] | None, ...] = ()
    """The best and the worst band that are not ruled out, where the methodology asks for more certainty than there is;
    empty unless it does."""
    misordered: float | None = None
    """Share of all pairs expected to stand in different grades in the wrong order; only with grades."""
    noise: Floats | None = None
    """Sampling variance of the score itself, before anything is shrunk."""
    measured: Floats | None = None
    """Share of the effective weight that rests on own values whose sampling variance is known or declared to be
    none."""
