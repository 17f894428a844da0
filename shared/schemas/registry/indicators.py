"""Definitions of indicators on the wire: what is measured, how, and since which version."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from shared.schemas.base import (
    Code,
    Count,
    Date,
    FilledParagraph,
    Finite,
    FullText,
    In,
    Instant,
    Line,
    Out,
    Paragraph,
    TextOut,
    Whole,
    wrong,
)
from shared.schemas.pages import PageQuery
from shared.schemas.registry.organisation_words import OrganisationType

IndicatorCode = Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Z][A-Z0-9_]{1,63}$")]
"""The lasting name of an indicator: capital Latin letters, digits and `_`."""

Unit = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""A unit of measure: `percent`, `percent_correct`, `ratio`, `count`, `per_1000`, `score_0_100`, `boolean` …"""


class IndicatorLevel(StrEnum):
    """What an indicator is measured of."""

    ORGANISATION = "organisation"
    AREA = "area"


class Polarity(StrEnum):
    """Which way is better; a neutral indicator is context and is never scored."""

    HIGHER = "higher"
    LOWER = "lower"
    NEUTRAL = "neutral"


class PeriodKind(StrEnum):
    """The stretch of time one value speaks of."""

    SCHOOL_YEAR = "school_year"
    CALENDAR_YEAR = "calendar_year"
    HALF_YEAR = "half_year"
    QUARTER = "quarter"
    MONTH = "month"
    ROLLING_36_MONTHS = "rolling_36_months"
    COHORT_12_MONTHS = "cohort_12_months"
    ATTESTATION_CYCLE = "attestation_cycle"
    COURSE = "course"
    EVENT = "event"
    ONCE = "once"


class AgeBand(In):
    """The ages an indicator covers; part of its identity (coverage of ages 1-6 is not coverage of ages 2-6)."""

    youngest: Whole = Field(ge=0, le=120, description="The youngest age, in full years", examples=[2])
    oldest: Whole = Field(ge=0, le=120, description="The oldest age, in full years", examples=[6])

    @model_validator(mode="after")
    def _in_order(self) -> "AgeBand":
        if self.oldest < self.youngest:
            raise wrong(
                "age_band_reversed",
                kk="Ең үлкен жас ең кіші жастан кем болмауы керек",
                ru="Старший возраст не может быть меньше младшего",
                en="The oldest age cannot be below the youngest",
            )
        return self


class IndicatorCreate(In):
    """A definition: of a new indicator, or a new version of one that exists."""

    code: IndicatorCode = Field(description="Its lasting name; the same in all versions", examples=["SCH_UNT_MEAN"])
    level: IndicatorLevel = Field(
        default=IndicatorLevel.ORGANISATION, description="What it is measured of", examples=["organisation"]
    )
    organisation_types: list[OrganisationType] = Field(
        default_factory=list,
        max_length=20,
        description="Types of organisation it applies to; empty for indicators of areas",
        examples=[["school"]],
    )
    pillar: Code = Field(description="The part of a profile it belongs to", examples=["outcomes"])
    name: FullText = Field(
        description="What it is called",
        examples=[{"kk": "ҰБТ орташа балы", "ru": "Средний балл ЕНТ", "en": "Mean UNT score"}],
    )
    unit: Unit = Field(description="Unit of measure; percent runs from 0 to 100", examples=["score_0_140"])
    polarity: Polarity = Field(description="Which way is better", examples=["higher"])
    formula: FilledParagraph = Field(
        description="How the value is computed. Another formula is another version",
        examples=["sum(best main-session UNT score of the year's graduates) / count(those who sat UNT)"],
    )
    period_kind: PeriodKind = Field(description="The stretch of time one value speaks of", examples=["school_year"])
    as_of_rule: Line = Field(default="", description="The day the facts are taken at", examples=["31 Oct"])
    source_system: Line = Field(default="", description="Where values come from", examples=["NTC"])
    plausible_min: Finite | None = Field(
        default=None, description="Values below are accepted with a warning", examples=[30]
    )
    plausible_max: Finite | None = Field(
        default=None, description="Values above are accepted with a warning", examples=[125]
    )
    typical: Finite | None = Field(default=None, description="A usual value, for orientation", examples=[69])
    min_n: Count = Field(
        default=1, description="Fewest units (graduates, teachers …) a value may rest on when it is shown", examples=[5]
    )
    disaggregation: list[Line] = Field(
        default_factory=list, max_length=20, description="Cuts it is reported by", examples=[["language", "sex"]]
    )
    age_band: AgeBand | None = Field(default=None, description="The ages it covers, where ages matter")
    source_note: Paragraph = Field(
        default="", description="Norm or publication it leans on", examples=["Order 114-NK, criterion 39"]
    )
    note: Paragraph = Field(default="", description="What a reader should know", examples=["Best of two attempts"])
    valid_from: Date | None = Field(
        default=None,
        description="First day this version is in force; null: from the beginning",
        examples=["2025-09-01"],
    )
    valid_to: Date | None = Field(
        default=None, description="First day it is no longer in force; null: still in force", examples=[None]
    )

    @model_validator(mode="after")
    def _consistent(self) -> "IndicatorCreate":
        if self.level is IndicatorLevel.ORGANISATION and not self.organisation_types:
            raise wrong(
                "organisation_types_missing",
                kk="Ұйым көрсеткіші үшін кемінде бір ұйым түрі керек",
                ru="Для показателя организаций нужен хотя бы один тип организации",
                en="An indicator of organisations needs at least one type of organisation",
            )
        if self.level is IndicatorLevel.AREA and self.organisation_types:
            raise wrong(
                "organisation_types_of_area",
                kk="Аумақ көрсеткішінде ұйым түрі болмайды",
                ru="У показателя территорий нет типов организаций",
                en="An indicator of areas has no types of organisation",
            )
        if None not in (self.plausible_min, self.plausible_max) and self.plausible_min > self.plausible_max:  # type: ignore[operator] # neither is None
            raise wrong(
                "plausible_range_reversed",
                kk="plausible_min мәні plausible_max мәнінен аспауы керек",
                ru="plausible_min не может превышать plausible_max",
                en="plausible_min cannot exceed plausible_max",
            )
        if self.valid_from is not None and self.valid_to is not None and self.valid_to <= self.valid_from:
            raise wrong(
                "validity_reversed",
                kk="valid_to күні valid_from күнінен кейін болуы керек",
                ru="valid_to должна быть позже valid_from",
                en="valid_to must be after valid_from",
            )
        return self


