"""Cohorts: one run of a programme, with its venues, seats and sessions."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Protocol

from pydantic import Field, model_validator

from shared.schemas.base import Code, Date, FullText, In, Kato, Line, Out, TextOut, Whole, stays, wrong
from shared.schemas.pages import PageQuery
from shared.schemas.training.ids import CohortId, OrganisationId, ProgrammeId, VenueId
from shared.schemas.training.words import Capacity

_ID = "0198c0de-0000-7000-8000-000000000301"
_PROGRAMME = "0198c0de-0000-7000-8000-000000000201"
_VENUE = "0198c0de-0000-7000-8000-000000000311"
_HOST = "0198c0de-0000-7000-8000-000000000001"
_NAME = {"kk": "Қаңтар курстары 2026", "ru": "Январские курсы 2026"}

_CHANGES = "Last day on which the list changes freely: then nobody comes in, and who leaves says why; null: no such day"
_SUBSTITUTION = "Last day on which a workplace may send somebody else; null: until it begins"
_MINIMUM = "How many must have seats for the course to be worth holding; null: no matter how many"
_DECIDE = "The day on which this is looked at"
Minimum = Annotated[Whole, Field(ge=1, le=100_000)]


class CohortStatus(StrEnum):
    """Where a cohort stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class WaitingPolicy(StrEnum):
    """By what the waiting list is ordered."""

    ARRIVAL = "arrival"
    """Who came first stands first."""
    PRIORITY = "priority"
    """Who was given a higher priority, for a reason, stands first; equals by arrival."""


class Warned(Out):
    """Something that may be intended and is probably not; it forbids nothing."""

    code: str = Field(description="Which warning", max_length=64, examples=["public_holiday"])
    message: TextOut = Field(
        description="What it says", examples=[{"kk": "Православиелік Рождество", "ru": "Православное Рождество"}]
    )


class VenueCreate(In):
    """A place where the cohort is taught."""

    organisation_id: OrganisationId = Field(description="The host organisation, as in the registry", examples=[_HOST])
    room: Line | None = Field(default=None, description="Room or address, if the host's own is not enough")
    capacity: Capacity = Field(description="How many seats", examples=[85])


class VenueUpdate(In):
    """A new number of seats; never below the seats that are taken."""

    capacity: Capacity = Field(description="How many seats", examples=[90])


class VenueRead(Out):
    """A place where the cohort is taught, and how full it is."""

    id: VenueId = Field(description="Its identifier", examples=[_VENUE])
    cohort_id: CohortId = Field(description="The cohort", examples=[_ID])
    organisation_id: OrganisationId = Field(description="The host organisation", examples=[_HOST])
    area: str | None = Field(description="KATO code of the host's area", max_length=9, examples=["750000000"])
    room: str | None = Field(description="Room or address", max_length=500)
    capacity: int = Field(description="How many seats", ge=0, le=5000, examples=[85])
    free: int = Field(description="How many of them are free", ge=0, le=5000, examples=[3])
    version: int = Field(description="Counts changes; the ETag is made of it", ge=1, examples=[1])


class Dated(Protocol):
    """What has the days of a cohort."""

    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date: ...
    @property
    def enrolment_opens_on(self) -> date | None: ...
    @property
    def enrolment_closes_on(self) -> date | None: ...
    @property
    def changes_close_on(self) -> date | None: ...
    @property
    def substitution_closes_on(self) -> date | None: ...
    @property
    def decide_on(self) -> date | None: ...


def dates_out_of_order(cohort: Dated) -> dict[str, str] | None:
    """The sentence that says so, in three languages, if the days of a cohort do not follow one another."""
    last = cohort.ends_on
    opens, closes = cohort.enrolment_opens_on, cohort.enrolment_closes_on
    reversed_window = opens is not None and closes is not None and closes < opens
    before_the_end = (closes, cohort.decide_on, cohort.changes_close_on, cohort.substitution_closes_on)
    if last < cohort.starts_on or reversed_window or any(day is not None and day > last for day in before_the_end):
        return {
            "kk": "Күндердің реті дұрыс емес",
            "ru": "Даты идут не по порядку",
            "en": "The dates are not in order",
        }
    return None


class CohortCreate(In):
    """One run of a programme; it begins as a draft."""

    programme_id: ProgrammeId = Field(description="The version of the programme that is taught", examples=[_PROGRAMME])
    code: Code = Field(description="Code, unique", examples=["KELESHEK-2026-01"])
    name: FullText = Field(description="Its name", examples=[_NAME])
    starts_on: Date = Field(description="First day", examples=["2026-01-05"])
    ends_on: Date = Field(description="Last day", examples=["2026-01-08"])
    enrolment_opens_on: Date | None = Field(default=None, description="First day of enrolment; null: when it is opened")
    enrolment_closes_on: Date | None = Field(
        default=None, description="Last day of enrolment; null: the first day of the cohort"
    )
    changes_close_on: Date | None = Field(default=None, description=_CHANGES, examples=["2025-12-28"])
    substitution_closes_on: Date | None = Field(default=None, description=_SUBSTITUTION, examples=["2026-01-04"])
    minimum_seats_taken: Minimum | None = Field(default=None, description=_MINIMUM, examples=[15])
    decide_on: Date | None = Field(default=None, description=_DECIDE, examples=["2025-12-25"])
    waiting_policy: WaitingPolicy = Field(
        default=WaitingPolicy.ARRIVAL, description="By what the waiting list is ordered", examples=["arrival"]
    )
    venues: list[VenueCreate] = Field(
        default=[],
        max_length=200,
        description="Where it is taught",
        examples=[[{"organisation_id": _HOST, "capacity": 85}]],
    )

    @model_validator(mode="after")
    def _in_order(self) -> "CohortCreate":
        if fault := dates_out_of_order(self):
            raise wrong("period_reversed", **fault)
        return self


