"""One page for the akim, on the wire: directions and targets with their lights, what changed, what is missing."""

from uuid import UUID

from pydantic import Field

from shared.schemas.base import Date, In, Instant, Kato, Out
from shared.schemas.registry.commitments import QuietMemorandum
from shared.schemas.registry.directives import DirectiveSummary, ItemRead
from shared.schemas.registry.places import AreaDeficit
from shared.schemas.registry.target_progress import Light, TargetSummary

MOST_MEMORANDA = 200
"""Memoranda named one by one; more of them are only counted."""

_ID = "01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"


class DashboardQuery(In):
    """Which page."""

    directive: UUID | None = Field(
        default=None,
        description="The directive whose items are shown; by default the latest of the area",
        examples=[_ID],
    )
    area: Kato | None = Field(
        default=None,
        description="The area; by default that of the directive, else the whole country",
        examples=["350000000"],
    )
    as_of: Date | None = Field(
        default=None, description="The day to look at; by default today in Kazakhstan", examples=["2026-09-01"]
    )
    known_at: Instant | None = Field(
        default=None, description="What was known at that moment; by default what is known now"
    )


class DashboardItem(ItemRead):
    """A direction with its light."""

    light: Light = Field(
        description="The worst light of its targets; `no_data` where it has none or nothing is measured",
        examples=["no_data"],
    )
    targets: list[TargetSummary] = Field(max_length=20, description="How far each of its targets is")


class LightCounts(Out):
    """How many targets have which light."""

    green: int = Field(ge=0, description="Met or on track", examples=[4])
    amber: int = Field(ge=0, description="Somewhat behind, without a schedule, or not comparable", examples=[2])
    red: int = Field(ge=0, description="Far behind, overdue or worse than at the start", examples=[1])
    no_data: int = Field(ge=0, description="Nothing is measured", examples=[2])


class TargetChange(Out):
    """What is different from a month before."""

    target_id: UUID = Field(description="The target", examples=[_ID])
    indicator: str = Field(max_length=64, description="What is promised", examples=["REG_PRE_COVERAGE_1_6"])
    area: str | None = Field(max_length=9, description="For which area", examples=["350000000"])
    light_before: Light | None = Field(description="A month before; null: it had not been stated", examples=["amber"])
    light_now: Light = Field(description="Now", examples=["green"])
    actual_before: float | None = Field(description="The value then", examples=[84.5])
    actual_now: float | None = Field(description="The value now", examples=[85.0])


class ThreeShift(Out):
    """Schools that work in three shifts or more."""

    count: int = Field(ge=0, description="So many", examples=[3])
    considered: int = Field(ge=0, description="Of so many schools that work", examples=[120])
    unreported: int = Field(ge=0, description="Of so many of them it is not known", examples=[5])


class CommitmentCounts(Out):
    """Commitments by the light of their delivery."""

    green: int = Field(ge=0, description="Delivered as agreed", examples=[2])
    amber: int = Field(ge=0, description="Somewhat behind", examples=[1])
    red: int = Field(ge=0, description="Behind or overdue", examples=[0])
    none: int = Field(ge=0, description="Nothing can be said", examples=[3])


class DashboardRead(Out):
    """All that is promised for an area, on one page."""

    as_of: Date = Field(description="The day", examples=["2026-11-22"])
    compared_with: Date = Field(
        description="The day a month before, that changes are told from", examples=["2026-10-22"]
    )
    area: str | None = Field(max_length=9, description="The area; null: the whole country", examples=["350000000"])
    directive: DirectiveSummary | None = Field(description="The directive; null where the area has none")
    items: list[DashboardItem] = Field(max_length=50, description="Its items in order")
    counts: LightCounts = Field(description="The targets of the area and of areas under it, by light")
    targets: list[TargetSummary] = Field(max_length=1000, description="Those targets, the worst first")
    changes: list[TargetChange] = Field(max_length=1000, description="What changed since a month before")
    three_shift: ThreeShift = Field(description="Schools in three shifts")
    commitments: CommitmentCounts = Field(description="Commitments of memoranda in force")
    quiet_memoranda: list[QuietMemorandum] = Field(
        max_length=MOST_MEMORANDA, description="Memoranda in force without progress in 90 days, the longest quiet first"
    )
    quiet_count: int = Field(ge=0, description="How many those are in all", examples=[1])
    place_deficit: AreaDeficit = Field(description="Places that are missing, and are foreseen to be on `foreseen_for`")
    foreseen_for: Date = Field(description="Three years on", examples=["2029-11-22"])
