"""How the evidence behind a value is taken into account, and the bands that are told instead of bare places."""

from typing import Annotated, Literal

from pydantic import Field

from shared.schemas.base import Finite, Flag, In, Whole

Band = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")]


class Precision(In):
    """How the evidence behind a value is taken into account."""

    shrink: Flag = Field(default=False, description="Whether bands use values shrunk towards the group")
    min_n: Annotated[Whole, Field(ge=0, le=1_000_000)] = Field(
        default=0, description="A value resting on fewer observations is missing", examples=[5]
    )
    suppress_below: Annotated[Whole, Field(ge=0, le=1_000_000)] = Field(
        default=0, description="A value resting on fewer observations is not published", examples=[10]
    )


_LABELS = Field(description="Names of the bands, best first", min_length=1, max_length=50, examples=[["A", "B", "C"]])


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
    cuts: list[Finite] = Field(description="Ascending cuts, one fewer than labels", max_length=49, examples=[[40, 70]])


class PairwiseLossBands(In):
    """As many bands, up to the labels, as the evidence can tell apart."""

    kind: Literal["pairwise_loss"]
    labels: list[Band] = _LABELS
    loss: Annotated[Finite, Field(ge=0, le=999)] = Field(
        default=9.0, description="Price of one wrong order against one right order", examples=[9]
    )


Bands = Annotated[NoBands | QuantileBands | CutBands | PairwiseLossBands, Field(discriminator="kind")]
