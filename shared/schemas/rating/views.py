"""What is told beside a score: value added, and status with change."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.schemas.base import Code, Finite, In, Whole
from shared.schemas.rating.evidence import Band

Coefficients = Annotated[dict[Code, Finite], Field(max_length=60)]
_LEVELS = Field(description="Names, from the lowest interval", min_length=1, max_length=20, examples=[["Low", "High"]])
_CUTS = Field(description="Ascending cuts, one fewer than levels", max_length=19, examples=[[10]])


class Frozen(In):
    """Coefficients that are not fitted anew: by indicator, with `intercept` and `tau2`."""

    progress: Coefficients | None = Field(
        default=None,
        description="Of progress",
        examples=[{"intercept": 0.0024, "SCH_PRIOR": 0.5634, "tau2": 0.0921}],
    )
    contextual_progress: Coefficients | None = Field(
        default=None,
        description="Of contextual progress",
        examples=[{"intercept": 0.0024, "SCH_PRIOR": 0.5634, "SCH_DISADVANTAGED": -0.01, "tau2": 0.0921}],
    )


class ValueAdded(In):
    """Attainment, progress and contextual progress of one outcome: always all three, never one alone."""

    code: Code = Field(description="Name of it", examples=["unt"])
    outcome: Code = Field(description="Indicator of the outcome", examples=["SCH_UNT_MEAN"])
    prior: Code = Field(description="Indicator of what pupils brought with them", examples=["SCH_MODO_G9"])
    covariates: list[Code] = Field(
        default=[],
        description="Indicators of the context that a school does not choose",
        max_length=50,
        examples=[["SCH_DISADVANTAGED"]],
    )
    coefficients: Frozen | None = Field(
        default=None, description="What is frozen; fitted where left out", examples=[{"progress": {"intercept": 0}}]
    )


class OnCut(StrEnum):
    """In which of the two intervals a value is that lies on the cut between them."""

    HIGHER = "higher"
    LOWER = "lower"


class StatusChange(In):
    """One indicator by its level and by how that changed: a grid of labels, without any total."""

    code: Code = Field(description="Name of the view", examples=["absence"])
    status: Code = Field(description="Indicator whose value is the status", examples=["SCH_ABSENCE"])
    change: Code | None = Field(
        default=None,
        description="Indicator whose value is the change; left out, the difference from the unit's previous value",
        examples=["SCH_ABSENCE_CHANGE"],
    )
    status_cuts: list[Finite] = _CUTS
    status_levels: list[Band] = _LEVELS
    change_cuts: list[Finite] = _CUTS
    change_levels: list[Band] = _LEVELS
    grid: list[Annotated[list[Band], Field(min_length=1, max_length=20)]] = Field(
        description="A row of labels for each level of status, a label for each level of change",
        min_length=1,
        max_length=20,
        examples=[[["Green", "Yellow"], ["Orange", "Red"]]],
    )
    on_cut: OnCut = Field(default=OnCut.HIGHER, description="In which interval a value on a cut is")
    decimals: Annotated[Whole, Field(ge=0, le=12)] | None = Field(
        default=None, description="Values are rounded to so many decimals before", examples=[1]
    )
    min_n: Annotated[Whole, Field(ge=0, le=1_000_000)] = Field(
        default=0, description="With fewer observations nothing is told", examples=[30]
    )
