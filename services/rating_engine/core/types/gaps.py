"""What a missing value costs, and who is compared with whom."""

from dataclasses import dataclass
from enum import StrEnum


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
