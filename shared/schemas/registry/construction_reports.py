"""What is counted over construction projects, what was planned of programmes, and how others are given it."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Code, Count, Date, Edtf, Finite, In, Instant, Kato, Line, Name, Out, TextOut
from shared.schemas.pages import PageQuery
from shared.schemas.registry.construction_words import ConstructionReason, FundingSource, Gate, Link, Money
from shared.schemas.registry.organisation_lists import AsOfQuery

_ID = "0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4c01"
Percent = Annotated[Finite, Field(ge=0, le=100)]
"""0 to 100."""
Qualifier = Annotated[str, Field(pattern=r"^(exact|about|at_least)$", max_length=8)]
"""How a stated number is meant."""


class ProgrammePlanCreate(In):
    """What a source said of a programme as a whole: it never replaces what another said, or said before."""

    source: Name = Field(description="Who says so", examples=["timesca.com"])
    url: Link | None = Field(default=None, description="Where it can be read", examples=["https://example.invalid/n/1"])
    stated_on: Edtf = Field(description="When it was said", examples=["2024-02"])
    schools: Count | None = Field(default=None, description="How many schools", examples=[369])
    places: Count | None = Field(default=None, description="For how many pupils", examples=[740000])
    rural_schools: Count | None = Field(default=None, description="How many of them in villages", examples=[84])
    rural_percent_low: Percent | None = Field(
        default=None, description="Their share as stated, at least", examples=[40.0]
    )
    rural_percent_high: Percent | None = Field(
        default=None, description="Their share as stated, at most", examples=[None]
    )
    qualifier: Qualifier = Field(default="exact", description="exact, about or at_least", examples=["at_least"])
    cost: Money | None = Field(default=None, description="What it is to cost, in tenge", examples=["2300000000000.00"])
    note: Line = Field(default="", description="What else is to be said", examples=["План до пересмотра"])


class ProgrammePlanRead(Out):
    """What a source said of a programme, and whether something later was said."""

    number: int = Field(ge=1, description="ProjectCounts the statements about the programme", examples=[1])
    programme: str = Field(description="The programme", examples=["keleshek"])
    source: str = Field(description="Who said so", examples=["timesca.com"])
    url: str | None = Field(default=None, description="Where it can be read", examples=["https://example.invalid/n/1"])
    stated_on: str = Field(description="When it was said", examples=["2024-02"])
    schools: int | None = Field(default=None, description="How many schools", examples=[369])
    places: int | None = Field(default=None, description="For how many pupils", examples=[740000])
    rural_schools: int | None = Field(default=None, description="How many of them in villages", examples=[None])
    rural_percent_low: float | None = Field(default=None, description="Share of villages, at least", examples=[None])
    rural_percent_high: float | None = Field(default=None, description="Share of villages, at most", examples=[None])
    qualifier: str = Field(description="How the numbers are meant", examples=["exact"])
    cost: str | None = Field(default=None, description="What it was to cost, in tenge", examples=[None])
    note: str = Field(description="What else was said", examples=["План до пересмотра"])
    superseded: bool = Field(description="Later words on the number of schools are known", examples=[True])
    recorded_at: Instant = Field(description="When we learned of it", examples=["2026-01-10T09:00:00+05:00"])


class ProgrammePlanHistory(Out):
    """All that was said of a programme."""

    items: list[ProgrammePlanRead] = Field(description="In the order of the days it was said", max_length=10_000)


class TotalsQuery(AsOfQuery):
    """Which projects are counted."""

    programme: Code | None = Field(default=None, description="Only of this programme", examples=["keleshek"])
    area: Kato | None = Field(default=None, description="Only in this area and under it", examples=["790000000"])
    funding: FundingSource | None = Field(
        default=None, description="Only with money of this source", examples=["sponsor"]
    )


class ProjectCounts(Out):
    """Projects, their places, and the three facts of their buildings; cancelled projects are not among them."""

    projects: int = Field(ge=0, description="Projects that are not cancelled", examples=[217])
    places: int = Field(ge=0, description="Places they are designed for: not pupils", examples=[460000])
    rural: int = Field(ge=0, description="Of the projects, those in villages", examples=[84])
    built: int = Field(ge=0, description="Built", examples=[217])
    commissioned: int = Field(ge=0, description="Commissioned", examples=[217])
    operating: int = Field(ge=0, description="Teaching", examples=[170])
    idle: int = Field(ge=0, description="Built and not teaching", examples=[47])


class RegionCounts(ProjectCounts):
    """The same in one region; regions without projects are there with zeros."""

    area: str = Field(description="KATO code of the region", examples=["790000000"])
    name: TextOut = Field(description="The region", examples=[{"kk": "Шымкент қаласы", "ru": "город Шымкент"}])


class ProjectTotals(ProjectCounts):
    """The pipeline in numbers on a day."""

    programme: str | None = Field(default=None, description="The programme counted", examples=["keleshek"])
    as_of: Date = Field(description="The day", examples=["2026-01-06"])
    rural_percent: float | None = Field(
        default=None, description="Share of villages; null without projects", examples=[38.7097]
    )
    mean_design_capacity: float | None = Field(
        default=None, description="Places per project; null without projects", examples=[2119.8157]
    )
    commissioned_percent: float | None = Field(
        default=None, description="Commissioned of all projects", examples=[13.3333]
    )
    operating_percent: float | None = Field(
        default=None, description="Teaching of those that are built; null when none is", examples=[78.341]
    )
    by_stage: dict[str, int] = Field(
        description="How many projects stand at each stage, cancelled ones too", examples=[{"operating": 170}]
    )
    idle_by_reason: dict[str, int] = Field(
        description="Why those stand idle; `unknown` where nobody said", examples=[{"utilities": 12, "unknown": 35}]
    )
    opening_by_year: dict[str, int] = Field(
        description="Places by the year in which they open, come to pass or foreseen; `unknown` without a date",
        examples=[{"2025": 340000, "2026": 120000}],
    )
    by_region: list[RegionCounts] = Field(description="All regions by code", max_length=50)
    stated: list[ProgrammePlanRead] = Field(
        description="What sources said of the programme: kept beside our own count, never in its place",
        max_length=10_000,
    )


class IdleQuery(PageQuery, AsOfQuery):
    """Which idle schools are listed."""

    programme: Code | None = Field(default=None, description="Only of this programme", examples=["keleshek"])
    area: Kato | None = Field(default=None, description="Only in this area and under it", examples=["790000000"])


class IdleRead(Out):
    """A school that is built and does not teach."""

    id: UUID = Field(description="The project", examples=[_ID])
    reference: str = Field(description="Its number in the programme or the budget", examples=["KEL-2025-046"])
    name: TextOut = Field(description="What it is called", examples=[{"kk": "Мектеп", "ru": "Школа на 1500 мест"}])
    area: str = Field(description="KATO code of the place", examples=["790000000"])
    design_capacity: int = Field(ge=1, description="Places that stand empty", examples=[1500])
    built_on: Date = Field(description="Built since", examples=["2025-08-20"])
    commissioned_on: Date | None = Field(default=None, description="Commissioned since", examples=[None])
    idle_days: int = Field(ge=0, description="Days since it was built", examples=[139])
    reason: ConstructionReason = Field(description="Why; `unknown` where nobody said", examples=["utilities"])


class SlipsQuery(TotalsQuery):
    """Whose delays are gathered."""

    gate: Gate = Field(default=Gate.OPERATING, description="Which gate", examples=["operating"])


class Slips(Out):
    """How late gates of this kind were passed so far: what a new promise may be held against."""

    gate: Gate = Field(description="Which gate", examples=["operating"])
    as_of: Date = Field(description="The day", examples=["2026-01-06"])
    n: int = Field(ge=0, description="Projects that had agreed on a date and have passed the gate", examples=[170])
    on_time: int = Field(ge=0, description="Of them not later than first agreed", examples=[61])
    median_days: float | None = Field(
        default=None, description="Half were later by more; null without any", examples=[92]
    )
    p80_days: float | None = Field(default=None, description="One in five was later by more", examples=[210])
    by_reason: dict[str, int] = Field(description="Why dates moved, by statements", examples=[{"utilities": 14}])


class ExportQuery(TotalsQuery):
    """Which projects are given in OC4IDS."""

    limit: int = Field(default=200, ge=1, le=500, description="How many projects at most", examples=[200])
    after: UUID | None = Field(
        default=None, description="Go on behind this project: `next` of the package before", examples=[_ID]
    )


class Oc4idsPackage(Out):
    """A project package of the Open Contracting for Infrastructure Data Standard, 0.9."""

    uri: str = Field(
        description="Where this package was read", examples=["http://127.0.0.1:8001/v1/construction-projects/oc4ids"]
    )
    version: str = Field(description="Version of the standard", examples=["0.9"])
    publishedDate: Instant = Field(  # noqa: N815 -- the standard's own name
        description="When it was written", examples=["2026-01-06T09:00:00+05:00"]
    )
    publisher: dict[str, Any] = Field(description="Who publishes", examples=[{"name": "Bilim registry"}])
    projects: list[dict[str, Any]] = Field(
        description="The projects, in the words of the standard",
        max_length=500,
        examples=[[{"id": "bilim-KEL-2025-046"}]],
    )
    next: UUID | None = Field(default=None, description="Give it as `after` for the rest; null when that is all")
