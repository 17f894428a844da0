"""Organisations: who they are, what is true of them and when, how they are found and what changed."""

from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from shared.schemas.base import (
    Code,
    Count,
    Date,
    Finite,
    In,
    Instant,
    Kato,
    Line,
    LocalisedText,
    Name,
    Out,
    TextOut,
    wrong,
)
from shared.schemas.pages import Page, PageQuery
from shared.schemas.registry.areas import AreaSummary


class OrganisationType(StrEnum):
    """What an organisation is for."""

    PRESCHOOL = "preschool"
    SCHOOL = "school"
    COLLEGE = "college"
    SUPPLEMENTARY = "supplementary"
    SPECIAL = "special"
    AUTHORITY = "authority"
    PROVIDER = "provider"


class OrganisationKind(StrEnum):
    """The kind within its type, as the nomenclature names it."""

    KINDERGARTEN = "kindergarten"
    NURSERY_KINDERGARTEN = "nursery_kindergarten"
    PRESCHOOL_MINI_CENTRE = "preschool_mini_centre"
    GENERAL = "general"
    GYMNASIUM = "gymnasium"
    LYCEUM = "lyceum"
    SCHOOL_GYMNASIUM = "school_gymnasium"
    SCHOOL_LYCEUM = "school_lyceum"
    EVENING = "evening"
    INTELLECTUAL = "intellectual"
    SPECIAL = "special"
    CORRECTION_ROOM = "correction_room"
    PSYCHOLOGICAL_CONSULTATION = "psychological_consultation"
    COLLEGE = "college"
    HIGHER_COLLEGE = "higher_college"
    YOUTH_PALACE = "youth_palace"
    ART_SCHOOL = "art_school"
    SPORTS_SCHOOL = "sports_school"
    CLUB = "club"
    DEPARTMENT = "department"
    DISTRICT_DEPARTMENT = "district_department"
    MINISTRY = "ministry"
    TRAINING_CENTRE = "training_centre"
    UNIVERSITY = "university"
    ACADEMY = "academy"
    NETWORK_OPERATOR = "network_operator"
    SUBUNIT = "subunit"


class Ownership(StrEnum):
    """Whose it is."""

    STATE = "state"
    PRIVATE = "private"
    QUASI = "quasi"
    """Owned by an autonomous organisation or a national company."""


class EducationLevel(StrEnum):
    """Levels of ISCED 2011 from 0 to 5."""

    PRE_PRIMARY = "pre_primary"
    PRIMARY = "primary"
    LOWER_SECONDARY = "lower_secondary"
    UPPER_SECONDARY = "upper_secondary"
    POST_SECONDARY = "post_secondary"
    SHORT_CYCLE_TERTIARY = "short_cycle_tertiary"


class Setting(StrEnum):
    """What kind of place it stands in."""

    CITY = "city"
    TOWN = "town"
    VILLAGE = "village"


class OrganisationStatus(StrEnum):
    """Where an organisation is in its life."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    UNDER_CONSTRUCTION = "under_construction"
    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSING = "closing"
    CLOSED = "closed"
    MERGED = "merged"
    CREATED_IN_ERROR = "created_in_error"


InitialStatus = Literal[
    OrganisationStatus.PROPOSED,
    OrganisationStatus.APPROVED,
    OrganisationStatus.UNDER_CONSTRUCTION,
    OrganisationStatus.OPEN,
    OrganisationStatus.SUSPENDED,
    OrganisationStatus.CLOSED,
]
"""How an organisation may enter the registry; the later ones for what is registered after the fact."""

NextStatus = Literal[
    OrganisationStatus.APPROVED,
    OrganisationStatus.UNDER_CONSTRUCTION,
    OrganisationStatus.OPEN,
    OrganisationStatus.SUSPENDED,
    OrganisationStatus.CLOSING,
    OrganisationStatus.CLOSED,
]
"""Where a life may be led by a step; a merger names its successors, and what was made in error is withdrawn."""


class IdentifierScheme(StrEnum):
    """Who gave an identifier and what it looks like."""

    KZ_BIN = "kz-bin"
    KZ_IIN = "kz-iin"
    """A sole proprietor's own number: accepted, compared, never shown."""
    URN = "urn"
    FOREIGN = "foreign"
    DEMO = "demo"
    """Looks like a BIN and can never be one: its fifth digit is 9."""
    NOBD = "nobd"
    INTERNAL = "internal"


