"""How far a target is, on the wire: what is measured, against what, how it came about, and where it leads."""

from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Date, Instant, Out, TextOut
from shared.schemas.registry.indicators import AgeBand
from shared.schemas.registry.observations import ObservationStatus
from shared.schemas.registry.organisation_words import OrganisationType
from shared.schemas.registry.targets import (
    ChildrenRule,
    Comparator,
    DifferenceRead,
    Qualifier,
    SpeakerRole,
    TargetMoment,
)

__all__ = [
    "ActualRead",
    "BreakKind",
    "CascadeRead",
    "CompletionRead",
    "Light",
    "LightReason",
    "ProgressQuery",
    "ProgressRead",
    "SplitRead",
    "TargetSummary",
]

MOST_LAGGARDS = 200
"""Organisations named one by one; more of them are only counted."""

_ID = "01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"


class Light(StrEnum):
    """How a target stands, at one glance."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NO_DATA = "no_data"


class LightReason(StrEnum):
    """Why the light is as it is."""

    MET = "met"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    FAR_BEHIND = "far_behind"
    OVERDUE = "overdue"
    REGRESSED = "regressed"
    NO_SCHEDULE = "no_schedule"
    """Without a baseline with its day and a due date nobody can say what today should be."""
    NOT_COMPARABLE = "not_comparable"
    """The series is broken between the baseline and the value."""
    NO_DATA = "no_data"


class BreakKind(StrEnum):
    """Why values before and after cannot be compared."""

    DECLARED = "declared"
    """The source says so."""
    TERRITORY = "territory"
    """The area's borders changed."""
    DEFINITION = "definition"
    """The indicator is measured by another version."""


class ProgressQuery(TargetMoment):
    """How to look at a target."""

    across_breaks: bool = Field(
        default=False,
        description="Compute the figures although the series is broken between the baseline and the value; "
        "`comparable` stays false and `breaks` tells why",
        examples=[False],
    )


class ActualRead(Out):
    """One value of the indicator, and where it comes from."""

    value: float = Field(description="In the indicator's unit", examples=[16.0])
    origin: Literal["observation", "registry", "organisations"] = Field(
        description="Reported by a source, counted by the registry, or the share of organisations that are done",
        examples=["observation"],
    )
    source_system: str = Field(max_length=100, description="Who says so", examples=["NEDB"])
    period: str | None = Field(max_length=9, description="The period it speaks of", examples=["2026-Q1"])
    on: Date = Field(description="The day it speaks of", examples=["2026-03-31"])
    status: ObservationStatus | None = Field(description="How firm it is", examples=["final"])
    n: int | None = Field(ge=0, description="How many units it rests on", examples=[120])
    territory_version: int = Field(ge=1, description="Within which borders", examples=[1])


class BreakRead(Out):
    """A day across which values cannot be compared."""

    on: Date = Field(description="First day of the new series", examples=["2022-06-08"])
    kind: BreakKind = Field(description="Why", examples=["territory"])


class StatedProgress(Out):
    """One of several targets that say different things for the same indicator and scope."""

    target_id: UUID = Field(description="The target", examples=[_ID])
    authoritative: bool = Field(description="Whether it is the one to go by", examples=[False])
    stated_by_role: SpeakerRole = Field(description="In which role it was said", examples=["akim_of_city"])
    comparator: Comparator = Field(description="When it is met", examples=["ge"])
    value_low: float = Field(description="The value promised, or the lower end", examples=[26.0])
    value_high: float | None = Field(description="The upper end of a range", examples=[None])
    progress: float | None = Field(description="Percent of the way; null for a range", examples=[23.076923])
    met: bool | None = Field(description="Whether it is met; null without data", examples=[False])


class TrajectoryRead(Out):
    """The straight line from the baseline to the due date."""

    kind: Literal["linear"] = Field(default="linear", description="Its form", examples=["linear"])
    from_on: Date = Field(description="Where it starts", examples=["2021-08-31"])
    to_on: Date = Field(description="Where it ends", examples=["2022-12-31"])
    expected: float = Field(description="What the value should be on that day", examples=[85.2])
    expected_high: float | None = Field(description="The same towards the upper end of a range", examples=[None])
    share: float = Field(ge=0, le=100, description="Percent of the time gone", examples=[48.1])


class ForecastRead(Out):
    """What the series leads to by the due date, if it goes on as it did."""

    on: Date = Field(description="The due date", examples=["2026-12-31"])
    value: float = Field(description="Least squares through the series", examples=[86.1])
    low: float = Field(description="Lower end of the 90 % prediction interval", examples=[85.2])
    high: float = Field(description="Upper end of the 90 % prediction interval", examples=[87.0])
    points: int = Field(ge=3, description="Values it rests on", examples=[4])


