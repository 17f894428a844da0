"""Allocations: what came of a question, for the whole and for each person, and why."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import Field

from shared.schemas.actions import RefusedAction
from shared.schemas.base import Instant, Out, TextOut
from shared.schemas.pages import PageQuery
from shared.schemas.training.allocation_questions import AllocationCreate
from shared.schemas.training.ids import (
    AllocationId,
    CohortId,
    EducatorId,
    EnrolmentId,
    OrganisationId,
    PoolId,
    ProviderId,
    VenueId,
)

_ID = "0198c0de-0000-7000-8000-000000000d01"
_COHORT = "0198c0de-0000-7000-8000-000000000301"
_VENUE = "0198c0de-0000-7000-8000-000000000311"
_EDUCATOR = "0198c0de-0000-7000-8000-000000000401"
_SCHOOL = "0198c0de-0000-7000-8000-000000000001"
_JOB = "01a20034-2d1f-7238-8589-c14d05c24fbf"


class AllocationStatus(StrEnum):
    """Where an allocation stands."""

    QUEUED = "queued"
    SOLVED = "solved"
    FAILED = "failed"
    APPLIED = "applied"


class AllocationAction(StrEnum):
    """What can be done to an allocation."""

    SOLVE = "solve"
    FAIL = "fail"
    APPLY = "apply"


class UnplacedReason(StrEnum):
    """Why a person has no seat."""

    NOT_ELIGIBLE = "not_eligible"
    ALREADY_ENROLLED = "already_enrolled"
    APPROVAL_PENDING = "approval_pending"
    DOUBLE_BOOKED = "double_booked"
    DATA_BLOCKED = "data_blocked"
    LANGUAGE = "language"
    SUBJECT = "subject"
    TOO_FAR = "too_far"
    NOT_WISHED = "not_wished"
    POOL_CLOSED = "pool_closed"
    SCHOOL_LIMIT = "school_limit"
    SEATS_TAKEN = "seats_taken"
    OUTWEIGHED = "outweighed"


class AllocationLevel(Out):
    """One level of the objective."""

    name: str = Field(description="placed, district, setting or worth", max_length=20, examples=["placed"])
    best: float = Field(description="What was reached", examples=[1360])
    bound: float = Field(description="What cannot be exceeded, the levels before being kept", examples=[1360])
    kept: float = Field(description="What later levels keep of it", examples=[1360])
    gap: float = Field(description="(bound − best) / max(1, |best|); 0 is a proof", ge=0, examples=[0.0])


class AllocationProof(Out):
    """Why nothing better is possible, or how much better it might be."""

    is_optimal: bool = Field(description="Whether it is proved that nothing better exists", examples=[True])
    gap: float = Field(description="The largest gap of a level", ge=0, examples=[0.0])
    levels: list[AllocationLevel] = Field(description="Level by level", max_length=4)
    method: str = Field(description="simplex or branch_and_bound", max_length=40, examples=["simplex"])
    solver: str = Field(description="Which solver", max_length=40, examples=["HiGHS 1.15.1"])
    seconds: float = Field(description="How long it took", ge=0, examples=[0.97])
    people: int = Field(description="People in the model", ge=0, le=2**31 - 1, examples=[1700])
    ways: int = Field(description="Pairs of person and venue that are possible", ge=0, le=2**31 - 1, examples=[34000])
    columns: int = Field(description="Columns of the programme", ge=0, le=2**31 - 1, examples=[34034])
    rows: int = Field(description="Its rows", ge=0, le=2**31 - 1, examples=[1774])


class AllocationTerm(Out):
    """One term of the weighted sum."""

    amount: float = Field(description="Sum over those placed", examples=[812.5])
    weight: float = Field(description="Its weight", examples=[3.0])
    contribution: float = Field(description="amount × weight, in persons", examples=[2437.5])


class AllocationMeasures(Out):
    """What an assignment comes to."""

    placed: int = Field(description="People placed", ge=0, le=2**31 - 1, examples=[1360])
    value: float = Field(description="The weighted sum, in persons", examples=[3729.9])
    terms: dict[str, AllocationTerm] = Field(description="Term by term", max_length=10)
    long_without: int = Field(description="People over five years without training", ge=0, le=2**31 - 1, examples=[364])
    long_without_placed: int = Field(description="Those of them placed", ge=0, le=2**31 - 1, examples=[364])
    total_km: float = Field(description="Kilometres of all", ge=0, examples=[110840.0])
    mean_km: float | None = Field(description="Kilometres of a person; null: nobody placed", examples=[81.5])
    p95_km: float | None = Field(description="Nineteen of twenty travel no farther", examples=[187.8])
    first_wishes: int = Field(description="Placed at their first wish", ge=0, le=2**31 - 1, examples=[540])
    wishes: int = Field(description="Placed at one of their wishes", ge=0, le=2**31 - 1, examples=[910])
    worst_district: float | None = Field(description="Smallest share of a district", examples=[0.75])
    best_district: float | None = Field(description="Largest share of a district", examples=[0.92])
    rural_gap: float | None = Field(description="Share of rural schools less that of urban ones", examples=[0.008])
    jain: float | None = Field(description="Jain's index of the shares of districts: 1 is even", examples=[0.9972])
    gini: float | None = Field(description="Gini's coefficient of the shares of districts: 0 is even", examples=[0.03])
    districts: dict[str, float] = Field(description="Share by district", max_length=1000, examples=[{"750000000": 0.8}])
    settings: dict[str, float] = Field(description="Share of rural and urban", max_length=2, examples=[{"rural": 0.8}])


class AllocationVenueRead(Out):
    """A venue after the allocation."""

    venue_id: VenueId = Field(description="The venue", examples=[_VENUE])
    cohort_id: CohortId = Field(description="Its cohort", examples=[_COHORT])
    free: int = Field(description="Free seats before", ge=0, le=2**31 - 1, examples=[68])
    reserved: int = Field(description="Those of them kept in pools", ge=0, le=2**31 - 1, examples=[10])
    placed: int = Field(description="People placed", ge=0, le=2**31 - 1, examples=[68])
    price: float | None = Field(
        description="What one more seat for anybody would bring, in persons (dual of the relaxation)", examples=[1.32]
    )


class AllocationRead(Out):
    """An allocation: the question, and what came of it."""

    id: AllocationId = Field(description="Its identifier", examples=[_ID])
    provider_id: ProviderId = Field(description="The provider of the cohorts")
    status: AllocationStatus = Field(description="Where it stands", examples=["solved"])
    question: AllocationCreate = Field(description="What was asked; people are listed by their own addresses")
    people: int = Field(description="How many apply", ge=0, le=2**31 - 1, examples=[1700])
    placed: int | None = Field(description="How many are placed; null until solved", examples=[1360])
    unplaced: dict[str, int] | None = Field(description="How many are not, by reason", examples=[{"seats_taken": 340}])
    proof: AllocationProof | None = Field(description="Why nothing better is possible")
    allocation: AllocationMeasures | None = Field(description="What the assignment comes to")
    first_come: AllocationMeasures | None = Field(description="The same people, first come, first served")
    venues: list[AllocationVenueRead] = Field(description="The venues, in their order", max_length=1000)
    distance_basis: dict[str, int] | None = Field(
        description="How many pairs of workplace and venue were measured by points, how many taken by areas",
        examples=[{"points": 3400, "areas": 0}],
    )
    job_id: UUID = Field(description="The job that solves it", examples=[_JOB])
    apply_job_id: UUID | None = Field(description="The job that applies it", examples=[_JOB])
    allowed_actions: list[AllocationAction] = Field(
        description="What may be done now", max_length=5, examples=[["apply"]]
    )
    refused_actions: list[RefusedAction] = Field(description="What may not, and why", max_length=5)
    created_at: Instant = Field(description="When it was asked", examples=["2026-01-02T10:00:00+05:00"])
    solved_at: Instant | None = Field(description="When it was solved")
    applied_at: Instant | None = Field(description="When it was applied")
    version: int = Field(description="Counts changes; the ETag is made of it", ge=1, examples=[1])


class AllocationSummary(Out):
    """An allocation in a list."""

    id: AllocationId = Field(description="Its identifier", examples=[_ID])
    provider_id: ProviderId = Field(description="The provider of the cohorts")
    cohort_ids: list[CohortId] = Field(description="The cohorts", max_length=20, examples=[[_COHORT]])
    status: AllocationStatus = Field(description="Where it stands", examples=["solved"])
    people: int = Field(description="How many apply", ge=0, le=2**31 - 1, examples=[1700])
    placed: int | None = Field(description="How many are placed", examples=[1360])
    created_at: Instant = Field(description="When it was asked", examples=["2026-01-02T10:00:00+05:00"])


class AllocationQuery(PageQuery):
    """Which allocations, the newest first."""

    provider_id: ProviderId | None = Field(default=None, description="Only of this provider")
    cohort_id: CohortId | None = Field(default=None, description="Only of this cohort", examples=[_COHORT])
    status: AllocationStatus | None = Field(default=None, description="Only in this state", examples=["solved"])


class PassedOver(Out):
    """A venue that the person wished for more and did not get."""

    venue_id: VenueId = Field(description="The venue", examples=[_VENUE])
    rank: int = Field(description="Place among the wishes", ge=1, le=20, examples=[1])
    code: str = Field(
        description="full: others were worth more there; free: another venue was better on the whole; impossible: a "
        "limit, a rule or another booking forbids it",
        max_length=40,
        examples=["full"],
    )


class PlacementRead(Out):
    """A person placed, and why there."""

    educator_id: EducatorId = Field(description="The person", examples=[_EDUCATOR])
    organisation_id: OrganisationId = Field(description="The workplace", examples=[_SCHOOL])
    cohort_id: CohortId = Field(description="The cohort", examples=[_COHORT])
    venue_id: VenueId = Field(description="The venue", examples=[_VENUE])
    pool_id: PoolId | None = Field(description="The pool of the seat; null: a seat for anybody")
    rank: int | None = Field(description="Place of the venue among the wishes; null: not among them", examples=[1])
    km: float = Field(description="Kilometres from the workplace", ge=0, examples=[41.3])
    years_without: float | None = Field(description="Years without training; null: never trained", examples=[4.2])
    district: str = Field(description="District of the workplace", max_length=20, examples=["790010000"])
    setting: str = Field(description="rural or urban", max_length=10, examples=["rural"])
    worth: float = Field(description="What the seat brings here, in persons", examples=[3.41])
    passed_over: list[PassedOver] = Field(description="Wishes that were dearer", max_length=20)
    first_come_venue_id: VenueId | None = Field(
        description="Where first come, first served would have placed the person"
    )
    enrolment_id: EnrolmentId | None = Field(description="The enrolment, once applied")


class UnplacedVenue(Out):
    """A venue that would have been possible and is full."""

    venue_id: VenueId = Field(description="The venue", examples=[_VENUE])
    price: float | None = Field(description="What a seat there was worth to others, in persons", examples=[1.32])
    least_worth: float | None = Field(description="Smallest worth of who is placed there", examples=[1.4])
    worth: float = Field(description="What a seat there would have been worth with this person", examples=[1.1])


class UnplacedRead(Out):
    """A person not placed, and why not."""

    educator_id: EducatorId = Field(description="The person", examples=[_EDUCATOR])
    organisation_id: OrganisationId = Field(description="The workplace", examples=[_SCHOOL])
    reason: UnplacedReason = Field(description="Why", examples=["seats_taken"])
    message: TextOut = Field(description="Why, in words", examples=[{"en": "The seats that fit went to others"}])
    facts: dict[str, Any] = Field(description="What it rests on", examples=[{"nearest_km": 212.0}])
    full_venues: list[UnplacedVenue] = Field(
        description="Venues that fit and are full, the cheapest first", max_length=5
    )
    short_by: float | None = Field(
        description="By how much the person would at least have to be worth more, in persons (reduced cost)",
        examples=[0.22],
    )
    years_without: float | None = Field(description="Years without training; null: never trained", examples=[1.2])
    district: str | None = Field(description="District of the workplace", max_length=20, examples=["790010000"])
    setting: str | None = Field(description="rural or urban", max_length=10, examples=["urban"])
    first_come_venue_id: VenueId | None = Field(
        description="Where first come, first served would have placed the person"
    )


class PlacementQuery(PageQuery):
    """Which of those placed."""

    venue_id: VenueId | None = Field(default=None, description="Only at this venue", examples=[_VENUE])
    organisation_id: OrganisationId | None = Field(
        default=None, description="Only of this workplace", examples=[_SCHOOL]
    )


class UnplacedQuery(PageQuery):
    """Which of those not placed."""

    reason: UnplacedReason | None = Field(default=None, description="Only for this reason", examples=["seats_taken"])
    organisation_id: OrganisationId | None = Field(
        default=None, description="Only of this workplace", examples=[_SCHOOL]
    )


class AllocationComparison(Out):
    """Two allocations side by side."""

    one: AllocationMeasures = Field(description="The first")
    other: AllocationMeasures = Field(description="The second")
    difference: dict[str, float] = Field(
        description="Second less first, number by number", max_length=30, examples=[{"placed": 0, "mean_km": -12.4}]
    )
    same_people: bool = Field(description="Whether both ask about the same people", examples=[True])
    only_one: int = Field(description="People placed by the first alone", ge=0, le=2**31 - 1, examples=[12])
    only_other: int = Field(description="People placed by the second alone", ge=0, le=2**31 - 1, examples=[12])
    moved: int = Field(description="People placed by both, at different venues", ge=0, le=2**31 - 1, examples=[240])
