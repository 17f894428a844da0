"""The rules of commitments: every step of the table, and both lights worked by hand."""

from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry_api.commitments import errors, lights, rules
from services.registry_api.commitments.lights import Override, Progress, Way
from shared.schemas.registry.commitment_words import CommitmentAction as Action
from shared.schemas.registry.commitment_words import CommitmentLight as Light
from shared.schemas.registry.commitment_words import CommitmentLightReason as Reason
from shared.schemas.registry.commitment_words import CommitmentStatus as Status
from shared.schemas.registry.commitments import CommitmentAttributes

WAYS = {
    Status.PLANNED: {Action.START, Action.FULFIL, Action.CANCEL},
    Status.IN_PROGRESS: {Action.FULFIL, Action.CANCEL},
    Status.FULFILLED: {Action.REOPEN},
    Status.CANCELLED: {Action.REOPEN},
}
BEGIN, DUE = date(2026, 1, 1), date(2026, 12, 27)
"""360 days from one to the other."""
LINE = Way(13, 20, BEGIN, DUE, (), 0.1, 0.25)


@pytest.mark.parametrize(("status", "action"), list(product(WAYS, rules.BY_ACTION)))
def test_every_step_is_allowed_exactly_where_the_table_has_it(status: Status, action: Action) -> None:
    refused = rules.refusal(action, status, submitted=1, accepted=1)

    assert (refused is None) == (action in WAYS[status])


@pytest.mark.parametrize("status", sorted(rules.OPEN))
def test_evidence_that_nobody_accepted_fulfils_nothing(status: Status) -> None:
    assert isinstance(rules.refusal(Action.FULFIL, status, submitted=3, accepted=0), errors.EvidenceMissing)


def test_what_is_open_is_overdue_when_every_day_its_due_date_may_mean_is_over() -> None:
    last = date(2026, 12, 31)

    assert rules.shown(Status.PLANNED, last, on=last) is Status.PLANNED
    assert rules.shown(Status.IN_PROGRESS, last, on=last + timedelta(days=1)) is Status.OVERDUE
    assert rules.shown(Status.FULFILLED, last, on=last + timedelta(days=1)) is Status.FULFILLED
    assert rules.shown(Status.PLANNED, None, on=last) is Status.PLANNED


def delivery(*progress: Progress, on: date, way: Way | None = LINE, **more: Any) -> lights.Delivery:
    values: dict[str, Any] = {"status": Status.IN_PROGRESS, "override": None, "due": DUE, **more}
    return lights.delivery(values["status"], way, progress, values["override"], due=values["due"], on=on)


@pytest.mark.parametrize(
    ("value", "light", "reason"),
    [
        (16.5, Light.GREEN, Reason.ON_TRACK),
        (15.8, Light.GREEN, Reason.ON_TRACK),
        (15.79, Light.AMBER, Reason.BEHIND),
        (14.75, Light.AMBER, Reason.BEHIND),
        (14.74, Light.RED, Reason.FAR_BEHIND),
        (12, Light.RED, Reason.FAR_BEHIND),
        (20, Light.GREEN, Reason.REACHED),
    ],
)
def test_halfway_through_16_5_of_20_is_expected_and_the_bands_are_a_tenth_and_a_quarter_of_the_way(
    value: float, light: Light, reason: Reason
) -> None:
    halfway = BEGIN + timedelta(days=180)

    found = delivery(Progress(halfway, value), on=halfway)

    assert (found.light, found.reason) == (light, reason)
    assert found.expected == 16.5
    assert found.expected_share == pytest.approx(0.5)
    assert found.actual_share == pytest.approx((value - 13) / 7)


def test_a_fall_is_measured_the_same_way() -> None:
    fall = Way(3, 0, BEGIN, DUE, (), 0.1, 0.25)
    halfway = BEGIN + timedelta(days=180)

    assert delivery(Progress(halfway, 1.5), way=fall, on=halfway).light is Light.GREEN
    assert delivery(Progress(halfway, 3), way=fall, on=halfway).light is Light.RED
    assert delivery(Progress(halfway, 0), way=fall, on=halfway).reason is Reason.REACHED


def test_without_any_accepted_progress_the_baseline_stands_for_it() -> None:
    early, late = delivery(on=BEGIN + timedelta(days=30)), delivery(on=BEGIN + timedelta(days=180))

    assert (early.light, early.actual, early.measured_on) == (Light.GREEN, 13, None)
    assert late.light is Light.RED


def test_progress_of_a_later_day_does_not_count_before_it() -> None:
    later = Progress(BEGIN + timedelta(days=200), 19)

    assert delivery(later, on=BEGIN + timedelta(days=180)).actual == 13
    assert delivery(later, on=BEGIN + timedelta(days=200)).actual == 19


def test_steps_are_expected_from_their_day_on_and_not_before() -> None:
    steps = Way(0, 10, BEGIN, DUE, [(date(2026, 6, 30), 4), (DUE, 10)], 0.1, 0.25)

    assert lights.expected_value(steps, on=date(2026, 6, 29)) == 0
    assert lights.expected_value(steps, on=date(2026, 6, 30)) == 4
    assert lights.expected_value(steps, on=DUE) == 10