class CompletionByType(Out):
    """How many organisations of one type are done."""

    organisation_type: OrganisationType = Field(description="The type", examples=["college"])
    done: int = Field(ge=0, description="So many are done", examples=[24])
    of: int = Field(ge=0, description="Of so many", examples=[25])
    share: float | None = Field(description="Percent; null where there are none", examples=[96.0])


class CompletionRead(Out):
    """For a target of all: who is done and who is not."""

    done: int = Field(ge=0, description="So many are done", examples=[99])
    of: int = Field(ge=0, description="Of so many that work on that day", examples=[100])
    by_type: list[CompletionByType] = Field(max_length=20, description="Type by type")
    laggard_count: int = Field(ge=0, description="How many are not done", examples=[1])
    laggards: list[UUID] = Field(max_length=MOST_LAGGARDS, description="Those, up to 200 of them")


class ProgressRead(Out):
    """How far a target is on a day."""

    target_id: UUID = Field(description="The target asked about", examples=[_ID])
    used_target_id: UUID = Field(
        description="The target the figures are of: where several disagree, the authoritative one", examples=[_ID]
    )
    authoritative: bool = Field(description="Whether the one used is the one to go by", examples=[True])
    conflict: bool = Field(description="Whether several targets disagree", examples=[True])
    stated: list[StatedProgress] = Field(max_length=50, description="All that disagree, each with its own progress")
    as_of: Date = Field(description="The day", examples=["2026-11-22"])
    known_at: Instant | None = Field(description="The moment of knowledge; null: now", examples=[None])
    indicator: str = Field(max_length=64, description="What is promised", examples=["REG_NIS_LEADING_SCHOOLS"])
    indicator_version: int = Field(ge=1, description="By which definition", examples=[1])
    age_band: AgeBand | None = Field(description="The ages it covers")
    unit: str = Field(max_length=40, description="Unit of the values", examples=["count"])
    comparator: Comparator = Field(description="When it is met", examples=["ge"])
    qualifier: Qualifier = Field(description="How firmly it was said", examples=["exact"])
    approximate: bool = Field(description="Whether the value or the date was said approximately", examples=[False])
    baseline_value: float | None = Field(description="Where it starts from", examples=[13.0])
    value_low: float = Field(description="The value promised, or the lower end", examples=[20.0])
    value_high: float | None = Field(description="The upper end of a range", examples=[None])
    due: str | None = Field(max_length=11, description="Until when (EDTF)", examples=[None])
    overdue: bool = Field(description="Whether the due date is over for certain and it is not met", examples=[False])
    actual: ActualRead | None = Field(description="The value used; null without data")
    others: list[ActualRead] = Field(max_length=50, description="What other sources say; never mixed with it")
    progress: float | None = Field(
        description="Percent of the way from baseline to target, below 0 and above 100 too; null without a baseline, "
        "for a range and across a break",
        examples=[42.857142],
    )
    progress_low: float | None = Field(description="For a range: the smaller of the two figures", examples=[None])
    progress_high: float | None = Field(description="For a range: the larger of the two figures", examples=[None])
    met: bool | None = Field(description="By the comparator alone; null without data", examples=[False])
    regressed: bool | None = Field(
        description="Whether it went away from the target; null if not known", examples=[False]
    )
    remaining: float | None = Field(
        description="The gap: what is missing until it is met, 0 when it is; for a range, to the nearer end",
        examples=[4.0],
    )
    remaining_high: float | None = Field(description="For a range: to the farther end", examples=[None])
    required_per_month: float | None = Field(
        description="What each month must bring until the last day it may be due; null without a due date",
        examples=[None],
    )
    achieved_change: DifferenceRead | None = Field(description="From the baseline to the value")
    planned_change: DifferenceRead | None = Field(description="From the baseline to `value_low`")
    comparable: bool = Field(description="Whether baseline and value are of one unbroken series", examples=[True])
    breaks: list[BreakRead] = Field(max_length=50, description="Where the series is broken after the baseline")
    trajectory: TrajectoryRead | None = Field(description="Null unless baseline, its day and a due date are known")
    forecast: ForecastRead | None = Field(description="Null below three values after the last break")
    completion: CompletionRead | None = Field(description="For a target of all organisations")
    light: Light = Field(description="At one glance", examples=["amber"])
    light_reason: LightReason = Field(description="Why", examples=["no_schedule"])
    explanation: TextOut = Field(description="The same in words")


