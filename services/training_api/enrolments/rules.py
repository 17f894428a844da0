"""What may happen to an enrolment, as a table, and the decisions that take no database to make."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from shared.clock import KAZAKHSTAN
from shared.schemas.training.cohorts import CohortStatus
from shared.schemas.training.enrolments import EnrolmentAction as Action
from shared.schemas.training.enrolments import EnrolmentStatus as Status
from shared.schemas.training.programmes import CompletionRule

OFFER_HELD_FOR = timedelta(hours=48)
"""How long an offered seat waits for an answer."""

HOLDING = frozenset({Status.OFFERED, Status.CONFIRMED, Status.STARTED})
"""A seat is held and may be lost again."""
SAT = frozenset({Status.COMPLETED_PASSED, Status.COMPLETED_ATTENDED, Status.FAILED})
"""The seat was used to the end."""
OCCUPYING = HOLDING | SAT
"""An enrolment has a seat exactly in these states; the database checks it."""
WAITING = frozenset({Status.WAITLISTED})
LIVE = OCCUPYING | WAITING | {Status.DEFERRED}
"""A person has at most one enrolment in these states in a cohort; the database checks it."""
OPEN = HOLDING | WAITING | {Status.DEFERRED}
"""Something may still happen."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of the table: an action leads from each of the states before to one of the states after."""

    action: Action
    before: frozenset[Status]
    after: frozenset[Status]
    is_command: bool = True
    """Whether a caller may ask for it; the others follow from something else."""
    is_for_managers: bool = False
    """Whether the course decides (`training:manage` over the provider) and not the person or the workplace."""


def _line(
    action: Action,
    before: frozenset[Status],
    *after: Status,
    is_command: bool = True,
    is_for_managers: bool = False,
) -> Transition:
    return Transition(action, before, frozenset(after), is_command, is_for_managers)


TABLE: tuple[Transition, ...] = (
    _line(Action.OFFER, WAITING, Status.OFFERED, is_for_managers=True),
    _line(Action.ACCEPT, frozenset({Status.OFFERED}), Status.CONFIRMED),
    _line(Action.DECLINE, frozenset({Status.OFFERED}), Status.DECLINED),
    _line(Action.EXPIRE, frozenset({Status.OFFERED}), Status.OFFER_EXPIRED, is_command=False),
    _line(Action.START, frozenset({Status.CONFIRMED}), Status.STARTED, is_command=False),
    _line(
        Action.COMPLETE,
        frozenset({Status.CONFIRMED, Status.STARTED}),
        Status.COMPLETED_PASSED,
        Status.COMPLETED_ATTENDED,
        Status.FAILED,
        Status.NO_SHOW,
        is_for_managers=True,
    ),
    _line(Action.WITHDRAW, OPEN, Status.WITHDRAWN),
    _line(Action.DEFER, frozenset({Status.WAITLISTED, Status.CONFIRMED, Status.STARTED}), Status.DEFERRED),
    _line(Action.RESUME, frozenset({Status.DEFERRED}), Status.CONFIRMED, Status.WAITLISTED),
    _line(Action.TRANSFER, OPEN, Status.TRANSFERRED),
    _line(Action.CANCEL, OPEN, Status.CANCELLED, is_command=False),
)
BY_ACTION: Mapping[Action, Transition] = {line.action: line for line in TABLE}


def is_allowed(action: Action, status: Status) -> bool:
    """Whether the table has a way from `status` by `action`."""
    return action in BY_ACTION and status in BY_ACTION[action].before


def allowed_actions(status: Status) -> list[Action]:
    """What a caller may ask for in this state."""
    return [line.action for line in TABLE if line.is_command and status in line.before]


def enrolment_is_open(status: CohortStatus, opens_on: date | None, closes_on: date | None, *, today: date) -> bool:
    """Whether a person may enrol today: the cohort is open, and the window, where one is set, as well."""
    if status is not CohortStatus.OPEN:
        return False
    return (opens_on is None or today >= opens_on) and (closes_on is None or today <= closes_on)


def may_offer_by_itself(status: CohortStatus, starts_on: date, *, today: date) -> bool:
    """Whether a seat that comes free goes to the waiting list: not once the course has begun."""
    return status in (CohortStatus.OPEN, CohortStatus.CLOSED) and today < starts_on


def offer_deadline(starts_on: date, *, now: datetime) -> datetime:
    """Until when an offer is held: two days, but not past the first morning of a course that is yet to begin."""
    begins = datetime.combine(starts_on, time(), KAZAKHSTAN)
    return min(now + OFFER_HELD_FOR, begins) if begins > now else now + OFFER_HELD_FOR


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a completed enrolment came to."""

    status: Status
    unmet: tuple[str, ...]


def outcome(rule: CompletionRule, *, attendance: float, tasks_done: bool, score: float | None) -> Outcome:
    """Attendance and tasks and score, all three, are a pass.

    Who never came is a no-show. Who attended enough but did not take the assessment, or did not do the tasks, has
    attended (and may get a reference); who took it and fell short, or missed too many hours, has failed.
    """
    unmet = []
    if attendance < rule.min_attendance:
        unmet.append("attendance")
    if rule.tasks_required and not tasks_done:
        unmet.append("tasks")
    if rule.min_score is not None and (score is None or score < rule.min_score):
        unmet.append("score")
    if attendance == 0:
        return Outcome(Status.NO_SHOW, tuple(unmet))
    if not unmet:
        return Outcome(Status.COMPLETED_PASSED, ())
    fell_short = "score" in unmet and score is not None
    if "attendance" in unmet or fell_short:
        return Outcome(Status.FAILED, tuple(unmet))
    return Outcome(Status.COMPLETED_ATTENDED, tuple(unmet))