class CohortUpdate(In):
    """What changes of a cohort that has not begun; what is left out stays."""

    name: FullText | None = Field(default=None, description="Its name", examples=[_NAME], json_schema_extra=stays)
    starts_on: Date | None = Field(
        default=None, description="First day", examples=["2026-01-05"], json_schema_extra=stays
    )
    ends_on: Date | None = Field(default=None, description="Last day", examples=["2026-01-08"], json_schema_extra=stays)
    enrolment_opens_on: Date | None = Field(default=None, description="First day of enrolment; null: when it is opened")
    enrolment_closes_on: Date | None = Field(default=None, description="Last day of enrolment; null: the first day")
    changes_close_on: Date | None = Field(default=None, description=_CHANGES)
    substitution_closes_on: Date | None = Field(default=None, description=_SUBSTITUTION)
    minimum_seats_taken: Minimum | None = Field(default=None, description=_MINIMUM, examples=[15])
    decide_on: Date | None = Field(default=None, description=_DECIDE, examples=["2025-12-25"])
    waiting_policy: WaitingPolicy | None = Field(
        default=None,
        description="By what the waiting list is ordered; while the cohort is a draft",
        examples=["arrival"],
        json_schema_extra=stays,
    )


class Viability(Out):
    """Whether enough people come for the course to be worth holding; cancelling it stays a decision of people."""

    minimum: int = Field(description="How many must have seats", ge=1, le=100_000, examples=[15])
    taken: int = Field(description="How many have one", ge=0, le=5_000_000, examples=[11])
    reached: bool = Field(description="Whether that is enough", examples=[False])
    decide_on: Date | None = Field(description=_DECIDE, examples=["2025-12-25"])


class CohortRead(Out):
    """One run of a programme."""

    id: CohortId = Field(description="Its identifier", examples=[_ID])
    programme_id: ProgrammeId = Field(description="The version of the programme", examples=[_PROGRAMME])
    code: str = Field(description="Code, unique", max_length=64, examples=["KELESHEK-2026-01"])
    name: TextOut = Field(description="Its name", examples=[_NAME])
    starts_on: Date = Field(description="First day", examples=["2026-01-05"])
    ends_on: Date = Field(description="Last day", examples=["2026-01-08"])
    enrolment_opens_on: Date | None = Field(description="First day of enrolment; null: when it is opened")
    enrolment_closes_on: Date | None = Field(description="Last day of enrolment; null: the first day of the cohort")
    changes_close_on: Date | None = Field(description=_CHANGES, examples=["2025-12-28"])
    substitution_closes_on: Date | None = Field(description=_SUBSTITUTION, examples=["2026-01-04"])
    minimum_seats_taken: int | None = Field(description=_MINIMUM, ge=1, le=100_000, examples=[15])
    decide_on: Date | None = Field(description=_DECIDE, examples=["2025-12-25"])
    waiting_policy: WaitingPolicy = Field(description="By what the waiting list is ordered", examples=["arrival"])
    has_pools: bool = Field(description="Whether some of its seats are or were kept for some", examples=[False])
    viability: Viability | None = Field(description="Whether enough people come; null where no minimum is set")
    warnings: list[Warned] = Field(
        description="What to look at again; forbids nothing. `below_minimum`: on the day of decision too few came",
        max_length=20,
        examples=[[]],
    )
    status: CohortStatus = Field(description="Where it stands", examples=["open"])
    allowed_actions: list[str] = Field(
        description="What may be done to it now", max_length=10, examples=[["close", "start", "cancel"]]
    )
    version: int = Field(description="Counts changes; the ETag is made of it", ge=1, examples=[1])


class CohortQuery(PageQuery):
    """Which cohorts; the latest first."""

    programme_id: ProgrammeId | None = Field(default=None, description="Only of this programme", examples=[_PROGRAMME])
    status: CohortStatus | None = Field(default=None, description="Only in this state", examples=["open"])


class VenueQuery(PageQuery):
    """Which venues; the latest cohorts first."""

    cohort_id: CohortId | None = Field(default=None, description="Only of this cohort", examples=[_ID])
    programme_id: ProgrammeId | None = Field(default=None, description="Only of this programme", examples=[_PROGRAMME])
    organisation_id: OrganisationId | None = Field(default=None, description="Only with this host", examples=[_HOST])
    area: Kato | None = Field(default=None, description="Only in this area and below it", examples=["750000000"])


class VenueList(Out):
    """All venues of a cohort."""

    items: list[VenueRead] = Field(description="The venues, in the order they were added", max_length=1000)


class SeatCount(Out):
    """The seats of one venue."""

    venue_id: VenueId = Field(description="The venue", examples=[_VENUE])
    capacity: int = Field(description="How many seats", ge=0, le=5000, examples=[85])
    taken: int = Field(description="How many are held", ge=0, le=5000, examples=[82])
    free: int = Field(description="How many are free", ge=0, le=5000, examples=[3])
    waiting: int = Field(description="How many people wait for one", ge=0, le=2**31 - 1, examples=[0])


class SeatCounts(Out):
    """The seats of a cohort, venue by venue."""

    items: list[SeatCount] = Field(description="The venues, in the order they were added", max_length=1000)
    capacity: int = Field(description="Seats in all", ge=0, le=5_000_000, examples=[1700])
    taken: int = Field(description="Seats held", ge=0, le=5_000_000, examples=[1690])
    free: int = Field(description="Seats free", ge=0, le=5_000_000, examples=[10])
    waiting: int = Field(description="People waiting", ge=0, le=2**31 - 1, examples=[0])
