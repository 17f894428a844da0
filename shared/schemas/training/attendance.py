"""Attendance: who was at a session, how long, and how that is known."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.schemas.actions import RefusedAction
from shared.schemas.base import Date, In, Instant, Line, Out, Whole
from shared.schemas.pages import PageQuery
from shared.schemas.training.educators import PersonName
from shared.schemas.training.ids import CohortId, EducatorId, EnrolmentId, OrganisationId, SessionId, VenueId
from shared.schemas.training.words import EvidenceItem, ReasonCode

_SESSION = "0198c0de-0000-7000-8000-000000000321"
_COHORT = "0198c0de-0000-7000-8000-000000000301"
_VENUE = "0198c0de-0000-7000-8000-000000000311"
_ENROLMENT = "0198c0de-0000-7000-8000-000000000501"
_EDUCATOR = "0198c0de-0000-7000-8000-000000000401"
_ORGANISATION = "0198c0de-0000-7000-8000-000000000001"
_BEGINS = "2026-01-07T09:00:00+05:00"

LONGEST = 1440
"""No session lasts longer than a day; in minutes."""


class AttendanceStatus(StrEnum):
    """Whether somebody was there."""

    EXPECTED = "expected"
    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    ABSENT = "absent"
    EXCUSED = "excused"


class AttendanceAction(StrEnum):
    """What can be done about the attendance of a person at a session."""

    CHECK_IN = "check_in"
    CHECK_OUT = "check_out"
    MARK = "mark"
    CLOSE = "close"
    CORRECT = "correct"


class KnownBy(StrEnum):
    """How it is known."""

    CODE = "code"
    OFFLINE = "offline"
    HAND = "hand"
    CORRECTION = "correction"
    CLOSING = "closing"


class MarkedStatus(StrEnum):
    """What a trainer may say of a person."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    ABSENT = "absent"
    EXCUSED = "excused"


class AnomalyKind(StrEnum):
    """What looks odd; none of it refuses anything by itself."""

    ONE_DEVICE = "one_device"
    TWO_PLACES = "two_places"
    ALL_BY_HAND = "all_by_hand"
    OVER_LENGTH = "over_length"
    NOT_EXPECTED = "not_expected"
    BURST = "burst"
    MANY_REFUSED = "many_refused"
    CLOCK_DRIFT = "clock_drift"


Minutes = Annotated[Whole, Field(ge=0, le=LONGEST)]
"""Minutes at a session."""


class Mark(In):
    """What a trainer says of one person."""

    enrolment_id: EnrolmentId = Field(description="The enrolment", examples=[_ENROLMENT])
    status: MarkedStatus = Field(description="Whether the person was there", examples=["present"])
    minutes: Minutes | None = Field(
        default=None,
        description="Minutes at the session: needed for `late` and `left_early`, all of it for `present` if left out",
        examples=[400],
    )


class Said(In):
    """Why, upon what, and from which day."""

    reason_code: ReasonCode | None = Field(
        default=None, description="The reason by its code; needed for `excused`", examples=["no_device"]
    )
    comment: Line | None = Field(default=None, description="The reason in words; no personal data", examples=["—"])
    evidence: list[EvidenceItem] = Field(
        default=[], max_length=20, description="What it rests on", examples=[[{"title": "Sheet of signatures"}]]
    )
    effective_on: Date | None = Field(
        default=None, description="The day it is about; the day of the session if left out", examples=["2026-01-07"]
    )


class MarksCreate(Said):
    """What a trainer says of several people, without a code."""

    marks: list[Mark] = Field(
        min_length=1,
        max_length=500,
        description="All of them are taken or none",
        examples=[[{"enrolment_id": _ENROLMENT, "status": "present"}]],
    )


class CorrectCommand(Said):
    """What is true instead of what is written; the last word, which no scan changes."""

    status: MarkedStatus = Field(description="Whether the person was there", examples=["left_early"])
    minutes: Minutes | None = Field(
        default=None,
        description="Minutes at the session: needed for `late` and `left_early`, all of it for `present` if left out",
        examples=[240],
    )
    reason_code: ReasonCode = Field(description="The reason by its code", examples=["mistake"])


class AttendanceRead(Out):
    """One line of the register of a session."""

    session_id: SessionId = Field(description="The session", examples=[_SESSION])
    enrolment_id: EnrolmentId = Field(description="The enrolment", examples=[_ENROLMENT])
    educator_id: EducatorId = Field(description="The person", examples=[_EDUCATOR])
    organisation_id: OrganisationId = Field(description="The workplace at enrolment", examples=[_ORGANISATION])
    venue_id: VenueId = Field(description="The venue of the seat", examples=[_VENUE])
    name: PersonName | None = Field(description="The name, to callers with reach over the workplace")
    status: AttendanceStatus = Field(description="Whether the person was there", examples=["present"])
    minutes: int = Field(description="Minutes at the session; until its end for who has not left", ge=0, le=LONGEST)
    of_minutes: int = Field(description="Minutes of the session", ge=0, le=LONGEST, examples=[420])
    arrived_at: Instant | None = Field(description="When the person came, where a code told", examples=[_BEGINS])
    left_at: Instant | None = Field(description="When the person left, where a code told")
    known_by: KnownBy | None = Field(description="How it is known; null while nothing is", examples=["code"])
    allowed_actions: list[AttendanceAction] = Field(
        description="What may be done now", max_length=10, examples=[["check_in", "check_out", "correct"]]
    )
    refused_actions: list[RefusedAction] = Field(description="What may not be done now, and why", max_length=10)
    version: int = Field(description="Counts changes; 0: nothing is written yet", ge=0, examples=[1])


