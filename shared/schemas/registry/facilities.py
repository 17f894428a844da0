"""Facilities: what a school is to have by a standard, what it has, how far it conforms and what is missing."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.schemas.base import Code, Date, Finite, In, Instant, Kato, Line, LocalisedText, Out, TextOut, Whole
from shared.schemas.pages import PageQuery
from shared.schemas.registry.construction_words import Money
from shared.schemas.registry.organisation_lists import AsOfQuery
from shared.schemas.registry.organisation_words import OrganisationKind, OrganisationType, Setting

_ID = "0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4f01"
_SCHOOL = "0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"
_HALLS = [
    {"kind": "sports_hall_large", "group": "sports_hall", "count": 1},
    {"kind": "sports_hall_small", "group": "sports_hall", "count": 3},
]
RoomKind = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z][a-z0-9_]{1,39}$")]
"""What a room is for: physics, chemistry, coworking, sports_hall_large, …"""
Rooms = Annotated[Whole, Field(ge=1, le=1000)]
Square = Annotated[Finite, Field(gt=0, le=1_000_000)]
"""Square metres."""
Index = Annotated[Finite, Field(gt=0, le=1000)]
"""How many times the usual equipment."""


class AppliesTo(StrEnum):
    """For whom a standard is meant."""

    ALL = "all"
    PROGRAMMES = "programmes"


class StandardItem(In):
    """Rooms of one kind that a school is to have."""

    kind: RoomKind = Field(description="What they are for", examples=["sports_hall_small"])
    group: RoomKind | None = Field(
        default=None, description="Kinds that are judged together; by default the kind itself", examples=["sports_hall"]
    )
    count: Rooms = Field(description="How many", examples=[3])
    area_m2: Square | None = Field(default=None, description="Least area of each, in square metres", examples=[162.0])
    equipment_index: Index | None = Field(
        default=None, description="Least equipment, as a multiple of the usual", examples=[4.0]
    )
    unit_cost: Money | None = Field(
        default=None, description="What one of them costs, in tenge", examples=["45000000.00"]
    )


class CapacityStep(In):
    """What schools of up to so many places are to have."""

    capacity: Annotated[Whole, Field(ge=1, le=20_000)] = Field(
        description="Holds up to this design capacity, from the step before it", examples=[1500]
    )
    items: list[StandardItem] = Field(
        min_length=1, max_length=100, description="The rooms; each kind once", examples=[_HALLS]
    )


class StandardContent(In):
    """What a standard demands."""

    by_capacity: list[CapacityStep] = Field(
        min_length=1,
        max_length=20,
        description="Steps of design capacity; a larger school is held to the last of them",
        examples=[[{"capacity": 1500, "items": _HALLS}]],
    )
    area_over_typical_low: Annotated[Finite, Field(ge=-100, le=1000)] | None = Field(
        default=None, description="Percent by which the floor area exceeds the typical one, at least", examples=[15.0]
    )
    area_over_typical_high: Annotated[Finite, Field(ge=-100, le=1000)] | None = Field(
        default=None, description="And at most", examples=[20.0]
    )
    equipment_index: Index | None = Field(
        default=None, description="Equipment of the school as a multiple of the usual", examples=[4.0]
    )


class StandardCreate(StandardContent):
    """A standard, or the next version of one: what was assessed by the versions before stays as it was."""

    code: Code = Field(description="Its code; the version is counted", examples=["keleshek"])
    name: LocalisedText = Field(
        description="What it is called", examples=[{"kk": "«Келешек мектептері» стандарты", "ru": "Стандарт «Келешек»"}]
    )
    applies_to: AppliesTo = Field(default=AppliesTo.ALL, description="For whom it is meant", examples=["programmes"])
    programmes: list[Code] = Field(
        default_factory=list, max_length=20, description="Schools with one of these tags", examples=[["keleshek"]]
    )
    valid_from: Date | None = Field(default=None, description="In force since", examples=["2024-01-01"])
    basis: Line = Field(default="", description="Where it is written", examples=["skcn.kz, 2025"])


class StandardItemRead(Out):
    """Rooms of one kind that a school is to have."""

    kind: str = Field(description="What they are for", examples=["sports_hall_small"])
    group: str = Field(description="Kinds that are judged together", examples=["sports_hall"])
    count: int = Field(ge=1, description="How many", examples=[3])
    area_m2: float | None = Field(default=None, description="Least area of each", examples=[None])
    equipment_index: float | None = Field(default=None, description="Least equipment", examples=[4.0])
    unit_cost: str | None = Field(default=None, description="What one costs, in tenge", examples=[None])


class CapacityStepRead(Out):
    """What schools of up to so many places are to have."""

    capacity: int = Field(ge=1, description="Up to this design capacity", examples=[1500])
    items: list[StandardItemRead] = Field(description="The rooms", max_length=100)


class StandardRead(Out):
    """One version of a standard: it never changes."""

    id: UUID = Field(description="The version", examples=[_ID])
    code: str = Field(description="The standard's code", examples=["keleshek"])
    version: int = Field(ge=1, description="ProjectCounts the versions", examples=[1])
    name: TextOut = Field(description="What it is called", examples=[{"ru": "Стандарт «Келешек»"}])
    applies_to: AppliesTo = Field(description="For whom it is meant", examples=["programmes"])
    programmes: list[str] = Field(max_length=20, description="Schools with one of these tags", examples=[["keleshek"]])
    valid_from: Date | None = Field(default=None, description="In force since", examples=["2024-01-01"])
    basis: str = Field(description="Where it is written", examples=["skcn.kz, 2025"])
    area_over_typical_low: float | None = Field(default=None, description="Percent above typical", examples=[15.0])
    area_over_typical_high: float | None = Field(default=None, description="Percent above typical", examples=[20.0])
    equipment_index: float | None = Field(default=None, description="Multiple of the usual", examples=[4.0])
    by_capacity: list[CapacityStepRead] = Field(description="Steps of design capacity, ascending", max_length=20)
    recorded_at: Instant = Field(description="When it was entered", examples=["2026-01-10T09:00:00+05:00"])


class StandardsQuery(PageQuery):
    """Which standards are listed."""

    code: Code | None = Field(default=None, description="Only versions of this standard", examples=["keleshek"])


class StandardQuery(In):
    """Which version is read."""

    version: Annotated[int, Field(ge=1, le=1_000_000)] | None = Field(
        default=None, description="Which version; by default the latest", examples=[1]
    )


class FacilityCreate(In):
    """Rooms of one kind that an organisation has from a day on."""

    organisation_id: UUID = Field(description="Whose they are", examples=[_SCHOOL])
    kind: RoomKind = Field(description="What they are for", examples=["coworking"])
    count: Annotated[Whole, Field(ge=0, le=1000)] = Field(
        default=1, description="How many; 0: it was looked for and is not there", examples=[1]
    )
    area_m2: Square | None = Field(default=None, description="Area of all of them together", examples=[180.0])
    equipment_index: Index | None = Field(
        default=None, description="Equipment as a multiple of the usual", examples=[4.0]
    )
    opened_on: Date | None = Field(
        default=None, description="First day they can be used; by default today", examples=["2026-03-16"]
    )
    closed_on: Date | None = Field(default=None, description="First day they can be used no longer", examples=[None])
    note: Line = Field(default="", description="What else is to be said", examples=["KOWORKING орталығы"])
    source: Line = Field(default="", description="Who says so", examples=["паспорт школы"])


class FacilityBatch(In):
    """Rooms of many kinds or schools at once: all or none."""

    facilities: list[FacilityCreate] = Field(
        min_length=1,
        max_length=2000,
        description="The rooms",
        examples=[[{"organisation_id": _SCHOOL, "kind": "coworking", "opened_on": "2026-03-16"}]],
    )


class FacilitiesRecorded(Out):
    """What became of a batch."""

    recorded: int = Field(ge=0, description="How many statements hold now", examples=[1])


class FacilityRead(Out):
    """Rooms of one kind that an organisation has or had."""

    id: UUID = Field(description="The statement", examples=[_ID])
    organisation_id: UUID = Field(description="Whose they are", examples=[_SCHOOL])
    kind: str = Field(description="What they are for", examples=["coworking"])
    count: int = Field(ge=0, description="How many", examples=[1])
    area_m2: float | None = Field(default=None, description="Area of all together", examples=[180.0])
    equipment_index: float | None = Field(default=None, description="Multiple of the usual", examples=[4.0])
    opened_on: Date = Field(description="First day they can be used", examples=["2026-03-16"])
    closed_on: Date | None = Field(default=None, description="First day they can be used no longer", examples=[None])
    note: str = Field(description="What else was said", examples=["KOWORKING орталығы"])
    source: str = Field(description="Who said so", examples=["паспорт школы"])


class FacilitiesQuery(PageQuery, AsOfQuery):
    """Which rooms are listed."""

    organisation: UUID | None = Field(default=None, description="Only of this organisation", examples=[_SCHOOL])
    area: Kato | None = Field(default=None, description="Only in this area and under it", examples=["430000000"])
    kind: RoomKind | None = Field(default=None, description="Only of this kind", examples=["coworking"])


class AssessmentCreate(In):
    """A school held against a standard as it stood on a day; the rooms are those on record then."""

    organisation_id: UUID = Field(description="The school", examples=[_SCHOOL])
    standard: Code = Field(default="keleshek", description="By which standard", examples=["keleshek"])
    version: Annotated[Whole, Field(ge=1, le=1_000_000)] | None = Field(
        default=None, description="By which version; by default the latest", examples=[1]
    )
    assessed_on: Date | None = Field(
        default=None, description="On which day; by default today", examples=["2026-01-12"]
    )
    gross_area_m2: Square | None = Field(default=None, description="Floor area of the school", examples=[11700.0])
    typical_area_m2: Square | None = Field(
        default=None, description="Floor area of a typical school of that capacity", examples=[10000.0]
    )
    equipment_units: Index | None = Field(default=None, description="Equipment counted, per room", examples=[48.0])
    typical_equipment_units: Index | None = Field(
        default=None, description="What a typical school has, per room", examples=[12.0]
    )
    note: Line = Field(default="", description="What else is to be said", examples=["Комиссионный осмотр"])


class KindConformity(Out):
    """One kind of rooms, or kinds that are judged together."""

    kind: str = Field(description="The kind, or the name of the group", examples=["sports_hall"])
    required: int = Field(ge=0, description="How many are demanded", examples=[4])
    present: int = Field(ge=0, description="How many of those are there", examples=[3])
    percent: float = Field(ge=0, le=100, description="100 present / required", examples=[75.0])
    conforms: bool = Field(description="Nothing is missing, in number, area and equipment", examples=[False])
    missing: dict[str, int] = Field(description="What is missing, by kind", examples=[{"sports_hall_small": 1}])


class AssessmentRead(Out):
    """How far a school conformed: it says what was found by that version, whatever comes after."""

    id: UUID = Field(description="The assessment", examples=[_ID])
    organisation_id: UUID = Field(description="The school", examples=[_SCHOOL])
    standard: str = Field(description="By which standard", examples=["keleshek"])
    version: int = Field(ge=1, description="By which version", examples=[1])
    assessed_on: Date = Field(description="On which day", examples=["2026-01-12"])
    capacity: int | None = Field(default=None, description="Design capacity on that day", examples=[1500])
    capacity_step: int = Field(description="The step it was held to", examples=[1500])
    conformity_percent: float = Field(ge=0, le=100, description="Kinds that conform, of all", examples=[90.0])
    kinds: list[KindConformity] = Field(description="Kind by kind", max_length=100)
    gap: list[str] = Field(description="Kinds that do not conform", max_length=100, examples=[["coworking"]])
    area_over_typical_percent: float | None = Field(
        default=None, description="Floor area above the typical one", examples=[17.0]
    )
    within_expected_range: bool | None = Field(
        default=None, description="Whether that is what the standard expects; null without figures", examples=[True]
    )
    equipment_index: float | None = Field(
        default=None, description="Equipment against a typical school", examples=[4.0]
    )
    equipment_met: bool | None = Field(
        default=None, description="Whether that is what the standard demands; null without figures", examples=[True]
    )
    note: str = Field(description="What else was said", examples=["Комиссионный осмотр"])
    recorded_at: Instant = Field(description="When it was entered", examples=["2026-01-13T09:00:00+05:00"])


class AssessmentsQuery(PageQuery):
    """Which assessments are listed."""

    organisation: UUID | None = Field(default=None, description="Only of this school", examples=[_SCHOOL])
    standard: Code | None = Field(default=None, description="Only by this standard", examples=["keleshek"])


class GapsQuery(PageQuery, AsOfQuery):
    """Which gaps are listed."""

    standard: Code = Field(default="keleshek", description="Against which standard", examples=["keleshek"])
    version: Annotated[int, Field(ge=1, le=1_000_000)] | None = Field(
        default=None, description="Which version; by default the latest", examples=[1]
    )
    organisation: UUID | None = Field(default=None, description="Only of this school", examples=[_SCHOOL])
    area: Kato | None = Field(default=None, description="Only in this area and under it", examples=["270000000"])
    kind: RoomKind | None = Field(default=None, description="Only this kind, or group of kinds", examples=["coworking"])
    surveyed: bool | None = Field(
        default=None,
        description="True: only schools of which any room is on record; false: only the others",
        examples=[True],
    )


class GapRead(Out):
    """One kind of rooms that one school lacks."""

    organisation_id: UUID = Field(description="The school", examples=[_SCHOOL])
    name: TextOut = Field(description="What it is called", examples=[{"kk": "№46 мектеп", "ru": "Школа № 46"}])
    area: str | None = Field(default=None, description="Where it stands", examples=["271010000"])
    kind: str = Field(description="What it lacks", examples=["coworking"])
    group: str = Field(description="Kinds that are judged together", examples=["coworking"])
    required: int = Field(ge=1, description="How many are demanded", examples=[1])
    present: int = Field(ge=0, description="How many are there", examples=[0])
    missing: int = Field(ge=1, description="How many are missing", examples=[1])
    capacity: int | None = Field(default=None, description="Its design capacity", examples=[1500])
    surveyed: bool = Field(
        description="Whether any of its rooms is on record: if not, the gap is what nobody has looked at",
        examples=[True],
    )


class SchoolSelection(In):
    """Which schools, by what they are."""

    area: Kato | None = Field(default=None, description="In this area and under it", examples=["270000000"])
    type: OrganisationType = Field(default=OrganisationType.SCHOOL, description="Of this type", examples=["school"])
    kind: OrganisationKind | None = Field(default=None, description="Of this kind", examples=["general"])
    setting: Setting | None = Field(default=None, description="In such places", examples=["village"])
    programme: Code | None = Field(default=None, description="With this tag", examples=["keleshek"])
    without_programme: Code | None = Field(default=None, description="Without this tag", examples=["keleshek"])


class WhatIf(In):
    """A standard, stored or made up, held against a set of schools."""

    standard: Code | None = Field(default=None, description="A stored standard", examples=["keleshek"])
    version: Annotated[Whole, Field(ge=1, le=1_000_000)] | None = Field(
        default=None, description="Which version; by default the latest", examples=[1]
    )
    content: StandardContent | None = Field(
        default=None,
        description="A standard that is not stored; give this or `standard`",
        examples=[{"by_capacity": [{"capacity": 1500, "items": _HALLS}]}],
    )
    organisations: list[UUID] | None = Field(
        default=None, min_length=1, max_length=10_000, description="These schools", examples=[[_SCHOOL]]
    )
    selection: SchoolSelection | None = Field(
        default=None,
        description="All schools like this; give this or `organisations`, or neither for all schools",
        examples=[{"area": "270000000", "without_programme": "keleshek"}],
    )
    unit_costs: dict[RoomKind, Money] = Field(
        default_factory=dict,
        max_length=100,
        description="What one room of a kind costs, in tenge; goes before the costs of the standard",
        examples=[{"coworking": "45000000.00"}],
    )
    as_of: Date | None = Field(default=None, description="On which day; by default today", examples=["2026-09-01"])


class KindGap(Out):
    """What is missing of one kind over all schools."""

    kind: str = Field(description="The kind", examples=["coworking"])
    organisations: int = Field(ge=0, description="Schools that lack some", examples=[412])
    of_them_not_surveyed: int = Field(
        ge=0, description="Of them, schools none of whose rooms is on record", examples=[37]
    )
    missing: int = Field(ge=0, description="Rooms missing", examples=[412])
    unit_cost: str | None = Field(default=None, description="What one costs, in tenge", examples=["45000000.00"])
    cost: str | None = Field(default=None, description="What they cost together", examples=["18540000000.00"])


class WhatIfRead(Out):
    """What would be missing; nothing was written."""

    as_of: Date = Field(description="The day", examples=["2026-09-01"])
    standard: str | None = Field(default=None, description="The stored standard", examples=["keleshek"])
    version: int | None = Field(default=None, description="Its version", examples=[1])
    organisations: int = Field(ge=0, description="Schools looked at", examples=[433])
    surveyed: int = Field(ge=0, description="Of them, schools of which any room is on record", examples=[396])
    conforming: int = Field(ge=0, description="Schools that lack nothing", examples=[21])
    missing: int = Field(ge=0, description="Rooms missing, of all kinds", examples=[1810])
    kinds: list[KindGap] = Field(description="Kind by kind", max_length=2000)
    cost: str | None = Field(
        default=None, description="What it costs together; null while a kind has no cost", examples=["81450000000.00"]
    )
    cost_known_for: int = Field(ge=0, description="Rooms missing whose cost is known", examples=[1810])
