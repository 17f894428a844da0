"""Enrolments: a person, a cohort, a seat or a place in the waiting list, and all that happens until the outcome."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.schemas.actions import RefusedAction
from shared.schemas.base import Date, In, Instant, Line, Out, TextOut, Whole
from shared.schemas.pages import PageQuery
from shared.schemas.training.eligibility import EligibilityOverride
from shared.schemas.training.ids import CohortId, EducatorId, EnrolmentId, OrganisationId, PoolId, VenueId
from shared.schemas.training.words import ApprovalLevel, EvidenceItem, ReasonCode

_ID = "0198c0de-0000-7000-8000-000000000501"
_COHORT = "0198c0de-0000-7000-8000-000000000301"
_VENUE = "0198c0de-0000-7000-8000-000000000311"
_EDUCATOR = "0198c0de-0000-7000-8000-000000000401"
_ORGANISATION = "0198c0de-0000-7000-8000-000000000001"

Priority = Annotated[Whole, Field(ge=0, le=100)]


class ApplicationState(StrEnum):
    """Whether the person may take part: decided level by level, or at once where the programme asks nobody."""

    SUBMITTED = "submitted"
    SCHOOL_APPROVED = "school_approved"
    DISTRICT_APPROVED = "district_approved"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class ParticipationState(StrEnum):
    """The seat, the line, and the course itself; begins when the application is accepted."""

    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    STARTED = "started"
    FINISHED = "finished"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    OFFER_EXPIRED = "offer_expired"
    DEFERRED = "deferred"
    TRANSFERRED = "transferred"
    SUBSTITUTED = "substituted"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


class OutcomeState(StrEnum):
    """What it came to; begins when the participation is finished."""

    PASSED = "passed"
    ATTENDED = "attended"
    FAILED = "failed"
    VOIDED = "voided"


class EnrolmentMachine(StrEnum):
    """Which of the three a step belongs to."""

    APPLICATION = "application"
    PARTICIPATION = "participation"
    OUTCOME = "outcome"


class EnrolmentStatus(StrEnum):
    """Where an enrolment stands, in one word: what the three machines say together."""

    SUBMITTED = "submitted"
    REJECTED = "rejected"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    STARTED = "started"
    COMPLETED_PASSED = "completed_passed"
    COMPLETED_ATTENDED = "completed_attended"
    FAILED = "failed"
    VOIDED = "voided"
    NO_SHOW = "no_show"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    OFFER_EXPIRED = "offer_expired"
    DEFERRED = "deferred"
    TRANSFERRED = "transferred"
    SUBSTITUTED = "substituted"
    CANCELLED = "cancelled"


class EnrolmentAction(StrEnum):
    """What can be done to an enrolment."""

    ENROL = "enrol"
    APPROVE = "approve"
    REJECT = "reject"
    OFFER = "offer"
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    START = "start"
    COMPLETE = "complete"
    WITHDRAW = "withdraw"
    DEFER = "defer"
    RESUME = "resume"
    TRANSFER = "transfer"
    SUBSTITUTE = "substitute"
    RESIT = "resit"
    VOID = "void"
    CANCEL = "cancel"


class EnrolmentCreate(In):
    """A person who wants to learn in a cohort."""

    cohort_id: CohortId = Field(description="The cohort", examples=[_COHORT])
    educator_id: EducatorId = Field(description="The person", examples=[_EDUCATOR])
    venue_id: VenueId | None = Field(
        default=None,
        description="The venue; without it: one with a free seat, in the person's own area if possible",
        examples=[_VENUE],
    )
    override: EligibilityOverride | None = Field(
        default=None,
        description="Sets aside the rules of joining that do not hold, with a reason; for who manages the provider's "
        "courses",
        examples=[{"reason_code": "equivalent_training", "comment": "Order No. 95-p, item 4"}],
    )


class Command(In):
    """Why something is done to an enrolment, and from which day it holds."""

    reason_code: ReasonCode | None = Field(default=None, description="The reason by its code", examples=["illness"])
    comment: Line | None = Field(default=None, description="The reason in words; no personal data", examples=["—"])
    effective_on: Date | None = Field(
        default=None, description="From which day it holds; today if left out", examples=["2026-01-06"]
    )
    evidence: list[EvidenceItem] = Field(
        default=[], max_length=20, description="What it rests on", examples=[[{"title": "Order No. 95-p, item 4"}]]
    )


class ReasonedCommand(Command):
    """A command that cannot go without its reason."""

    reason_code: ReasonCode = Field(description="The reason by its code", examples=["illness"])


class PriorityCommand(In):
    """Where in the waiting list a person stands, where it goes by priority; and why."""

    priority: Priority = Field(description="Who has more stands before those who have less", examples=[10])
    reason_code: ReasonCode = Field(description="The reason by its code", examples=["longest_without_training"])
    comment: Line | None = Field(default=None, description="The reason in words; no personal data", examples=["—"])


class SubstituteCommand(Command):
    """Who comes instead."""

    educator_id: EducatorId = Field(description="A colleague of the same workplace", examples=[_EDUCATOR])


class TransferCommand(Command):
    """To which cohort and venue the person moves."""

    cohort_id: CohortId = Field(description="The new cohort", examples=[_COHORT])
    venue_id: VenueId | None = Field(default=None, description="The new venue", examples=[_VENUE])


class OutcomeRead(Out):
    """What was reached."""

    state: OutcomeState | None = Field(description="What it came to; null for who never came", examples=["passed"])
    attendance: float = Field(description="Share of the hours attended", ge=0, le=1, examples=[0.94])
    tasks_done: bool = Field(description="Whether the tasks were done", examples=[True])
    score: float | None = Field(description="Score of the final assessment", ge=0, le=100, examples=[78])
    completed_on: Date = Field(description="The day it was established", examples=["2026-01-08"])
    unmet: list[str] = Field(
        description="Parts of the completion rule that were not met", max_length=3, examples=[["score"]]
    )


class EnrolmentRead(Out):
    """An enrolment."""

    id: EnrolmentId = Field(description="Its identifier", examples=[_ID])
    cohort_id: CohortId = Field(description="The cohort", examples=[_COHORT])
    venue_id: VenueId = Field(description="The venue of the seat, or of the waiting list", examples=[_VENUE])
    educator_id: EducatorId = Field(description="The person", examples=[_EDUCATOR])
    organisation_id: OrganisationId = Field(description="The workplace at enrolment", examples=[_ORGANISATION])
    application: ApplicationState = Field(description="Whether the person may take part", examples=["accepted"])
    participation: ParticipationState | None = Field(
        description="The seat, the line and the course; null until accepted", examples=["confirmed"]
    )
    status: EnrolmentStatus = Field(description="The three in one word", examples=["confirmed"])
    next_approver: ApprovalLevel | None = Field(
        description="Who decides next upon the application; null when nobody has to", examples=[None]
    )
    waiting_since: Instant | None = Field(
        description="Since when it waits: for its next approver, or in line", examples=[None]
    )
    position: int | None = Field(
        description="Place in the waiting list of the venue, from 1; null when not waiting", ge=1, le=2**31 - 1
    )
    seat: int | None = Field(description="Number of the seat that is held", ge=1, le=5000, examples=[17])
    pool: PoolId | None = Field(description="The reservation pool that the seat was kept in; null: it was for anybody")
    priority: int = Field(
        description="Who has more stands before those who came earlier, where the cohort's line goes by priority",
        ge=0,
        le=100,
        examples=[0],
    )
    offer_expires_at: Instant | None = Field(description="Until when an offered seat is held")
    outcome: OutcomeRead | None = Field(description="What was reached; null until completed")
    transferred_to: EnrolmentId | None = Field(description="The enrolment that took the place of this one")
    substituted_by: EnrolmentId | None = Field(description="The enrolment of the colleague who took the seat")
    allowed_actions: list[EnrolmentAction] = Field(
        description="What may be done to it now", max_length=20, examples=[["withdraw", "defer", "transfer"]]
    )
    refused_actions: list[RefusedAction] = Field(description="What may not, and why", max_length=20)
    created_at: Instant = Field(description="When the person enrolled", examples=["2025-12-20T10:00:00+05:00"])
    version: int = Field(description="Counts changes; the ETag is made of it", ge=1, examples=[1])


class EnrolmentQuery(PageQuery):
    """Which enrolments; always within the caller's reach, the oldest first."""

    cohort_id: CohortId | None = Field(default=None, description="Only of this cohort", examples=[_COHORT])
    venue_id: VenueId | None = Field(default=None, description="Only of this venue", examples=[_VENUE])
    educator_id: EducatorId | None = Field(default=None, description="Only of this person", examples=[_EDUCATOR])
    organisation_id: OrganisationId | None = Field(
        default=None, description="Only of this workplace", examples=[_ORGANISATION]
    )
    status: EnrolmentStatus | None = Field(default=None, description="Only in this state", examples=["confirmed"])
    next_approver: ApprovalLevel | None = Field(
        default=None, description="Only applications that this level has to decide upon", examples=["district"]
    )


