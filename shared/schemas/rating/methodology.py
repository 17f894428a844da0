"""The methodology document: how a score comes to be, written as data."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from shared.schemas.base import Code, Finite, Flag, In, Int64, LocalisedText, Whole, wrong
from shared.schemas.rating.methods import (
    Aggregation,
    AggregationKind,
    Identity,
    Normalisation,
    NormalisationKind,
    NoTreatment,
    Treatment,
    WeightedArithmetic,
)

MOST_LEVELS = 12
MOST_CHILDREN = 500
MOST_LEAVES = 500

Weight = Annotated[Finite, Field(ge=0, le=1e9)]
Part = Annotated[Finite, Field(ge=0, le=1)]
Band = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")]


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
    minimum: Annotated[Whole, Field(ge=1, le=100_000)] = Field(
        default=1, description="A smaller group is compared with everyone", examples=[10]
    )


class Precision(In):
    """How the evidence behind a value is taken into account."""

    shrink: Flag = Field(default=False, description="Whether bands use values shrunk towards the group")
    min_n: Annotated[Whole, Field(ge=0, le=1_000_000)] = Field(
        default=0, description="A value resting on fewer observations is missing", examples=[5]
    )
    suppress_below: Annotated[Whole, Field(ge=0, le=1_000_000)] = Field(
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
