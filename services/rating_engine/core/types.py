"""The words of the rating core: data, method and result, frozen, with no behaviour beyond naming."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MISSING: Final = float("nan")
"""How a missing cell is written inside the core. NaN enters by no other door and never leaves the core."""

EXEMPT_REASONS: Final = frozenset({"not_applicable", "not_sampled", "suppressed", "below_min_n"})
"""Reasons that are not the unit's own choice: `penalise` drops such a value instead of charging for it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One indicator over all units, in its natural unit of measure."""

    values: Floats
    """`MISSING` where there is no value."""
    n: Floats | None = None
    """How many observations each value rests on."""
    variance: Floats | None = None
    """Sampling variance of each value."""
    reasons: tuple[str | None, ...] | None = None
    """Why a value is missing."""
    previous: Floats | None = None
    """The unit's own last known value, where `penalise` may need it."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Units, their indicators and their attributes; every array is as long as `units` and in its order."""

    units: tuple[str, ...]
    columns: Mapping[str, Column]
    attributes: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NoTreatment:
    """Leaves the column as it is."""


@dataclass(frozen=True, slots=True)
class Cap:
    """Draws values beyond `low` and `high` to them."""

    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Winsorise:
    """Draws at most `max_points` extreme values inwards until skewness or kurtosis is below its limit."""

    max_points: int = 5
    skew: float = 2.0
    kurtosis: float = 3.5


@dataclass(frozen=True, slots=True)
class Log:
    """Logarithm of the distance from the minimum, shifted by a hundredth of the range."""


@dataclass(frozen=True, slots=True)
class BoxCox:
    """Box-Cox power of the column shifted to begin at one."""

    power: float


Treatment = NoTreatment | Cap | Winsorise | Log | BoxCox


Scale = tuple[float, float]


class Direction(StrEnum):
    """Which end of the indicator is the good one."""

    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class Goalposts:
    """Position between two fixed posts."""

    low: float
    high: float
    scale: Scale = (0.0, 1.0)
    cap: bool = False


@dataclass(frozen=True, slots=True)
class LogGoalposts:
    """Position between two fixed posts on the scale of logarithms."""

    low: float
    high: float
    scale: Scale = (0.0, 1.0)
    cap: bool = False


@dataclass(frozen=True, slots=True)
class MinMax:
    """Position between the population's own extremes."""

    scale: Scale = (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class ZScore:
    """Distance from the mean in standard deviations."""

    mean: float = 0.0
    sd: float = 1.0


@dataclass(frozen=True, slots=True)
class Rank:
    """Place from the worst, which is 1."""


@dataclass(frozen=True, slots=True)
class PercentileRank:
    """Share of the others that are worse."""


@dataclass(frozen=True, slots=True)
class DistanceToTarget:
    """Share of the way from the worst value to a target."""

    target: float
    cap: bool = False


@dataclass(frozen=True, slots=True)
class DistanceToMaximum:
    """Share of the way from the worst value to the best."""


@dataclass(frozen=True, slots=True)
class DistanceToReference:
    """Share of the way from the worst value to that of a reference unit."""

    reference: str
    cap: bool = False


@dataclass(frozen=True, slots=True)
class FractionOfMaximum:
    """Value over the greatest value."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """A level for each interval between ascending cuts."""

    cuts: tuple[float, ...]
    levels: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """The value itself."""


Normalisation = (
    Goalposts
    | LogGoalposts
    | MinMax
    | ZScore
    | Rank
    | PercentileRank
    | DistanceToTarget
    | DistanceToMaximum
    | DistanceToReference
    | FractionOfMaximum
    | Thresholds
    | Identity
)

WITHIN_PEERS: Final = (Rank, PercentileRank)
"""Normalisations that are taken within the peer group when the methodology declares one."""


@dataclass(frozen=True, slots=True)
class WeightedArithmetic:
    """Weighted arithmetic mean: children compensate one another fully."""


@dataclass(frozen=True, slots=True)
class WeightedGeometric:
    """Weighted geometric mean: a zero cannot be compensated."""


@dataclass(frozen=True, slots=True)
class WeightedHarmonic:
    """Weighted harmonic mean: the weakest child speaks loudest."""


@dataclass(frozen=True, slots=True)
class PowerMean:
    """Weighted power mean; 1 is arithmetic, 0 geometric, -1 harmonic."""

    power: float


@dataclass(frozen=True, slots=True)
class Copeland:
    """How far a unit outranks the others, pair by pair."""


Aggregation = WeightedArithmetic | WeightedGeometric | WeightedHarmonic | PowerMean | Copeland


@dataclass(frozen=True, slots=True)
class Leaf:
    """An indicator in its place in the tree."""

    indicator: str
    weight: float = 1.0
    direction: Direction = Direction.HIGHER
    treatment: Treatment = NoTreatment()
    normalisation: Normalisation = Identity()


@dataclass(frozen=True, slots=True)
class Node:
    """A composite of leaves and other nodes."""

    code: str
    children: tuple["Node | Leaf", ...]
    weight: float = 1.0
    aggregation: Aggregation = WeightedArithmetic()

    def leaves(self) -> Iterator[Leaf]:
        """The leaves below, in the order of the document."""
        for child in self.children:
            if isinstance(child, Leaf):
                yield child
            else:
                yield from child.leaves()

    def nodes(self) -> Iterator["Node"]:
        """This node and those below, parents first."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.nodes()


class MissingPolicy(StrEnum):
    """What becomes of a unit that lacks a value."""

    RENORMALISE = "renormalise"
    PENALISE = "penalise"
    REQUIRE = "require"


@dataclass(frozen=True, slots=True)
class Missing:
    """The policy and how much must be present."""

    policy: MissingPolicy = MissingPolicy.RENORMALISE
    min_coverage: float = 0.0
    """Least share of the effective weight of a unit's leaves that must be present for it to be rated."""
    min_node_coverage: float = 0.0
    """Least share of a node's children that must be present for the node to have a value."""


@dataclass(frozen=True, slots=True)
class PeerGroups:
    """Units that are alike in these attributes are compared with one another."""

    by: tuple[str, ...]
    minimum: int = 1
    """A smaller group is compared with the whole population instead."""


@dataclass(frozen=True, slots=True)
class Precision:
    """How the evidence behind a value is taken into account."""

    shrink: bool = False
    min_n: int = 0
    suppress_below: int = 0
    """Read by publication, not by the core: a score is computed from what is known, and hidden where that would
    tell."""


@dataclass(frozen=True, slots=True)
class QuantileBands:
    """Equal shares of the rated units, best first."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CutBands:
    """Fixed ascending cuts of the score; one label more than cuts, best first."""

    labels: tuple[str, ...]
    cuts: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class PairwiseLossBands:
    """As many grades, up to the number of labels, as the evidence can tell apart."""

    labels: tuple[str, ...]
    loss: float = 9.0


Bands = QuantileBands | CutBands | PairwiseLossBands


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """The choices that could reasonably have been made otherwise."""

    replicates: int = 1000
    seed: int = 0
    spread: float = 0.0
    """Each weight varies uniformly by this share of itself, up and down."""
    normalisations: tuple[str, ...] = ()
    aggregations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Methodology:
    """How a score comes to be."""

    code: str
    tree: Node
    missing: Missing = Missing()
    peer_groups: PeerGroups | None = None
    precision: Precision = Precision()
    bands: Bands | None = None
    uncertainty: Uncertainty | None = None


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
