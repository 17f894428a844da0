"""Where the weights of a node's children come from, when they are not written at the children."""

from typing import Annotated, Literal

from pydantic import Field

from shared.schemas.base import Finite, Flag, In

MOST_COMPARED = 15
"""More things than this nobody compares in pairs; Saaty's random indices end here."""

MOST_ALLOTTED = 500
MOST_MEMBERS = 200
Points = Annotated[Finite, Field(ge=0, le=1e6)]
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


class PanelMember(In):
    """How one member of the panel gave out the budget."""

    member: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")] = Field(
        description="Whose the points are: a role, not a person's name", examples=["director of a rural school"]
    )
    points: list[Points] = Field(
        description="One number a child, in their order; they sum to the budget",
        min_length=1,
        max_length=MOST_ALLOTTED,
        examples=[[50, 30, 20]],
    )


class BudgetWeighting(In):
    """Budget allocation: every member of a panel gives out the same budget of points; a weight is the mean share."""

    kind: Literal["budget_allocation"]
    budget: Annotated[Finite, Field(gt=0, le=1e6)] = Field(
        default=100, description="The points each member has", examples=[100]
    )
    panel: list[PanelMember] = Field(
        description="Who gave how much: the record of the panel",
        min_length=1,
        max_length=MOST_MEMBERS,
        examples=[
            [
                {"member": "methodologist", "points": [40, 40, 20]},
                {"member": "director of a rural school", "points": [50, 30, 20]},
            ]
        ],
    )


Weighting = Annotated[EqualWeighting | AhpWeighting | BudgetWeighting, Field(discriminator="kind")]
