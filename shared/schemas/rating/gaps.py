"""What a missing value costs, and who is compared with whom."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.schemas.base import Code, Finite, In, Whole

Part = Annotated[Finite, Field(ge=0, le=1)]


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
