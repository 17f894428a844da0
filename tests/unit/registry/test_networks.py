"""Rules of networks and of computed indicators, without a database."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.registry_api.derived import rules as derived
from services.registry_api.networks import rules
from services.registry_api.networks.rules import Facts
from shared.schemas.registry.areas import AreaKind
from shared.schemas.registry.networks import EligibilityRule, MembershipRole

SCHOOL = Facts("school", "general", "state", ("430000000", "433200000"), {"SCH_UNT_MEAN": 70.0, "SCH_LOAD": None})


def rule(**fields: Any) -> EligibilityRule:
    return EligibilityRule.model_validate(fields)


@pytest.mark.parametrize(
    ("asked", "met", "found"),
    [
        (rule(subject="type", one_of=["school", "college"]), True, "school"),
        (rule(subject="kind", one_of=["lyceum"]), False, "general"),
        (rule(subject="ownership", one_of=["state"]), True, "state"),
        (rule(subject="area", one_of=["430000000"]), True, "430000000, 433200000"),
        (rule(subject="area", one_of=["790000000"]), False, "430000000, 433200000"),
        (rule(subject="indicator", indicator="SCH_UNT_MEAN", at_least=70), True, "70"),
        (rule(subject="indicator", indicator="SCH_UNT_MEAN", at_least=70.01), False, "70"),
        (rule(subject="indicator", indicator="SCH_UNT_MEAN", at_least=60, at_most=69), False, "70"),
        (rule(subject="indicator", indicator="SCH_LOAD", at_most=1), False, None),
        (rule(subject="indicator", indicator="SCH_OTHER", at_least=0), False, None),
    ],
)
def test_each_rule_tells_what_it_found_and_whether_that_is_enough(
    asked: EligibilityRule, met: bool, found: str | None
) -> None:
    (step,) = rules.weigh([asked], SCHOOL)

    assert (step["met"], step["value"]) == (met, found)


def test_a_coordinator_is_asked_only_what_names_coordinators() -> None:
    of_all = rule(subject="type", one_of=["school"])
    of_leading = rule(subject="kind", one_of=["lyceum"], roles=["leading"])
    of_coordinators = rule(subject="ownership", one_of=["state"], roles=["coordinator"])
    asked = [of_all, of_leading, of_coordinators]

    assert rules.asked_of(asked, MembershipRole.COORDINATOR) == [of_coordinators]
    assert rules.asked_of(asked, MembershipRole.LEADING) == [of_all, of_leading]
    assert rules.asked_of(asked, MembershipRole.HUB) == [of_all]


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": "indicator", "indicator": "SCH_UNT_MEAN"},
        {"subject": "indicator", "at_least": 1},
        {"subject": "indicator", "indicator": "SCH_UNT_MEAN", "at_least": 1, "one_of": ["school"]},
        {"subject": "type"},
        {"subject": "type", "one_of": ["school"], "at_most": 3},
        {"subject": "kind", "one_of": ["school"]},
    ],
)
def test_a_rule_says_exactly_what_its_subject_needs(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        EligibilityRule.model_validate(fields)


@pytest.mark.parametrize(
    ("kind", "level"),
    [
        (AreaKind.REGION, "region"),
        (AreaKind.REPUBLICAN_CITY, "region"),
        (AreaKind.CITY, "city"),
        (AreaKind.DISTRICT, "district"),
        (AreaKind.CITY_DISTRICT, "district"),
    ],
)
def test_levels_of_coordinators_follow_the_kinds_of_areas(kind: AreaKind, level: str) -> None:
    assert rules.level(kind) == level


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)), st.integers(1, 600))
def test_a_term_ends_later_and_never_past_what_a_date_may_be(day: date, months: int) -> None:
    end = rules.months_later(day, months)

    assert end > day or day == date(2200, 12, 31)
    assert end <= date(2200, 12, 31)
    if end < date(2200, 12, 31):
        assert (end.year - day.year) * 12 + end.month - day.month == months
        assert end.day <= day.day


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_shares_are_percent_to_three_decimals(part: int, whole: int) -> None:
    share = rules.share_percent(part, whole)

    assert share is not None
    assert abs(share - part / whole * 100) <= 0.0005 + 1e-9 * share


def test_a_share_of_nothing_is_not_told() -> None:
    assert rules.share_percent(13, 0) is None
    assert rules.share_percent(13, None) is None


def test_members_are_counted_apart_by_the_units_directly_below() -> None:
    path = ["430000000", "433200000", "433230100"]

    assert rules.directly_below(path, None) == "430000000"
    assert rules.directly_below(path, "433200000") == "433230100"
    assert rules.directly_below(path, "433230100") == "433230100"
    assert rules.directly_below([], None) is None


@pytest.mark.parametrize("text", ["", "1", ">", "=>1", ">=a", "> 1; 2", ">=nan"])
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a condition"):
        derived.condition(text)


@pytest.mark.parametrize(
    ("text", "holding"), [(">=1", {1, 2}), (">1", {2}), ("<=1", {0, 1}), ("<1", {0}), ("=1", {1}), ("==2", {2})]
)
def test_a_condition_holds_of_what_it_says(text: str, holding: set[int]) -> None:
    holds = derived.condition(text)

    assert {value for value in (0, 1, 2) if holds(float(value))} == holding
    assert not holds(None)


def test_the_timetable_goes_before_the_report() -> None:
    assert derived.shifts_that_hold(2, 3.0) == 2.0
    assert derived.shifts_that_hold(None, 3.0) == 3.0
    assert derived.shifts_that_hold(None, None) is None
