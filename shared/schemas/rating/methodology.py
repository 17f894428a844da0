"""The methodology document: how a score comes to be, written as data."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from shared.schemas.base import Code, Finite, In, Int64, LocalisedText, wrong

MOST_LEVELS = 12
MOST_CHILDREN = 500
MOST_LEAVES = 500

Weight = Annotated[Finite, Field(ge=0, le=1e9)]
Part = Annotated[Finite, Field(ge=0, le=1)]
Band = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")]
Two = Annotated[list[Finite], Field(min_length=2, max_length=2)]

_SCALE = Field(default=[0.0, 1.0], description="What 0 and 1 of the formula become, ascending", examples=[[1, 100]])
_LOW = Field(description="The natural value that is worth the low end", examples=[40])
_HIGH = Field(description="The natural value that is worth the high end", examples=[110])
_CAP = Field(default=False, description="Whether values beyond the end count as the end", examples=[True])


# --- aggregation ------------------------------------------------------------------------------------------------------


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
    """How far a unit outranks the others, pair by pair."""

    kind: Literal["copeland"]


Aggregation = Annotated[
    WeightedArithmetic | WeightedGeometric | WeightedHarmonic | PowerMean | Copeland, Field(discriminator="kind")
]


# --- treatment --------------------------------------------------------------------------------------------------------


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
    max_points: Annotated[int, Field(ge=0, le=1000)] = Field(
        default=5, description="At most so many values are moved", examples=[5]
    )
    skew: Annotated[Finite, Field(gt=0)] = Field(default=2.0, description="Greatest |skewness|", examples=[2])
    kurtosis: Finite = Field(default=3.5, description="Greatest kurtosis", examples=[3.5])


class Log(In):
    """ln(x - min + 0.01 (max - min))."""

    kind: Literal["log"]


class BoxCox(In):
    """((x - min + 1)^λ - 1)/λ."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)

    kind: Literal["box_cox"]
    power: Annotated[Finite, Field(ge=-10, le=10)] = Field(alias="lambda", description="λ; 0 is ln", examples=[0.5])


Treatment = Annotated[NoTreatment | Cap | Winsorise | Log | BoxCox, Field(discriminator="kind")]


# --- normalisation ----------------------------------------------------------------------------------------------------


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
    IDENTITY = "identity"


class Goalposts(In):
    """(x - low)/(high - low), onto the scale."""

    kind: Literal["goalposts"]
    low: Finite = _LOW
    high: Finite = _HIGH
    scale: Two = _SCALE
    cap: bool = _CAP


class LogGoalposts(In):
    """(ln x - ln low)/(ln high - ln low), onto the scale."""

    kind: Literal["log_goalposts"]
    low: Finite = _LOW
    high: Finite = _HIGH
    scale: Two = _SCALE
    cap: bool = _CAP


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
    """(rank - 1)/(n - 1)."""

    kind: Literal["percentile_rank"]


class DistanceToTarget(In):
    """(x - min)/(target - min)."""

    kind: Literal["distance_to_target"]
    target: Finite = Field(description="The target in the indicator's own unit", examples=[95])
    cap: bool = _CAP


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
    cap: bool = _CAP


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
    | Identity,
    Field(discriminator="kind"),
]


# --- the tree ---------------------------------------------------------------------------------------------------------


class Direction(StrEnum):
    """Which end of an indicator is the good one."""

    HIGHER = "higher"
    LOWER = "lower"


