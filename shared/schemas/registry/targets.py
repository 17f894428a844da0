"""Targets on the wire: one stated promise in numbers, as it was said, by which role, and until when."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from shared.schemas.base import (
    Date,
    Edtf,
    Finite,
    Flag,
    In,
    Instant,
    Kato,
    Line,
    Out,
    Whole,
    one_of,
    stays,
    wrong,
)
from shared.schemas.pages import PageQuery
from shared.schemas.registry.indicators import AgeBand, IndicatorCode
from shared.schemas.registry.observations import ObservationStatus, PeriodText, Source
from shared.schemas.registry.organisation_words import OrganisationType
from shared.schemas.tables import MissingReason

Level = Annotated[Finite, Field(ge=-1e15, le=1e15)]
"""A value that is promised or that one starts from, in the indicator's unit."""
Address = Annotated[str, StringConstraints(max_length=500, pattern=r"^https?://[^\s\x00-\x1f\x7f-\x9f]{1,490}$")]
Quote = Annotated[Line, Field(max_length=200)]

_ID = "01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"


class Comparator(StrEnum):
    """When a target is met."""

    GE = "ge"
    """At least `value_low`."""
    LE = "le"
    """At most `value_low`."""
    EQ = "eq"
    """Exactly `value_low`."""
    ALL = "all"
    """Every one of them: 100 %."""
    ZERO = "zero"
    """None of them."""
    RANGE = "range"
    """From `value_low` to `value_high`, or beyond it on the better side."""


