"""The closed lists of words about organisations, and the shapes of their numbers and contacts."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from shared.schemas.base import (
    Date,
    Finite,
    In,
    Line,
    wrong,
)


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


class HeadHeld(StrEnum):
    """How the post of the head is held; by whom is nobody's business here."""

    APPOINTED = "appointed"
    ACTING = "acting"
    VACANT = "vacant"


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
    str, StringConstraints(pattern=r"^https?://[A-Za-z0-9][^\s<>\x00-\x1f\x7f\x22']{2,480}$", max_length=500)
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


class HeadPost(In):
    """The post of the head: how it is held and since when, never by whom."""

    held: HeadHeld = Field(description="Appointed, acting, or vacant", examples=["acting"])
    since: Date | None = Field(default=None, description="Since when it is held so", examples=["2026-02-01"])


_NAME_EXAMPLE = {"kk": "Бауыржан Момышұлы атындағы №46 мектеп", "ru": "Школа № 46 имени Бауыржана Момышулы"}
_IDENTIFIER_EXAMPLE = {"scheme": "demo", "value": "230990000468"}
