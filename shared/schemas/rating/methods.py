"""The steps of a method as documents: how children become one, what is done to outliers, how values meet on a scale."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from shared.schemas.base import Finite, Flag, In, Whole

Two = Annotated[list[Finite], Field(min_length=2, max_length=2)]
_SCALE = Field(default=[0.0, 1.0], description="What 0 and 1 of the formula become, ascending", examples=[[1, 100]])
_LOW = Field(description="The natural value that is worth the low end", examples=[40])
_HIGH = Field(description="The natural value that is worth the high end", examples=[110])
_CAP = Field(default=False, description="Whether values beyond the end count as the end", examples=[True])


class AggregationKind(StrEnum):
    """The means and the outranking a node may be built by."""

    WEIGHTED_ARITHMETIC = "weighted_arithmetic"
    WEIGHTED_GEOMETRIC = "weighted_geometric"
    WEIGHTED_HARMONIC = "weighted_harmonic"
    POWER_MEAN = "power_mean"
    COPELAND = "copeland"


class WeightedArithmetic(In):
    """Children compensate one another fully."""

    kind: Literal["weighted_arithmetic"]


class WeightedGeometric(In):
    """A zero cannot be compensated."""

    kind: Literal["weighted_geometric"]


class WeightedHarmonic(In):
    """The weakest child speaks loudest."""

    kind: Literal["weighted_harmonic"]


class PowerMean(In):
    """(Σ w z^p / Σ w)^(1/p): 1 is arithmetic, 0 geometric, -1 harmonic."""

    kind: Literal["power_mean"]
    power: Annotated[Finite, Field(ge=-100, le=100)] = Field(description="p", examples=[2])


class Copeland(In):
    """Opponents beaten less opponents lost to, pair by pair; who has more of the weight on its side has won."""

    kind: Literal["copeland"]


Aggregation = Annotated[
    WeightedArithmetic | WeightedGeometric | WeightedHarmonic | PowerMean | Copeland, Field(discriminator="kind")
]


class NoTreatment(In):
    """The column as it is."""

    kind: Literal["none"]


class Cap(In):
    """Values beyond the bounds count as the bounds."""

    kind: Literal["cap"]
    low: Finite | None = Field(default=None, description="Least value; null for none", examples=[0])
    high: Finite | None = Field(default=None, description="Greatest value; null for none", examples=[100])


class Winsorise(In):
    """Extreme values are drawn to their neighbours until skewness or kurtosis is small enough."""

    kind: Literal["winsorise"]
    max_points: Annotated[Whole, Field(ge=0, le=1000)] = Field(
        default=5, description="At most so many values are moved", examples=[5]
    )
    skew: Annotated[Finite, Field(gt=0)] = Field(default=2.0, description="Greatest |skewness|", examples=[2])
    kurtosis: Finite = Field(default=3.5, description="Greatest kurtosis", examples=[3.5])
    fallback: Literal["log"] | None = Field(
        default=None,
        description="What is done, to the untreated values, where that was not enough",
        examples=["log"],
    )


class WinsoriseShares(In):
    """Values beyond two quantiles of the population count as those quantiles."""

    kind: Literal["winsorise_shares"]
    low: Annotated[Finite, Field(ge=0, lt=0.5)] = Field(
        default=0.05, description="Share of the values that is drawn up", examples=[0.05]
    )
    high: Annotated[Finite, Field(gt=0.5, le=1)] = Field(
        default=0.95, description="Share of the values that is not drawn down", examples=[0.95]
    )


class Log(In):
    """ln(x - min + 0.01 (max - min))."""

    kind: Literal["log"]
    ends: Two | None = Field(
        default=None, description="Minimum and maximum fixed beforehand, ascending", examples=[[0, 950]]
    )


class BoxCox(In):
    """((x - min + 1)^λ - 1)/λ."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)

    kind: Literal["box_cox"]
    power: Annotated[Finite, Field(ge=-10, le=10)] = Field(alias="lambda", description="λ; 0 is ln", examples=[0.5])
    low: Finite | None = Field(default=None, description="Minimum fixed beforehand", examples=[0])


