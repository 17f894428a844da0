"""The steps of a method by name: treatment of outliers, the way onto a common scale, how children become one."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


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
    fallback: bool = False
    """Whether a column that stays beyond both limits is put on the logarithm of `Log` instead, as it came."""


@dataclass(frozen=True, slots=True)
class WinsoriseShares:
    """Draws what lies below the share `low` of the values, or above the share `high`, to those quantiles."""

    low: float = 0.05
    high: float = 0.95


@dataclass(frozen=True, slots=True)
class Log:
    """Logarithm of the distance from the minimum, shifted by a hundredth of the range."""

    ends: tuple[float, float] | None = None
    """Minimum and maximum fixed beforehand; those of the population otherwise."""


@dataclass(frozen=True, slots=True)
class BoxCox:
    """Box-Cox power of the column shifted to begin at one."""

    power: float
    low: float | None = None
    """Minimum fixed beforehand; that of the population otherwise."""


Treatment = NoTreatment | Cap | Winsorise | WinsoriseShares | Log | BoxCox


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

    scale: Scale = (0.0, 1.0)


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
class Piecewise:
    """A line through points (natural value, result) of ascending natural values, flat beyond the first and the last."""

    points: tuple[tuple[float, float], ...]


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
    | Piecewise
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
    """Opponents beaten less opponents lost to, pair by pair."""


Aggregation = WeightedArithmetic | WeightedGeometric | WeightedHarmonic | PowerMean | Copeland
