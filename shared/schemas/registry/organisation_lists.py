"""Organisations in lists, in history and by any identifier they ever had."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, WithJsonSchema

from shared.schemas.base import (
    Code,
    Date,
    In,
    Instant,
    Kato,
    Line,
    Out,
    TextOut,
)
from shared.schemas.pages import Page, PageQuery
from shared.schemas.registry.organisation_words import (
    _NAME_EXAMPLE,
    HeadHeld,
    IdentifierValue,
    LanguageOfInstruction,
    OrganisationKind,
    OrganisationStatus,
    OrganisationType,
    Ownership,
    Setting,
)
from shared.schemas.registry.organisations import IdentifierRead, OrganisationRead, OrganisationSummary


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
        pattern=r"^-?(relevance|name|number|capacity|distance|registered)"
        r"(,-?(relevance|name|number|capacity|distance|registered)){0,3}$",
    ),
]
Names = Annotated[str, StringConstraints(max_length=500, pattern=r"^[a-z_]{1,40}(,[a-z_]{1,40}){0,30}$")]
FACETS = ("type", "kind", "ownership", "setting", "status", "language", "area", "shift", "programme")


def _names_of(known: Iterable[str]) -> WithJsonSchema:
    """Told in the document; refused by the handler, which can suggest the name that was meant."""
    one = "(" + "|".join(known) + ")"
    return WithJsonSchema({"type": "string", "maxLength": 500, "pattern": f"^{one}(,{one}){{0,30}}$"})


class OrganisationCriteria(In):
    """Which organisations; what may be repeated means «one of these»."""

    q: Line | None = Field(
        default=None,
        description="Words and numbers of the name and the place, in Kazakh, Russian or Latin letters; abbreviations "
        "and former names of cities are known, a letter or two may be wrong; a number is matched as a whole",
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
    head_held: list[HeadHeld] = Field(
        default_factory=list,
        max_length=3,
        description="Only where the post of the head is held so",
        examples=[["vacant"]],
    )
    programme: Code | None = Field(default=None, description="Only with this programme tag", examples=["keleshek"])
    shift: list[Annotated[int, Field(ge=1, le=4)]] = Field(
        default_factory=list, max_length=4, description="Only with so many shifts", examples=[[1, 2]]
    )
    capacity_min: Annotated[int, Field(ge=0, le=100_000)] | None = Field(
        default=None, description="Only with at least so many places", examples=[600]
    )
    capacity_max: Annotated[int, Field(ge=0, le=100_000)] | None = Field(
        default=None, description="Only with at most so many places", examples=[1500]
    )
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
    network: Code | None = Field(
        default=None, description="Only members of this network on that day", examples=["nis-leading-schools"]
    )
    inclusive: bool | None = Field(
        default=None,
        description="Only those that have (or, with `false`, are not known to have) conditions for inclusive "
        "education: the tag `inclusive`, or at least half of the points of `SCH_INCLUSIVE_CONDITIONS` in its latest "
        "period",
        examples=[True],
    )
    voucher: bool | None = Field(
        default=None,
        description="Only those where a club takes the voucher of the social wallet or, with `false`, none is known to",
        examples=[True],
    )


SelectionId = Annotated[str, StringConstraints(min_length=12, max_length=12, pattern=r"^[0-9a-hjkmnp-tv-z]{12}$")]
"""The short name of a saved selection: what nobody guesses, in letters that are not taken for one another."""


class OrganisationFilter(OrganisationCriteria, AsOfQuery):
    """Which organisations, on which day; saved criteria may be named in place of being told."""

    selection: SelectionId | None = Field(
        default=None,
        description="Only those of this saved selection; criteria told besides take the place of the saved ones",
        examples=["7k2m9qpx4dfw"],
    )


class OrganisationQuery(PageQuery, OrganisationFilter):
    """Which organisations to list, in which order, and what to tell of them."""

    sort: Sort | None = Field(
        default=None,
        description="`relevance` (with `q`), `name`, `number`, `capacity`, `distance` (with `near`) or `registered`, "
        "separated by commas; `-` before a name turns it round. By default `name`, with `q` `relevance`, with `near` "
        "`distance`. Names are in Kazakh order, in Russian order when `Accept-Language` prefers Russian",
        examples=["name,-capacity"],
    )
    fields: Annotated[Names, _names_of(OrganisationSummary.model_fields)] | None = Field(
        default=None, description="Only these fields of each item; `id` is always there", examples=["name,area,status"]
    )
    facets: Annotated[Names, _names_of(FACETS)] | None = Field(
        default=None,
        description="Also count by type, kind, ownership, setting, status, language, area, shift or programme",
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


class SuggestionQuery(OrganisationFilter):
    """What has been typed so far, and among which organisations to look."""

    limit: int = Field(default=10, ge=1, le=20, description="How many at most", examples=[10])


class OrganisationSuggestion(Out):
    """An organisation as one line."""

    id: UUID = Field(description="Its identity for ever", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"])
    type: OrganisationType = Field(description="What it is for", examples=["school"])
    status: OrganisationStatus = Field(description="Where it is in its life", examples=["open"])
    name: TextOut = Field(description="Its full name", examples=[_NAME_EXAMPLE])
    school_number: int | None = Field(default=None, description="The number in its name", examples=[46])
    area: str | None = Field(default=None, description="KATO code of its place", examples=["751210000"])


class OrganisationSuggestions(Out):
    """What may be meant, the likeliest first."""

    items: list[OrganisationSuggestion] = Field(description="Organisations", max_length=20)


class PointGeometry(Out):
    """A place, as GeoJSON has it."""

    type: Literal["Point"] = Field(default="Point", description="Always `Point`", examples=["Point"])
    coordinates: tuple[float, float] = Field(
        description="Degrees east, then degrees north (WGS 84)", examples=[[76.945, 43.238]]
    )


class OrganisationFeature(Out):
    """An organisation on a map, as GeoJSON has it."""

    type: Literal["Feature"] = Field(default="Feature", description="Always `Feature`", examples=["Feature"])
    id: UUID = Field(description="The organisation", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"])
    geometry: PointGeometry | None = Field(default=None, description="Where it is; null if that is not known")
    properties: OrganisationSummary = Field(description="The organisation as in a list")


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
    known_at: Instant | None = Field(
        default=None, description="Whose it was as known at that moment; by default as known now"
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
