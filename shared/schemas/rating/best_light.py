"""Bodies of the best light: how kindly and how harshly weights near the declared ones can show each unit."""

from pydantic import Field

from shared.schemas.base import In, Out, Share
from shared.schemas.rating.standing import Places, Values


class BestLightCreate(In):
    """Which weights are tried."""

    spread: Share = Field(
        default=0.25,
        gt=0,
        le=1,
        description="By how much of itself each weight may be otherwise, up and down, each by itself. A weight of 0 "
        "stays 0",
        examples=[0.25],
    )


class BestLightRead(Out):
    """The best and the worst that each unit can be made to look; every list is in the order of the units, null for a
    unit that is not rated."""

    spread: float = Field(description="By how much of itself each weight varied", gt=0, le=1, examples=[0.25])
    score_high: Values = Field(
        description="The greatest score that any of these weights give; values and what stands in gaps are held",
        examples=[[74.9, None]],
    )
    score_low: Values = Field(description="The least score", examples=[[66.3, None]])
    rank_best: Places = Field(
        description="The place when everybody is rated by the weights that give this unit its greatest score. Other "
        "weights may place it better still, and the official place may be better too",
        examples=[[1, None]],
    )
    rank_worst: Places = Field(
        description="The place when everybody is rated by the weights that give this unit its least score",
        examples=[[6, None]],
    )