def _distinct(values: list[Any]) -> list[Any]:
    if len(set(values)) != len(values):
        raise wrong("not_distinct", kk="Мәндер қайталанбауы керек", ru="Значения повторяются", en="Values repeat")
    return values


_UNIQUE = Field(json_schema_extra={"uniqueItems": True})
LanguageOfInstruction = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$", max_length=3)]
"""A language by its ISO 639 code: kk, ru, ug, uz, tg, en, …"""

IdentifierValue = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./:_\-]{0,63}$", max_length=64)]
Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 ()\-]{4,28}[0-9]$", max_length=30)]
Email = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9.\-]{1,180}\.[A-Za-z]{2,24}$", max_length=254)
]
Website = Annotated[
    str, StringConstraints(pattern=r"^https?://[A-Za-z0-9][^\s<>\x00-\x1f\x7f\"']{2,480}$", max_length=500)
]


class Point(In):
    """A place on the map (WGS 84)."""

    latitude: Annotated[Finite, Field(ge=-90, le=90)] = Field(description="Degrees north", examples=[43.238])
    longitude: Annotated[Finite, Field(ge=-180, le=180)] = Field(description="Degrees east", examples=[76.945])


class Contacts(In):
    """How to reach the organisation: its public numbers, never a person's own."""

    phone: Phone | None = Field(default=None, description="Telephone", examples=["+7 727 000 00 46"])
    email: Email | None = Field(default=None, description="E-mail", examples=["school46@example.invalid"])
    website: Website | None = Field(default=None, description="Web site", examples=["https://school46.example.invalid"])


class AddressText(In):
    """Street and house, in the languages it has been written in."""

    kk: Line | None = Field(default=None, description="Kazakh", examples=["Абай даңғылы, 10"])
    ru: Line | None = Field(default=None, description="Russian", examples=["проспект Абая, 10"])
    en: Line | None = Field(default=None, description="English", examples=["10 Abai Avenue"])


_NAME_EXAMPLE = {"kk": "Бауыржан Момышұлы атындағы №46 мектеп", "ru": "Школа № 46 имени Бауыржана Момышулы"}
_IDENTIFIER_EXAMPLE = {"scheme": "demo", "value": "230990000468"}


class OrganisationAttributes(In):
    """Everything of an organisation that may change with time, except its status."""

    name: LocalisedText = Field(description="Its full name", examples=[_NAME_EXAMPLE])
    short_name: LocalisedText | None = Field(
        default=None, description="Its name as people say it", examples=[{"kk": "№46 мектеп", "ru": "Школа № 46"}]
    )
    type: OrganisationType = Field(description="What it is for", examples=["school"])
    kind: OrganisationKind | None = Field(default=None, description="The kind within its type", examples=["general"])
    ownership: Ownership | None = Field(default=None, description="Whose it is", examples=["state"])
    legal_form: Code | None = Field(
        default=None, description="Legal form: KGU, GKKP, GKP_PHV, TOO, AOO, IP, …", examples=["KGU"]
    )
    levels: Annotated[list[EducationLevel], AfterValidator(_distinct), _UNIQUE] = Field(
        default_factory=list, max_length=6, description="Levels taught (ISCED 0 to 5)", examples=[["primary"]]
    )
    languages_of_instruction: Annotated[list[LanguageOfInstruction], AfterValidator(_distinct), _UNIQUE] = Field(
        default_factory=list, max_length=10, description="Languages it teaches in", examples=[["kk", "ru"]]
    )
    setting: Setting | None = Field(default=None, description="City, town or village", examples=["city"])
    multigrade: bool | None = Field(default=None, description="Small school with joined classes", examples=[False])
    boarding: bool | None = Field(default=None, description="Pupils may live there", examples=[False])
    selective: bool | None = Field(default=None, description="Takes pupils by examination", examples=[False])
    shift_count: Annotated[int, Field(ge=1, le=4)] | None = Field(
        default=None, description="Shifts in the approved timetable", examples=[2]
    )
    design_capacity: Count | None = Field(
        default=None, le=1_000_000, description="Places it was designed for; not its enrolment", examples=[1200]
    )
    area: Kato | None = Field(
        default=None,
        description="KATO code of the place it stands in; empty only outside Kazakhstan",
        examples=["751210000"],
    )
    address: AddressText | None = Field(default=None, description="Street and house")
    location: Point | None = Field(default=None, description="Where it is on the map")
    contacts: Contacts | None = Field(default=None, description="Its public contacts")
    programme_tags: Annotated[list[Code], AfterValidator(_distinct), _UNIQUE] = Field(
        default_factory=list, max_length=30, description="Programmes it belongs to", examples=[["keleshek"]]
    )
    parent_id: UUID | None = Field(
        default=None, description="The organisation it is a branch or sub-unit of", examples=[None]
    )


