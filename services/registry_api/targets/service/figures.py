"""The figures of one target on one day, made of what was promised and what is measured."""

from dataclasses import dataclass
from datetime import date

from services.registry_api.targets import rules
from services.registry_api.targets.forecasting import Forecast, forecast
from services.registry_api.targets.models import TargetState
from services.registry_api.targets.rules import Goal
from services.registry_api.targets.service.measuring import Measured
from shared import edtf
from shared.schemas.registry.target_progress import Light, LightReason
from shared.schemas.registry.targets import Comparator, Qualifier


@dataclass(frozen=True, slots=True)
class Trajectory:
    """The straight line to the due date, and where it is on the day."""

    from_on: date
    to_on: date
    expected: float
    expected_high: float | None
    share: float


@dataclass(frozen=True, slots=True)
class Figures:
    """How far a target is."""

    met: bool | None
    regressed: bool | None
    progress: float | None
    progress_low: float | None
    progress_high: float | None
    remaining: float | None
    remaining_high: float | None
    required_per_month: float | None
    approximate: bool
    overdue: bool
    trajectory: Trajectory | None
    forecast: Forecast | None
    light: Light
    light_reason: LightReason


def figures(state: TargetState, measured: Measured, *, on: date, across_breaks: bool = False) -> Figures:
    """What can be said: across a break nothing is compared unless that is asked for."""
    goal = _goal(state, measured)
    due = edtf.parse(state.due) if state.due else None
    comparable = measured.comparable or across_breaks
    actual = measured.actual.value if measured.actual and comparable else None
    met = regressed = way = low = high = missing = farther = None
    if actual is not None:
        met = rules.is_met(goal, actual)
        regressed = rules.has_regressed(goal, actual)
        missing, farther = rules.remaining(goal, actual)
        if goal.high is None:
            way = rules.progress(goal.baseline, actual, goal.low)
        else:
            low, high = rules.progress_range(goal, actual)
    trajectory = _trajectory(state, goal, due.latest if due else None, on=on)
    overdue = due is not None and due.overdue(on) and met is not True
    light, reason = rules.light(
        met=met,
        overdue=overdue,
        comparable=comparable or measured.actual is None,
        regressed=regressed,
        gone=trajectory.share if trajectory else None,
        way=high if way is None else way,
    )
    return Figures(
        met=met,
        regressed=regressed,
        progress=way,
        progress_low=low,
        progress_high=high,
        remaining=missing,
        remaining_high=farther,
        required_per_month=rules.required_per_month(missing, on, due.latest if due else None),
        approximate=state.qualifier == Qualifier.ABOUT or (due is not None and due.approximate),
        overdue=overdue,
        trajectory=trajectory,
        forecast=forecast(measured.series, due.latest) if due and due.latest > on else None,
        light=light,
        light_reason=reason,
    )


def _goal(state: TargetState, measured: Measured) -> Goal:
    return Goal(
        comparator=Comparator(state.comparator),
        low=state.value_low,
        high=state.value_high,
        baseline=state.baseline_value,
        polarity=measured.definition.polarity,
    )


def _trajectory(state: TargetState, goal: Goal, due: date | None, *, on: date) -> Trajectory | None:
    if due is None or goal.baseline is None or state.baseline_on is None:
        return None
    start = edtf.parse(state.baseline_on).latest
    share = rules.share_of_time(start, due, on)
    if share is None:
        return None
    expected = rules.expected(goal.baseline, goal.low, share)
    high = None if goal.high is None else rules.expected(goal.baseline, goal.high, share)
    return None if expected is None else Trajectory(start, due, expected, high, float(share))
