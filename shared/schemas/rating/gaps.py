"""What a missing value costs, and who is compared with whom."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.schemas.base import Code, Finite, In, Whole

Part = Annotated[Finite, Field(ge=0, le=1)]
Charge = Annotated[Finite, Field(ge=-1e9, le=1e9)]


class MissingPolicy(StrEnum):
    """What becomes of a unit that lacks a value."""

    RENORMALISE = "renormalise"
    PENALISE = "penalise"
    REQUIRE = "require"
    ZERO = "zero"
    IMPUTE = "impute"


class NodeCoverage(StrEnum):
    """How much of a node is present."""

    COUNT = "count"
    """Share of the children that have a value."""
    WEIGHT = "weight"
    """Share of the weight of the children that have a value, or one that stands in for it: what a unit is charged with
    counts, what it is excused from does not."""


class Missing(In):
    """What a missing value costs, and how much must be present."""

    policy: MissingPolicy = Field(default=MissingPolicy.RENORMALISE, description="What becomes of a gap")
    min_coverage: Part = Field(
        default=0.0, description="Least share of the effective weight a rated unit must have", examples=[0.6]
    )
    min_node_coverage: Part = Field(
        default=0.0, description="Least share of its children a node must have", examples=[0.5]
    )
    node_coverage: NodeCoverage = Field(
        default=NodeCoverage.COUNT, description="Whether the children of a node count one each or by their weights"
    )


class LeafMissing(In):
    """What a gap in this indicator costs, instead of what the methodology says for all."""

    policy: MissingPolicy = Field(description="What becomes of a gap", examples=["penalise"])
    charge: Charge | None = Field(
        default=None,
        description="Under `penalise` and `zero`: a fixed value on the common scale instead of the low decile of the "
        "group or the worst of the scale",
        examples=[12.5],
    )
    expected: Finite | None = Field(
        default=None,
        description="A fixed natural value that stands for one nobody may see, instead of the mean of the group",
        examples=[64.2],
    )


class ImputationKind(StrEnum):
    """Which value stands for one that is not there."""

    MEAN = "mean"
    MEDIAN = "median"
    GROUP_MEAN = "group_mean"
    GROUP_MEDIAN = "group_median"


class Imputation(In):
    """Gaps are filled before outliers are treated; coverage still counts them as gaps."""

    kind: ImputationKind = Field(description="The mean or median of everyone or of the group")
    by: list[Code] = Field(
        default=[],
        description="Attributes that make a group; the peer groups when left out",
        max_length=10,
        examples=[["setting"]],
    )


class Screening(In):
    """Units with too few indicators take no part, neither with a rating nor in the population."""

    min_available: Part = Field(
        description="Least share of the indicators, each counting one, a unit must have", examples=[0.9]
    )


class Nearest(In):
    """The k units that are nearest by context."""

    on: list[Code] = Field(
        description="Context indicators, each standardised",
        min_length=1,
        max_length=20,
        examples=[["SCH_PUPILS", "SCH_POVERTY_SHARE"]],
    )
    k: Annotated[Whole, Field(ge=1, le=1000)] = Field(default=20, description="How many", examples=[20])


class PeerGroups(In):
    """Units alike in these attributes, or nearest by context, are compared with one another by rank and percentile."""

    by: list[Code] = Field(default=[], description="Attributes", max_length=10, examples=[["setting", "size_class"]])
    minimum: Annotated[Whole, Field(ge=1, le=100_000)] = Field(
        default=1, description="A smaller group is compared with everyone", examples=[10]
    )
    nearest: Nearest | None = Field(
        default=None,
        description="Ranks and percentile ranks are taken among the nearest units of the group",
        examples=[{"on": ["SCH_PUPILS"], "k": 20}],
    )


class MissingGate(StrEnum):
    """What a missing value means for a limit."""

    FAILS = "fails"
    PASSES = "passes"


class Limit(In):
    """A bar that no sum of points can buy off."""

    of: Code = Field(
        description="A node, by its score, or an indicator of the tree or the context, by its natural value",
        examples=["outcomes"],
    )
    at_least: Finite | None = Field(default=None, description="A lower value does not clear the bar", examples=[20])
    at_most: Finite | None = Field(default=None, description="A higher value does not clear the bar", examples=[1])
    band: Annotated[str, Field(min_length=1, max_length=40)] = Field(
        description="The best band of a unit that does not clear the bar", examples=["C"]
    )
    missing: MissingGate = Field(
        default=MissingGate.FAILS,
        description="What a missing value means; one that is not applicable or not sampled always passes",
        examples=["fails"],
    )