class TargetSummary(Out):
    """A target on a page of many."""

    target_id: UUID = Field(description="The target", examples=[_ID])
    indicator: str = Field(max_length=64, description="What is promised", examples=["REG_NIS_LEADING_SCHOOLS"])
    area: str | None = Field(max_length=9, description="For which area", examples=["790000000"])
    organisation_id: UUID | None = Field(description="For which organisation", examples=[None])
    authoritative: bool = Field(description="Whether it is the one to go by", examples=[True])
    conflict: bool = Field(description="Whether several disagree", examples=[False])
    comparator: Comparator = Field(description="When it is met", examples=["ge"])
    value_low: float = Field(description="The value promised, or the lower end", examples=[20.0])
    value_high: float | None = Field(description="The upper end of a range", examples=[None])
    unit: str = Field(max_length=40, description="Unit of the values", examples=["count"])
    due: str | None = Field(max_length=11, description="Until when (EDTF)", examples=[None])
    actual: float | None = Field(description="The value today; null without data", examples=[16.0])
    actual_on: Date | None = Field(description="The day it speaks of", examples=["2026-03-31"])
    source_system: str | None = Field(max_length=100, description="Who says so", examples=["NEDB"])
    progress: float | None = Field(description="Percent of the way; null for a range", examples=[42.857142])
    progress_low: float | None = Field(description="For a range: the smaller figure", examples=[None])
    progress_high: float | None = Field(description="For a range: the larger figure", examples=[None])
    met: bool | None = Field(description="Whether it is met; null without data", examples=[False])
    light: Light = Field(description="At one glance", examples=["amber"])
    light_reason: LightReason = Field(description="Why", examples=["no_schedule"])


class CascadeChild(Out):
    """A target under another."""

    target_id: UUID = Field(description="The target", examples=[_ID])
    area: str | None = Field(max_length=9, description="For which area", examples=["751210000"])
    organisation_id: UUID | None = Field(description="For which organisation", examples=[None])
    value_low: float = Field(description="The value promised", examples=[5.0])
    value_high: float | None = Field(description="The upper end of a range", examples=[None])
    actual: float | None = Field(description="The value today", examples=[4.0])
    progress: float | None = Field(description="Percent of the way", examples=[42.857142])
    light: Light = Field(description="At one glance", examples=["green"])
    has_children: bool = Field(description="Whether there are targets under it", examples=[False])


class Reconciliation(Out):
    """Whether the parts make the whole."""

    whole: float | None = Field(description="What the target itself says", examples=[20.0])
    parts: float | None = Field(
        description="What its parts make together; null without a rule or parts", examples=[18.0]
    )
    difference: float | None = Field(description="Whole less parts", examples=[2.0])
    reconciles: bool | None = Field(
        description="Whether they agree; null where there is nothing to compare", examples=[False]
    )


class CascadeRead(Out):
    """A target, those under it, and whether they add up."""

    target_id: UUID = Field(description="The target", examples=[_ID])
    as_of: Date = Field(description="The day", examples=["2026-11-22"])
    rule: ChildrenRule = Field(description="How those under it add up", examples=["sum"])
    children: list[CascadeChild] = Field(max_length=1000, description="The targets under it")
    promised: Reconciliation = Field(description="Of what is promised (`value_low`)")
    promised_high: Reconciliation | None = Field(description="Of the upper ends, for ranges")
    measured: Reconciliation = Field(description="Of what is measured")
    explained: bool = Field(description="Whether what is promised adds up or a note tells why not", examples=[True])
    note: str = Field(max_length=500, description="That note", examples=[""])
    explanation: TextOut = Field(description="The same in words")


class SplitPart(Out):
    """The share of one area or of the whole."""

    area: str = Field(max_length=9, description="The area", examples=["751210000"])
    value: float = Field(description="Its value", examples=[33.333333])
    n: int | None = Field(ge=0, description="Its denominator: in need, in the cohort …", examples=[60])
    count: float | None = Field(
        description="How many that are: value × n / 100 for percent, else the value", examples=[20.0]
    )


class SplitRead(Out):
    """A value by the areas directly under its area, for one period and one source."""

    target_id: UUID = Field(description="The target", examples=[_ID])
    indicator: str = Field(max_length=64, description="What is measured", examples=["REG_SERVICE_HOUSING"])
    unit: str = Field(max_length=40, description="Its unit", examples=["percent"])
    period: str | None = Field(max_length=9, description="The period", examples=["2026-H1"])
    source_system: str | None = Field(max_length=100, description="Who says so", examples=["akimat housing dept"])
    parts: list[SplitPart] = Field(max_length=1000, description="Area by area, those without a value left out")
    total: SplitPart | None = Field(description="What the parts make together")
    whole: SplitPart | None = Field(description="What is reported of the whole area")
    missing: list[str] = Field(max_length=1000, description="Areas without a value", examples=[[]])
    reconciles: bool | None = Field(
        description="Whether parts and whole agree; null where one of them is missing", examples=[True]
    )