@pytest.mark.parametrize(
    ("more", "light", "reason"),
    [
        ({"on": DUE + timedelta(days=1)}, Light.RED, Reason.OVERDUE),
        ({"on": DUE + timedelta(days=1), "way": None}, Light.RED, Reason.OVERDUE),
        ({"on": DUE, "way": None}, Light.NONE, Reason.NO_MEASURE),
        ({"on": BEGIN - timedelta(days=1)}, Light.NONE, Reason.NOT_BEGUN),
        (
            {"on": BEGIN, "due": None, "way": Way(13, 20, BEGIN, None, (), 0.1, 0.25)},
            Light.NONE,
            Reason.NO_TRAJECTORY,
        ),
        ({"on": DUE, "status": Status.CANCELLED}, Light.NONE, Reason.CANCELLED),
        ({"on": DUE + timedelta(days=1), "status": Status.FULFILLED}, Light.GREEN, Reason.FULFILLED),
    ],
)
def test_where_the_way_does_not_decide(more: dict[str, Any], light: Light, reason: Reason) -> None:
    found = delivery(**more)

    assert (found.light, found.reason) == (light, reason)


def test_what_was_set_by_hand_shows_until_its_day_beside_what_was_computed() -> None:
    halfway = BEGIN + timedelta(days=180)
    by_hand = Override(Light.AMBER, "келісілді", halfway, halfway + timedelta(days=10), "officer")

    inside = delivery(on=halfway + timedelta(days=9), override=by_hand)
    after = delivery(on=halfway + timedelta(days=10), override=by_hand)

    assert (inside.light, inside.reason) == (Light.AMBER, Reason.OVERRIDDEN)
    assert (inside.computed, inside.computed_reason) == (Light.RED, Reason.FAR_BEHIND)
    assert "келісілді" in inside.explanation.kk
    assert (after.light, after.override) == (Light.RED, None)


def test_a_reason_with_braces_is_only_text() -> None:
    by_hand = Override(Light.AMBER, "{due} {0}", BEGIN, DUE, "officer")

    assert "{due} {0}" in delivery(on=BEGIN, override=by_hand).explanation.en


@given(
    st.floats(-1e6, 1e6),
    st.floats(-1e6, 1e6),
    st.floats(-1e6, 1e6),
    st.floats(0, 1e6),
    st.integers(0, 360),
)
def test_more_progress_never_makes_the_light_worse(
    baseline: float, target: float, value: float, more: float, past: int
) -> None:
    if abs(target - baseline) < 1e-3:
        return
    way = Way(baseline, target, BEGIN, DUE, (), 0.1, 0.25)
    day = BEGIN + timedelta(days=past)
    order = [Light.RED, Light.AMBER, Light.GREEN]
    further = value + more if target > baseline else value - more

    less = delivery(Progress(BEGIN, value), way=way, on=day)
    enough = delivery(Progress(BEGIN, further), way=way, on=day)

    assert order.index(enough.light) >= order.index(less.light)


@pytest.mark.parametrize(
    ("days", "light", "reason"),
    [
        (0, Light.GREEN, Reason.REPORTED_IN_TIME),
        (90, Light.GREEN, Reason.REPORTED_IN_TIME),
        (91, Light.AMBER, Reason.REPORT_DUE),
        (180, Light.AMBER, Reason.REPORT_DUE),
        (181, Light.RED, Reason.REPORT_LATE),
    ],
)
def test_a_report_is_in_time_for_one_cadence_and_due_for_another(days: int, light: Light, reason: Reason) -> None:
    found = lights.freshness(Status.IN_PROGRESS, 90, [BEGIN], since=BEGIN, on=BEGIN + timedelta(days=days))

    assert (found.light, found.reason, found.days_since) == (light, reason, days)


def test_paper_alone_makes_no_delivery_green_and_silence_makes_no_delivery_red() -> None:
    halfway = BEGIN + timedelta(days=180)

    assert delivery(on=halfway).light is Light.RED
    assert lights.freshness(Status.IN_PROGRESS, 90, [halfway], since=BEGIN, on=halfway).light is Light.GREEN
    assert delivery(Progress(BEGIN, 19), on=halfway).light is Light.GREEN
    assert lights.freshness(Status.IN_PROGRESS, 30, [BEGIN], since=BEGIN, on=halfway).light is Light.RED
    assert lights.freshness(Status.IN_PROGRESS, None, [], since=BEGIN, on=halfway).reason is Reason.NO_CADENCE


def attributes(**fields: Any) -> CommitmentAttributes:
    return CommitmentAttributes.model_validate({"obligor": str(UUID(int=1)), "text": {"kk": "а"}, **fields})


def measure(**fields: Any) -> dict[str, Any]:
    return {"measure": {"baseline": 13, "target": 20, "since": "2026-01-01", **fields}, "due": "2026"}


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, []),
        ({"beneficiary_parties": [str(UUID(int=1))]}, ["owes_itself"]),
        ({"due": "2025-12"}, ["end_before_start"]),
        ({"due": "2026"}, []),
        (measure(), []),
        (measure(target=13), ["measure_unclear"]),
        (measure(amber_from=0.3), ["tolerance_reversed"]),
        (measure(since="2026-12-31"), ["end_before_start"]),
        (measure(trajectory="steps"), ["steps_unfitting"]),
        (measure(steps=[{"by": "2026-06-30", "value": 16}]), ["steps_unfitting"]),
        (measure(trajectory="steps", steps=[{"by": "2026-06-30", "value": 16}]), []),
        (
            measure(trajectory="steps", steps=[{"by": "2026-06-30", "value": 16}, {"by": "2026-06-30", "value": 17}]),
            ["steps_unfitting"],
        ),
    ],
)
def test_what_is_wrong_with_a_commitment_in_itself(fields: dict[str, Any], found: list[str]) -> None:
    problems = rules.faults(attributes(**fields), since=date(2026, 1, 1))

    assert [problem.code for _, problem in problems] == found
