"""One organisation on one page: what a parent asks of it, and what its director asks."""

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Date, Out, TextOut
from shared.schemas.registry.areas import AreaSummary
from shared.schemas.registry.commitments import CommitmentDue
from shared.schemas.registry.facilities import FacilityRead
from shared.schemas.registry.memberships import MembershipSummary
from shared.schemas.registry.organisation_words import _NAME_EXAMPLE, OrganisationType, Setting
from shared.schemas.registry.organisations import OrganisationRead, OrganisationSummary
from shared.schemas.registry.projects import ProjectSummary
from shared.schemas.registry.targets import TargetRead

_ID = "0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"
_PERIOD = "2025-2026"


class Places(Out):
    """How many places there are, and how full it is."""

    design_capacity: int | None = Field(default=None, description="Places it was designed for", examples=[1200])
    shift_count: int | None = Field(default=None, description="Shifts in the approved timetable", examples=[2])
    load: float | None = Field(
        default=None,
        description="Pupils in percent of places (`SCH_LOAD_FACTOR`); up to 200 is usual in two shifts",
        examples=[125.0],
    )
    period: str | None = Field(default=None, max_length=20, description="Of which period", examples=[_PERIOD])


class InclusionGround(StrEnum):
    """How conditions for inclusive education are known."""

    TAG = "tag"
    ASSESSMENT = "assessment"


class Inclusion(Out):
    """Whether a child with special needs can learn there; of the school only, never of children."""

    conditions: bool | None = Field(
        default=None, description="Whether it has the conditions; null: not known", examples=[True]
    )
    ground: InclusionGround | None = Field(default=None, description="How that is known", examples=["assessment"])
    score: float | None = Field(default=None, description="Points of 100 in the assessment", examples=[72.5])
    period: str | None = Field(default=None, max_length=20, description="Of which period", examples=[_PERIOD])


class SchoolClub(Out):
    """Who holds clubs there."""

    id: UUID = Field(description="The provider", examples=[_ID])
    name: TextOut = Field(description="What it is called", examples=[{"kk": "Робототехника үйірмесі"}])
    directions: list[str] = Field(max_length=50, description="What the clubs are about", examples=[["robotics"]])
    age_from: int = Field(ge=0, description="From which age", examples=[6])
    age_to: int = Field(ge=0, description="Up to which age, included", examples=[14])
    accepts_social_wallet: bool = Field(description="Whether it takes the voucher", examples=[True])
    phone: str | None = Field(default=None, max_length=100, description="Telephone", examples=["+7 727 000 00 46"])


class Helpline(Out):
    """A number that anybody may call."""

    phone: str = Field(max_length=10, description="The number", examples=["111"])
    name: TextOut = Field(description="What it is for", examples=[{"ru": "Телефон доверия для детей и молодёжи"}])


class WhomToAsk(Out):
    """Somebody who has to answer."""

    id: UUID = Field(description="The organisation", examples=[_ID])
    name: TextOut = Field(description="What it is called", examples=[_NAME_EXAMPLE])
    phone: str | None = Field(default=None, max_length=100, description="Telephone", examples=["+7 727 000 00 46"])
    email: str | None = Field(default=None, max_length=320, description="E-mail", examples=["office@example.invalid"])
    website: str | None = Field(
        default=None, max_length=500, description="Web site", examples=["https://office.example.invalid"]
    )


class RatingGuide(Out):
    """What the rating says and where it stands."""

    means: TextOut = Field(description="How to read it, in a sentence or two")
    read_at: str = Field(
        max_length=300,
        description="Where the rating engine answers",
        examples=["/v1/publications"],
    )


