"""Funnels: which values of an indicator lie further from the target than their noise lets expect."""

from enum import StrEnum

from pydantic import Field

from shared.schemas.base import Out
from shared.schemas.rating.standing import Values


class FunnelSignal(StrEnum):
    """Where a value lies in its funnel; low and high are of the value, whichever of them is good."""

    WITHIN = "within"
    WARNING_LOW = "warning_low"
    WARNING_HIGH = "warning_high"
    ALARM_LOW = "alarm_low"
    ALARM_HIGH = "alarm_high"


class FunnelRead(Out):
    """The funnel of one indicator in its natural unit of measure; every list is in the order of the units, null for a
    unit without a value, without a sampling variance, or with one of 0, which has no place on the axis of precision."""

    target: float = Field(
        description="The mean of all units, each weighted by its precision, 1 / variance", examples=[68.4]
    )
    phi: float = Field(
        description="How much more the units differ than sampling explains: the mean of the squared z-scores, the "
        "tenth at each end drawn in; 1 is what sampling gives, and 1 is told where there is one unit alone",
        ge=0,
        examples=[3.1],
    )
    tau2: float = Field(
        description="Variance between units that is usual and therefore no signal, in squares of the unit of measure; "
        "0 where phi is 1 or less",
        ge=0,
        examples=[5.2],
    )
    warning_low: Values = Field(
        description="target - 1.96 √(variance + tau2): one unit in forty is below by chance", examples=[[63.1, None]]
    )
    warning_high: Values = Field(description="target + 1.96 √(variance + tau2)", examples=[[73.7, None]])
    alarm_low: Values = Field(
        description="target - 3.09 √(variance + tau2): one unit in a thousand is below by chance",
        examples=[[60.0, None]],
    )
    alarm_high: Values = Field(description="target + 3.09 √(variance + tau2)", examples=[[76.8, None]])
    signal: list[FunnelSignal | None] = Field(
        description="Where the value lies; one on a limit is within it. Low and high are of the value, whichever of "
        "them is good",
        examples=[["warning_high", None]],
    )
