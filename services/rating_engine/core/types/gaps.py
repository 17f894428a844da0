"""What a missing value costs, and who is compared with whom."""

from dataclasses import dataclass
from enum import StrEnum


class MissingPolicy(StrEnum):
    """What becomes of a unit that lacks a value."""

    RENORMALISE = "renormalise"
    PENALISE = "penalise"
    REQUIRE = "require"
    ZERO = "zero"
    IMPUTE = "impute"


class ImputationKind(StrEnum):
    """Which value stands for one that is not there."""

    MEAN = "mean"
    MEDIAN = "median"
    GROUP_MEAN = "group_mean"
    GROUP_MEDIAN = "group_median"


@dataclass(frozen=True, slots=True)
class Imputation:
    """The mean or median of those who have a value: of everyone, or of those alike in the attributes `by`."""

    kind: ImputationKind
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """The policy and how much must be present."""

    policy: MissingPolicy = MissingPolicy.RENORMALISE
    min_coverage: float = 0.0
    """Least share of the effective weight of a unit's leaves that must be present for it to be rated."""
    min_node_coverage: float = 0.0
    """Least share of a node's children that must be present for the node to have a value."""
    by_weight: bool = False
    """Whether the children of a node count by their weights and with what stands in for a gap, and not one each."""


@dataclass(frozen=True, slots=True)
class LeafMissing:
    """What a gap in one indicator costs, instead of what the methodology says for all."""

    policy: MissingPolicy
    charge: float | None = None
    """Under `penalise` and `zero`: the value on the common scale, fixed beforehand, instead of the group's low decile
    or the worst of the scale."""
    expected: float | None = None
    """The natural value, fixed beforehand, that stands for one nobody may see, instead of the group's mean."""


@dataclass(frozen=True, slots=True)
class Screening:
    """Units with too few indicators take no part at all."""

    min_available: float
    """Least share of the indicators, counted without weights, a unit must have."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """The k units that are nearest in these context indicators, each standardised."""

    on: tuple[str, ...]
    k: int


@dataclass(frozen=True, slots=True)
class PeerGroups:
    """Units that are alike in these attributes are compared with one another."""

    by: tuple[str, ...] = ()
    minimum: int = 1
    """A smaller group is compared with the whole population instead."""
    nearest: Nearest | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """A bar that no sum of points can buy off: whoever does not clear it has no better band than `band`."""

    of: str
    """A node, by its score, or an indicator, by its natural value."""
    band: str
    at_least: float | None = None
    at_most: float | None = None
    missing_passes: bool = False
