"""Directives on the wire: what was told to do for a school year, item by item, and by whom."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from shared.schemas.base import (
    Code,
    Date,
    Edtf,
    FullText,
    In,
    Instant,
    Kato,
    Line,
    Out,
    TextOut,
    Whole,
    stays,
    wrong,
)
from shared.schemas.pages import PageQuery
from shared.schemas.registry.targets import Address, SpeakerRole

SchoolYear = Annotated[
    str,
    StringConstraints(min_length=9, max_length=9, pattern=r"^(19[0-9]{2}|2[01][0-9]{2})-(19[0-9]{2}|2[01][0-9]{2})$"),
]
"""A school year: `2026-2027`."""
MOST_ITEMS = 50

_ID = "01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"
_TITLE = {"kk": "Мектепке дейінгі қамту", "ru": "Охват дошкольным образованием", "en": "Preschool coverage"}


def _reversed() -> Exception:
    return wrong(
        "period_reversed",
        kk="Соңғы күн бірінші күннен кейін болуы керек",
        ru="Последний день должен быть позже первого",
        en="The last day has to come after the first",
    )


class Stretch(In):
    """A term or a break of a school year."""

    kind: Literal["term", "break", "exams"] = Field(description="What it is", examples=["term"])
    name: Line = Field(default="", description="What it is called", examples=["I тоқсан"])
    first: Date = Field(description="Its first day", examples=["2026-09-01"])
    last: Date = Field(description="Its last day", examples=["2026-10-25"])
    grades: list[Annotated[Whole, Field(ge=0, le=12)]] = Field(
        default_factory=list, max_length=13, description="Only for these grades; empty: for all", examples=[[1]]
    )

    @model_validator(mode="after")
    def _in_order(self) -> "Stretch":
        if self.last < self.first:
            raise _reversed()
        return self


class AcademicYearBody(In):
    """The dates of a school year as an order set them."""

    starts_on: Date = Field(description="First day of lessons", examples=["2026-09-01"])
    ends_on: Date = Field(description="Last day of lessons", examples=["2027-05-25"])
    order_reference: Line = Field(
        default="", description="The order that set the dates", examples=["№ 213-НҚ, 2026-07-29"]
    )
    terms: list[Stretch] = Field(default_factory=list, max_length=40, description="Terms, breaks and exams")

    @model_validator(mode="after")
    def _in_order(self) -> "AcademicYearBody":
        if self.ends_on <= self.starts_on:
            raise _reversed()
        return self


class AcademicYearCreate(AcademicYearBody):
    """A new school year."""

    code: SchoolYear = Field(description="The school year", examples=["2026-2027"])

    @model_validator(mode="after")
    def _one_year(self) -> "AcademicYearCreate":
        first, second = self.code.split("-")
        if int(second) != int(first) + 1:
            raise wrong(
                "school_year_unknown",
                kk="Оқу жылы екі қатар жылдан тұрады: 2026-2027",
                ru="Учебный год состоит из двух соседних лет: 2026-2027",
                en="A school year is made of two years in a row: 2026-2027",
            )
        return self


class AcademicYearRead(Out):
    """A school year."""

    code: str = Field(max_length=9, description="The school year", examples=["2026-2027"])
    version: int = Field(ge=1, description="Counts its changes", examples=[1])
    starts_on: Date = Field(description="First day of lessons", examples=["2026-09-01"])
    ends_on: Date = Field(description="Last day of lessons", examples=["2027-05-25"])
    order_reference: str = Field(max_length=500, description="The order that set the dates", examples=["№ 213-НҚ"])
    terms: list[Stretch] = Field(max_length=40, description="Terms, breaks and exams")
    updated_at: Instant = Field(description="Changed last", examples=["2026-07-30T09:00:00+05:00"])


class DirectiveSource(StrEnum):
    """Where a directive comes from."""

    AUGUST_CONFERENCE = "august_conference"
    ORDER = "order"
    MEETING = "meeting"
    DOCUMENT = "document"


class ItemMapping(StrEnum):
    """Who numbered an item."""

    OURS = "ours"
    SOURCE = "source"


class ItemStatus(StrEnum):
    """Where an item is."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    DROPPED = "dropped"


class ItemCreate(In):
    """One direction: what is to be done, by which unit, until when, measured by which targets."""

    code: Code = Field(description="Its short name within the directive", examples=["K1"])
    mapping: ItemMapping = Field(
        default=ItemMapping.OURS, description="Whether the source numbers it so or we do", examples=["ours"]
    )
    title: FullText = Field(description="What is to be done", examples=[_TITLE])
    responsible_unit: Line = Field(
        default="", description="The unit that answers for it; a person is never named", examples=["Білім басқармасы"]
    )
    responsible_organisation_id: UUID | None = Field(
        default=None, description="The same as an organisation of the registry", examples=[None]
    )
    due: Edtf | None = Field(default=None, description="Until when, as exact as is known")
    status: ItemStatus = Field(default=ItemStatus.OPEN, description="Where it is", examples=["open"])
    target_ids: list[UUID] = Field(
        default_factory=list, max_length=20, description="The targets it is measured by", examples=[[_ID]]
    )
    note: Line = Field(default="", description="What a reader should know", examples=[""])


class ItemUpdate(In):
    """A JSON Merge Patch of an item; its code and who gave it stay."""

    title: FullText | None = Field(default=None, description="What is to be done", json_schema_extra=stays)
    responsible_unit: Line | None = Field(default=None, description="Who answers for it", json_schema_extra=stays)
    responsible_organisation_id: UUID | None = Field(default=None, description="The same in the registry")
    due: Edtf | None = Field(default=None, description="Until when")
    status: ItemStatus | None = Field(default=None, description="Where it is", json_schema_extra=stays)
    target_ids: Annotated[list[UUID], Field(max_length=20)] | None = Field(
        default=None, description="The targets it is measured by", json_schema_extra=stays
    )
    note: Line | None = Field(default=None, description="What a reader should know", json_schema_extra=stays)


