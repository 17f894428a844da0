"""Areas: units of the classifier of administrative-territorial objects (KATO), with their parents and validity."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.schemas.base import Date, In, Instant, Kato, Line, LocalisedText, Out, TextOut
from shared.schemas.pages import Page, PageQuery


class AreaKind(StrEnum):
    """What kind of unit an area is."""

    REGION = "region"
    """Oblast."""
    REPUBLICAN_CITY = "republican_city"
    """Astana, Almaty, Shymkent."""
    CITY = "city"
    """City of regional significance with the settlements under its administration."""
    DISTRICT = "district"
    CITY_DISTRICT = "city_district"
    """District inside a republican city."""
    RURAL_DISTRICT = "rural_district"
    TOWN = "town"
    SETTLEMENT = "settlement"
    OTHER = "other"


_CODE = Field(description="KATO code: nine digits, as text", examples=["751210000"])
_PARENT = Field(
    default=None, description="KATO code of the unit above; null for a region", examples=["750000000"], max_length=9
)
_LEVEL = Field(ge=1, le=9, description="1 for a region, 2 for its districts and cities, and so on", examples=[2])


class AreaRow(In):
    """One row of the classifier as it is imported."""

    code: Kato = _CODE
    parent_code: Kato | None = Field(
        default=None, description="KATO code of the unit above; empty for a region", examples=["750000000"]
    )
    level: Annotated[int, Field(ge=1, le=9)] | None = Field(
        default=None, description="1 for a region; when empty, one more than that of the unit above", examples=[2]
    )
    kind: AreaKind | None = Field(
        default=None, description="What kind of unit it is; when empty it is told from level and name"
    )
    name: LocalisedText = Field(description="What it is called", examples=[{"ru": "Алатауский район"}])
    valid_from: Date | None = Field(
        default=None, description="From which day the row is true; empty when nobody knows since when"
    )


class AreaSummary(Out):
    """An area in a list."""

    code: str = _CODE
    parent: str | None = _PARENT
    level: int = _LEVEL
    kind: AreaKind = Field(description="What kind of unit it is", examples=["city_district"])
    name: TextOut = Field(
        description="What it is called", examples=[{"kk": None, "ru": "Алатауский район", "en": None}]
    )
    valid_from: Date | None = Field(
        default=None, description="First day on which this is true; null when it is not known", examples=["2022-06-08"]
    )
    valid_until: Date | None = Field(
        default=None, description="First day on which this is no longer true; null while it is true", examples=[None]
    )


class AreaRead(AreaSummary):
    """An area with its place in the tree."""

    path: list[AreaSummary] = Field(
        max_length=16, description="The units above it, from the region down, and the area itself"
    )
    children: int = Field(ge=0, description="How many units lie directly under it", examples=[8])


class AreaAtQuery(In):
    """When to look at an area."""

    as_of: Date | None = Field(
        default=None, description="The day to look at; by default today in Kazakhstan", examples=["2026-09-01"]
    )
    known_at: Instant | None = Field(
        default=None, description="What was known at that moment; by default what is known now"
    )


class AreaQuery(PageQuery, AreaAtQuery):
    """Filters of the list of areas."""

    parent: Kato | None = Field(default=None, description="Only units directly under this one", examples=["750000000"])
    level: int | None = Field(default=None, ge=1, le=9, description="Only this level", examples=[1])
    kind: AreaKind | None = Field(default=None, description="Only this kind", examples=["region"])
    q: Line | None = Field(
        default=None,
        description="Words of the name in any of its languages; Kazakh letters may be typed as Russian ones",
        examples=["кызылорда"],
    )


class AreaPage(Page[AreaSummary]):
    """One page of areas, in the order of their codes."""
