"""What may happen to an enrolment, as a table, and the decisions that take no database to make."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, Protocol

from services.training_api.cohorts.rules import OVER
from services.training_api.enrolments import errors
from shared.clock import KAZAKHSTAN, day_in_kazakhstan
from shared.errors import Problem
from shared.machines import Machine, Move, Refusal
from shared.schemas.training.cohorts import CohortStatus
from shared.schemas.training.enrolments import ApplicationState as Application
from shared.schemas.training.enrolments import EnrolmentAction as Action
from shared.schemas.training.enrolments import EnrolmentStatus as Status
from shared.schemas.training.enrolments import OutcomeState as Outcome
from shared.schemas.training.enrolments import ParticipationState as Participation

OFFER_HELD_FOR = timedelta(hours=48)
"""How long an offered seat waits for an answer."""

HOLDING = frozenset({Status.OFFERED, Status.CONFIRMED, Status.STARTED})
"""A seat is held and may be lost again."""
SAT = frozenset({Status.COMPLETED_PASSED, Status.COMPLETED_ATTENDED, Status.FAILED, Status.VOIDED})
"""The seat was used to the end."""
OCCUPYING = HOLDING | SAT
"""An enrolment has a seat exactly in these states; the database checks it."""
WAITING = frozenset({Status.WAITLISTED})
LIVE = OCCUPYING | WAITING | {Status.SUBMITTED, Status.DEFERRED}
"""A person has at most one enrolment in these states in a cohort; the database checks it."""

PENDING: frozenset[Application | None] = frozenset(
    {Application.SUBMITTED, Application.SCHOOL_APPROVED, Application.DISTRICT_APPROVED}
)
"""Somebody has yet to decide."""
OPEN: frozenset[Participation | None] = frozenset(
    {
        Participation.WAITLISTED,
        Participation.OFFERED,
        Participation.CONFIRMED,
        Participation.STARTED,
        Participation.DEFERRED,
    }
)
"""Something may still happen."""

_A, _P, _O = Application, Participation, Outcome

APPLICATION = Machine(
    "application",
    (
        Move(Action.ENROL, frozenset({None}), frozenset({_A.SUBMITTED, _A.ACCEPTED}), is_command=False),
        Move(
            Action.APPROVE,
            frozenset({_A.SUBMITTED}),
            frozenset({_A.SCHOOL_APPROVED, _A.DISTRICT_APPROVED, _A.ACCEPTED}),
        ),
        Move(Action.APPROVE, frozenset({_A.SCHOOL_APPROVED}), frozenset({_A.DISTRICT_APPROVED, _A.ACCEPTED})),
        Move(Action.APPROVE, frozenset({_A.DISTRICT_APPROVED}), frozenset({_A.ACCEPTED})),
        Move(Action.REJECT, PENDING, frozenset({_A.REJECTED}), needs_reason=True),
        Move(Action.CANCEL, PENDING, frozenset({_A.CANCELLED})),
    ),
)
"""School, district and provider approve in this order, as many of them as the programme names."""

PARTICIPATION = Machine(
    "participation",
    (
        Move(Action.ENROL, frozenset({None}), frozenset({_P.CONFIRMED, _P.WAITLISTED}), is_command=False),
        Move(Action.APPROVE, frozenset({None}), frozenset({_P.CONFIRMED, _P.WAITLISTED}), is_command=False),
        Move(Action.OFFER, frozenset({_P.WAITLISTED}), frozenset({_P.OFFERED}), is_for_managers=True),
        Move(Action.ACCEPT, frozenset({_P.OFFERED}), frozenset({_P.CONFIRMED})),
        Move(Action.DECLINE, frozenset({_P.OFFERED}), frozenset({_P.DECLINED})),
        Move(Action.EXPIRE, frozenset({_P.OFFERED}), frozenset({_P.OFFER_EXPIRED}), is_command=False),
        Move(Action.START, frozenset({_P.CONFIRMED}), frozenset({_P.STARTED}), is_command=False),
        Move(
            Action.COMPLETE,
            frozenset({_P.CONFIRMED, _P.STARTED}),
            frozenset({_P.FINISHED, _P.NO_SHOW}),
            is_for_managers=True,
        ),
        Move(Action.WITHDRAW, OPEN, frozenset({_P.WITHDRAWN}), needs_reason=True),
        Move(
            Action.DEFER,
            frozenset({_P.WAITLISTED, _P.CONFIRMED, _P.STARTED}),
            frozenset({_P.DEFERRED}),
            needs_reason=True,
        ),
        Move(Action.RESUME, frozenset({_P.DEFERRED}), frozenset({_P.CONFIRMED, _P.WAITLISTED})),
        Move(Action.TRANSFER, OPEN, frozenset({_P.TRANSFERRED})),
        Move(Action.SUBSTITUTE, frozenset({_P.CONFIRMED}), frozenset({_P.SUBSTITUTED})),
        Move(Action.CANCEL, OPEN, frozenset({_P.CANCELLED}), is_command=False),
    ),
)
"""From the seat or the line to the end of the course."""

OUTCOME = Machine(
    "outcome",
    (
        Move(Action.COMPLETE, frozenset({None}), frozenset({_O.PASSED, _O.ATTENDED, _O.FAILED}), is_command=False),
        Move(
            Action.RESIT,
            frozenset({_O.ATTENDED, _O.FAILED}),
            frozenset({_O.PASSED, _O.ATTENDED, _O.FAILED}),
            is_for_managers=True,
        ),
        Move(
            Action.VOID,
            frozenset({_O.PASSED, _O.ATTENDED, _O.FAILED}),
            frozenset({_O.VOIDED}),
            is_for_managers=True,
            needs_reason=True,
        ),
    ),
)
"""What was reached, and what may become of it later."""

State = Application | Participation | Outcome
MACHINES: tuple[Machine[Any, Action], ...] = (APPLICATION, PARTICIPATION, OUTCOME)


def machine_of(state: State) -> Machine[Any, Action]:
    """The machine that has this state."""
    if isinstance(state, Application):
        return APPLICATION
    return PARTICIPATION if isinstance(state, Participation) else OUTCOME


_BY_OUTCOME: Mapping[Outcome, Status] = {
    Outcome.PASSED: Status.COMPLETED_PASSED,
    Outcome.ATTENDED: Status.COMPLETED_ATTENDED,
    Outcome.FAILED: Status.FAILED,
    Outcome.VOIDED: Status.VOIDED,
}
_BY_APPLICATION: Mapping[Application, Status] = {
    **{state: Status.SUBMITTED for state in PENDING if state is not None},
    Application.REJECTED: Status.REJECTED,
    Application.CANCELLED: Status.CANCELLED,
}


def status_of(application: Application, participation: Participation | None, outcome: Outcome | None) -> Status:
    """The three machines in one word; the database checks that it is kept so."""
    if outcome is not None:
        return _BY_OUTCOME[outcome]
    if participation is not None:
        return Status(participation.value)
    return _BY_APPLICATION[application]


def status_sql() -> str:
    """The same for the database."""
    by_outcome = " ".join(f"WHEN outcome = '{state}' THEN '{word}'" for state, word in _BY_OUTCOME.items())
    by_application = " ".join(
        f"WHEN application = '{state}' THEN '{word}'" for state, word in sorted(_BY_APPLICATION.items())
    )
    return f"CASE {by_outcome} WHEN participation IS NOT NULL THEN participation {by_application} END"


@dataclass(frozen=True, slots=True)
class Standing:
    """In which state of each machine an enrolment is."""

    application: Application
    participation: Participation | None
    outcome: Outcome | None

    def of(self, machine: Machine[Any, Action]) -> State | None:
        """Its state in one of the machines."""
        if machine is APPLICATION:
            return self.application
        return self.participation if machine is PARTICIPATION else self.outcome

    def machine(self, action: Action) -> Machine[Any, Action] | None:
        """The machine that has a way from here by the command; none if it is not allowed."""
        return next((machine for machine in MACHINES if action in machine.commands(self.of(machine))), None)


@cache
def commands(standing: Standing) -> tuple[Action, ...]:
    """What a caller may ask for, as far as the tables go."""
    return tuple(action for machine in MACHINES for action in machine.commands(standing.of(machine)))


@cache
def refusals(standing: Standing) -> tuple[Refusal[Action], ...]:
    """What a caller may not ask for, as far as the tables go."""
    return tuple(refusal for machine in MACHINES for refusal in machine.refusals(standing.of(machine)))


def is_for_managers(action: Action) -> bool:
    """Whether the course decides, and not the person or the workplace."""
    return any(move.action is action and move.is_for_managers for machine in MACHINES for move in machine.moves)


def enrolment_is_open(status: CohortStatus, opens_on: date | None, closes_on: date | None, *, today: date) -> bool:
    """Whether a person may enrol today: the cohort is open, and the window, where one is set, as well."""
    if status is not CohortStatus.OPEN:
        return False
    return (opens_on is None or today >= opens_on) and (closes_on is None or today <= closes_on)


class Run(Protocol):
    """What of a cohort decides what may be done in it."""

    @property
    def code(self) -> str: ...
    @property
    def status(self) -> CohortStatus: ...
    @property
    def starts_on(self) -> date: ...
    @property
    def enrolment_opens_on(self) -> date | None: ...
    @property
    def enrolment_closes_on(self) -> date | None: ...
    @property
    def changes_close_on(self) -> date | None: ...
    @property
    def substitution_closes_on(self) -> date | None: ...
    @property
    def has_pools(self) -> bool: ...


_UNTIL_CUT_OFF = frozenset({Action.APPROVE, Action.OFFER, Action.ACCEPT, Action.RESUME})
"""What brings somebody into the course, and so is not done once its list is closed."""

_INTO_A_SEAT = frozenset({Action.OFFER, Action.ACCEPT})


def is_after_cut_off(changes_close_on: date | None, *, today: date) -> bool:
    """Whether the list of a course is closed: nobody comes into it any more, and nobody leaves without a reason."""
    return changes_close_on is not None and today > changes_close_on


def obstacle(
    action: Action, run: Run, *, position: int | None, offer_expires_at: datetime | None, now: datetime
) -> Problem | None:
    """Why the action is not possible although the tables have a way; None if nothing stands against it."""
    today = day_in_kazakhstan(now)
    if action in _UNTIL_CUT_OFF and run.changes_close_on is not None and today > run.changes_close_on:
        return errors.AfterCutOff(day=run.changes_close_on.isoformat())
    if action in _INTO_A_SEAT and run.status in OVER:
        return errors.CohortClosed(cohort=run.code, status=run.status)
    if action is Action.OFFER and position not in (None, 1) and not run.has_pools:
        return errors.NotFirstInLine(position=position)
    if action is Action.ACCEPT and offer_expires_at is not None and now >= offer_expires_at:
        return errors.OfferExpired()
    if action is Action.COMPLETE and today < run.starts_on:
        return errors.CourseNotBegun()
    if action is Action.RESUME and not enrolment_is_open(
        run.status, run.enrolment_opens_on, run.enrolment_closes_on, today=today
    ):
        return errors.CohortClosed(cohort=run.code, status=run.status)
    if action is Action.APPROVE and not may_offer_by_itself(run.status, run.starts_on, None, today=today):
        return errors.CohortClosed(cohort=run.code, status=run.status)
    if action is Action.SUBSTITUTE and today > (last := substitution_ends(run)):
        return errors.SubstitutionClosed(day=last.isoformat())
    return None


def substitution_ends(run: Run) -> date:
    """The last day on which a workplace may send somebody else: the day before the course, unless it says otherwise."""
    return run.substitution_closes_on or run.starts_on - timedelta(days=1)


def may_offer_by_itself(
    status: CohortStatus, starts_on: date, changes_close_on: date | None = None, *, today: date
) -> bool:
    """Whether a seat that comes free goes to the waiting list: not once the course has begun or its list is closed."""
    if is_after_cut_off(changes_close_on, today=today):
        return False
    return status in (CohortStatus.OPEN, CohortStatus.CLOSED) and today < starts_on


def offer_deadline(starts_on: date, changes_close_on: date | None = None, *, now: datetime) -> datetime:
    """Until when an offer is held: two days, but not past the closing of the list, nor the first morning of a course.

    An offer made by hand after the course has begun is held for two days.
    """
    ends = [datetime.combine(starts_on, time(), KAZAKHSTAN)]
    if changes_close_on is not None:
        ends.append(datetime.combine(changes_close_on + timedelta(days=1), time(), KAZAKHSTAN))
    return min([now + OFFER_HELD_FOR, *(end for end in ends if end > now)])
