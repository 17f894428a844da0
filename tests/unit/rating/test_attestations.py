"""The levels of the national attestation: rounded first, the undefined decided once, the whole only from everything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rating_engine.attestations import criteria, rules
from services.rating_engine.attestations.rules import Value

EVERYTHING = {number: 4 for number in criteria.CRITERIA if number not in criteria.MEASURED}


def reached(part: str, value: float) -> int | None:
    standing = rules.standing({part: Value(value)}, {})
    return next(one.level for outcome in standing.outcomes for one in outcome.parts if one.part.code == part)


@pytest.mark.parametrize(
    ("part", "levels"),
    [
        ("5", {100: 5, 99.5: 5, 99.49: 4, 89.5: 4, 89.49: 3, 79.5: 3, 79.49: 2, 0: 2}),
        ("7", {100: 5, 90: 4, 80: 3, 79: 2}),
        ("6-primary", {46: 5, 45.5: 5, 45.49: 4, 45: 4, 34.5: 4, 34: 3, 24.5: 3, 24: 2}),
        ("6-secondary", {56: 5, 55: 4, 44.5: 4, 44: 3, 34: 2}),
        ("36", {99.5: 5, 94.5: 4, 94: 3, 79: 2}),
        ("38", {5: 5, 4: 4, 3: 3, 2: 2}),
        ("39-grade-4", {85: 5, 84.5: 5, 84: 4, 64.5: 4, 64: 3, 39.5: 3, 39: 2}),
    ],
)
def test_a_value_is_rounded_half_up_and_then_meets_its_threshold(part: str, levels: dict[float, int]) -> None:
    assert {value: reached(part, value) for value in levels} == levels


def test_ninety_of_a_hundred_teachers_are_level_4() -> None:
    assert reached("7", 100 * 90 / 100) == 4


def test_there_are_39_criteria_of_which_six_are_measured() -> None:
    assert list(criteria.CRITERIA) == list(range(1, 40))
    assert sorted(criteria.MEASURED) == [5, 6, 7, 36, 38, 39]


def test_a_part_of_the_criteria_says_nothing_of_the_whole() -> None:
    standing = rules.standing({"7": Value(91.4)}, EVERYTHING)
    assert standing.result is None
    assert standing.open == [5, 6, 36, 38, 39]


def test_a_criterion_of_two_numbers_needs_both_and_takes_their_mean() -> None:
    one = rules.standing({"39-grade-4": Value(90)}, {})
    both = rules.standing({"39-grade-4": Value(90), "39-grade-9": Value(70)}, {})
    assert next(outcome.level for outcome in one.outcomes if outcome.number == 39) is None
    assert next(outcome.level for outcome in both.outcomes if outcome.number == 39) == 5


def test_the_result_is_the_rounded_mean_of_all_criteria() -> None:
    best = {code: Value(5.0 if part.unit == "level_2_5" else 100.0) for code, part in criteria.PARTS.items()}
    standing = rules.standing(best, EVERYTHING)
    assert standing.open == []
    assert standing.mean == (33 * 4 + 6 * 5) / 39
    assert standing.result == 4


@given(part=st.sampled_from(sorted(criteria.PARTS)), low=st.floats(0, 100), high=st.floats(0, 100))
def test_more_never_reaches_a_lower_level(part: str, low: float, high: float) -> None:
    first, second = (reached(part, value) for value in sorted((low, high)))
    assert first is not None
    assert second is not None
    assert first <= second