class Qualifier(StrEnum):
    """How firmly it was said."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"
    ASPIRATION = "aspiration"


class SpeakerRole(StrEnum):
    """In which role somebody said it; a person is never named."""

    HEAD_OF_STATE = "head_of_state"
    GOVERNMENT = "government"
    MINISTER = "minister"
    AKIM_OF_REGION = "akim_of_region"
    AKIM_OF_CITY = "akim_of_city"
    AKIM_OF_DISTRICT = "akim_of_district"
    DEPUTY_AKIM = "deputy_akim"
    HEAD_OF_DEPARTMENT = "head_of_department"
    HEAD_OF_NETWORK = "head_of_network"
    DIRECTOR = "director"
    DOCUMENT = "document"
    JOURNALIST = "journalist"


class TargetStatus(StrEnum):
    """Whether a target stands."""

    STATED = "stated"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class ChildrenRule(StrEnum):
    """How the targets under a target add up to it."""

    SUM = "sum"
    MEAN = "mean"
    NONE = "none"


class TargetBody(In):
    """What is said in a target beside whom and what it is about."""

    organisation_types: list[OrganisationType] = Field(
        default_factory=list,
        max_length=20,
        description="For `all`: the types of organisation meant; empty: those of the indicator",
        examples=[["school", "college"]],
    )
    each_at_least: Level | None = Field(
        default=None,
        description="For `all` upon an indicator of organisations: from which value one organisation counts as done",
        examples=[None],
    )
    baseline_value: Level | None = Field(default=None, description="Where it starts from", examples=[13])
    baseline_on: Edtf | None = Field(default=None, description="When that was so, as exact as is known")
    comparator: Comparator = Field(description="When it is met", examples=["ge"])
    value_low: Level | None = Field(
        default=None,
        description="The value promised, or the lower end of a range; left out for `all` (100) and `zero` (0)",
        examples=[20],
    )
    value_high: Level | None = Field(default=None, description="The upper end of a range", examples=[None])
    qualifier: Qualifier = Field(default=Qualifier.EXACT, description="How firmly it was said", examples=["exact"])
    due: Edtf | None = Field(default=None, description="Until when, as exact as is known; null: not said")
    stated_by_role: SpeakerRole = Field(description="In which role it was said", examples=["akim_of_city"])
    stated_on: Edtf | None = Field(default=None, description="When it was said, as exact as is known")
    quote: Quote = Field(
        default="", description="The words themselves, in the language they were said in", examples=["13-тен 20-ға"]
    )
    source_url: Address | None = Field(
        default=None, description="Where it can be read", examples=["https://www.zakon.kz/5079779"]
    )
    authoritative: Flag = Field(
        default=False, description="Of several that disagree, the one to go by", examples=[True]
    )
    source_system: Source | None = Field(
        default=None,
        description="Whose values count for it; null: the registry's own count, else the latest",
        examples=[None],
    )
    parent_id: UUID | None = Field(
        default=None, description="The target of a wider scope it is a part of", examples=[None]
    )
    children_rule: ChildrenRule = Field(
        default=ChildrenRule.NONE, description="How the targets under this one add up to it", examples=["sum"]
    )
    children_note: Line = Field(
        default="", description="Why those under it do not add up, where they do not", examples=[""]
    )

    @model_validator(mode="after")
    def _says_one_thing(self) -> "TargetBody":
        needs_low = self.comparator not in (Comparator.ALL, Comparator.ZERO)
        fixed = {Comparator.ALL: 100.0, Comparator.ZERO: 0.0}.get(self.comparator)
        if needs_low and self.value_low is None:
            raise wrong(
                "target_value_missing",
                kk="Бұл салыстыру үшін value_low керек",
                ru="Для этого сравнения нужно value_low",
                en="This comparator needs value_low",
            )
        if not needs_low and self.value_low not in (None, fixed):
            raise wrong(
                "target_value_fixed",
                kk="all үшін мән 100, zero үшін 0",
                ru="Для all значение 100, для zero — 0",
                en="For all the value is 100, for zero it is 0",
            )
        if (self.comparator is Comparator.RANGE) != (self.value_high is not None):
            raise wrong(
                "target_range_incomplete",
                kk="value_high тек range үшін беріледі және онда міндетті",
                ru="value_high даётся только для range и там обязателен",
                en="value_high is for a range, and a range needs it",
            )
        if self.value_high is not None and self.value_low is not None and self.value_high <= self.value_low:
            raise wrong(
                "range_reversed",
                kk="value_high мәні value_low мәнінен үлкен болуы керек",
                ru="value_high должно быть больше value_low",
                en="value_high must be above value_low",
            )
        if self.baseline_on is not None and self.baseline_value is None:
            raise wrong(
                "baseline_incomplete",
                kk="baseline_on үшін baseline_value керек",
                ru="Для baseline_on нужно baseline_value",
                en="baseline_on needs baseline_value",
            )
        return self


class TargetCreate(TargetBody):
    """A promise in numbers about one indicator of one area or organisation."""

    model_config = ConfigDict(json_schema_extra=one_of("area", "organisation_id"))

    indicator: IndicatorCode = Field(description="What is promised", examples=["REG_NIS_LEADING_SCHOOLS"])
    indicator_version: Whole | None = Field(
        default=None, ge=1, le=2**31 - 1, description="By which definition; by default the latest", examples=[1]
    )
    area: Kato | None = Field(
        default=None, description="For which area; either this or `organisation_id`", examples=["790000000"]
    )
    organisation_id: UUID | None = Field(
        default=None, description="For which organisation; either this or `area`", examples=[None]
    )
    supersedes_id: UUID | None = Field(
        default=None,
        description="The target of the same indicator and scope that it takes the place of",
        examples=[None],
    )

    @model_validator(mode="after")
    def _one_scope(self) -> "TargetCreate":
        if (self.area is None) == (self.organisation_id is None):
            raise wrong(
                "subject_not_one",
                kk="organisation_id мен area өрістерінің дәл біреуі керек",
                ru="Нужно ровно одно из полей organisation_id и area",
                en="Exactly one of organisation_id and area is needed",
            )
        return self


class TargetUpdate(In):
    """A JSON Merge Patch of a target; indicator and scope are what it is and do not change."""

    organisation_types: list[OrganisationType] | None = Field(
        default=None, max_length=20, description="For `all`: the types meant", json_schema_extra=stays
    )
    each_at_least: Level | None = Field(default=None, description="For `all`: from which value one counts as done")
    baseline_value: Level | None = Field(default=None, description="Where it starts from", examples=[13])
    baseline_on: Edtf | None = Field(default=None, description="When that was so")
    comparator: Comparator | None = Field(default=None, description="When it is met", json_schema_extra=stays)
    value_low: Level | None = Field(default=None, description="The value promised", examples=[20])
    value_high: Level | None = Field(default=None, description="The upper end of a range")
    qualifier: Qualifier | None = Field(default=None, description="How firmly", json_schema_extra=stays)
    due: Edtf | None = Field(default=None, description="Until when; null: not said")
    stated_by_role: SpeakerRole | None = Field(default=None, description="In which role", json_schema_extra=stays)
    stated_on: Edtf | None = Field(default=None, description="When it was said")
    quote: Quote | None = Field(default=None, description="The words themselves", json_schema_extra=stays)
    source_url: Address | None = Field(default=None, description="Where it can be read")
    authoritative: Flag | None = Field(default=None, description="The one to go by", json_schema_extra=stays)
    source_system: Source | None = Field(default=None, description="Whose values count for it")
    parent_id: UUID | None = Field(default=None, description="The target it is a part of")
    children_rule: ChildrenRule | None = Field(
        default=None, description="How those under it add up", json_schema_extra=stays
    )
    children_note: Line | None = Field(default=None, description="Why they do not add up", json_schema_extra=stays)


class TargetPeriod(In):
    """From which day a change is true."""

    effective_from: Date | None = Field(
        default=None,
        description="First day on which the change is true; by default today in Kazakhstan. To correct a mistake, give "
        "the first day of the state that is wrong",
    )


class DifferenceRead(Out):
    """A difference told both ways, so that points are not read as percent: 66.7 → 86 is +19.3 points, +28.9 %."""

    absolute: float = Field(description="In `unit`", examples=[19.3])
    unit: str = Field(
        max_length=40,
        description="`points` for a difference of percentages, else the indicator's unit",
        examples=["points"],
    )
    percent: float | None = Field(description="Of the value before; null where that is 0", examples=[28.935532])


class TargetRead(Out):
    """A target as it stands on a day."""

    id: UUID = Field(description="The target", examples=[_ID])
    version: int = Field(ge=1, description="Counts its changes", examples=[1])
    status: TargetStatus = Field(description="Whether it stands", examples=["stated"])
    indicator: str = Field(max_length=64, description="What is promised", examples=["REG_NIS_LEADING_SCHOOLS"])
    indicator_version: int = Field(ge=1, description="By which definition", examples=[1])
    unit: str = Field(max_length=40, description="Unit of the values", examples=["count"])
    age_band: AgeBand | None = Field(description="The ages its indicator covers")
    area: str | None = Field(max_length=9, description="For which area", examples=["790000000"])
    organisation_id: UUID | None = Field(description="For which organisation", examples=[None])
    territory_version: int = Field(
        ge=1, description="Within which borders of the area: 2 since the reform of 2022 where it touched", examples=[1]
    )
    organisation_types: list[OrganisationType] = Field(
        max_length=20, description="For `all`: the types meant", examples=[[]]
    )
    each_at_least: float | None = Field(description="For `all`: from which value one counts as done", examples=[None])
    baseline_value: float | None = Field(description="Where it starts from", examples=[13.0])
    baseline_on: str | None = Field(max_length=11, description="When that was so", examples=["2018"])
    comparator: Comparator = Field(description="When it is met", examples=["ge"])
    value_low: float = Field(description="The value promised, or the lower end", examples=[20.0])
    value_high: float | None = Field(description="The upper end of a range", examples=[None])
    planned_change: DifferenceRead | None = Field(description="From the baseline to `value_low`; null without baseline")
    qualifier: Qualifier = Field(description="How firmly it was said", examples=["exact"])
    due: str | None = Field(max_length=11, description="Until when (EDTF)", examples=[None])
    due_latest: Date | None = Field(description="The last day that may mean", examples=[None])
    stated_by_role: SpeakerRole = Field(description="In which role it was said", examples=["akim_of_city"])
    stated_on: str | None = Field(max_length=11, description="When it was said (EDTF)", examples=[None])
    quote: str = Field(max_length=200, description="The words themselves", examples=["13-тен 20-ға"])
    source_url: str | None = Field(max_length=500, description="Where it can be read", examples=[None])
    authoritative: bool = Field(description="Of several that disagree, the one to go by", examples=[True])
    conflict: bool = Field(
        description="Whether another target that stands says something else for the same indicator, scope and date",
        examples=[True],
    )
    supersedes_id: UUID | None = Field(description="The target whose place it took", examples=[None])
    superseded_by: UUID | None = Field(description="The target that took its place", examples=[None])
    source_system: str | None = Field(max_length=100, description="Whose values count for it", examples=[None])
    parent_id: UUID | None = Field(description="The wider target it is a part of", examples=[None])
    children_rule: ChildrenRule = Field(description="How those under it add up", examples=["none"])
    children_note: str = Field(max_length=500, description="Why they do not add up", examples=[""])
    valid_from: Date | None = Field(description="First day of this state; null: from the beginning", examples=[None])
    valid_until: Date | None = Field(description="First day it no longer holds; null: still holds", examples=[None])
    recorded_at: Instant = Field(description="Known so since", examples=["2026-11-22T09:00:00+05:00"])


class TargetHistory(Out):
    """All a target ever said."""

    items: list[TargetRead] = Field(max_length=1000, description="Its states in the order of their days")


class TargetsQuery(PageQuery):
    """Which targets."""

    indicator: IndicatorCode | None = Field(
        default=None, description="Only of this indicator", examples=["REG_NIS_LEADING_SCHOOLS"]
    )
    area: Kato | None = Field(default=None, description="Only of this area itself", examples=["790000000"])
    inside: Kato | None = Field(
        default=None, description="Only of this area and the areas under it", examples=["750000000"]
    )
    organisation: UUID | None = Field(default=None, description="Only of this organisation", examples=[_ID])
    parent: UUID | None = Field(default=None, description="Only parts of this target", examples=[_ID])
    status: TargetStatus | None = Field(default=None, description="Only of this status", examples=["stated"])
    authoritative: bool | None = Field(default=None, description="Only those to go by, or the others", examples=[True])
    conflict: bool | None = Field(default=None, description="Only those that disagree, or the others", examples=[True])
    as_of: Date | None = Field(default=None, description="As they stand on this day; by default today")
    known_at: Instant | None = Field(default=None, description="As was known at that moment; by default now")


class TargetObservationCreate(In):
    """A value for a target; it is refused unless it is of the very indicator the target is about."""

    model_config = ConfigDict(json_schema_extra=one_of("value", "missing_reason"))

    indicator: IndicatorCode | None = Field(
        default=None,
        description="What was measured; has to be what the target is about",
        examples=["REG_PRE_COVERAGE_1_6"],
    )
    indicator_version: Whole | None = Field(
        default=None, ge=1, le=2**31 - 1, description="By which definition; by default the target's", examples=[1]
    )
    organisation_id: UUID | None = Field(
        default=None, description="For a target of `all` organisations of an area: which of them", examples=[None]
    )
    period: PeriodText = Field(description="The stretch of time it speaks of", examples=["2021-Q4"])
    value: Finite | None = Field(default=None, description="The value; percent from 0 to 100", examples=[85.0])
    missing_reason: MissingReason | None = Field(
        default=None, description="Why there is no value; exactly one of `value` and this", examples=[None]
    )
    n: Annotated[Whole, Field(ge=0, le=2**31 - 1)] | None = Field(
        default=None, description="How many units it rests on", examples=[52000]
    )
    status: ObservationStatus = Field(
        default=ObservationStatus.PROVISIONAL, description="How firm it is", examples=["final"]
    )
    source_system: Source = Field(description="Who reported it", examples=["NEDB"])
    source_ref: Line = Field(default="", description="Where it stands there", examples=[""])
    as_of: Date | None = Field(default=None, description="The day the facts were taken at", examples=["2021-12-31"])
    break_in_series: Flag = Field(default=False, description="Not comparable with the periods before", examples=[False])
    note: Line = Field(default="", description="What a reader should know", examples=[""])

    @model_validator(mode="after")
    def _one_answer(self) -> "TargetObservationCreate":
        if (self.value is None) == (self.missing_reason is None):
            raise wrong(
                "value_or_reason_missing",
                kk="Мән немесе оның жоқ болу себебі керек",
                ru="Нужно значение или причина его отсутствия",
                en="A value or a reason for its absence is needed",
            )
        return self


class TargetMoment(In):
    """When to look at a target."""

    as_of: Date | None = Field(
        default=None, description="The day to look at; by default today in Kazakhstan", examples=["2026-09-01"]
    )
    known_at: Instant | None = Field(
        default=None, description="What was known at that moment; by default what is known now"
    )
