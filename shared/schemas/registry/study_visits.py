"""Study visits: where teams went, when, and what they brought home."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Count, Date, In, Kato, LocalisedText, Out, TextOut, stays
from shared.schemas.pages import PageQuery
from shared.schemas.registry.organisations import TextPatch
from shared.schemas.registry.texts import Country, LongText, Named

_CITY = {"kk": "Қазан", "ru": "Казань", "en": "Kazan"}
_ORGANISATION = "0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"


class VisitTeamCreate(In):
    """Those of one organisation who go."""

    organisation_id: UUID = Field(description="Their organisation", examples=[_ORGANISATION])
    people: Annotated[Count, Field(ge=1, le=10_000)] = Field(description="How many of them", examples=[4])


class StudyVisitAttributes(In):
    """Everything of a study visit."""

    organiser_id: UUID = Field(description="The organisation that sends the team", examples=[_ORGANISATION])
    country: Country = Field(description="Where to (ISO 3166-1)", examples=["RU"])
    city: LocalisedText = Field(description="The city", examples=[_CITY])
    host: LocalisedText | None = Field(default=None, description="Who receives them", examples=[None])
    departs_on: Date = Field(description="The day they set out", examples=["2022-11-14"])
    returns_on: Date = Field(description="The day they are back; not before they set out", examples=["2022-11-18"])
    team: list[VisitTeamCreate] = Field(
        min_length=1,
        max_length=200,
        description="Who goes, by organisation",
        examples=[[{"organisation_id": _ORGANISATION, "people": 4}]],
    )
    purpose: LongText | None = Field(
        default=None, description="What they go for", examples=[{"ru": "Посмотреть, как ведут проекты"}]
    )
    outcomes: LongText | None = Field(
        default=None, description="What they brought home", examples=[{"ru": "Договорились об обмене опытом"}]
    )


class StudyVisitCreate(StudyVisitAttributes):
    """A study visit to be entered."""


class StudyVisitUpdate(In):
    """A JSON Merge Patch (RFC 7396): what is absent stays, null removes, objects are merged, lists are replaced."""

    country: Country | None = Field(default=None, description="Where to", examples=["KZ"], json_schema_extra=stays)
    city: TextPatch | None = Field(default=None, description="The city", examples=[_CITY])
    host: TextPatch | None = Field(default=None, description="Who receives them", examples=[{"ru": "Лицей Казани"}])
    departs_on: Date | None = Field(
        default=None, description="The day they set out", json_schema_extra=stays, examples=["2022-11-14"]
    )
    returns_on: Date | None = Field(
        default=None, description="The day they are back", json_schema_extra=stays, examples=["2022-11-18"]
    )
    team: list[VisitTeamCreate] | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="Who goes, all of them",
        json_schema_extra=stays,
        examples=[[{"organisation_id": "0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601", "people": 4}]],
    )
    purpose: LongText | None = Field(
        default=None, description="What they go for", examples=[{"ru": "Посмотреть, как ведут проекты"}]
    )
    outcomes: LongText | None = Field(
        default=None, description="What they brought home", examples=[{"ru": "Договорились об обмене опытом"}]
    )


class VisitTeamRead(Out):
    """Those of one organisation who went."""

    organisation: Named = Field(description="Their organisation")
    people: int = Field(ge=1, description="How many of them", examples=[4])


class StudyVisitSummary(Out):
    """A study visit in a list."""

    id: UUID = Field(description="The visit", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4b01"])
    organiser: Named = Field(description="The organisation that sends the team")
    country: str = Field(max_length=2, description="Where to (ISO 3166-1)", examples=["RU"])
    city: TextOut = Field(description="The city", examples=[_CITY])
    host: TextOut | None = Field(default=None, description="Who receives them", examples=[{"ru": "Лицей Казани"}])
    departs_on: Date = Field(description="The day they set out", examples=["2022-11-14"])
    returns_on: Date = Field(description="The day they are back", examples=["2022-11-18"])
    people: int = Field(ge=1, description="How many go", examples=[12])
    outcomes: TextOut | None = Field(
        default=None, description="What they brought home", examples=[{"ru": "Договорились об обмене опытом"}]
    )


class StudyVisitRead(StudyVisitSummary):
    """A study visit."""

    team: list[VisitTeamRead] = Field(max_length=200, description="Who goes, by organisation")
    purpose: TextOut | None = Field(
        default=None, description="What they go for", examples=[{"ru": "Посмотреть, как ведут проекты"}]
    )
    version: int = Field(ge=1, description="How many times it was changed", examples=[1])


class _VisitFilter(In):
    country: Country | None = Field(default=None, description="Only to this country", examples=["RU"])
    area: Kato | None = Field(
        default=None, description="Only sent from this area and everything under it", examples=["271000000"]
    )
    participant_id: UUID | None = Field(
        default=None,
        description="Only with people of this organisation",
        examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"],
    )
    since: Date | None = Field(
        default=None, alias="from", description="Only those back on this day or later", examples=["2022-09-01"]
    )
    until: Date | None = Field(
        default=None, description="Only those that set out on this day or earlier", examples=["2023-08-31"]
    )


class StudyVisitsQuery(PageQuery, _VisitFilter):
    """Which visits."""


class StudyVisitReportQuery(_VisitFilter):
    """What the report speaks of."""


class VisitsToCountry(Out):
    """Visits to one country."""

    country: str = Field(max_length=2, description="The country", examples=["RU"])
    visits: int = Field(ge=0, description="How many visits", examples=[1])
    people: int = Field(ge=0, description="How many went", examples=[12])
    with_outcomes: int = Field(ge=0, description="Visits whose outcomes are written down", examples=[1])


class StudyVisitReport(Out):
    """What the trips gave."""

    visits: int = Field(ge=0, description="Visits of the country asked for, or of all", examples=[1])
    visits_anywhere: int = Field(ge=0, description="The same to whatever country", examples=[3])
    people: int = Field(ge=0, description="How many went; who went twice counts twice", examples=[12])
    organisations: int = Field(ge=0, description="From how many organisations", examples=[3])
    with_outcomes: int = Field(ge=0, description="Visits whose outcomes are written down", examples=[1])
    countries: list[VisitsToCountry] = Field(max_length=300, description="By country")
