"""What the public would not be told of a rating."""

from pydantic import Field

from shared.schemas.base import Out
from shared.schemas.rating.standing import Places, Values

Flags = list[bool]


class DisclosureRead(Out):
    """What is not shown so that no value resting on a few people can be worked out; every list is in the order of the
    units, and of indicators and nodes only those are named of which anything is withheld."""

    primary: dict[str, Flags] = Field(
        description="By indicator: values that rest on fewer than `suppress_below` observations",
        examples=[{"SCH_UNT_MEAN": [True, False]}],
    )
    coded: dict[str, list[str | None]] = Field(
        description="By indicator that is a share: what is told instead of the value, `at_most_5_percent` or "
        "`at_least_95_percent` of fewer than 50",
        examples=[{"TCH_PD_3Y_SHARE": [None, "at_least_95_percent"]}],
    )
    hidden: dict[str, Flags] = Field(
        description="By indicator: value, n, normalised value and contribution are not shown. These are the values "
        "above, and as many more of the same unit as it takes that none of those follows from the rest",
        examples=[{"SCH_UNT_MEAN": [True, False], "SCH_TEXTBOOK_PROVISION": [True, False]}],
    )
    merged: dict[str, Flags] = Field(
        description="By indicator: its contribution is told only in the sum of all such of the unit",
        examples=[{"SCH_UNT_MEAN": [True, False], "SCH_TEXTBOOK_PROVISION": [True, False]}],
    )
    merged_contribution: Values = Field(
        description="That sum; null where nothing is merged or the score is not published", examples=[[31.5, None]]
    )
    hidden_nodes: dict[str, Flags] = Field(
        description="By node, the root included: its score is not shown", examples=[{"outcomes": [True, False]}]
    )
    unpublished: Flags = Field(
        description="Units whose score, place and band are not shown: more than a third of the weight is hidden, or "
        "nothing less protects a value",
        examples=[[False, False]],
    )
    reserved: Flags = Field(
        description="Units of which anything is hidden: no second figure made of the same values, such as the way to "
        "the next band, is shown of them, and they are nobody's peers",
        examples=[[True, False]],
    )
    rank: Places = Field(description="Places among the published scores", examples=[[2, 1]])
    exposed: list[str] = Field(
        description="Indicators with withheld values whose scale, or whose node, is about the whole population and so "
        "tells of them through the figures of others; goalposts that are frozen do not",
        max_length=500,
        examples=[["SCH_UNT_MEAN"]],
    )
    narrowest: float | None = Field(
        description="The least that is left unsure of any protected value, as a share of what must be left: 1 or more "
        "is safe; null where nothing is protected",
        examples=[1.4],
    )