class IdentifierCreate(In):
    """An identifier to be given to an organisation."""

    scheme: IdentifierScheme = Field(description="Who gave it", examples=["demo"])
    value: IdentifierValue = Field(description="The identifier itself, as text", examples=["230990000468"])
    valid_from: Date | None = Field(
        default=None, description="First day it is valid; by default the first day of the organisation, or today"
    )


class OrganisationCreate(OrganisationAttributes):
    """An organisation to be registered."""

    status: InitialStatus = Field(
        default=OrganisationStatus.OPEN,
        description="Where it is in its life; suspended and closed are for what is registered after the fact",
        examples=["open"],
    )
    valid_from: Date | None = Field(
        default=None, description="First day on which this is true; by default today in Kazakhstan"
    )
    identifiers: list[IdentifierCreate] = Field(
        default_factory=list,
        max_length=7,
        description="Its identifiers, one per scheme",
        examples=[[_IDENTIFIER_EXAMPLE]],
    )
    is_synthetic: bool = Field(default=False, description="Made up for a demonstration or a test", examples=[True])


class TextPatch(In):
    """A change of a text: a language that is absent stays, null removes it."""

    kk: Name | None = Field(default=None, description="Kazakh", examples=["№46 мектеп-лицей"])
    ru: Name | None = Field(default=None, description="Russian", examples=["Школа-лицей № 46"])
    en: Name | None = Field(default=None, description="English", examples=["School-Lyceum No. 46"])


class PointPatch(In):
    """A change of the place on the map."""

    latitude: Annotated[Finite, Field(ge=-90, le=90)] | None = Field(default=None, description="Degrees north")
    longitude: Annotated[Finite, Field(ge=-180, le=180)] | None = Field(default=None, description="Degrees east")


class OrganisationUpdate(In):
    """A JSON Merge Patch (RFC 7396): what is absent stays, null removes, objects are merged, lists are replaced."""

    name: TextPatch | None = Field(default=None, description="Its full name", examples=[{"en": "School No. 46"}])
    short_name: TextPatch | None = Field(default=None, description="Its name as people say it")
    type: OrganisationType | None = Field(default=None, description="What it is for; cannot be removed")
    kind: OrganisationKind | None = Field(default=None, description="The kind within its type")
    ownership: Ownership | None = Field(default=None, description="Whose it is")
    legal_form: Code | None = Field(default=None, description="Legal form", examples=["KGU"])
    levels: Annotated[list[EducationLevel], AfterValidator(_distinct), _UNIQUE] | None = Field(
        default=None, max_length=6, description="Levels taught (ISCED 0 to 5)"
    )
    languages_of_instruction: Annotated[list[LanguageOfInstruction], AfterValidator(_distinct), _UNIQUE] | None = Field(
        default=None, max_length=10, description="Languages it teaches in", examples=[["kk"]]
    )
    setting: Setting | None = Field(default=None, description="City, town or village")
    multigrade: bool | None = Field(default=None, description="Small school with joined classes")
    boarding: bool | None = Field(default=None, description="Pupils may live there")
    selective: bool | None = Field(default=None, description="Takes pupils by examination")
    shift_count: Annotated[int, Field(ge=1, le=4)] | None = Field(default=None, description="Shifts", examples=[2])
    design_capacity: Annotated[Count, Field(le=1_000_000)] | None = Field(
        default=None, description="Places it was designed for", examples=[1500]
    )
    area: Kato | None = Field(default=None, description="KATO code of the place it stands in", examples=["751210000"])
    address: AddressText | None = Field(default=None, description="Street and house")
    location: PointPatch | None = Field(default=None, description="Where it is on the map")
    contacts: Contacts | None = Field(default=None, description="Its public contacts")
    programme_tags: Annotated[list[Code], AfterValidator(_distinct), _UNIQUE] | None = Field(
        default=None, max_length=30, description="Programmes it belongs to"
    )
    parent_id: UUID | None = Field(default=None, description="The organisation it is a branch or sub-unit of")


