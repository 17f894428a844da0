"""The methodology document: how a score comes to be, written as data."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from shared.schemas.base import Code, Finite, Flag, In, LocalisedText, Whole, wrong
from shared.schemas.rating.appeals import AppealRules
from shared.schemas.rating.evidence import Bands, NoBands, Precision, Prior, Sampling
from shared.schemas.rating.gaps import Imputation, LeafMissing, Limit, Missing, PeerGroups, Screening
from shared.schemas.rating.methods import (
    Aggregation,
    Identity,
    Normalisation,
    NoTreatment,
    Treatment,
    WeightedArithmetic,
)
from shared.schemas.rating.population import Among, CarryForward, Lights, Measure
from shared.schemas.rating.uncertainty import Uncertainty
from shared.schemas.rating.views import StatusChange, ValueAdded
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
    measure: Measure = Field(default=Measure.VALUE, description="What of the indicator is scored", examples=["value"])
    min_n: Annotated[Whole, Field(ge=0, le=1_000_000)] | None = Field(
        default=None,
        description="A value of this indicator that rests on fewer observations is missing; null: as for all",
        examples=[20],
    )
    carry_forward: CarryForward | None = Field(
        default=None,
        description="Whether units that were not sampled keep the value of an earlier period",
        examples=[{"periods": 3, "widen": 1.0}],
    )
    actionable: Flag = Field(
        default=True,
        description="Whether the organisation itself can change it: only then the change that reaches the next band "
        "is told",
        examples=[True],
    )
    treatment: Treatment = Field(
        default=NoTreatment(kind="none"), description="What is done to outliers", examples=[{"kind": "none"}]
    )
    normalisation: Normalisation = Field(
        default=Identity(kind="identity"),
        description="How it comes onto the common scale",
        examples=[{"kind": "goalposts", "low": 40, "high": 110, "scale": [1, 100], "cap": True}],
    )
    missing: LeafMissing | None = Field(
        default=None,
        description="What a gap costs here; null: as everywhere",
        examples=[{"policy": "penalise"}],
    )
    sampling: Sampling | None = Field(
        default=None,
        description="Where the sampling variance of its values comes from; left out, from the data if they give it",
        examples=[{"kind": "share"}],
    )
    prior: Prior | None = Field(
        default=None,
        description="What its values are shrunk towards; left out, it is estimated",
        examples=[{"mean": 0, "tau2": 0.0921}],
    )
    denominator: Code | None = Field(
        default=None, description="The indicator its values are divided by first", examples=["SCH_PUPILS"]
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
    among: Among | None = Field(
        default=None,
        description="Only some organisations of the type; null: all of them",
        examples=[{"attribute": "programmes", "any_of": ["keleshek"]}],
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
    imputation: Imputation | None = Field(
        default=None,
        description="Fills gaps before outliers are treated; null: gaps stay gaps",
        examples=[{"kind": "group_mean", "by": ["setting"]}],
    )
    screening: Screening | None = Field(
        default=None, description="Who takes part; null: everyone", examples=[{"min_available": 0.9}]
    )
    limits: list[Limit] = Field(
        default=[],
        description="Bars that no sum of points can buy off",
        max_length=100,
        examples=[[{"of": "outcomes", "at_least": 20, "band": "C"}]],
    )
    precision: Precision = Field(default=Precision(), description="Evidence", examples=[{"min_n": 5}])
    bands: Bands = Field(
        default=NoBands(kind="none"), description="Bands", examples=[{"kind": "quantiles", "labels": ["A", "B", "C"]}]
    )
    value_added: list[ValueAdded] = Field(
        default=[],
        description="Outcomes told as attainment, progress and contextual progress side by side",
        max_length=10,
        examples=[[{"code": "unt", "outcome": "SCH_UNT_MEAN", "prior": "SCH_MODO_G9"}]],
    )
    status_change: list[StatusChange] = Field(
        default=[], description="Indicators told by level and change, without a total", max_length=20, examples=[[]]
    )
    uncertainty: Uncertainty | None = Field(
        default=None, description="What could have been chosen otherwise", examples=[{"replicates": 1000, "seed": 1}]
    )
    ranking: Flag = Field(
        default=True, description="False: units have scores and no places, since they are not to be compared"
    )
    lights: Lights | None = Field(
        default=None, description="Green, amber and red for every node", examples=[{"green": 100, "amber": 50}]
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
    """Codes of everything a run asks for: the indicators, what divides them, the context, what peers are near by, and
    what evidence and views need; each once."""
    divisors = [leaf.denominator for _, leaf in leaves(document) if leaf.denominator is not None]
    nearest = document.peer_groups.nearest if document.peer_groups else None
    near = nearest.on if nearest else []
    asked = [*indicators(document), *divisors, *document.context, *near, *(code for _, code in beside(document))]
    return list(dict.fromkeys(asked))


def beside(document: MethodologyDocument) -> Iterator[tuple[str, str]]:
    """Indicators that sizes of populations and views are read from, each with its JSON pointer."""
    for pointer, leaf in leaves(document):
        if leaf.sampling is not None and leaf.sampling.population is not None:
            yield f"{pointer}/sampling/population", leaf.sampling.population
    for place, view in enumerate(document.value_added):
        at = f"/value_added/{place}"
        yield f"{at}/outcome", view.outcome
        yield f"{at}/prior", view.prior
        yield from ((f"{at}/covariates/{number}", code) for number, code in enumerate(view.covariates))
    for place, grid in enumerate(document.status_change):
        yield f"/status_change/{place}/status", grid.status
        if grid.change is not None:
            yield f"/status_change/{place}/change", grid.change


def canonical(document: MethodologyDocument) -> str:
    """The document in one way only: defaults left out, keys sorted, no spaces, shortest round-trip numbers.

    A document that spells a default out and one that leaves it out are the same document, and a word that is added to
    the language later, off by default, leaves the names of older documents as they are.
    """
    content = document.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(document: MethodologyDocument) -> str:
    """`sha256:` and the SHA-256 of the canonical document."""
    return "sha256:" + hashlib.sha256(canonical(document).encode()).hexdigest()
