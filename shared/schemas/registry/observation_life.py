"""The life of an observation and the locks of periods on the wire."""

from typing import Literal
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from shared.schemas.base import Code, Count, FilledLine, Finite, In, Instant, Kato, Line, Out, one_of, wrong
from shared.schemas.pages import PageQuery
from shared.schemas.registry.indicators import IndicatorCode
from shared.schemas.registry.observations import ObservationStatus, PeriodText, Source


class ObservationTransition(In):
    """A step in the life of a value."""

    to: Literal[ObservationStatus.FINAL, ObservationStatus.CORRECTED, ObservationStatus.WITHDRAWN] = Field(
        description="`final` approves it, `corrected` puts another value in its place, `withdrawn` takes it out",
        examples=["final"],
    )
    reason: Line = Field(
        default="",
        description="Why; needed for a correction and for a withdrawal",
        examples=["Checked against the protocol"],
    )
    value: Finite | None = Field(default=None, description="The correct value; only for `corrected`", examples=[71.4])
    n: Count | None = Field(
        default=None, description="How many units it rests on; by default as before; only for `corrected`"
    )

    @model_validator(mode="after")
    def _consistent(self) -> "ObservationTransition":
        if self.to is not ObservationStatus.FINAL and not self.reason:
            raise wrong("reason_needed", kk="Себебін жазыңыз", ru="Нужна причина", en="A reason is needed")
        if (self.value is not None) != (self.to is ObservationStatus.CORRECTED):
            raise wrong(
                "value_of_correction",
                kk="value тек түзету үшін беріледі және түзету үшін міндетті",
                ru="value даётся для исправления, и только для него",
                en="value belongs to a correction, and only to one",
            )
        if self.n is not None and self.to is not ObservationStatus.CORRECTED:
            raise wrong(
                "n_of_correction",
                kk="n тек түзету үшін беріледі",
                ru="n даётся только для исправления",
                en="n belongs to a correction only",
            )
        return self


class ObservationsApprove(In):
    """Which provisional values are approved; those the caller reported are left to others."""

    indicator: IndicatorCode = Field(description="Of this indicator", examples=["SCH_UNT_MEAN"])
    period: PeriodText = Field(description="For this period", examples=["2025-2026"])
    area: Kato | None = Field(
        default=None,
        description="Of this area, the areas and the organisations inside it; by default all that the caller reaches",
        examples=["750000000"],
    )
    organisation_id: UUID | None = Field(
        default=None, description="Only of this organisation", examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"]
    )
    source_system: Source | None = Field(default=None, description="Only of this source", examples=["NTC"])


class ObservationsApproved(Out):
    """What was approved and what was not."""

    approved: int = Field(ge=0, description="Values that became final", examples=[118])
    reported_by_caller: int = Field(
        ge=0, description="Values left as they are because the caller reported them", examples=[2]
    )


class LockCreate(In):
    """Which values may not be revised any more: of an indicator or a pillar, for a period, in an area."""

    model_config = ConfigDict(json_schema_extra=one_of("indicator", "pillar"))

    indicator: IndicatorCode | None = Field(
        default=None, description="This indicator; either this or `pillar`", examples=["SCH_UNT_MEAN"]
    )
    pillar: Code | None = Field(
        default=None, description="All indicators of this pillar; either this or `indicator`", examples=[None]
    )
    period: PeriodText = Field(description="This period, and shorter ones that lie within it", examples=["2025-2026"])
    area: Kato | None = Field(
        default=None,
        description="In this area and the areas inside it; null: in the whole country",
        examples=["750000000"],
    )
    reason: FilledLine = Field(description="Why", examples=["The rating of 2025-2026 was computed from it"])

    @model_validator(mode="after")
    def _one_of_two(self) -> "LockCreate":
        if (self.indicator is None) == (self.pillar is None):
            raise wrong(
                "indicator_or_pillar",
                kk="indicator мен pillar өрістерінің дәл біреуі керек",
                ru="Нужно ровно одно из полей indicator и pillar",
                en="Exactly one of indicator and pillar is needed",
            )
        return self


class LockReopen(In):
    """Why a period is opened again."""

    reason: FilledLine = Field(description="Why", examples=["Appeal of a school was granted"])


class LockRead(Out):
    """A lock, and whether it holds."""

    id: UUID = Field(description="The lock", examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"])
    indicator: str | None = Field(max_length=64, description="The indicator it locks", examples=["SCH_UNT_MEAN"])
    pillar: str | None = Field(max_length=64, description="Or the pillar", examples=[None])
    period: str = Field(max_length=9, description="The period", examples=["2025-2026"])
    area: str | None = Field(max_length=9, description="The area; null: the whole country", examples=["750000000"])
    reason: str = Field(max_length=500, description="Why", examples=["The rating was computed from it"])
    locked_by: str = Field(max_length=255, description="By whom", examples=["officer-7"])
    locked_at: Instant = Field(description="Since when", examples=["2026-11-01T10:00:00+05:00"])
    reopened_by: str | None = Field(max_length=255, description="Who opened it again", examples=[None])
    reopened_at: Instant | None = Field(description="Until when; null: it still holds", examples=[None])
    reopen_reason: str | None = Field(max_length=500, description="Why it was opened again", examples=[None])


class LocksQuery(PageQuery):
    """Which locks."""

    indicator: IndicatorCode | None = Field(default=None, description="Only of it", examples=["SCH_UNT_MEAN"])
    pillar: Code | None = Field(default=None, description="Only of it", examples=["outcomes"])
    period: PeriodText | None = Field(default=None, description="Only of it", examples=["2025-2026"])
    area: Kato | None = Field(default=None, description="Only of this very area", examples=["750000000"])
    state: Literal["holding", "reopened"] | None = Field(
        default=None, description="Only those that hold, or only those opened again", examples=["holding"]
    )