class OrganisationClose(In):
    """How an organisation ends."""

    on: Date | None = Field(
        default=None, description="First day on which it no longer works; by default today", examples=["2026-09-01"]
    )
    successors: Annotated[list[UUID], AfterValidator(_distinct), _UNIQUE] = Field(
        default_factory=list,
        max_length=20,
        description="Who carries on its work; with successors it is merged, without it is closed",
        examples=[[]],
    )


class OrganisationReopen(In):
    """From when a closed, suspended or closing organisation works again."""

    on: Date | None = Field(default=None, description="First day on which it works again; by default today")


class OrganisationTransition(In):
    """The next step in the life of an organisation."""

    to: NextStatus = Field(description="The status it takes", examples=["suspended"])
    on: Date | None = Field(default=None, description="First day of that status; by default today")


class PatchPeriod(In):
    """For which days a change is true."""

    effective_from: Date | None = Field(
        default=None, description="First day on which the change is true; by default today in Kazakhstan"
    )
    effective_until: Date | None = Field(
        default=None,
        description="First day on which it is no longer true; needed to change a period that later changes follow",
    )


class IdentifierRead(Out):
    """An identifier of an organisation."""

    scheme: IdentifierScheme = Field(description="Who gave it", examples=["demo"])
    value: str | None = Field(
        default=None,
        description="The identifier itself; null for a person's number, which is never shown",
        max_length=64,
        examples=["230990000468"],
    )
    valid_from: Date | None = Field(default=None, description="First day it is valid", examples=["2023-09-01"])
    valid_until: Date | None = Field(default=None, description="First day it is no longer valid", examples=[None])


class PointRead(Out):
    """A place on the map (WGS 84)."""

    latitude: float = Field(ge=-90, le=90, description="Degrees north", examples=[43.238])
    longitude: float = Field(ge=-180, le=180, description="Degrees east", examples=[76.945])


class ContactsRead(Out):
    """How to reach the organisation."""

    phone: str | None = Field(default=None, description="Telephone", examples=["+7 727 000 00 46"])
    email: str | None = Field(default=None, description="E-mail", examples=["school46@example.invalid"])
    website: str | None = Field(default=None, description="Web site", examples=["https://school46.example.invalid"])