Treatment = Annotated[NoTreatment | Cap | Winsorise | WinsoriseShares | Log | BoxCox, Field(discriminator="kind")]


class NormalisationKind(StrEnum):
    """The ways onto a common scale."""

    GOALPOSTS = "goalposts"
    LOG_GOALPOSTS = "log_goalposts"
    MIN_MAX = "min_max"
    Z_SCORE = "z_score"
    RANK = "rank"
    PERCENTILE_RANK = "percentile_rank"
    DISTANCE_TO_TARGET = "distance_to_target"
    DISTANCE_TO_MAXIMUM = "distance_to_maximum"
    DISTANCE_TO_REFERENCE = "distance_to_reference"
    FRACTION_OF_MAXIMUM = "fraction_of_maximum"
    THRESHOLDS = "thresholds"
    PIECEWISE = "piecewise"
    IDENTITY = "identity"


class Goalposts(In):
    """(x - low)/(high - low), onto the scale."""

    kind: Literal["goalposts"]
    low: Finite = _LOW
    high: Finite = _HIGH
    scale: Two = _SCALE
    cap: Flag = _CAP


class LogGoalposts(In):
    """(ln x - ln low)/(ln high - ln low), onto the scale."""

    kind: Literal["log_goalposts"]
    low: Finite = _LOW
    high: Finite = _HIGH
    scale: Two = _SCALE
    cap: Flag = _CAP


class MinMax(In):
    """(x - min)/(max - min) of the population, onto the scale."""

    kind: Literal["min_max"]
    scale: Two = _SCALE


class ZScore(In):
    """(x - mean)/sd · `sd` + `mean`."""

    kind: Literal["z_score"]
    mean: Annotated[Finite, Field(ge=-1e9, le=1e9)] = Field(
        default=0.0, description="Mean of the result", examples=[10]
    )
    sd: Annotated[Finite, Field(gt=0, le=1e9)] = Field(
        default=1.0, description="Standard deviation of the result", examples=[2]
    )


class Rank(In):
    """Place from the worst, which is 1; ties take the lowest."""

    kind: Literal["rank"]


class PercentileRank(In):
    """(rank - 1)/(n - 1), onto the scale."""

    kind: Literal["percentile_rank"]
    scale: Two = _SCALE


class DistanceToTarget(In):
    """(x - min)/(target - min)."""

    kind: Literal["distance_to_target"]
    target: Finite = Field(description="The target in the indicator's own unit", examples=[95])
    cap: Flag = _CAP


class DistanceToMaximum(In):
    """(x - min)/(max - min)."""

    kind: Literal["distance_to_maximum"]


class DistanceToReference(In):
    """1 - (x_ref - x)/(x_ref - min)."""

    kind: Literal["distance_to_reference"]
    reference: str = Field(
        description="The unit that is the measure",
        min_length=1,
        max_length=100,
        examples=["0198c0de-0000-7000-8000-000000000001"],
    )
    cap: Flag = _CAP


class FractionOfMaximum(In):
    """x/max."""

    kind: Literal["fraction_of_maximum"]


class Thresholds(In):
    """A level for each interval between cuts; a value on a cut belongs above it."""

    kind: Literal["thresholds"]
    cuts: list[Finite] = Field(description="Ascending cuts", min_length=1, max_length=100, examples=[[50, 75, 90]])
    levels: list[Finite] = Field(
        description="Levels from the lowest interval to the highest, one more than cuts",
        min_length=2,
        max_length=101,
        examples=[[0, 40, 70, 100]],
    )


Point = Annotated[list[Finite], Field(min_length=2, max_length=2)]


class Piecewise(In):
    """A line through points, flat beyond the first and the last."""

    kind: Literal["piecewise"]
    points: list[Point] = Field(
        description="Natural value and result, natural values ascending, results never turning away from `direction`",
        min_length=2,
        max_length=1000,
        examples=[[[0, 0], [20, 70], [40, 100]]],
    )


class Identity(In):
    """x."""

    kind: Literal["identity"]


Normalisation = Annotated[
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
    | Identity,
    Field(discriminator="kind"),
]