class Leaf(In):
    """An indicator in its place in the tree."""

    indicator: Code = Field(description="Code of the indicator", examples=["SCH_UNT_MEAN"])
    weight: Weight = Field(default=1.0, description="Weight among its siblings", examples=[10])
    direction: Direction = Field(default=Direction.HIGHER, description="Which end is the good one")
    treatment: Treatment = Field(
        default=NoTreatment(kind="none"), description="What is done to outliers", examples=[{"kind": "none"}]
    )
    normalisation: Normalisation = Field(
        default=Identity(kind="identity"),
        description="How it comes onto the common scale",
        examples=[{"kind": "goalposts", "low": 40, "high": 110, "scale": [1, 100], "cap": True}],
    )

    @model_validator(mode="before")
    @classmethod
    def _without_children(cls, item: Any) -> Any:
        if isinstance(item, Mapping) and "children" in item:
            raise wrong(
                "leaf_with_children",
                kk="Көрсеткіштің астында ештеңе болмайды: не indicator, не children",
                ru="У показателя не бывает детей: либо indicator, либо children",
                en="An indicator has nothing below it: give either indicator or children",
            )
        return item


def _branch(item: Any) -> str:
    """A child with an indicator is a leaf, anything else is meant to be a node."""
    named = item.keys() if isinstance(item, Mapping) else type(item).model_fields if isinstance(item, In) else ()
    return "leaf" if "indicator" in named else "node"


Child = Annotated[Annotated["Node", Tag("node")] | Annotated[Leaf, Tag("leaf")], Discriminator(_branch)]


class Node(In):
    """A composite of indicators and other nodes."""

    code: Code = Field(description="Name of the node", examples=["outcomes"])
    weight: Weight = Field(default=1.0, description="Weight among its siblings", examples=[34])
    aggregation: Aggregation = Field(
        default=WeightedArithmetic(kind="weighted_arithmetic"),
        description="How the children become one",
        examples=[{"kind": "weighted_geometric"}],
    )
    children: list[Child] = Field(
        description="Indicators and nodes below",
        min_length=1,
        max_length=MOST_CHILDREN,
        examples=[[{"indicator": "SCH_UNT_MEAN", "weight": 10}]],
    )


def _not_too_large(tree: Any) -> Any:
    """Refuse a tree of too many levels or leaves before anything recurses into it."""
    level, leaves = [tree], 0
    for _ in range(MOST_LEVELS):
        below = []
        for item in level:
            children = item.get("children") if isinstance(item, Mapping) else None
            if isinstance(children, list):
                below.extend(children)
            else:
                leaves += 1
        if leaves + len(below) > 2 * MOST_LEAVES or leaves > MOST_LEAVES:
            raise wrong(
                "tree_too_large",
                kk=f"Ағашта {MOST_LEAVES}-ден астам көрсеткіш",
                ru=f"В дереве больше {MOST_LEAVES} показателей",
                en=f"The tree has more than {MOST_LEAVES} indicators",
            )
        level = below
    if level:
        raise wrong(
            "tree_too_deep",
            kk=f"Ағашта {MOST_LEVELS}-ден астам деңгей",
            ru=f"В дереве больше {MOST_LEVELS} уровней",
            en=f"The tree has more than {MOST_LEVELS} levels",
        )
    return tree


# --- the rest ---------------------------------------------------------------------------------------------------------


class MissingPolicy(StrEnum):
    """What becomes of a unit that lacks a value."""

    RENORMALISE = "renormalise"
    PENALISE = "penalise"
    REQUIRE = "require"


class Missing(In):
    """What a missing value costs, and how much must be present."""

    policy: MissingPolicy = Field(default=MissingPolicy.RENORMALISE, description="What becomes of a gap")
    min_coverage: Part = Field(
        default=0.0, description="Least share of the effective weight a rated unit must have", examples=[0.6]
    )
    min_node_coverage: Part = Field(
        default=0.0, description="Least share of its children a node must have", examples=[0.5]
    )


class PeerGroups(In):
    """Units alike in these attributes are compared with one another by rank and percentile."""

    by: list[Code] = Field(description="Attributes", min_length=1, max_length=10, examples=[["setting", "size_class"]])
    minimum: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=1, description="A smaller group is compared with everyone", examples=[10]
    )


class Precision(In):
    """How the evidence behind a value is taken into account."""

    shrink: bool = Field(default=False, description="Whether bands use values shrunk towards the group")
    min_n: Annotated[int, Field(ge=0, le=1_000_000)] = Field(
        default=0, description="A value resting on fewer observations is missing", examples=[5]
    )
    suppress_below: Annotated[int, Field(ge=0, le=1_000_000)] = Field(
        default=0, description="A value resting on fewer observations is not published", examples=[10]
    )


