"""Which choices of a methodology are varied, how often and from which seed."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from shared.schemas.base import Code, Finite, In, Int64, Whole
from shared.schemas.rating.gaps import MissingPolicy
from shared.schemas.rating.methods import Aggregation, AggregationKind, Normalisation, NormalisationKind, Treatment

MOST_FACTORS = 20
MOST_SETS = 200

Part = Annotated[Finite, Field(ge=0, le=1)]
Level = Annotated[Whole, Field(ge=1, le=12)]
_INDICATORS: Any = Field(
    default=[], description="Indicators it is about; all when empty", max_length=500, examples=[["SCH_UNT_MEAN"]]
)
_LEVELS: Any = Field(
    default=[],
    description="Depths of the nodes whose children's weights vary, the root being 1; all when empty",
    max_length=12,
    examples=[[1, 2]],
)


class WeightUncertainty(In):
    """Every weight varies uniformly around itself."""

    kind: Literal["uniform"]
    spread: Part = Field(description="Share of itself a weight varies by, up and down", examples=[0.25])


class Alternatives(In):
    """Kinds that could reasonably have been chosen instead."""

    normalisation: list[NormalisationKind] = Field(
        default=[], description="Kinds for all indicators", max_length=12, examples=[["goalposts", "z_score"]]
    )
    aggregation: list[AggregationKind] = Field(
        default=[], description="Kinds for all nodes", max_length=5, examples=[["weighted_arithmetic"]]
    )


def _written(item: Any) -> str:
    """A kind by its name, anything else is meant to be a document."""
    return "name" if isinstance(item, str) else "document"


OtherNormalisation = Annotated[
    Annotated[NormalisationKind, Tag("name")] | Annotated[Normalisation, Tag("document")], Discriminator(_written)
]


class NormalisationVaries(In):
    """Other ways onto the common scale."""

    kind: Literal["normalisation"]
    alternatives: list[OtherNormalisation] = Field(
        description="Each a normalisation written out, or the name of a kind that needs no parameters",
        min_length=1,
        max_length=12,
        examples=[["z_score", {"kind": "goalposts", "low": 0, "high": 140, "scale": [1, 100], "cap": True}]],
    )
    indicators: list[Code] = _INDICATORS


class AggregationVaries(In):
    """Other ways from children to their node."""

    kind: Literal["aggregation"]
    level: Level | None = Field(
        default=None, description="Depth of the nodes, the root being 1; all nodes when null", examples=[2]
    )
    alternatives: list[Aggregation] = Field(
        description="Ways to build a node", min_length=1, max_length=12, examples=[[{"kind": "weighted_geometric"}]]
    )


class TreatmentVaries(In):
    """Other treatments of outliers."""

    kind: Literal["treatment"]
    alternatives: list[Treatment] = Field(
        description="Treatments, `none` among them",
        min_length=1,
        max_length=12,
        examples=[[{"kind": "none"}, {"kind": "winsorise", "max_points": 3}]],
    )
    indicators: list[Code] = _INDICATORS


class WeightsVary(In):
    """Other weights: exactly one of `spread`, `concentration` and `sets`."""

    kind: Literal["weights"]
    spread: Part | None = Field(
        default=None, description="Every weight varies uniformly by this share of itself, up and down", examples=[0.25]
    )
    concentration: Annotated[Finite, Field(ge=1, le=1e6)] | None = Field(
        default=None,
        description="The weights of a node are drawn from Dirichlet(concentration · their shares): the greater, the "
        "closer to what they are",
        examples=[50],
    )
    sets: list[dict[Code, Annotated[Finite, Field(ge=0, le=1e9)]]] = Field(
        default=[],
        description="Whole sets of weights by indicator and node; what a set does not name keeps its own",
        max_length=MOST_SETS,
        examples=[[{"outcomes": 40, "access": 60}]],
    )
    levels: list[Level] = _LEVELS


class MissingVaries(In):
    """Other policies for a value that is not there; `require` would only take units away, which no replicate does."""

    kind: Literal["missing"]
    alternatives: list[MissingPolicy] = Field(
        description="Policies for all indicators", min_length=1, max_length=5, examples=[["renormalise", "penalise"]]
    )


class IndicatorOut(In):
    """Each indicator in turn left out, and none."""

    kind: Literal["indicator_out"]


class ReliabilityVaries(In):
    """Indicators weighed by how reliable each unit's value is, and not."""

    kind: Literal["reliability"]


class DataNoise(In):
    """Sampling noise of every value, by its variance; told apart from all choices of method."""

    kind: Literal["data_noise"]


Factor = Annotated[
    NormalisationVaries
    | AggregationVaries
    | TreatmentVaries
    | WeightsVary
    | MissingVaries
    | IndicatorOut
    | ReliabilityVaries
    | DataNoise,
    Field(discriminator="kind"),
]


class Uncertainty(In):
    """Which choices are varied, how often and from which seed."""

    replicates: Annotated[Whole, Field(ge=2, le=10_000)] = Field(
        default=1000, description="How often; the first replicate is the official rating", examples=[1000]
    )
    seed: Annotated[Int64, Field(ge=0)] = Field(default=0, description="Seed of the draws", examples=[20260101])
    weights: WeightUncertainty | None = Field(
        default=None,
        description="How weights vary; null when they do not",
        examples=[{"kind": "uniform", "spread": 0.25}],
    )
    alternatives: Alternatives = Field(
        default=Alternatives(), description="Other kinds", examples=[{"aggregation": ["weighted_geometric"]}]
    )
    factors: list[Factor] = Field(
        default=[],
        description="What varies, each by itself and checked against the methodology; `weights` and `alternatives` are "
        "short for three of them",
        max_length=MOST_FACTORS,
        examples=[[{"kind": "weights", "spread": 0.25}, {"kind": "indicator_out"}]],
    )
