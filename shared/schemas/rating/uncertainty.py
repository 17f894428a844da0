"""Which choices of a methodology are varied, how often and from which seed."""

from typing import Annotated, Literal

from pydantic import Field

from shared.schemas.base import Finite, In, Int64, Whole
from shared.schemas.rating.methods import AggregationKind, NormalisationKind

Part = Annotated[Finite, Field(ge=0, le=1)]


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