_LABELS = Field(description="Names of the bands, best first", min_length=1, max_length=50, examples=[["A", "B", "C"]])


class NoBands(In):
    """No bands."""

    kind: Literal["none"]


class QuantileBands(In):
    """Equal shares of the rated units."""

    kind: Literal["quantiles"]
    labels: list[Band] = _LABELS


class CutBands(In):
    """Fixed cuts of the score, with the probability of being above each."""

    kind: Literal["cuts"]
    labels: list[Band] = _LABELS
    cuts: list[Finite] = Field(description="Ascending cuts, one fewer than labels", max_length=49, examples=[[40, 70]])


class PairwiseLossBands(In):
    """As many bands, up to the labels, as the evidence can tell apart."""

    kind: Literal["pairwise_loss"]
    labels: list[Band] = _LABELS
    loss: Annotated[Finite, Field(ge=0, le=999)] = Field(
        default=9.0, description="Price of one wrong order against one right order", examples=[9]
    )


Bands = Annotated[NoBands | QuantileBands | CutBands | PairwiseLossBands, Field(discriminator="kind")]


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


class Uncertainty(In):
    """Which choices are varied, how often and from which seed."""

    replicates: Annotated[int, Field(ge=2, le=10_000)] = Field(
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


class MethodologyDocument(In):
    """How a score comes to be. Only `code` and `tree` are required; what is left out is off."""

    code: Code = Field(description="Name of the methodology", examples=["schools-public"])
    title: LocalisedText | None = Field(
        default=None, description="What it is called", examples=[{"ru": "Общественный рейтинг школ"}]
    )
    organisation_types: list[Code] = Field(
        default=[], description="Types of organisation it rates", max_length=20, examples=[["school"]]
    )
    tree: Annotated[Node, BeforeValidator(_not_too_large)] = Field(
        description="From indicators to the score",
        examples=[{"code": "index", "children": [{"indicator": "SCH_UNT_MEAN", "weight": 10}]}],
    )
    missing: Missing = Field(default=Missing(), description="Missing values", examples=[{"policy": "renormalise"}])
    peer_groups: PeerGroups | None = Field(
        default=None, description="Who is compared with whom", examples=[{"by": ["setting"], "minimum": 10}]
    )
    precision: Precision = Field(default=Precision(), description="Evidence", examples=[{"min_n": 5}])
    bands: Bands = Field(
        default=NoBands(kind="none"), description="Bands", examples=[{"kind": "quantiles", "labels": ["A", "B", "C"]}]
    )
    uncertainty: Uncertainty | None = Field(
        default=None, description="What could have been chosen otherwise", examples=[{"replicates": 1000, "seed": 1}]
    )


def leaves(document: MethodologyDocument) -> Iterator[tuple[str, Leaf]]:
    """The leaves in the order of the document, each with its JSON pointer."""

    def below(node: Node, pointer: str) -> Iterator[tuple[str, Leaf]]:
        for place, child in enumerate(node.children):
            at = f"{pointer}/children/{place}"
            if isinstance(child, Leaf):
                yield at, child
            else:
                yield from below(child, at)

    return below(document.tree, "/tree")


def indicators(document: MethodologyDocument) -> list[str]:
    """Codes of the indicators, in the order of the document."""
    return [leaf.indicator for _, leaf in leaves(document)]


def canonical(document: MethodologyDocument) -> str:
    """The document in one way only: defaults written out, keys sorted, no spaces, shortest round-trip numbers.

    A document that spells a default out and one that leaves it out are the same document.
    """
    content = document.model_dump(mode="json")
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(document: MethodologyDocument) -> str:
    """`sha256:` and the SHA-256 of the canonical document."""
    return "sha256:" + hashlib.sha256(canonical(document).encode()).hexdigest()
