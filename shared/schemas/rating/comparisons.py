"""Two organisations beside one another, who moved since last time, and what would be if."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Code, Finite, In, Out, TextOut, Whole
from shared.schemas.pages import PageQuery
from shared.schemas.rating.explanations import ChangeParts
from shared.schemas.rating.methodology import MethodologyDocument

MOST_WEIGHTS = 1_000
MOST_VALUES = 10_000
MOST_ORGANISATIONS = 20_000
MOST_MOVERS = 1_000


class CompareQuery(In):
    """Which two, and in which edition."""

    a: UUID = Field(description="The first organisation", examples=["01a20034-2d1f-77a4-b618-84a4220ed269"])
    b: UUID = Field(description="The second organisation", examples=["01a20034-2d1f-77a4-b618-84a4220ed270"])
    publication_id: UUID | None = Field(default=None, description="The edition; default: the one in force")
    code: Code | None = Field(
        default=None,
        description="The methodology whose edition in force is meant; needed where several speak of both",
        examples=["schools-public"],
    )
    spread: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] = Field(
        default=0.25, description="By how much of itself each weight may be otherwise, up and down", examples=[0.25]
    )


class ComparedSide(Out):
    """One of the two."""

    organisation_id: UUID = Field(description="The organisation")
    name: TextOut = Field(description="Its name")
    status: str = Field(description="`rated` or `not_rated`", max_length=10, examples=["rated"])
    score: float | None = Field(description="The score")
    rank: int | None = Field(description="The place", ge=1, le=1_000_000)
    band: str | None = Field(description="The band", max_length=40)
    coverage: float = Field(description="Share of the weight for which there are values", ge=0, le=1.0000001)
    nodes: dict[str, float | None] = Field(
        description="The score of every node of the tree", examples=[{"index": 61.2, "outcomes": 58.9}]
    )


class ComparedIndicator(Out):
    """One indicator of both."""

    indicator: str = Field(description="The indicator", max_length=64, examples=["SCH_UNT_MEAN"])
    name: TextOut = Field(description="What it is called")
    unit: str | None = Field(description="Its unit of measure", max_length=40)
    a: float | None = Field(description="Value of the first", examples=[71.2])
    b: float | None = Field(description="Value of the second", examples=[64.0])
    contribution_a: float | None = Field(description="Points it brought the first", examples=[4.5])
    contribution_b: float | None = Field(description="Points it brought the second", examples=[3.9])
    difference: float | None = Field(
        description="The first less the second; null where a contribution may not be told", examples=[0.6]
    )


class WeightTurn(Out):
    """One weight that alone would turn the order."""

    code: str = Field(description="The node or indicator", max_length=64, examples=["outcomes"])
    declared: float = Field(description="Its weight among its siblings", examples=[34.0])
    needed: float = Field(description="The weight at which both are level; beyond it the order turns", examples=[21.7])


class ComparisonRead(Out):
    """Two organisations beside one another in one edition."""

    publication_id: UUID = Field(description="The edition")
    code: str = Field(description="The methodology's code", max_length=64)
    a: ComparedSide = Field(description="The first")
    b: ComparedSide = Field(description="The second")
    difference: float | None = Field(
        description="Score of the first less score of the second; null where one of them has none", examples=[3.1]
    )
    indicators: list[ComparedIndicator] = Field(
        description="Every indicator; the differences of a pair of which everything is told sum to that of the scores",
        max_length=1000,
    )
    not_told: float | None = Field(
        description="What is left of the difference for indicators whose contributions may not be told", examples=[0.0]
    )
    probability: float | None = Field(
        description="Probability that the first is truly above, by the noise of the data; null where it is not known",
        ge=0,
        le=1,
        examples=[0.81],
    )
    weights_share: float | None = Field(
        description="Share of all weights within `spread` of the declared ones for which the first is above; null "
        "where a score depends on the others or not everything is told",
        ge=0,
        le=1,
        examples=[0.93],
    )
    weights_error: float | None = Field(description="Standard error of that share", ge=0, le=1, examples=[0.004])
    spread: float = Field(description="By how much of itself each weight varied", examples=[0.25])
    turns: list[WeightTurn] = Field(
        description="Single weights that would turn the order, the smallest change first; empty: none would",
        max_length=20,
    )


class MoversQuery(PageQuery):
    """Against what."""

    against: UUID | None = Field(
        default=None, description="A run or an edition; default: the edition in force of the same code"
    )


class Mover(Out):
    """How one organisation moved."""

    organisation_id: UUID = Field(description="The organisation")
    name: TextOut = Field(description="Its name")
    rank_before: int | None = Field(description="The place before", ge=1, le=1_000_000)
    rank: int | None = Field(description="The place now", ge=1, le=1_000_000)
    places: int | None = Field(description="How many places it rose; negative: fell", ge=-1_000_000, le=1_000_000)
    band_before: str | None = Field(description="The band before", max_length=40)
    band: str | None = Field(description="The band now", max_length=40)
    score_before: float | None = Field(description="The score before")
    score: float | None = Field(description="The score now")
    parts: ChangeParts | None = Field(description="What moved the score; null where it cannot be parted, or is new")
    is_new: bool = Field(description="Whether there was no word of it before")


class WhatIfValue(In):
    """One value that would be otherwise."""

    organisation_id: UUID = Field(description="The organisation")
    indicator: Code = Field(description="The indicator", examples=["SCH_UNT_MEAN"])
    value: Finite | None = Field(description="The value in its own unit; null: there would be none", examples=[75.0])


class WhatIfCreate(In):
    """What would be otherwise; everything left out is as in the run."""

    weights: dict[Code, Annotated[Finite, Field(ge=0, le=1e9)]] = Field(
        default={},
        description="Weights among their siblings, by node or indicator",
        max_length=MOST_WEIGHTS,
        examples=[{"outcomes": 50}],
    )
    values: list[WhatIfValue] = Field(default=[], description="Values", max_length=MOST_VALUES)
    methodology: MethodologyDocument | None = Field(default=None, description="Another methodology, as a whole")
    methodology_id: UUID | None = Field(default=None, description="Another methodology, by its version")
    organisations: Annotated[list[UUID], Field(min_length=1, max_length=MOST_ORGANISATIONS)] | None = Field(
        default=None, description="Only these organisations, as if there were no others"
    )
    movers: Annotated[Whole, Field(ge=0, le=MOST_MOVERS)] = Field(
        default=100, description="How many movers to list", examples=[100]
    )


class WhatIfStanding(Out):
    """One organisation as it would stand."""

    organisation_id: UUID = Field(description="The organisation")
    name: TextOut = Field(description="Its name")
    score: float | None = Field(description="The score as it would be")
    rank: int | None = Field(description="The place as it would be", ge=1, le=1_000_000)
    band: str | None = Field(description="The band as it would be", max_length=40)
    reason: str | None = Field(description="Why it would not be rated", max_length=40)
    score_before: float | None = Field(description="The score in the run")
    rank_before: int | None = Field(description="The place in the run, among the same ones", ge=1, le=1_000_000)
    band_before: str | None = Field(description="The band in the run", max_length=40)
    places: int | None = Field(description="How many places it would rise; negative: fall", ge=-1_000_000, le=1_000_000)


class WhatIfSummary(Out):
    """How much would be otherwise."""

    organisations: int = Field(description="How many were looked at", ge=0, le=1_000_000)
    rated: int = Field(description="How many would be rated", ge=0, le=1_000_000)
    change_place: int = Field(description="How many would change their place", ge=0, le=1_000_000)
    change_band: int = Field(description="How many would change their band", ge=0, le=1_000_000)
    mean_shift: float = Field(description="Mean absolute change of the place", ge=0, le=1e6, examples=[3.4])
    largest_shift: int = Field(description="The largest change of a place", ge=0, le=1_000_000)
    mean_score_shift: float = Field(description="Mean change of the score", examples=[0.2])


class WhatIfRead(Out):
    """What would be if; nothing was stored."""

    run_id: UUID = Field(description="The run whose data were taken")
    snapshot_digest: str = Field(description="Digest of the data", max_length=71)
    methodology_digest: str = Field(description="Digest of the methodology it was computed by", max_length=71)
    summary: WhatIfSummary = Field(description="How much would be otherwise")
    movers: list[WhatIfStanding] = Field(description="Who would move, the farthest first", max_length=MOST_MOVERS)
    standings: list[WhatIfStanding] = Field(
        description="Everyone by the new place, those not rated last", max_length=1_000_000
    )
