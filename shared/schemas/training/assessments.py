"""Assessments: tasks and the final assessment of an enrolment, re-sits, and the outcome with every part of it."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from shared.schemas.base import Code, Date, FilledLine, Finite, Flag, In, Instant, Out, Share, TextOut
from shared.schemas.pages import PageQuery
from shared.schemas.training.enrolments import Command
from shared.schemas.training.ids import (
    AssessmentId,
    CohortId,
    EducatorId,
    EnrolmentId,
    OrganisationId,
    TrainerId,
    VenueId,
)
from shared.schemas.training.words import EvidenceItem, Score

_ID = "0198c0de-0000-7000-8000-000000000b01"
_ENROLMENT = "0198c0de-0000-7000-8000-000000000501"
_EDUCATOR = "0198c0de-0000-7000-8000-000000000401"
_ORGANISATION = "0198c0de-0000-7000-8000-000000000001"
_COHORT = "0198c0de-0000-7000-8000-000000000301"
_VENUE = "0198c0de-0000-7000-8000-000000000311"
_TRAINER = "0198c0de-0000-7000-8000-000000000701"
_RUBRIC = [{"criterion": "Safety at the bench", "points": 8, "of": 10}]
_EVIDENCE = [{"title": "Lesson plan", "url": "https://example.invalid/plan-17"}]
_PARTS = [
    {"part": "attendance", "required": 0.8, "reached": 0.94, "met": True},
    {"part": "tasks", "required": 1, "reached": 1, "met": True},
    {"part": "score", "required": 60, "reached": 54, "met": False},
]


class AssessmentKind(StrEnum):
    """What was assessed."""

    TASK = "task"
    FINAL = "final"


class OutcomeResult(StrEnum):
    """What a course came to for a person."""

    PASSED = "passed"
    ATTENDED = "attended"
    FAILED = "failed"
    NO_SHOW = "no_show"


Points = Annotated[Finite, Field(ge=0, le=1000)]
"""Points of a rubric."""


class RubricLine(In):
    """One criterion and what was reached in it."""

    criterion: FilledLine = Field(description="What was looked at", examples=["Safety at the bench"])
    points: Points = Field(description="Points reached", examples=[8])
    of: Annotated[Points, Field(gt=0)] = Field(description="Points that can be reached", examples=[10])


class AssessmentCreate(In):
    """A task that was looked at, or the final assessment."""

    enrolment_id: EnrolmentId = Field(description="Whose it is", examples=[_ENROLMENT])
    kind: AssessmentKind = Field(description="What was assessed", examples=["task"])
    code: Code | None = Field(default=None, description="Which task; a final assessment has none", examples=["TASK-2"])
    score: Score | None = Field(
        default=None, description="0–100; if left out and there is a rubric, its share of the points", examples=[78]
    )
    done: Flag | None = Field(default=None, description="Whether a task is done", examples=[True])
    rubric: list[RubricLine] = Field(
        default=[], max_length=50, description="Criterion by criterion", examples=[_RUBRIC]
    )
    evaluator_id: TrainerId | None = Field(
        default=None,
        description="Who assessed. A final assessment needs one where the programme keeps trainers from evaluating",
        examples=[_TRAINER],
    )
    evidence: list[EvidenceItem] = Field(
        default=[], max_length=20, description="What it rests on", examples=[_EVIDENCE]
    )
    assessed_on: Date | None = Field(default=None, description="The day; today if left out", examples=["2026-01-08"])


class AssessmentRead(Out):
    """A task that was looked at, or the final assessment; it is never changed, only voided."""

    id: AssessmentId = Field(description="Its identifier", examples=[_ID])
    enrolment_id: EnrolmentId = Field(description="Whose it is", examples=[_ENROLMENT])
    kind: AssessmentKind = Field(description="What was assessed", examples=["task"])
    code: str | None = Field(description="Which task", max_length=64, examples=["TASK-2"])
    attempt: int = Field(description="Which attempt at it, from 1", ge=1, le=1000, examples=[1])
    score: float | None = Field(description="0–100", ge=0, le=100, examples=[78])
    done: bool | None = Field(description="Whether a task is done", examples=[True])
    rubric: list[RubricLine] = Field(description="Criterion by criterion", max_length=50, examples=[_RUBRIC])
    evaluator_id: TrainerId | None = Field(description="Who assessed", examples=[_TRAINER])
    evidence: list[EvidenceItem] = Field(description="What it rests on", max_length=20, examples=[_EVIDENCE])
    assessed_on: Date = Field(description="The day", examples=["2026-01-08"])
    recorded_by: str = Field(description="Who wrote it down", max_length=500, examples=["coordinator-7"])
    recorded_at: Instant = Field(description="When it was written down", examples=["2026-01-08T16:00:00+05:00"])
    voided_at: Instant | None = Field(description="When it was voided; null while it stands")
    voided_by: str | None = Field(description="Who voided it", max_length=500)
    void_reason: str | None = Field(description="Why, by the reason's code", max_length=64, examples=["mistake"])
    void_comment: str | None = Field(description="Why, in words", max_length=500)


class AssessmentQuery(PageQuery):
    """Which assessments; always within the caller's reach, the oldest first."""

    enrolment_id: EnrolmentId | None = Field(default=None, description="Only of this enrolment", examples=[_ENROLMENT])
    cohort_id: CohortId | None = Field(default=None, description="Only of this cohort", examples=[_COHORT])
    kind: AssessmentKind | None = Field(default=None, description="Only of this kind", examples=["final"])
    standing: bool | None = Field(default=None, description="Only those that stand, or only voided ones")


