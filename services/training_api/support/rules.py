"""What may happen to a support plan, and what it takes to be completed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.training_api.support import errors
from shared.errors import FieldError, Text
from shared.machines import Machine, Move, Refusal
from shared.schemas.training.enrolments import EnrolmentStatus
from shared.schemas.training.support import RubricCriterion, SupportAction, SupportStatus

OWED = (EnrolmentStatus.COMPLETED_PASSED, EnrolmentStatus.COMPLETED_ATTENDED)
"""Who is owed support: the duty follows the course, not the mark."""
OPEN = (SupportStatus.DRAFT, SupportStatus.AGREED, SupportStatus.RUNNING)
LIVE = (*OPEN, SupportStatus.COMPLETED)
"""An enrolment has at most one plan in these states; the database checks it."""
VISITED = (SupportStatus.AGREED, SupportStatus.RUNNING)
"""Visits are expected."""

MACHINE: Machine[SupportStatus, SupportAction] = Machine(
    "support",
    (
        Move(SupportAction.DRAFT, frozenset({None}), frozenset({SupportStatus.DRAFT}), is_command=False),
        Move(SupportAction.AGREE, frozenset({SupportStatus.DRAFT}), frozenset({SupportStatus.AGREED})),
        Move(SupportAction.START, frozenset({SupportStatus.AGREED}), frozenset({SupportStatus.RUNNING})),
        Move(SupportAction.COMPLETE, frozenset({SupportStatus.RUNNING}), frozenset({SupportStatus.COMPLETED})),
        Move(SupportAction.CANCEL, frozenset(OPEN), frozenset({SupportStatus.CANCELLED}), needs_reason=True),
    ),
)

_VISITS_MISSING = Text(
    kk="Өткізілмеген сапарлар: {count}", ru="Не проведено визитов: {count}", en="Visits not held yet: {count}"
)
_EVIDENCE_MISSING = Text(
    kk="Қабылданған дәлел жоқ", ru="Нет принятого подтверждения", en="No evidence was accepted yet"
)
_EVIDENCE_WAITING = Text(
    kk="Қаралмаған дәлелдер: {count}", ru="Не рассмотрено подтверждений: {count}", en="Evidence to review: {count}"
)


@dataclass(frozen=True, slots=True)
class Done:
    """How far a plan has come."""

    visits_planned: int
    visits_held: int
    next_visit_on: date | None
    evidence_accepted: int
    evidence_waiting: int


def missing(done: Done) -> list[tuple[str, Text]]:
    """What stands between a running plan and its end: code and sentence of each thing."""
    found = []
    if done.visits_held < done.visits_planned:
        count = done.visits_planned - done.visits_held
        found.append(("visits_missing", _VISITS_MISSING.filled({"count": count})))
    if done.evidence_waiting:
        found.append(("evidence_waiting", _EVIDENCE_WAITING.filled({"count": done.evidence_waiting})))
    if not done.evidence_accepted:
        found.append(("evidence_missing", _EVIDENCE_MISSING))
    return found


def allowed(status: SupportStatus, done: Done) -> list[SupportAction]:
    """What a caller may ask for now."""
    lacking = missing(done)
    return [one for one in MACHINE.commands(status) if not (one is SupportAction.COMPLETE and lacking)]


def refused(status: SupportStatus, done: Done) -> list[Refusal[SupportAction]]:
    """What a caller may not ask for now, and why: the state, or each thing that is missing."""
    found = MACHINE.refusals(status)
    if MACHINE.allows(SupportAction.COMPLETE, status):
        found += [Refusal(SupportAction.COMPLETE, code, message) for code, message in missing(done)]
    return found


def faults(criteria: Sequence[RubricCriterion], scores: Mapping[str, int]) -> list[FieldError]:
    """Where scores do not fit the rubric: every criterion has one of its own levels, and there is none besides."""
    levels = {one.code: {level.level for level in one.levels} for one in criteria}
    found = [
        FieldError(f"/scores/{code}", "criterion_missing", errors.CRITERION_MISSING)
        for code in levels
        if code not in scores
    ]
    for code, level in scores.items():
        if code not in levels:
            found.append(FieldError(f"/scores/{code}", "criterion_unknown", errors.CRITERION_UNKNOWN))
        elif level not in levels[code]:
            found.append(FieldError(f"/scores/{code}", "level_unknown", errors.LEVEL_UNKNOWN))
    return found


@dataclass(frozen=True, slots=True)
class Step:
    """One criterion at the first visit and at the last."""

    code: str
    first: int
    last: int

    @property
    def change(self) -> int:
        return self.last - self.first


def progress(order: Sequence[str], first: Mapping[str, int], last: Mapping[str, int]) -> list[Step]:
    """By criterion, in the order of the rubric."""
    return [Step(code, first[code], last[code]) for code in order if code in first and code in last]