class IndicatorRead(Out):
    """One version of an indicator."""

    id: UUID = Field(description="This version", examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"])
    code: str = Field(max_length=64, description="The indicator", examples=["SCH_UNT_MEAN"])
    version: int = Field(ge=1, description="1, 2, 3 …", examples=[1])
    edition: int = Field(ge=1, description="Counts edits of names and notes within the version", examples=[1])
    is_current: bool = Field(description="Whether there is no later version", examples=[True])
    level: IndicatorLevel = Field(description="What it is measured of", examples=["organisation"])
    organisation_types: list[OrganisationType] = Field(
        max_length=20, description="Types of organisation it applies to", examples=[["school"]]
    )
    pillar: str = Field(max_length=64, description="The part of a profile it belongs to", examples=["outcomes"])
    name: TextOut = Field(description="What it is called")
    unit: str = Field(max_length=40, description="Unit of measure", examples=["score_0_140"])
    polarity: Polarity = Field(description="Which way is better", examples=["higher"])
    formula: str = Field(max_length=10_000, description="How the value is computed", examples=["sum(…)/count(…)"])
    period_kind: PeriodKind = Field(description="The stretch of time one value speaks of", examples=["school_year"])
    as_of_rule: str = Field(max_length=500, description="The day the facts are taken at", examples=["31 Oct"])
    source_system: str = Field(max_length=500, description="Where values come from", examples=["NTC"])
    plausible_min: float | None = Field(description="Values below bring a warning", examples=[30.0])
    plausible_max: float | None = Field(description="Values above bring a warning", examples=[125.0])
    typical: float | None = Field(description="A usual value", examples=[69.0])
    min_n: int = Field(ge=0, description="Fewest units a value may rest on when it is shown", examples=[5])
    disaggregation: list[str] = Field(max_length=20, description="Cuts it is reported by", examples=[["language"]])
    age_band: AgeBand | None = Field(description="The ages it covers, where ages matter")
    source_note: str = Field(
        max_length=10_000, description="Norm or publication it leans on", examples=["Order 114-NK"]
    )
    note: str = Field(max_length=10_000, description="What a reader should know", examples=["Best of two attempts"])
    valid_from: Date | None = Field(description="First day in force; null: from the beginning", examples=["2025-09-01"])
    valid_to: Date | None = Field(description="First day no longer in force; null: still in force", examples=[None])
    recorded_at: Instant = Field(description="When this version was recorded", examples=["2026-09-01T09:00:00+05:00"])


class IndicatorsQuery(PageQuery):
    """Which indicators."""

    level: IndicatorLevel | None = Field(default=None, description="Only of this level", examples=["organisation"])
    organisation_type: OrganisationType | None = Field(
        default=None, description="Only those that apply to this type of organisation", examples=["college"]
    )
    pillar: Code | None = Field(default=None, description="Only of this part of a profile", examples=["outcomes"])
    polarity: Polarity | None = Field(default=None, description="Only of this polarity", examples=["neutral"])
    versions: Literal["current", "all"] = Field(
        default="current", description="`all` lists superseded versions too", examples=["current"]
    )


class IndicatorQuery(In):
    """Which version of one indicator."""

    version: int | None = Field(
        default=None, ge=1, le=2**31 - 1, description="A certain version; by default the latest", examples=[1]
    )