class CompleteCommand(Command):
    """What was reached; whether it is a pass is decided by the rule of the programme.

    What is left out is taken from the records: the attendance from the sessions, tasks and score from assessments. A
    score of null says that the final assessment was not taken.
    """

    attendance: Share | None = Field(
        default=None, description="Share of the hours attended; null: as the sessions say", examples=[0.94]
    )
    tasks_done: Flag | None = Field(
        default=None, description="Whether the tasks were done; null: as the assessments say", examples=[True]
    )
    score: Score | None = Field(
        default=None, description="Score of the final assessment, 0–100; null: it was not taken", examples=[78]
    )


class ResitCommand(Command):
    """The final assessment, taken again."""

    score: Score | None = Field(
        default=None, description="0–100; if left out, the share of the rubric's points", examples=[78]
    )
    rubric: list[RubricLine] = Field(
        default=[], max_length=50, description="Criterion by criterion", examples=[_RUBRIC]
    )
    evaluator_id: TrainerId | None = Field(default=None, description="Who assessed", examples=[_TRAINER])
    evidence: list[EvidenceItem] = Field(
        default=[], max_length=20, description="What it rests on", examples=[_EVIDENCE]
    )


class OutcomePart(Out):
    """One part of the completion rule."""

    part: Literal["attendance", "tasks", "score"] = Field(description="Which part", examples=["score"])
    required: float | None = Field(
        description="What is asked: a share of the hours, a number of tasks, a score; null: nothing", examples=[60]
    )
    reached: float | None = Field(description="What was reached; null: nothing is recorded", examples=[54])
    met: bool = Field(description="Whether it is enough", examples=[False])


class ResitRead(Out):
    """Whether the final assessment may be taken again."""

    allowed: bool = Field(description="Whether it may be taken today", examples=[True])
    code: str | None = Field(description="Why not, by its code", max_length=64, examples=["resit_too_early"])
    message: TextOut | None = Field(description="Why not, in words", examples=[{"en": "Not before 2026-01-15"}])
    made: int = Field(description="How many times it was taken again", ge=0, le=1000, examples=[0])
    at_most: int = Field(description="How many times it may be", ge=0, le=1000, examples=[2])
    not_before: Date | None = Field(description="The first day of the next attempt", examples=["2026-01-15"])
    until: Date | None = Field(description="The last day; null: no limit", examples=["2026-03-09"])


class OutcomeExplained(Out):
    """What a person's course came to, or would come to by what is recorded so far, part by part."""

    enrolment_id: EnrolmentId = Field(description="The enrolment", examples=[_ENROLMENT])
    established: bool = Field(description="Whether it has been established; else it is what would be", examples=[True])
    result: OutcomeResult | None = Field(
        description="What it comes to; null if nothing can be said yet, or if it was voided", examples=["failed"]
    )
    completed_on: Date | None = Field(description="The day it was established", examples=["2026-01-08"])
    parts: list[OutcomePart] = Field(description="Part by part", max_length=3, examples=[_PARTS])
    resit: ResitRead = Field(description="Whether the final assessment may be taken again")


class CohortComplete(In):
    """Completes everybody who takes part in a cohort, by the records."""

    dry_run: Flag = Field(default=False, description="Only tell what would come of it", examples=[True])
    venue_id: VenueId | None = Field(default=None, description="Only at this venue", examples=[_VENUE])
    completed_on: Date | None = Field(
        default=None, description="The day the outcomes are established; today if left out", examples=["2026-01-08"]
    )


class CompletionLine(Out):
    """What came, or would come, of one person's course."""

    enrolment_id: EnrolmentId = Field(description="The enrolment", examples=[_ENROLMENT])
    educator_id: EducatorId = Field(description="The person", examples=[_EDUCATOR])
    organisation_id: OrganisationId = Field(description="The workplace", examples=[_ORGANISATION])
    result: OutcomeResult | None = Field(description="What it comes to; null: it cannot be told", examples=["passed"])
    unmet: list[str] = Field(description="Parts that are not met", max_length=3, examples=[["score"]])
    parts: list[OutcomePart] = Field(description="Part by part", max_length=3, examples=[_PARTS])
    problem: str | None = Field(
        description="Why it cannot be told, by its code", max_length=64, examples=["attendance_missing"]
    )


class CohortCompletion(Out):
    """What came of completing a cohort."""

    dry_run: bool = Field(description="Whether nothing was written", examples=[False])
    counts: dict[str, int] = Field(description="How many came to what", examples=[{"passed": 81, "failed": 4}])
    left: int = Field(
        description="How many are still to be completed: those that cannot be told, and those beyond the first 500; "
        "repeat the command for these",
        ge=0,
        le=2**31 - 1,
        examples=[0],
    )
    items: list[CompletionLine] = Field(description="Person by person", max_length=500)