class Standing(Out):
    """An indicator of the organisation beside those that are alike."""

    indicator: str = Field(max_length=64, description="The indicator", examples=["SCH_LOAD_FACTOR"])
    unit: str = Field(max_length=40, description="Unit of the values", examples=["percent"])
    polarity: str = Field(max_length=20, description="Which way is better", examples=["lower"])
    period: str = Field(max_length=20, description="Of which period", examples=[_PERIOD])
    value: float | None = Field(default=None, description="Its value; null with a reason", examples=[125.0])
    missing_reason: str | None = Field(default=None, max_length=40, description="Why there is none", examples=[None])
    status: str = Field(max_length=20, description="How final it is", examples=["final"])
    peers: int = Field(ge=0, description="How many others have a value of that period", examples=[41])
    median: float | None = Field(
        default=None, description="The middle of the others; null with fewer than five", examples=[110.0]
    )
    better_than: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Share of the others it is better than; null with fewer than five or without a direction",
        examples=[0.38],
    )


class MissingReport(Out):
    """Something that others like it have reported and it has not."""

    indicator: str = Field(max_length=64, description="The indicator", examples=["TCH_PUPIL_RATIO"])
    period: str = Field(max_length=20, description="The latest period reported by others", examples=[_PERIOD])
    last_period: str | None = Field(
        default=None, max_length=20, description="Its own latest one", examples=["2024-2025"]
    )
    reporting: int = Field(ge=0, description="How many others have reported the indicator", examples=[41])


class Peers(Out):
    """Which organisations are alike."""

    type: OrganisationType = Field(description="Of this type", examples=["school"])
    setting: Setting | None = Field(default=None, description="In such places", examples=["city"])
    area: str | None = Field(default=None, max_length=9, description="In this region", examples=["750000000"])


class DirectorPage(Out):
    """What a director wants to know; for callers with `registry:read` whose reach it is."""

    peers: Peers = Field(description="With which others it is compared")
    indicators: list[Standing] = Field(max_length=500, description="Its latest values beside theirs, by indicator")
    missing: list[MissingReport] = Field(max_length=500, description="What they have reported and it has not")
    commitments_due: list[CommitmentDue] = Field(
        max_length=50, description="Commitments it looks after that are due within 30 days or overdue"
    )
    targets: list[TargetRead] = Field(max_length=50, description="Targets stated for it")


class OrganisationProfile(Out):
    """What a parent wants to see on one page, and a director of it."""

    organisation: OrganisationRead = Field(description="The organisation today")
    area_path: list[AreaSummary] = Field(max_length=16, description="Its region, district and so on, by name")
    parent: OrganisationSummary | None = Field(default=None, description="What it is a part of")
    branches: list[OrganisationSummary] = Field(max_length=200, description="Its branches and sub-units")
    successors: list[OrganisationSummary] = Field(
        max_length=20, description="Who carries on its work, if it was merged"
    )
    names_before: list[TextOut] = Field(max_length=200, description="What it was called before, latest first")
    places: Places = Field(description="How many places there are, and how full it is")
    inclusion: Inclusion = Field(description="Whether a child with special needs can learn there")
    facilities: list[FacilityRead] = Field(max_length=200, description="Rooms that are open today, by kind")
    clubs: list[SchoolClub] = Field(max_length=50, description="Clubs, those that take the voucher first")
    networks: list[MembershipSummary] = Field(
        max_length=50, description="Networks it belongs to today, with its mentor"
    )
    projects: list[ProjectSummary] = Field(max_length=50, description="Projects it carries at present")
    nearby: list[OrganisationSummary] = Field(
        max_length=5, description="The nearest of its type within 5 km, if it is on the map"
    )
    ask: list[WhomToAsk] = Field(
        max_length=4, description="Whom to ask: itself, then its departments of education, the nearest first"
    )
    helplines: list[Helpline] = Field(max_length=5, description="Numbers that anybody may call, day and night")
    rating: RatingGuide | None = Field(default=None, description="Of schools and colleges: what the rating means")
    valid_on: Date = Field(description="The day all this is of", examples=["2026-09-01"])
    director: DirectorPage | None = Field(
        default=None, description="For callers with `registry:read` whose reach it is; null for others"
    )
