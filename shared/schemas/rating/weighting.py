"""Where the weights of a node's children come from, when they are not written at the children."""

from typing import Annotated, Literal

from pydantic import Field

from shared.schemas.base import Finite, Flag, In

MOST_COMPARED = 15
"""More things than this nobody compares in pairs; Saaty's random indices end here."""

Judgement = Annotated[Finite, Field(ge=0.1, le=9)]


class EqualWeighting(In):
    """Every child counts the same."""

    kind: Literal["equal"]


class AhpWeighting(In):
    """The analytic hierarchy process: children compared in pairs; the weights are the principal eigenvector."""

    kind: Literal["ahp"]
    matrix: list[Annotated[list[Judgement], Field(min_length=1, max_length=MOST_COMPARED)]] = Field(
        description="Row i, column j: how many times child i matters more than child j, from 1/9 to 9. Of each pair "
        "the entry that is not below 1 counts, and the other is its reciprocal, written to at least two digits",
        min_length=1,
        max_length=MOST_COMPARED,
        examples=[[[1, 3, 5], [0.3333, 1, 2], [0.2, 0.5, 1]]],
    )
    accept_inconsistency: Flag = Field(
        default=False,
        description="Whether the weights are taken although the consistency ratio is above 0.1",
        examples=[False],
    )


Weighting = Annotated[EqualWeighting | AhpWeighting, Field(discriminator="kind")]
