"""What is told of a score beside it: how sure the place is, who the peers are, what leads further, what has changed."""

from typing import Annotated

from pydantic import Field

from shared.schemas.base import Out, TextOut
from shared.schemas.rating.standing import Values

Place = Annotated[int, Field(ge=0, le=1_000_000)]


class ReasonTold(Out):
    """Why some indicators have no value, in words."""

    reason: str = Field(description="The reason's code", max_length=40, examples=["not_reported"])
    count: int = Field(description="How many indicators", ge=1, le=1000, examples=[2])
    text: TextOut = Field(description="What it means, and what it does to the score")


class PlaceByData(Out):
    """How sure the place is by the data: few pupils, one cohort, chance. Nothing of the method is varied here."""

    evidence: str | None = Field(
        default=None, description="`strong`, `moderate`, `weak` or `none`", max_length=20, examples=["moderate"]
    )
    posterior_mean: float | None = Field(default=None, description="The score with its noise taken into account")
    posterior_sd: float | None = Field(default=None, description="Standard deviation of that", examples=[2.1])
    expected_rank: float | None = Field(default=None, description="Mean of the place", examples=[118.4])
    rank_low: Place | None = Field(default=None, description="Best place of the central 95 %")
    rank_high: Place | None = Field(default=None, description="Worst place of the central 95 %")
    rank_set_low: Place | None = Field(default=None, description="Best place the noise does not rule out")
    rank_set_high: Place | None = Field(default=None, description="Worst place the noise does not rule out")
    p_top: float | None = Field(
        default=None,
        description="Probability of a place in the best tenth, or what share the methodology names",
        examples=[0.12],
    )
    band_probability: dict[str, float | None] | None = Field(
        default=None, description="Probability of each band", examples=[{"A": 0.1, "B": 0.7, "C": 0.2}]
    )


class PlaceByChoices(Out):
    """How sure the place is by the choices of the method that could reasonably have been made otherwise."""

    p05: float | None = Field(default=None, description="A twentieth of the variants give a better place")
    median: float | None = Field(default=None, description="Median place", examples=[120.0])
    p95: float | None = Field(default=None, description="A twentieth of the variants give a worse place")
    top_share: float | None = Field(
        default=None, description="Share of the variants that put it among so many best", examples=[0.1]
    )
    band_share: dict[str, float | None] | None = Field(
        default=None, description="Share of the variants with each band", examples=[{"A": 0.1, "B": 0.8, "C": 0.1}]
    )


class PeersRead(Out):
    """The organisation among those it is like."""

    alike: dict[str, str | None] | None = Field(
        default=None, description="What they have in common; null: they are everyone", examples=[{"setting": "city"}]
    )
    nearest: bool = Field(default=False, description="Whether they are the nearest by context instead of a group")
    size: Place = Field(description="How many are rated, it included", examples=[214])
    place: Place = Field(description="Its place among them", examples=[31])
    percentile: float | None = Field(description="Share of them strictly below", ge=0, le=1, examples=[0.85])
    percentile_low: float | None = Field(description="Low end of its 95 % interval", ge=0, le=1, examples=[0.8])
    percentile_high: float | None = Field(description="High end of its 95 % interval", ge=0, le=1, examples=[0.89])
    mean: float = Field(description="Mean score of the peers", examples=[54.7])
    difference: float = Field(
        description="Score less that mean; the `difference` of the contributions sums to it", examples=[6.5]
    )


class ChangeNeeded(Out):
    """What one indicator alone would have to change by, all else held."""

    indicator: str = Field(description="The indicator", max_length=64, examples=["SCH_UNT_MEAN"])
    half: float | None = Field(
        description="The change in its own unit that reaches the band with probability 0.5; null: no change of this "
        "indicator alone reaches it",
        examples=[3.4],
    )
    likely: float | None = Field(description="The same with probability 0.8", examples=[4.9])


class NextBandRead(Out):
    """The smallest changes that would lead to the next band."""

    band: str = Field(description="The next band", max_length=40, examples=["B"])
    border: float = Field(
        description="The score it begins at: the declared cut, or the lowest score that has it in this edition",
        examples=[60.0],
    )
    alone: list[ChangeNeeded] = Field(description="By one indicator alone", max_length=500)
    together_half: float | None = Field(
        description="Share of the way to the best of the scale by which all of them together would have to move for "
        "probability 0.5; null: not even the whole way is enough",
        ge=0,
        le=1,
        examples=[0.12],
    )
    together_likely: float | None = Field(description="The same with probability 0.8", ge=0, le=1, examples=[0.2])
    room: dict[str, float] = Field(
        description="The whole way of each, in its own unit", examples=[{"SCH_UNT_MEAN": 38.8}]
    )


class LastEdition(Out):
    """What the edition before said."""

    score: float | None = Field(description="The score")
    rank: Place | None = Field(description="The place")
    band: str | None = Field(description="The band", max_length=40)


class ChangeParts(Out):
    """Shares of a difference that sum to it: Shapley values over what was old and is new."""

    data: float = Field(description="By the organisation's own data", examples=[2.5])
    methodology: float = Field(description="By the methodology", examples=[-0.5])
    population: float = Field(description="By the others its values are compared with", examples=[0.0])


class SinceLastEdition(Out):
    """What moved the score since the last edition."""

    is_new: bool = Field(description="Whether the last edition did not speak of it")
    previous: LastEdition | None = Field(description="What the last edition said")
    difference: float | None = Field(description="Score now less score then", examples=[2.0])
    parts: ChangeParts | None = Field(
        description="By what; null where a combination of old and new gives no score and the difference is not parted"
    )


class ExplanationRead(Out):
    """What leads each unit further and how it stands to its peers, in the order of the units."""

    next_band: list[NextBandRead | None] | None = Field(
        description="The way to the next band; null for a unit in the best one, without a score or held back by a "
        "limit, and altogether for a methodology without bands",
        examples=[[None, None]],
    )
    peers: list[PeersRead | None] = Field(
        description="Its place among its peers; null for a unit that is not rated or has nobody to be compared with",
        examples=[[None, None]],
    )
    differences: dict[str, Values] = Field(
        description="By indicator, what it brought more or less than it brought the peers on average; those of a unit "
        "sum to the `difference` of its peers",
        examples=[{"SCH_UNT_MEAN": [6.5, -6.5]}],
    )
