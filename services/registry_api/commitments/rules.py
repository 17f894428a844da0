"""What may happen to a commitment, as a table, and what makes one sound in itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from services.registry_api.commitments import errors
from shared import edtf
from shared.errors import Problem, Text
from shared.schemas.registry.commitment_words import CommitmentAction as Action
from shared.schemas.registry.commitment_words import CommitmentStatus as Status
from shared.schemas.registry.commitment_words import Measure, TrajectoryKind
from shared.schemas.registry.commitments import CommitmentAttributes

OPEN = frozenset({Status.PLANNED, Status.IN_PROGRESS})
"""It is still to be kept; the calendar may call it overdue."""
LONGEST_OVERRIDE_DAYS = 366
LONGEST_RANGE_DAYS = 1100
SHORTEST_WAY = 1e-6
"""From the baseline to the target; parts of a shorter one would only be rounding."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of the table."""

    action: Action
    before: frozenset[Status]
    after: Status


TABLE: tuple[Transition, ...] = (
    Transition(Action.START, frozenset({Status.PLANNED}), Status.IN_PROGRESS),
    Transition(Action.FULFIL, OPEN, Status.FULFILLED),
    Transition(Action.REOPEN, frozenset({Status.FULFILLED, Status.CANCELLED}), Status.IN_PROGRESS),
    Transition(Action.CANCEL, OPEN, Status.CANCELLED),
)
BY_ACTION: Mapping[Action, Transition] = {line.action: line for line in TABLE}


def shown(written: Status, due_latest: date | None, *, on: date) -> Status:
    """Where it stands on a day: what is open is overdue once every day its due date may mean has passed."""
    return Status.OVERDUE if written in OPEN and due_latest is not None and on > due_latest else written


def refusal(action: Action, written: Status, *, submitted: int, accepted: int) -> Problem | None:
    """Why the action cannot be taken; None if it can. `accepted` counts items of evidence a second person accepted."""
    if written not in BY_ACTION[action].before:
        allowed = ", ".join(line.action.value for line in TABLE if written in line.before)
        return errors.TransitionNotAllowed(status=written.value, allowed=allowed or "—")
    if action is Action.FULFIL and accepted == 0:
        return errors.EvidenceMissing(submitted=submitted, accepted=accepted)
    return None


_WHY_NOT = {
    errors.TransitionNotAllowed.code: "wrong_status",
    errors.EvidenceMissing.code: "evidence_missing",
}
OUT_OF_REACH = Text(
    kk="Бұл міндеттеме сіздің құзыретіңізге кірмейді",
    ru="Это обязательство вне ваших полномочий",
    en="This commitment is out of your reach",
)


def actions(
    written: Status, *, submitted: int, accepted: int, may_write: bool
) -> Iterator[tuple[Action, tuple[str, Text] | None]]:
    """Every action with why it cannot be taken, in the order of the table."""
    for line in TABLE:
        found = refusal(line.action, written, submitted=submitted, accepted=accepted)
        if found is not None:
            yield line.action, (_WHY_NOT[found.code], found.sentence())
        else:
            yield line.action, None if may_write else ("out_of_reach", OUT_OF_REACH)


def faults(asked: CommitmentAttributes, *, since: date) -> Iterator[tuple[str, Problem]]:
    """What is wrong with a commitment in itself, by place."""
    if asked.obligor in asked.beneficiary_parties:
        yield "/beneficiary_parties", errors.OwesItself()
    latest = None if asked.due is None else edtf.parse(asked.due).latest
    if latest is not None and latest < since:
        yield "/due", errors.EndBeforeStart()
    if asked.measure is not None:
        yield from _measure_faults(asked.measure, latest)


def _measure_faults(measure: Measure, latest: date | None) -> Iterator[tuple[str, Problem]]:
    if abs(measure.target - measure.baseline) < SHORTEST_WAY:
        yield "/measure/target", errors.MeasureUnclear()
    if measure.amber_from >= measure.red_from:
        yield "/measure/amber_from", errors.ToleranceReversed()
    if latest is not None and latest <= measure.since:
        yield "/measure/since", errors.EndBeforeStart()
    days = [measure.since, *(step.by for step in measure.steps)]
    in_order = all(one < other for one, other in pairwise(days))
    if (measure.trajectory is TrajectoryKind.STEPS) != bool(measure.steps) or not in_order:
        yield "/measure/steps", errors.StepsUnfitting()