class ItemPeriod(In):
    """From which day a change of an item is true."""

    effective_from: Date | None = Field(
        default=None, description="First day on which the change is true; by default today in Kazakhstan"
    )


class DirectiveCreate(In):
    """What a conference or an order told to do for a school year."""

    title: FullText = Field(
        description="What it is called", examples=[{"kk": "Тамыз кеңесі", "ru": "Августовская конференция"}]
    )
    academic_year: SchoolYear = Field(description="For which school year", examples=["2021-2022"])
    area: Kato = Field(description="For which area", examples=["350000000"])
    source_kind: DirectiveSource = Field(description="Where it comes from", examples=["august_conference"])
    source_event_id: UUID | None = Field(
        default=None, description="The event it was set at, if that is in the registry", examples=[None]
    )
    stated_by_role: SpeakerRole = Field(description="In which role it was said", examples=["akim_of_region"])
    stated_on: Edtf | None = Field(default=None, description="When it was said, as exact as is known")
    source_url: Address | None = Field(default=None, description="Where it can be read", examples=[None])
    items: list[ItemCreate] = Field(default_factory=list, max_length=MOST_ITEMS, description="Its items in order")

    @model_validator(mode="after")
    def _codes_differ(self) -> "DirectiveCreate":
        if len({item.code for item in self.items}) != len(self.items):
            raise wrong(
                "item_repeated",
                kk="Екі тармақтың коды бірдей",
                ru="У двух пунктов один код",
                en="Two items have the same code",
            )
        return self


class DirectiveUpdate(In):
    """A JSON Merge Patch of what a directive is called and where it comes from."""

    title: FullText | None = Field(default=None, description="What it is called", json_schema_extra=stays)
    source_kind: DirectiveSource | None = Field(
        default=None, description="Where it comes from", json_schema_extra=stays
    )
    source_event_id: UUID | None = Field(default=None, description="The event it was set at")
    stated_by_role: SpeakerRole | None = Field(default=None, description="In which role", json_schema_extra=stays)
    source_url: Address | None = Field(default=None, description="Where it can be read")


class RollOver(In):
    """The directive of the next school year, which takes over what is still open."""

    academic_year: SchoolYear = Field(description="The school year it is for", examples=["2022-2023"])
    title: FullText | None = Field(default=None, description="What it is called; by default as before")
    stated_on: Edtf | None = Field(default=None, description="When it was said, as exact as is known")


class ItemRead(Out):
    """An item as it stands on a day."""

    id: UUID = Field(description="The item", examples=[_ID])
    code: str = Field(max_length=64, description="Its short name", examples=["K1"])
    mapping: ItemMapping = Field(description="Whether the source numbers it so or we do", examples=["ours"])
    title: TextOut = Field(description="What is to be done", examples=[_TITLE])
    responsible_unit: str = Field(max_length=500, description="Who answers for it", examples=["Білім басқармасы"])
    responsible_organisation_id: UUID | None = Field(description="The same in the registry", examples=[None])
    due: str | None = Field(max_length=11, description="Until when (EDTF)", examples=["2022-12-31"])
    overdue: bool = Field(description="Whether that is over for certain and it is not closed", examples=[False])
    status: ItemStatus = Field(description="Where it is", examples=["open"])
    target_ids: list[UUID] = Field(max_length=20, description="The targets it is measured by", examples=[[_ID]])
    note: str = Field(max_length=500, description="What a reader should know", examples=[""])
    origin_item_id: UUID | None = Field(description="The item of the year before that it goes on from", examples=[None])
    continued_in: UUID | None = Field(description="The item of the next year that goes on from it", examples=[None])
    valid_from: Date | None = Field(description="First day of this state", examples=["2021-08-20"])
    recorded_at: Instant = Field(description="Known so since", examples=["2026-11-22T09:00:00+05:00"])


class DirectiveSummary(Out):
    """A directive in a list."""

    id: UUID = Field(description="The directive", examples=[_ID])
    version: int = Field(ge=1, description="Counts its changes and those of its items", examples=[1])
    title: TextOut = Field(description="What it is called")
    academic_year: str = Field(max_length=9, description="For which school year", examples=["2021-2022"])
    area: str = Field(max_length=9, description="For which area", examples=["350000000"])
    source_kind: DirectiveSource = Field(description="Where it comes from", examples=["august_conference"])
    source_event_id: UUID | None = Field(description="The event it was set at", examples=[None])
    stated_by_role: SpeakerRole = Field(description="In which role it was said", examples=["akim_of_region"])
    stated_on: str | None = Field(max_length=11, description="When it was said (EDTF)", examples=["2021-08-20"])
    source_url: str | None = Field(max_length=500, description="Where it can be read", examples=[None])
    origin_id: UUID | None = Field(description="The directive of the year before that it goes on from", examples=[None])
    updated_at: Instant = Field(description="Changed last", examples=["2026-11-22T09:00:00+05:00"])


class DirectiveRead(DirectiveSummary):
    """A directive with its items as they stand on a day."""

    items: list[ItemRead] = Field(max_length=MOST_ITEMS, description="Its items in order")


class DirectivesQuery(PageQuery):
    """Which directives."""

    area: Kato | None = Field(default=None, description="Only of this area itself", examples=["350000000"])
    academic_year: SchoolYear | None = Field(default=None, description="Only for this year", examples=["2021-2022"])
    source_kind: DirectiveSource | None = Field(
        default=None, description="Only from there", examples=["august_conference"]
    )