class Decision(StrEnum):
    """What is decided upon an application."""

    APPROVE = "approve"
    REJECT = "reject"


class DecisionsCreate(Command):
    """One decision upon many applications, for the level whose turn it is with each."""

    decision: Decision = Field(description="What is decided", examples=["approve"])
    enrolment_ids: list[EnrolmentId] = Field(
        min_length=1, max_length=500, description="The applications, each once", examples=[[_ID]]
    )


class Refused(Out):
    """Why something could not be done for this one."""

    code: str = Field(description="What stands in the way", max_length=64, examples=["double_booking"])
    message: TextOut = Field(description="The same in words", examples=[{"en": "There is no free seat"}])
    pointer: str | None = Field(description="Which field, if one is to blame", max_length=200)
    context: dict[str, str | int | float | bool | None] = Field(
        description="What a program needs to go on", examples=[{"cohort": "KELESHEK-2026-01"}]
    )


class DecisionRead(Out):
    """What became of one application."""

    enrolment_id: EnrolmentId = Field(description="The application", examples=[_ID])
    enrolment: EnrolmentRead | None = Field(description="What it is now; null if it could not be decided")
    problem: Refused | None = Field(description="Why it could not be decided; null if it was")


class DecisionsRead(Out):
    """What became of each, in the order they were named."""

    decided: int = Field(description="How many were decided", ge=0, le=500, examples=[12])
    refused: int = Field(description="How many could not be decided", ge=0, le=500, examples=[1])
    items: list[DecisionRead] = Field(description="Each application", max_length=500)