class RegisterQuery(PageQuery):
    """Which lines of a register."""

    venue_id: VenueId | None = Field(default=None, description="Only with seats at this venue", examples=[_VENUE])
    status: AttendanceStatus | None = Field(default=None, description="Only in this state", examples=["absent"])


class AttendanceList(Out):
    """Lines of a register, as they are after what was done."""

    items: list[AttendanceRead] = Field(description="The lines, in the order they were sent", max_length=500)


class AttendanceStepRead(Out):
    """One step of the attendance of a person at a session."""

    number: int = Field(description="Its place among the steps, from 1", ge=1, le=2**31 - 1, examples=[1])
    action: AttendanceAction = Field(description="What was done", examples=["check_in"])
    from_status: AttendanceStatus = Field(description="State before", examples=["expected"])
    to_status: AttendanceStatus = Field(description="State after", examples=["present"])
    minutes: int = Field(description="Minutes at the session after it", ge=0, le=LONGEST, examples=[420])
    actor: str = Field(description="Who did it", max_length=500, examples=["coordinator-7"])
    reason_code: str | None = Field(description="The reason by its code", max_length=64, examples=["mistake"])
    comment: str | None = Field(description="The reason in words", max_length=500)
    evidence: list[EvidenceItem] | None = Field(description="What it rests on", max_length=20)
    effective_on: Date = Field(description="The day it is about", examples=["2026-01-07"])
    recorded_at: Instant = Field(description="When it was recorded", examples=["2026-01-07T09:01:00+05:00"])


class AttendanceSteps(Out):
    """All steps, from the first."""

    items: list[AttendanceStepRead] = Field(description="The steps", max_length=10_000)


class RegisterClosed(Out):
    """What a register came to when it was closed."""

    session_id: SessionId = Field(description="The session", examples=[_SESSION])
    expected: int = Field(description="How many were expected", ge=0, le=2**31 - 1, examples=[85])
    attended: int = Field(description="How many were there for some time", ge=0, le=2**31 - 1, examples=[81])
    absent: int = Field(description="How many were not", ge=0, le=2**31 - 1, examples=[3])
    excused: int = Field(description="How many were excused", ge=0, le=2**31 - 1, examples=[1])
    closed_now: int = Field(description="How many became absent by this", ge=0, le=2**31 - 1, examples=[3])


class AnomalyQuery(PageQuery):
    """Which oddities; the latest sessions first."""

    since: Date | None = Field(default=None, description="Sessions from this day; 31 days back if left out")
    until: Date | None = Field(default=None, description="Sessions up to this day; today if left out")
    cohort_id: CohortId | None = Field(default=None, description="Only of this cohort", examples=[_COHORT])
    session_id: SessionId | None = Field(default=None, description="Only of this session", examples=[_SESSION])
    kind: AnomalyKind | None = Field(default=None, description="Only of this kind", examples=["one_device"])


class AnomalyRead(Out):
    """Something odd about the attendance of a session. It accuses nobody: somebody should look."""

    kind: AnomalyKind = Field(description="What is odd", examples=["one_device"])
    session_id: SessionId = Field(description="The session", examples=[_SESSION])
    cohort_id: CohortId = Field(description="The cohort", examples=[_COHORT])
    held_on: Date = Field(description="The day of the session", examples=["2026-01-07"])
    subject: str = Field(
        description="What it is about: the digest of a device, an enrolment, or nothing but the session",
        max_length=64,
        examples=["9f2c4a1be07d5e33"],
    )
    how_many: int = Field(
        description="People, scans, minutes or seconds, as the kind says", ge=0, le=2**31 - 1, examples=[7]
    )
    first_at: Instant | None = Field(description="When it began", examples=[_BEGINS])
    last_at: Instant | None = Field(description="When it ended", examples=["2026-01-07T09:02:00+05:00"])
    enrolment_ids: list[EnrolmentId] = Field(
        description="Whose scans they are, at most 50", max_length=50, examples=[[_ENROLMENT]]
    )


class GapQuery(PageQuery):
    """Which gaps; people within the caller's reach."""

    cohort_id: CohortId | None = Field(default=None, description="Only of this cohort", examples=[_COHORT])
    organisation_id: OrganisationId | None = Field(
        default=None, description="Only of this workplace", examples=[_ORGANISATION]
    )
    since: Date | None = Field(default=None, description="Sessions from this day; a year back if left out")
    until: Date | None = Field(default=None, description="Sessions up to this day; today if left out")
    never: bool = Field(default=False, description="Only people who have not been at a single session", examples=[True])


class GapRead(Out):
    """Somebody who missed something."""

    enrolment_id: EnrolmentId = Field(description="The enrolment", examples=[_ENROLMENT])
    educator_id: EducatorId = Field(description="The person", examples=[_EDUCATOR])
    organisation_id: OrganisationId = Field(description="The workplace at enrolment", examples=[_ORGANISATION])
    cohort_id: CohortId = Field(description="The cohort", examples=[_COHORT])
    venue_id: VenueId = Field(description="The venue of the seat", examples=[_VENUE])
    sessions: int = Field(description="Sessions that are over", ge=0, le=2**31 - 1, examples=[4])
    missed: int = Field(description="Sessions without a minute of the person, excused or not", ge=0, le=2**31 - 1)
    excused: int = Field(description="Sessions the person was excused from", ge=0, le=2**31 - 1, examples=[1])
    minutes: int = Field(description="Minutes attended", ge=0, le=2**31 - 1, examples=[0])
    of_minutes: int = Field(description="Minutes of these sessions", ge=0, le=2**31 - 1, examples=[1680])
    never: bool = Field(description="Whether the person has not been at a single one", examples=[True])
