"""Rules of events: days that a date may mean, the course of a life, what a calendar has to learn, what was held."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry_api.events import errors, rules
from services.registry_api.events.rules import Happened, Planned
from shared.schemas.registry.event_plans import EventPlanStatus
from shared.schemas.registry.events import EventStatus

MARCH = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("when", "duration", "earliest", "ends_by"),
    [
        ("2026-03-05", 1, date(2026, 3, 5), date(2026, 3, 5)),
        ("2026-03-05", 2, date(2026, 3, 5), date(2026, 3, 6)),
        ("2022-W51", 2, date(2022, 12, 19), date(2022, 12, 25)),
        ("2026-02", 40, date(2026, 2, 1), date(2026, 3, 12)),
    ],
)
def test_an_event_lasts_at_most_until_the_last_day_its_date_may_mean(
    when: str, duration: int, earliest: date, ends_by: date
) -> None:
    days = rules.days(when, duration)

    assert (days.earliest, days.ends_by) == (earliest, ends_by)


@pytest.mark.parametrize(("when", "known"), [("2026-03-05", True), ("2026-03-05~", False), ("2026-03", False)])
def test_only_a_day_without_a_mark_is_a_day(when: str, known: bool) -> None:
    assert rules.is_day(when) is known


def test_every_step_that_is_not_in_the_table_is_refused() -> None:
    for current in EventStatus:
        for wanted in EventStatus:
            if wanted in rules.TRANSITIONS[current]:
                rules.check_transition(current, wanted, reason="боран")
            else:
                with pytest.raises(errors.EventTransitionRefused):
                    rules.check_transition(current, wanted, reason="боран")


def test_notes_do_not_disturb_calendars_and_a_new_day_does() -> None:
    before: dict[str, Any] = dict.fromkeys(rules.TELLING)

    assert not rules.is_telling(before, {**before, "notes": "жаңа"})
    assert rules.is_telling(before, {**before, "when_text": "2026-03"})


def test_a_plan_is_revised_while_its_latest_revision_waits() -> None:
    assert rules.plan_status(latest=1, approved=None) is EventPlanStatus.DRAFT
    assert rules.plan_status(latest=1, approved=1) is EventPlanStatus.APPROVED
    assert rules.plan_status(latest=2, approved=1) is EventPlanStatus.REVISED


def test_an_item_is_cancelled_only_when_all_its_events_were() -> None:
    once, twice = uuid4(), uuid4()
    happened = [
        Happened(once, EventStatus.CANCELLED, date(2026, 3, 5)),
        Happened(twice, EventStatus.CANCELLED, date(2026, 3, 5)),
        Happened(twice, EventStatus.PLANNED, date(2026, 3, 12)),
    ]

    (month,) = rules.carried_out([MARCH], [Planned(once, MARCH), Planned(twice, MARCH)], happened)

    assert (month["cancelled"], month["open"], month["rate"]) == (1, 1, 0.0)


@given(
    statuses=st.lists(st.lists(st.sampled_from([*EventStatus]), max_size=3), max_size=6),
    day=st.sampled_from([date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 1)]),
)
def test_planned_is_held_and_cancelled_and_open_and_the_rate_is_a_share(
    statuses: list[list[EventStatus]], day: date
) -> None:
    items = [Planned(uuid4(), MARCH) for _ in statuses]
    happened = [
        Happened(item.item_id, status, day) for item, found in zip(items, statuses, strict=True) for status in found
    ]

    (month,) = rules.carried_out([MARCH], items, happened)

    assert month["planned"] == month["held"] + month["cancelled"] + month["open"] == len(items)
    assert month["held"] == sum(EventStatus.HELD in found for found in statuses)
    assert month["late"] in {0, month["held"]}
    assert month["rate"] is None if not items else 0 <= month["rate"] <= 1
