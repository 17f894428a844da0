"""How the evidence behind a value is taken into account, and the bands that are told instead of bare places."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from shared.schemas.base import Code, Finite, Flag, In, Share, Whole

Band = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")]
MOST_BANDS = 500
Deviation = Annotated[Finite, Field(gt=0, le=1e150)]


class SamplingKind(StrEnum):
    """Where the sampling variance of an indicator's values comes from."""

    GIVEN = "given"
    """From the data, where they give it."""
    SHARE = "share"
    """p (1 - p) / n with p = (x + 1/2) / (n + 1), where the data give none."""
    MEAN = "mean"
    """s^2 / n: s as declared, or the value's own from n = 30, or pooled among its peers."""
    SURVEY = "survey"
    """s^2 / n (1 - n / N), where the data give none."""
    NONE = "none"
    """The values are exact: a register, a count of everything that is meant."""


class Sampling(In):
    """The sampling variance of an indicator's values."""

    kind: SamplingKind = Field(description="What kind of number the value is", examples=["share"])
    sd: Deviation | None = Field(
        default=None, description="Standard deviation of one observation, for a mean or a survey", examples=[25]
    )
    population: Code | None = Field(
        default=None, description="The indicator that holds N, for a survey", examples=["SCH_PUPILS"]
    )
    whole: Annotated[Finite, Field(gt=0, le=1e9)] = Field(
        default=100.0, description="How a share of everything is written: 100 in percent, 1 as a fraction", examples=[1]
    )


class Prior(In):
    """What an indicator's values are shrunk towards; what is left out is estimated."""

    mean: Finite | None = Field(default=None, description="Mean of the units", examples=[0])
    tau2: Annotated[Finite, Field(ge=0, le=1e300)] | None = Field(
        default=None, description="Variance between units", examples=[0.0921]
    )


class Within(StrEnum):
    """Towards whom values are shrunk."""

    PEERS = "peers"
    """Units of the same peer group."""
    ALL = "all"
    """Everyone."""


class Precision(In):
    """How the evidence behind a value is taken into account."""

    shrink: Flag = Field(default=False, description="Whether bands use values shrunk towards the group")
    min_n: Annotated[Whole, Field(ge=0, le=1_000_000)] = Field(
        default=0, description="A value resting on fewer observations is missing", examples=[5]
    )
    suppress_below: Annotated[Whole, Field(ge=0, le=1_000_000)] = Field(
        default=0, description="A value resting on fewer observations is not published", examples=[10]
    )
    code_shares: Flag = Field(
        default=False,
        description="Whether percentages of fewer than 50 people are told as a bound only where they are at most 5 or "
        "at least 95; what would tell them more closely is not told either",
    )
    within: Within = Field(default=Within.PEERS, description="Towards whom values are shrunk")
    centre_variance: Flag = Field(
        default=False, description="Whether a posterior is widened by the variance of the estimated mean"
    )
    reliability_weights: Flag = Field(
        default=False, description="Whether an indicator weighs by how reliable each unit's own value of it is"
    )
    least_reliable: Share = Field(
        default=0.5,
        description="Share of the weight that must be left by that, or a unit is not rated for insufficient evidence",
        examples=[0.5],
    )
    top: Annotated[Finite, Field(gt=0, le=0.5)] = Field(
        default=0.1,
        description="The best share of the rated units, rounded up, for which the probability of belonging is told",
        examples=[0.2],
    )


_LABELS = Field(
    description="Names of the bands, best first", min_length=1, max_length=MOST_BANDS, examples=[["A", "B", "C"]]
)
Hysteresis = Annotated[Finite, Field(ge=0, lt=0.5)]
_HYSTERESIS = Field(
    default=None,
    description="A band differs from the attribute `previous_band` only if its probability exceeds 0.5 by this",
    examples=[0.1],
)


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
    cuts: list[Finite] = Field(
        description="Ascending cuts, one fewer than labels", max_length=MOST_BANDS - 1, examples=[[40, 70]]
    )
    certainty: Annotated[Finite, Field(gt=0.5, lt=1)] | None = Field(
        default=None,
        description="A unit whose band is less probable than this is told to be between two bands",
        examples=[0.8],
    )
    hysteresis: Hysteresis | None = _HYSTERESIS


class PairwiseLossBands(In):
    """As many bands, up to the labels, as the evidence can tell apart."""

    kind: Literal["pairwise_loss"]
    labels: list[Band] = Field(
        default=[],
        description="Names of the bands, best first; left out, they are 1, 2, 3 and so on, as many as there are",
        max_length=MOST_BANDS,
        examples=[["A", "B", "C"]],
    )
    loss: Annotated[Finite, Field(ge=0, le=999)] = Field(
        default=9.0, description="Price of one wrong order against one right order", examples=[9]
    )
    hysteresis: Hysteresis | None = _HYSTERESIS


class IntervalBands(In):
    """Surely above a reference, not surely either, surely below; and by cuts within: the banding of Progress 8."""

    kind: Literal["interval"]
    labels: list[Band] = Field(
        description="Best first: one more than cuts above the reference, the middle, one more than cuts below",
        min_length=3,
        max_length=MOST_BANDS,
        examples=[["1", "2", "3", "4", "5"]],
    )
    cuts: list[Finite] = Field(
        default=[],
        description="Ascending, none of them the reference; a score on a cut is in the better band",
        max_length=MOST_BANDS - 3,
        examples=[[-0.5, 0.5]],
    )
    reference: Finite = Field(default=0.0, description="What a score is compared with", examples=[0])
    z: Annotated[Finite, Field(ge=0, le=10)] = Field(
        default=1.96, description="Half the length of the interval in standard errors of the score", examples=[1.96]
    )
    decimals: Annotated[Whole, Field(ge=0, le=12)] | None = Field(
        default=None, description="The score is rounded to so many decimals before", examples=[2]
    )


Bands = Annotated[NoBands | QuantileBands | CutBands | PairwiseLossBands | IntervalBands, Field(discriminator="kind")]
