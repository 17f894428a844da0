"""Organisations: what is told of them, how they begin, change and end."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from shared.schemas.base import (
    Code,
    Count,
    Date,
    Finite,
    Flag,
    In,
    Instant,
    Kato,
    LocalisedText,
    Name,
    Out,
    TextOut,
    Whole,
    stays,
)
from shared.schemas.registry.organisation_words import (
    _IDENTIFIER_EXAMPLE,
    _NAME_EXAMPLE,
    _UNIQUE,
    AddressText,
    Contacts,
    EducationLevel,
    HeadHeld,
    HeadPost,
    IdentifierScheme,
    IdentifierValue,
    InitialStatus,
    LanguageOfInstruction,
    NextStatus,
    OrganisationKind,
    OrganisationStatus,
    OrganisationType,
    Ownership,
    Point,
    Setting,
    _distinct,
)


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
    multigrade: Flag | None = Field(default=None, description="Small school with joined classes", examples=[False])
    boarding: Flag | None = Field(default=None, description="Pupils may live there", examples=[False])
    selective: Flag | None = Field(default=None, description="Takes pupils by examination", examples=[False])
    shift_count: Annotated[Whole, Field(ge=1, le=4)] | None = Field(
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
    head_post: HeadPost | None = Field(default=None, description="How the post of its head is held")
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
    is_synthetic: Flag = Field(default=False, description="Made up for a demonstration or a test", examples=[True])


class TextPatch(In):
    """A change of a text: a language that is absent stays, null removes it."""

    kk: Name | None = Field(default=None, description="Kazakh", examples=["№46 мектеп-лицей"])
    ru: Name | None = Field(default=None, description="Russian", examples=["Школа-лицей № 46"])
    en: Name | None = Field(default=None, description="English", examples=["School-Lyceum No. 46"])


class PointPatch(In):
    """A change of the place on the map."""

    latitude: Annotated[Finite, Field(ge=-90, le=90)] | None = Field(default=None, description="Degrees north")
    longitude: Annotated[Finite, Field(ge=-180, le=180)] | None = Field(default=None, description="Degrees east")


class HeadPostPatch(In):
    """A change of how the post of the head is held."""

    held: HeadHeld | None = Field(default=None, description="Appointed, acting, or vacant", examples=["vacant"])
    since: Date | None = Field(default=None, description="Since when it is held so", examples=["2026-06-15"])


class OrganisationUpdate(In):
    """A JSON Merge Patch (RFC 7396): what is absent stays, null removes, objects are merged, lists are replaced."""

    name: TextPatch | None = Field(default=None, description="Its full name", examples=[{"en": "School No. 46"}])
    short_name: TextPatch | None = Field(default=None, description="Its name as people say it")
    type: OrganisationType | None = Field(
        default=None, description="What it is for; cannot be removed", json_schema_extra=stays
    )
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
    multigrade: Flag | None = Field(default=None, description="Small school with joined classes")
    boarding: Flag | None = Field(default=None, description="Pupils may live there")
    selective: Flag | None = Field(default=None, description="Takes pupils by examination")
    shift_count: Annotated[Whole, Field(ge=1, le=4)] | None = Field(default=None, description="Shifts", examples=[2])
    design_capacity: Annotated[Count, Field(le=1_000_000)] | None = Field(
        default=None, description="Places it was designed for", examples=[1500]
    )
    area: Kato | None = Field(default=None, description="KATO code of the place it stands in", examples=["751210000"])
    address: AddressText | None = Field(default=None, description="Street and house")
    location: PointPatch | None = Field(default=None, description="Where it is on the map")
    contacts: Contacts | None = Field(default=None, description="Its public contacts")
    head_post: HeadPostPatch | None = Field(default=None, description="How the post of its head is held")
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


class HeadPostRead(Out):
    """The post of the head: how it is held and since when, never by whom."""

    held: HeadHeld = Field(description="Appointed, acting, or vacant", examples=["acting"])
    since: Date | None = Field(default=None, description="Since when it is held so", examples=["2026-02-01"])


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
    head_post: HeadPostRead | None = Field(default=None, description="How the post of its head is held")
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