class WaitingQuery(PageQuery):
    """Which part of a waiting list."""

    venue_id: VenueId | None = Field(default=None, description="Only of this venue", examples=[_VENUE])


class WaitingEntry(Out):
    """One place in a waiting list."""

    enrolment_id: EnrolmentId = Field(description="The enrolment", examples=[_ID])
    venue_id: VenueId = Field(description="The venue", examples=[_VENUE])
    educator_id: EducatorId = Field(description="The person", examples=[_EDUCATOR])
    position: int = Field(description="Place, from 1", ge=1, le=2**31 - 1, examples=[1])
    priority: int = Field(description="Its priority, where the line goes by that", ge=0, le=100, examples=[0])
    since: Instant = Field(description="When the person came into the list", examples=["2025-12-20T10:00:00+05:00"])


class TransitionRead(Out):
    """One step in the life of an enrolment."""

    number: int = Field(description="Its place among the steps, from 1", ge=1, le=2**31 - 1, examples=[1])
    machine: EnrolmentMachine = Field(description="What changed its state", examples=["participation"])
    action: EnrolmentAction = Field(description="What was done", examples=["enrol"])
    from_status: str | None = Field(description="State before; null for the first step", max_length=64)
    to_status: str = Field(description="State after", max_length=64, examples=["confirmed"])
    actor: str = Field(description="Who did it", max_length=500, examples=["coordinator-7"])
    reason_code: str | None = Field(description="The reason by its code", max_length=64, examples=["illness"])
    comment: str | None = Field(description="The reason in words", max_length=500)
    evidence: list[EvidenceItem] | None = Field(description="What it rests on", max_length=20)
    effective_on: Date = Field(description="From which day it holds", examples=["2026-01-06"])
    recorded_at: Instant = Field(description="When it was recorded", examples=["2026-01-06T09:00:00+05:00"])


class TransitionList(Out):
    """All steps of an enrolment, from the first."""

    items: list[TransitionRead] = Field(description="The steps", max_length=10_000)
