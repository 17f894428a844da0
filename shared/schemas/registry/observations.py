"""Observations on the wire: what was measured of whom, when, by whom it was reported, and why a value is missing."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from shared.schemas.base import Count, Date, Finite, Flag, In, Instant, Kato, Line, Name, Out, Whole, one_of, wrong
from shared.schemas.pages import PageQuery
from shared.schemas.registry.indicators import IndicatorCode
from shared.schemas.registry.organisation_words import OrganisationType
from shared.schemas.tables import IndicatorColumn, IndicatorTable, MissingReason

__all__ = [
    "IndicatorColumn",
    "MissingReason",
    "ObservationCreate",
    "ObservationOutcome",
    "ObservationRead",
    "ObservationRevisions",
    "ObservationStatus",
    "ObservationTable",
    "ObservationTableQuery",
    "ObservationWarning",
    "ObservationsCreate",
    "ObservationsQuery",
    "ObservationsRecorded",
    "PeriodText",
]

MOST_AT_ONCE = 10_000
"""Observations in one request; more come as a file."""
MOST_INDICATORS = 200
"""Indicators in one table."""

PeriodText = Annotated[
    str,
    StringConstraints(
        max_length=9, pattern=r"^(19[0-9]{2}|2[01][0-9]{2}|2200)(-([0-9]{4}|Q[1-4]|H[12]|0[1-9]|1[0-2]))?$"
    ),
]
"""A period: a school year `2025-2026`, a year `2025`, a half `2025-H1`, a quarter `2025-Q1`, a month `2025-03`."""

Source = Annotated[Name, Field(max_length=100)]
"""Who reported a value; the same source says the same thing only once."""


class ObservationStatus(StrEnum):
    """How firm a value is."""

    PROVISIONAL = "provisional"
    FINAL = "final"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class ObservationCreate(In):
    """One value, or the reason why there is none, of one organisation or area for one period."""

    model_config = ConfigDict(
        json_schema_extra={"allOf": [one_of("organisation_id", "area"), one_of("value", "missing_reason")]}
    )

    organisation_id: UUID | None = Field(
        default=None,
        description="The organisation observed; either this or `area`",
        examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"],
    )
    area: Kato | None = Field(default=None, description="The area observed; either this or `organisation_id`")
    indicator: IndicatorCode = Field(description="What was measured", examples=["SCH_UNT_MEAN"])
    indicator_version: Whole | None = Field(
        default=None, ge=1, le=2**31 - 1, description="By which definition; by default the latest", examples=[1]
    )
    period: PeriodText = Field(description="The stretch of time it speaks of", examples=["2025-2026"])
    value: Finite | None = Field(default=None, description="The value; percent from 0 to 100", examples=[71.2])
    missing_reason: MissingReason | None = Field(
        default=None, description="Why there is no value; exactly one of `value` and this", examples=[None]
    )
    missing_code: Annotated[Line, Field(max_length=40)] | None = Field(
        default=None, description="What the source wrote in place of the value", examples=["SUPP"]
    )
    n: Count | None = Field(default=None, description="How many units (graduates …) it rests on", examples=[26])
    variance: Annotated[Finite, Field(ge=0)] | None = Field(
        default=None, description="Sampling variance, in the square of the unit", examples=[24.0]
    )
    status: ObservationStatus = Field(
        default=ObservationStatus.PROVISIONAL, description="How firm it is", examples=["final"]
    )
    source_system: Source = Field(description="Who reported it", examples=["NTC"])
    source_ref: Line = Field(default="", description="Where it stands there", examples=["unt-2026-main.csv#418"])
    as_of: Date | None = Field(default=None, description="The day the facts were taken at", examples=["2026-10-31"])
    break_in_series: Flag = Field(
        default=False, description="Not comparable with the periods before (a new border, a new rule)", examples=[False]
    )
    note: Line = Field(default="", description="What a reader should know", examples=[""])

    @model_validator(mode="after")
    def _one_subject_and_one_answer(self) -> "ObservationCreate":
        if (self.organisation_id is None) == (self.area is None):
            raise wrong(
                "subject_not_one",
                kk="organisation_id мен area өрістерінің дәл біреуі керек",
                ru="Нужно ровно одно из полей organisation_id и area",
                en="Exactly one of organisation_id and area is needed",
            )
        if self.value is not None and self.missing_reason is not None:
            raise wrong(
                "value_and_reason",
                kk="Мән мен оның жоқ болу себебі бірге берілмейді",
                ru="Значение и причина его отсутствия не даются вместе",
                en="A value and a reason for its absence cannot be given together",
            )
        if self.value is None and self.missing_reason is None:
            raise wrong(
                "value_or_reason_missing",
                kk="Мән немесе оның жоқ болу себебі керек",
                ru="Нужно значение или причина его отсутствия",
                en="A value or a reason for its absence is needed",
            )
        return self


class ObservationsCreate(In):
    """Observations that are recorded together or not at all."""

    observations: list[ObservationCreate] = Field(
        min_length=1, max_length=MOST_AT_ONCE, description="The observations; one error refuses them all"
    )


class ObservationOutcome(Out):
    """What became of one observation that was sent."""

    id: UUID = Field(description="The revision that now stands", examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"])
    revision: int = Field(ge=1, description="1 for the first thing this source said, then 2, 3 …", examples=[1])
    outcome: Literal["created", "changed", "unchanged"] = Field(
        description="A first value, a new revision, or already known", examples=["created"]
    )


class ObservationWarning(Out):
    """Something accepted that deserves a look."""

    pointer: str = Field(max_length=1000, description="JSON pointer into the body", examples=["/observations/0/value"])
    code: str = Field(max_length=64, description="What is unusual; never changes", examples=["value_implausible"])
    message: str = Field(max_length=2000, description="The same in the reader's language")


class ObservationsRecorded(Out):
    """What became of the observations, in the order they were sent."""

    created: int = Field(ge=0, description="First values", examples=[1])
    changed: int = Field(ge=0, description="New revisions", examples=[0])
    unchanged: int = Field(ge=0, description="Already known exactly so", examples=[0])
    items: list[ObservationOutcome] = Field(max_length=MOST_AT_ONCE, description="One by one")
    warnings: list[ObservationWarning] = Field(
        max_length=MOST_AT_ONCE * 2, description="Accepted, but out of the ordinary"
    )


class ObservationRead(Out):
    """One revision of an observation."""

    id: UUID = Field(description="This revision", examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"])
    organisation_id: UUID | None = Field(description="The organisation observed", examples=[None])
    area: str | None = Field(max_length=9, description="The area observed", examples=["750000000"])
    indicator: str = Field(max_length=64, description="What was measured", examples=["SCH_UNT_MEAN"])
    indicator_version: int = Field(ge=1, description="By which definition", examples=[1])
    period: str = Field(max_length=9, description="The stretch of time it speaks of", examples=["2025-2026"])
    value: float | None = Field(description="The value", examples=[71.2])
    missing_reason: MissingReason | None = Field(description="Why there is no value", examples=[None])
    missing_code: str | None = Field(max_length=40, description="What the source wrote instead", examples=["SUPP"])
    n: int | None = Field(ge=0, description="How many units it rests on", examples=[26])
    variance: float | None = Field(ge=0, description="Sampling variance", examples=[24.0])
    status: ObservationStatus = Field(description="How firm it is", examples=["final"])
    source_system: str = Field(max_length=100, description="Who reported it", examples=["NTC"])
    source_ref: str = Field(max_length=500, description="Where it stands there", examples=["unt-2026-main.csv#418"])
    as_of: Date | None = Field(description="The day the facts were taken at", examples=["2026-10-31"])
    break_in_series: bool = Field(description="Not comparable with the periods before", examples=[False])
    note: str = Field(max_length=500, description="What a reader should know", examples=[""])
    revision: int = Field(ge=1, description="1, 2, 3 … within subject, indicator, period and source", examples=[1])
    recorded_from: Instant = Field(description="Known since", examples=["2026-11-01T10:00:00+05:00"])
    recorded_to: Instant | None = Field(description="Known until; null: still believed", examples=[None])
    recorded_by: str = Field(
        max_length=255, description="Who recorded this revision; another has to approve it", examples=["officer-7"]
    )


class ObservationRevisions(Out):
    """What a source said of one thing, again and again."""

    items: list[ObservationRead] = Field(max_length=1000, description="Revisions, oldest first")


class ObservationsQuery(PageQuery):
    """Which observations."""

    organisation: UUID | None = Field(
        default=None, description="Only of this organisation", examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"]
    )
    area: Kato | None = Field(default=None, description="Only of this area itself", examples=["750000000"])
    indicator: IndicatorCode | None = Field(
        default=None, description="Only of this indicator", examples=["SCH_UNT_MEAN"]
    )
    period: PeriodText | None = Field(default=None, description="Only for this period", examples=["2025-2026"])
    status: ObservationStatus | None = Field(default=None, description="Only of this status", examples=["final"])
    revisions: Literal["current", "all"] = Field(
        default="current", description="`all` lists superseded revisions too", examples=["current"]
    )
    as_of: Date | None = Field(
        default=None, description="Only for periods in which this day lies", examples=["2026-03-01"]
    )
    known_at: Instant | None = Field(
        default=None, description="As it was known at that moment", examples=["2026-11-15T00:00:00+05:00"]
    )


class ObservationTable(IndicatorTable):
    """Indicators of all organisations of a type, column by column."""

    period: str = Field(max_length=9, description="The period that was asked for", examples=["2025-2026"])
    known_at: Instant = Field(
        description="The moment of knowledge: ask again with it and the answer is the same",
        examples=["2026-11-15T00:00:00+05:00"],
    )


class ObservationTableQuery(In):
    """Which table."""

    indicators: Annotated[
        str, StringConstraints(max_length=13_000, pattern=r"^[A-Z][A-Z0-9_]{1,63}(,[A-Z][A-Z0-9_]{1,63}){0,199}$")
    ] = Field(
        description="Codes of indicators, separated by commas; each becomes a column (latest version)",
        examples=["SCH_UNT_MEAN,TCH_EXPERT_PLUS_SHARE"],
    )
    period: PeriodText = Field(
        description="For each indicator the latest observation whose own period ends within this one: for "
        "`2025-2026` a school-year indicator gives its 2025-2026 value, a monthly one its last month until August 2026",
        examples=["2025-2026"],
    )
    organisation_type: OrganisationType = Field(description="Organisations of this type", examples=["school"])
    area: Kato | None = Field(
        default=None, description="Only organisations in this area and the areas inside it", examples=["750000000"]
    )
    as_of: Date | None = Field(
        default=None,
        description="Organisations that exist and are open on this day, with their attributes of this day; "
        "by default today",
        examples=["2026-09-01"],
    )
    known_at: Instant | None = Field(
        default=None,
        description="Everything as it was known at that moment; by default now",
        examples=["2026-11-15T00:00:00+05:00"],
    )
