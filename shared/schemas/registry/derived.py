"""Indicators computed by the registry on the wire: the value, how it came about, and from which organisations."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from shared.schemas.base import Date, In, Instant, Kato, Out
from shared.schemas.registry.indicators import IndicatorCode, IndicatorLevel
from shared.schemas.registry.organisation_words import OrganisationType
from shared.schemas.registry.texts import UNIQUE, Named, distinct

_CODE = "REG_THREE_SHIFT_SCHOOLS"
_MOMENT = "2026-09-01T09:00:00+05:00"
Condition = Annotated[str, StringConstraints(max_length=20, pattern=r"^(>=|<=|==|>|<|=)-?\d{1,9}(\.\d{1,6})?$")]
"""A bound upon a value: `>=1`, `>0`, `<=2`, `=3`."""


class DerivedSummary(Out):
    """An indicator that is computed, never reported."""

    code: str = Field(max_length=64, description="The indicator", examples=[_CODE])
    level: IndicatorLevel = Field(description="What it is computed of", examples=["area"])
    unit: str | None = Field(max_length=40, description="Unit of measure", examples=["count"])


class DerivedList(Out):
    """All computed indicators."""

    items: list[DerivedSummary] = Field(max_length=100, description="In the order of their codes")


class DerivedExplanation(Out):
    """How a number came about."""

    formula: str = Field(max_length=1000, description="What was computed", examples=["count(schools …)"])
    considered: int = Field(ge=0, description="How many organisations were looked at", examples=[120])
    unreported: int = Field(
        ge=0, description="Of how many of them the deciding fact is not known; they do not count", examples=[3]
    )


class DerivedRead(DerivedSummary):
    """A computed value and what it was computed from."""

    area: str | None = Field(max_length=9, description="Where; null: the country", examples=["790000000"])
    organisation_id: UUID | None = Field(description="Of which organisation", examples=[None])
    as_of: Date = Field(description="The day", examples=["2026-09-01"])
    known_at: Instant = Field(
        description="The moment of knowledge: ask again with it and the answer is the same", examples=[_MOMENT]
    )
    value: float | None = Field(description="The value; null where there is nothing to compute of", examples=[7.0])
    n: int | None = Field(description="The whole of a share, the number of a count", examples=[7])
    organisations: list[Named] = Field(max_length=20_000, description="Those that count")
    laggards: list[Named] = Field(max_length=20_000, description="Of a share, those that do not count yet")
    explanation: DerivedExplanation = Field(description="How it came about")


class _PlaceAndTime(In):
    """Where, as of which day, as known when."""

    area: Kato | None = Field(
        default=None, description="The area with those under it; by default the country", examples=["790000000"]
    )
    as_of: Date | None = Field(default=None, description="The day; by default today", examples=["2026-09-01"])
    known_at: Instant | None = Field(
        default=None, description="As it was known at a moment; by default now", examples=[_MOMENT]
    )


class DerivedQuery(_PlaceAndTime):
    """Of what an indicator is computed."""

    organisation_id: UUID | None = Field(
        default=None,
        description="The organisation, of an indicator of organisations",
        examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"],
    )


class ShareQuery(_PlaceAndTime):
    """Of which organisations what is asked."""

    indicator: IndicatorCode = Field(description="The indicator", examples=["SCH_LIBRARY_RENEWAL"])
    holds: Condition = Field(default=">0", description="What its value has to be", examples=[">=9"])
    organisation_type: Annotated[list[OrganisationType], AfterValidator(distinct), UNIQUE] = Field(
        min_length=1,
        max_length=7,
        description="Types of organisation, counted apart and together",
        examples=[["school"]],
    )


class SharePart(Out):
    """A share among some organisations."""

    organisation_type: OrganisationType = Field(description="The type", examples=["school"])
    holding: int = Field(ge=0, description="Of how many it holds", examples=[79])
    of: int = Field(ge=0, description="How many there are", examples=[80])
    percent: float | None = Field(description="The share in percent; null of none", examples=[98.75])


class ShareRead(Out):
    """Of how many organisations something holds, apart and together, and which lag behind."""

    indicator: str = Field(max_length=64, description="The indicator", examples=["SCH_LIBRARY_RENEWAL"])
    holds: str = Field(max_length=20, description="What its value has to be", examples=[">=9"])
    area: str | None = Field(max_length=9, description="Where; null: the country", examples=["350000000"])
    as_of: Date = Field(description="The day", examples=["2022-12-31"])
    holding: int = Field(ge=0, description="Of how many it holds", examples=[99])
    of: int = Field(ge=0, description="How many there are", examples=[100])
    percent: float | None = Field(description="The share in percent; null of none", examples=[99.0])
    met: bool = Field(description="Whether it holds of all of them, and there are some", examples=[False])
    unreported: int = Field(ge=0, description="How many have not reported: they lag behind", examples=[1])
    by_type: list[SharePart] = Field(max_length=7, description="The same by type")
    laggards: list[Named] = Field(max_length=20_000, description="Of which it does not hold")
