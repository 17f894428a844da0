"""The methodology document: how a score comes to be, written as data."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from shared.schemas.base import Code, Finite, In, LocalisedText, wrong
from shared.schemas.rating.appeals import AppealRules
from shared.schemas.rating.evidence import Bands, NoBands, Precision
from shared.schemas.rating.gaps import Missing, PeerGroups
from shared.schemas.rating.methods import (
    Aggregation,
    Identity,
    Normalisation,
    NoTreatment,
    Treatment,
    WeightedArithmetic,
)
from shared.schemas.rating.uncertainty import Uncertainty
from shared.schemas.rating.weighting import Weighting

MOST_LEVELS = 12
MOST_CHILDREN = 500
MOST_LEAVES = 500

Weight = Annotated[Finite, Field(ge=0, le=1e9)]


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
    weighting: Weighting | None = Field(
        default=None,
        description="Where the weights of the children come from; null when each child states its own",
        examples=[{"kind": "equal"}],
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
    context: list[Code] = Field(
        default=[],
        description="Indicators that are fetched and shown but not scored: what makes units alike, what a gate asks",
        max_length=100,
        examples=[["SCH_LOAD_FACTOR"]],
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
    appeals: AppealRules | None = Field(
        default=None,
        description="Organisations see a run before the public and may object; left out, it is published at once",
        examples=[{"working_days": 10}],
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


def fetched(document: MethodologyDocument) -> list[str]:
    """Codes of everything a run asks for: the indicators and the context, each once."""
    return list(dict.fromkeys([*indicators(document), *document.context]))


def canonical(document: MethodologyDocument) -> str:
    """The document in one way only: defaults written out, keys sorted, no spaces, shortest round-trip numbers.

    A document that spells a default out and one that leaves it out are the same document.
    """
    content = document.model_dump(mode="json")
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(document: MethodologyDocument) -> str:
    """`sha256:` and the SHA-256 of the canonical document."""
    return "sha256:" + hashlib.sha256(canonical(document).encode()).hexdigest()