class OrganisationSummary(Out):
    """An organisation in a list."""

    id: UUID = Field(description="Its identity for ever", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"])
    type: OrganisationType = Field(description="What it is for", examples=["school"])
    kind: OrganisationKind | None = Field(default=None, description="The kind within its type", examples=["general"])
    status: OrganisationStatus = Field(description="Where it is in its life", examples=["open"])
    name: TextOut = Field(description="Its full name", examples=[_NAME_EXAMPLE])
    short_name: TextOut | None = Field(default=None, description="Its name as people say it")
    school_number: int | None = Field(default=None, description="The number in its name", examples=[46])
    ownership: Ownership | None = Field(default=None, description="Whose it is", examples=["state"])
    levels: list[EducationLevel] = Field(default_factory=list, description="Levels taught", max_length=6)
    languages_of_instruction: list[str] = Field(
        default_factory=list, description="Languages it teaches in", max_length=10, examples=[["kk"]]
    )
    setting: Setting | None = Field(default=None, description="City, town or village", examples=["city"])
    multigrade: bool | None = Field(default=None, description="Small school with joined classes", examples=[False])
    boarding: bool | None = Field(default=None, description="Pupils may live there", examples=[False])
    selective: bool | None = Field(default=None, description="Takes pupils by examination", examples=[False])
    shift_count: int | None = Field(default=None, description="Shifts in the approved timetable", examples=[2])
    design_capacity: int | None = Field(default=None, description="Places it was designed for", examples=[1200])
    area: str | None = Field(default=None, description="KATO code of its place", examples=["751210000"])
    location: PointRead | None = Field(default=None, description="Where it is on the map")
    programme_tags: list[str] = Field(default_factory=list, description="Programmes it belongs to", max_length=30)
    parent_id: UUID | None = Field(default=None, description="The organisation it is a part of", examples=[None])
    is_synthetic: bool = Field(description="Made up for a demonstration or a test", examples=[True])
    valid_from: Date | None = Field(default=None, description="Since when all this is true", examples=["2023-09-01"])
    valid_until: Date | None = Field(default=None, description="First day it is no longer true", examples=[None])
    distance_km: float | None = Field(
        default=None, ge=0, description="How far from the point asked for with `near`", examples=[1.4]
    )


class OrganisationRead(OrganisationSummary):
    """An organisation as it was, is or will be on one day."""

    legal_form: str | None = Field(default=None, description="Legal form", examples=["KGU"])
    address: TextOut | None = Field(default=None, description="Street and house")
    contacts: ContactsRead | None = Field(default=None, description="Its public contacts")
    identifiers: list[IdentifierRead] = Field(
        default_factory=list, max_length=20, description="Its identifiers on that day"
    )
    version: int | None = Field(
        default=None, ge=1, description="How many times it was changed; only for callers with `registry:read`"
    )
    recorded_at: Instant | None = Field(
        default=None, description="Since when we know this; only for callers with `registry:read`"
    )


class AsOfQuery(In):
    """When to look at a resource."""

    as_of: Date | None = Field(
        default=None, description="The day to look at; by default today in Kazakhstan", examples=["2026-09-01"]
    )
    known_at: Instant | None = Field(
        default=None, description="What was known at that moment; by default what is known now"
    )


Coordinates = Annotated[str, StringConstraints(max_length=60, pattern=r"^-?\d{1,2}(\.\d{1,8})?,-?\d{1,3}(\.\d{1,8})?$")]
Box = Annotated[str, StringConstraints(max_length=120, pattern=r"^-?\d{1,3}(\.\d{1,8})?(,-?\d{1,3}(\.\d{1,8})?){3}$")]
Sort = Annotated[
    str,
    StringConstraints(
        max_length=100,
        pattern=r"^-?(name|number|capacity|distance|registered)(,-?(name|number|capacity|distance|registered)){0,3}$",
    ),
]
Names = Annotated[str, StringConstraints(max_length=500, pattern=r"^[a-z_]{1,40}(,[a-z_]{1,40}){0,30}$")]


class OrganisationQuery(PageQuery, AsOfQuery):
    """Filters of the list of organisations; those that may be repeated mean «one of these»."""

    q: Line | None = Field(
        default=None,
        description="Words and numbers of the name, in any of its languages; a number is matched as a whole",
        examples=["момышулы 46"],
    )
    type: list[OrganisationType] = Field(default_factory=list, max_length=7, description="Only these types")
    kind: list[OrganisationKind] = Field(default_factory=list, max_length=30, description="Only these kinds")
    area: Kato | None = Field(
        default=None, description="Only inside this area and everything under it", examples=["750000000"]
    )
    language: list[LanguageOfInstruction] = Field(
        default_factory=list, max_length=10, description="Only those that teach in one of these languages"
    )
    ownership: list[Ownership] = Field(default_factory=list, max_length=3, description="Only of these owners")
    setting: list[Setting] = Field(default_factory=list, max_length=3, description="Only in such places")
    status: list[OrganisationStatus] = Field(
        default_factory=list,
        max_length=9,
        description="Only in these statuses; by default all but `created_in_error`",
    )
    programme: Code | None = Field(default=None, description="Only with this programme tag", examples=["keleshek"])
    parent_id: UUID | None = Field(default=None, description="Only parts of this organisation")
    near: Coordinates | None = Field(
        default=None, description="Latitude and longitude to measure from", examples=["43.238,76.945"]
    )
    radius_km: Annotated[float, Field(gt=0, le=2000, allow_inf_nan=False)] = Field(
        default=5, description="How far from `near`", examples=[5]
    )
    bbox: Box | None = Field(
        default=None,
        description="West, south, east, north in degrees",
        examples=["76.7,43.1,77.1,43.4"],
    )
    sort: Sort | None = Field(
        default=None,
        description="`name`, `number`, `capacity`, `distance` (with `near`) or `registered`, separated by commas; "
        "`-` before a name turns it round. By default `name`, with `near` `distance`. Names are in Kazakh order, "
        "in Russian order when `Accept-Language` prefers Russian",
        examples=["name,-capacity"],
    )
    fields: Names | None = Field(
        default=None, description="Only these fields of each item; `id` is always there", examples=["name,area,status"]
    )
    facets: Names | None = Field(
        default=None,
        description="Also count by type, kind, ownership, setting, status, language or area",
        examples=["type,language"],
    )


class FacetValue(Out):
    """How many organisations have one value."""

    value: str | None = Field(default=None, description="The value; null for those without one", examples=["school"])
    count: int = Field(ge=0, description="How many", examples=[433])


class OrganisationListed(OrganisationSummary):
    """An organisation in a list: all of it, or the fields that were asked for."""

    model_config = ConfigDict(json_schema_extra={"required": ["id"]})


class OrganisationPage(Page[OrganisationListed]):
    """One page of organisations."""

    facets: dict[str, list[FacetValue]] | None = Field(
        default=None, description="Counts over all pages, for each facet that was asked for"
    )


class FieldChange(Out):
    """One field before and after."""

    field: str = Field(description="Which field, inner ones after a dot", examples=["name.kk"], max_length=100)
    before: Any = Field(default=None, description="What it was", examples=["№46 мектеп"])
    after: Any = Field(default=None, description="What it became", examples=["№46 мектеп-лицей"])


class HistoryEntry(Out):
    """A period in which nothing changed, and what was different from the period before."""

    valid_from: Date | None = Field(default=None, description="First day", examples=["2023-09-01"])
    valid_until: Date | None = Field(default=None, description="First day no more", examples=[None])
    recorded_at: Instant = Field(description="Since when we know it")
    superseded_at: Instant | None = Field(
        default=None, description="When we learnt better; null while it is believed", examples=[None]
    )
    status: OrganisationStatus = Field(description="Status in this period", examples=["open"])
    name: TextOut = Field(description="Name in this period", examples=[_NAME_EXAMPLE])
    changes: list[FieldChange] = Field(
        max_length=200, description="What differs from the period before; the first period tells everything"
    )


class OrganisationHistory(Out):
    """The life of an organisation as far as it is known."""

    id: UUID = Field(description="The organisation")
    entries: list[HistoryEntry] = Field(max_length=10_000, description="Periods, in the order of their days")
    identifiers: list[IdentifierRead] = Field(max_length=1000, description="All identifiers it ever had")


class HistoryQuery(In):
    """What kind of history."""

    known_at: Instant | None = Field(
        default=None, description="What was known at that moment; by default what is known now"
    )
    superseded: bool = Field(
        default=False, description="Also what was once believed and has been corrected; needs `registry:read`"
    )


class OrganisationProfile(Out):
    """What a parent wants to see on one page."""

    organisation: OrganisationRead = Field(description="The organisation today")
    area_path: list[AreaSummary] = Field(max_length=16, description="Its region, district and so on, by name")
    parent: OrganisationSummary | None = Field(default=None, description="What it is a part of")
    branches: list[OrganisationSummary] = Field(max_length=200, description="Its branches and sub-units")
    successors: list[OrganisationSummary] = Field(
        max_length=20, description="Who carries on its work, if it was merged"
    )
    names_before: list[TextOut] = Field(max_length=200, description="What it was called before, latest first")


class ResolveScheme(StrEnum):
    """By what an organisation can be looked up; a person's number (kz-iin) is not for addresses."""

    ID = "id"
    KZ_BIN = "kz-bin"
    URN = "urn"
    FOREIGN = "foreign"
    DEMO = "demo"
    NOBD = "nobd"
    INTERNAL = "internal"


class ResolveQuery(In):
    """An identifier of any age."""

    scheme: ResolveScheme = Field(description="Who gave it; `id` for our own", examples=["demo"])
    value: IdentifierValue = Field(description="The identifier", examples=["230990000468"])
    as_of: Date | None = Field(
        default=None, description="Only if it was valid on that day; by default whenever it was valid"
    )


class Resolution(Out):
    """Whose identifier it is."""

    organisation: OrganisationRead = Field(description="The organisation today")
    identifier: IdentifierRead | None = Field(default=None, description="The identifier that led here")
    current: bool = Field(description="Whether that identifier is still in force", examples=[True])


class OrganisationEvent(Out):
    """What the change feed tells of an organisation (`organisation.registered`, `.changed`, `.rekeyed`, …)."""

    id: UUID = Field(description="The organisation")
    type: OrganisationType = Field(description="What it is for")
    kind: OrganisationKind | None = Field(default=None, description="The kind within its type")
    status: OrganisationStatus = Field(description="Where it is in its life")
    name: TextOut = Field(description="Its full name")
    area: str | None = Field(default=None, description="KATO code of its place")
    area_path: list[str] = Field(default_factory=list, description="KATO codes from the region to that place")
    ownership: Ownership | None = Field(default=None, description="Whose it is")
    setting: Setting | None = Field(default=None, description="City, town or village")
    languages: list[str] = Field(default_factory=list, description="Languages it teaches in")
    identifiers: list[IdentifierRead] = Field(default_factory=list, description="Its public identifiers")
    is_synthetic: bool = Field(description="Made up for a demonstration or a test")
    valid_from: Date | None = Field(default=None, description="Since when all this is true")
