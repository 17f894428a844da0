"""Reports about courses: coverage of regions by theme, the way of applications, seats, and what providers gave."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from shared.schemas.base import Code, Date, In, Kato, Out, TextOut
from shared.schemas.pages import PageQuery
from shared.schemas.training.contracts import Money
from shared.schemas.training.coverage import Many
from shared.schemas.training.ids import CohortId, ContractId, OrganisationId, ProviderId, VenueId
from shared.schemas.training.words import Subject

_COHORT = "0198c0de-0000-7000-8000-000000000301"
_PROVIDER = "0198c0de-0000-7000-8000-000000000101"
_CONTRACT = "0198c0de-0000-7000-8000-000000000901"
_VENUE = "0198c0de-0000-7000-8000-000000000311"
_ORGANISATION = "0198c0de-0000-7000-8000-000000000001"
_NAME = {"kk": "Шымкент қаласы", "ru": "город Шымкент", "en": "Shymkent City"}
Themes = Annotated[str, StringConstraints(max_length=1300, pattern=r"^[a-z][a-z0-9_]{1,63}(,[a-z][a-z0-9_]{1,63})*$")]
"""Themes of programmes, with commas between."""
MoneySum = Annotated[str, StringConstraints(max_length=40, pattern=r"^(0|[1-9][0-9]{0,36})\.[0-9]{2}$")]
"""A sum of many sums in tenge, with two decimals, as text."""
_HIDDEN = "Not shown, for the sake of few persons here or elsewhere"


class MatrixQuery(In):
    """Which themes, as of which day."""

    as_of: Date | None = Field(default=None, description="The day; today if left out", examples=["2026-09-01"])
    since: Date | None = Field(
        default=None,
        description="Only cohorts that ended on this day or later, and certificates issued on it or later",
        examples=["2025-09-01"],
    )
    themes: Themes | None = Field(
        default=None,
        description="The columns, with commas between, in this order; by default every theme a programme has",
        examples=["modern_laboratory,upbringing_ecosystem"],
    )


class MatrixCell(Out):
    """What there was of one theme in one region."""

    venues: Many = Field(
        description="Venues in the region of cohorts that had begun by the day and were not cancelled", examples=[3]
    )
    cohorts: Many = Field(
        description="Such cohorts, each once; one with venues in two regions is in both rows", examples=[2]
    )
    persons: Many | None = Field(
        description="Persons who worked in the region when they got a certificate, each once", examples=[85]
    )
    certificates: Many | None = Field(description="Their certificates that hold on the day", examples=[86])
    suppressed: bool = Field(description=f"Persons and certificates: {_HIDDEN.lower()}", examples=[False])


class MatrixRow(Out):
    """One region."""

    area: str | None = Field(
        description="KATO code of the region; null for what lies in none", max_length=9, examples=["790000000"]
    )
    name: TextOut = Field(description="Its name", examples=[_NAME])
    cells: list[MatrixCell] = Field(description="One cell for each theme, in the order of `themes`", max_length=100)
    without_theme: MatrixCell = Field(description="Programmes of no theme, and outside certificates")
    total: MatrixCell = Field(description="All of it; a person or cohort of two themes once")


class MatrixRead(Out):
    """Regions by themes. No region is left out: one without a course shows zeros."""

    as_of: Date = Field(description="The day", examples=["2026-09-01"])
    themes: list[str] = Field(
        description="The columns", max_length=100, examples=[["modern_laboratory", "upbringing_ecosystem"]]
    )
    rows: list[MatrixRow] = Field(
        description="Every region in the order of codes. Venues and certificates of the rows add up to those of "
        "`total`; a person or cohort that is in two rows is in `total` once",
        max_length=100,
    )
    total: MatrixRow = Field(description="The country")


class FunnelStep(StrEnum):
    """How far an application came."""

    APPLIED = "applied"
    APPROVED = "approved"
    """By school, district and provider, where they are asked."""
    OFFERED = "offered"
    """A seat was given or offered."""
    CONFIRMED = "confirmed"
    ATTENDED = "attended"
    """To the end."""
    PASSED = "passed"
    CERTIFICATED = "certificated"


class FunnelBreakdown(StrEnum):
    """What applications are told apart by."""

    COHORT = "cohort"
    PROGRAMME = "programme"
    AREA = "area"
    """The district of the workplace."""


class FunnelQuery(In):
    """Which applications, as of which day."""

    as_of: Date | None = Field(default=None, description="The day; today if left out", examples=["2026-09-01"])
    since: Date | None = Field(
        default=None, description="Only cohorts that begin on this day or later", examples=["2025-09-01"]
    )
    by: FunnelBreakdown | None = Field(default=None, description="Adds `groups`", examples=["programme"])
    cohort_id: CohortId | None = Field(default=None, description="Only of this cohort", examples=[_COHORT])
    provider_id: ProviderId | None = Field(default=None, description="Only of this provider", examples=[_PROVIDER])
    programme_code: Code | None = Field(default=None, description="Only of this programme", examples=["KELESHEK-LAB"])
    area: Kato | None = Field(
        default=None, description="Only people who work in this area and those within it", examples=["790000000"]
    )


class FunnelStage(Out):
    """One step of the way. `reached` = `went_on` + `ended` + `waiting`."""

    step: FunnelStep = Field(description="The step", examples=["confirmed"])
    reached: Many | None = Field(description="Enrolments that came so far by the day, or farther", examples=[85])
    went_on: Many | None = Field(description="Those of them that came to the next step", examples=[80])
    ended: Many | None = Field(description="Those of them that ended here", examples=[3])
    waiting: Many | None = Field(description="Those of them that are still here", examples=[2])
    conversion: float | None = Field(
        description="100 · went_on / reached; null where nobody came so far, and for the last step", ge=0, le=100
    )
    median_days: float | None = Field(
        description="Median of the days from the step before to this one; null where nobody came so far, and for the "
        "first step",
        ge=0,
        le=1e6,
        examples=[6],
    )


class FunnelEnd(Out):
    """Why enrolments ended on the way."""

    step: FunnelStep = Field(description="The last step they came to", examples=["confirmed"])
    status: str = Field(description="How they ended", max_length=64, examples=["withdrawn"])
    reason_code: str | None = Field(description="The reason by its code, if one was given", max_length=64)
    enrolments: Many = Field(description="How many", examples=[3])


class FunnelGroup(Out):
    """The way of the enrolments that have something in common."""

    key: str | None = Field(
        description="Id of the cohort, code of the programme, or KATO code of the district", max_length=64
    )
    name: str | None = Field(description="Code of the cohort; otherwise null", max_length=64, examples=["C-2026-1"])
    stages: list[FunnelStage] = Field(description="From the first step to the last", max_length=7)
    ends: list[FunnelEnd] | None = Field(
        description="Where and why they ended, the most frequent first; null where there are people outside your reach "
        "among them",
        max_length=2000,
    )
    suppressed: bool = Field(description=_HIDDEN, examples=[False])


class FunnelRead(Out):
    """From the application to the certificate."""

    as_of: Date = Field(description="The day", examples=["2026-09-01"])
    total: FunnelGroup = Field(description="All of them")
    groups: list[FunnelGroup] | None = Field(description="With `by`: the same in groups", max_length=20_000)


class StatementQuery(In):
    """Which contracts, as of which day."""

    as_of: Date | None = Field(default=None, description="The day; today if left out", examples=["2026-09-01"])
    since: Date | None = Field(
        default=None, description="Only contracts that begin on this day or later", examples=["2026-01-01"]
    )
    until: Date | None = Field(
        default=None, description="Only contracts that begin on this day or earlier", examples=["2026-12-31"]
    )
    provider_id: ProviderId | None = Field(default=None, description="Only of this provider", examples=[_PROVIDER])
    programme_code: Code | None = Field(default=None, description="Only of this programme", examples=["KELESHEK-LAB"])


class StatementFigures(Out):
    """What was bought and what came of it."""

    places: Many = Field(description="Places bought", examples=[400])
    used: Many = Field(
        description="Seats held by educators of the contract's area in courses that begin within its days: confirmed, "
        "or kept to the end of the course",
        examples=[391],
    )
    completed: Many = Field(description="Those of them who came to the end with a pass or full attendance")
    certificates: Many = Field(description="Certificates of theirs that hold on the day", examples=[371])
    unused: Many = Field(description="max(0, places − used)", examples=[9])
    beyond: Many = Field(description="max(0, used − places): seats held that were not bought", examples=[0])
    price: MoneySum = Field(description="Sum over contracts of places · price of a place, in tenge")
    price_per_completion: MoneySum | None = Field(
        description="price / completed, rounded half up; null while nobody completed", examples=["76315.79"]
    )


class StatementLine(StatementFigures):
    """One contract."""

    contract_id: ContractId = Field(description="The contract", examples=[_CONTRACT])
    number: str = Field(description="Number of the document", max_length=500, examples=["№ 12-2026"])
    programme_code: str = Field(description="What is taught", max_length=64, examples=["KELESHEK-LAB"])
    area: str = Field(description="For whose educators", max_length=9, examples=["790000000"])
    starts_on: Date = Field(description="First day on which a course under it may begin", examples=["2026-01-01"])
    ends_on: Date = Field(description="Last day on which a course under it may begin", examples=["2026-12-31"])
    price_per_place: Money = Field(description="Price of one place, in tenge", examples=["72500.00"])


class ProviderStatement(Out):
    """What one provider sold and gave."""

    provider_id: ProviderId = Field(description="The provider", examples=[_PROVIDER])
    code: str = Field(description="Its code", max_length=64, examples=["ORLEU"])
    total: StatementFigures = Field(description="All its contracts together; the lines add up to it")
    lines: list[StatementLine] = Field(description="Its contracts", max_length=20_000)
    uncontracted: Many = Field(
        description="Seats held in its courses, of the programmes asked for and in the days of no contract",
        examples=[0],
    )


class StatementsRead(Out):
    """What was bought from providers, what was used, and what came of it."""

    as_of: Date = Field(description="The day", examples=["2026-09-01"])
    providers: list[ProviderStatement] = Field(description="Providers with contracts, by code", max_length=20_000)


class VenueReportQuery(PageQuery):
    """Which venues of cohorts that are open, closed or under way, those of the earliest first."""

    cohort_id: CohortId | None = Field(default=None, description="Only of this cohort", examples=[_COHORT])
    provider_id: ProviderId | None = Field(default=None, description="Only of this provider", examples=[_PROVIDER])
    programme_code: Code | None = Field(default=None, description="Only of this programme", examples=["KELESHEK-LAB"])
    subject: Subject | None = Field(
        default=None, description="Only with a module of this subject", examples=["physics"]
    )
    area: Kato | None = Field(default=None, description="Only in this area and those within it", examples=["790000000"])
    since: Date | None = Field(
        default=None, description="Only of cohorts that end on this day or later", examples=["2026-09-01"]
    )


class VenueReport(Out):
    """Seats at one venue. `seats` = `free` + `offered` + `taken`."""

    venue_id: VenueId = Field(description="The venue", examples=[_VENUE])
    organisation_id: OrganisationId = Field(description="The host, as in the registry", examples=[_ORGANISATION])
    name: TextOut = Field(description="Name of the host", examples=[{"kk": "№46 мектеп", "ru": "Школа № 46"}])
    area: str | None = Field(description="KATO code of its area", max_length=9, examples=["790000000"])
    cohort_id: CohortId = Field(description="The cohort", examples=[_COHORT])
    cohort_code: str = Field(description="Its code", max_length=64, examples=["C-2026-1"])
    cohort_status: str = Field(description="Where the cohort stands", max_length=64, examples=["open"])
    starts_on: Date = Field(description="First day", examples=["2026-10-05"])
    ends_on: Date = Field(description="Last day", examples=["2026-10-08"])
    programme_code: str = Field(description="What is taught", max_length=64, examples=["KELESHEK-LAB"])
    subjects: list[str] = Field(description="Subjects of its modules", max_length=200, examples=[["physics"]])
    seats: Many = Field(description="All seats", examples=[85])
    free: Many = Field(description="Seats nobody holds", examples=[3])
    offered: Many = Field(description="Seats offered to who waited", examples=[2])
    taken: Many = Field(description="Seats confirmed, or kept to the end of the course", examples=[80])
    waiting: Many = Field(description="People who wait for a seat here", examples=[12])
    attendance_gaps: str = Field(
        description="Where it is told who misses hours of the cohort",
        max_length=200,
        examples=[f"/v1/reports/attendance-gaps?cohort_id={_COHORT}"],
    )
