"""Screens of ballots: what they mark, and what honest ballots look like to them."""

import math
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import numpy as np
import pytest

from services.rating_engine.core.voice import ballots
from services.rating_engine.core.voice.ballots import Limits
from services.rating_engine.surveys import figures, rules
from services.rating_engine.surveys.figures import ALL, UNMARKED, Said, Usual
from shared.schemas.rating.survey_results import Screen
from shared.schemas.rating.surveys import FrameStratum, SurveyItem

LIMITS = Limits()
NOON = datetime(2026, 4, 8, 7, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 4, 8, 20, 0, tzinfo=UTC)
"""One in the morning in Kazakhstan."""


def _items(scales: int = 6, **more: Any) -> list[SurveyItem]:
    text = {"kk": "Сұрақ", "ru": "Вопрос"}
    found = [
        SurveyItem.model_validate({"code": f"q{number}", "kind": "scale", "low": 1, "high": 5, "text": text, **more})
        for number in range(scales)
    ]
    return [*found, SurveyItem.model_validate({"code": "safe", "kind": "yes_no", "text": text})]


def _honest(seed: int, count: int, *, scales: int = 6) -> list[Said]:
    """Parents with a mind of their own, on different evenings, from different networks."""
    chance = random.Random(seed)
    return [
        Said(
            id=uuid4(),
            stratum=(None, None),
            points=(
                *(chance.choices([1, 2, 3, 4, 5], [1, 2, 4, 6, 4])[0] for _ in range(scales)),
                chance.randint(0, 1),
            ),
            hasty=False,
            bucket=rules.bucket_of(NOON + timedelta(hours=chance.randint(0, 11), days=chance.randint(0, 13))),
            network=chance.randbytes(8),
        )
        for _ in range(count)
    ]


_FRAME = [FrameStratum(population=400)]


def test_honest_ballots_are_hardly_ever_marked() -> None:
    marked = sum(figures.tally(_honest(seed, 60), _items(), _FRAME, Usual()).marked for seed in range(20))

    assert marked <= 0.01 * 20 * 60


def test_the_same_point_everywhere_is_a_straight_line_and_few_questions_show_none() -> None:
    points = np.array([[5, 5, 5, 5, 0], [5, 5, 5, 4, 0]])
    scales = np.array([True, True, True, True, False])

    assert ballots.straight_lines(points, scales, LIMITS).tolist() == [True, False]
    assert not ballots.straight_lines(points[:, 1:], scales[1:], LIMITS).any()


def test_one_vector_again_and_again_is_marked_and_a_usual_one_is_not() -> None:
    chance = np.random.default_rng(7)
    stuffed = np.array([[5, 4, 5, 4, 5, 4]] * 12)
    honest = chance.integers(1, 6, size=(40, 6))
    points = np.vstack([stuffed, honest])
    options = [5] * 6

    found = ballots.repeated(points, options, {}, 0, LIMITS)
    only = ballots.repeated(stuffed, options, {}, 0, LIMITS)
    usual = ballots.repeated(points, options, {(5, 4, 5, 4, 5, 4): 3000}, 10_000, LIMITS)

    assert found.tolist() == [True] * 12 + [False] * 40
    assert only.all()
    assert not usual.any()


def test_the_order_of_ballots_does_not_change_a_mark() -> None:
    said = _honest(3, 30) + [replace(one, points=(4, 5, 4, 5, 4, 5, 1)) for one in _honest(4, 15)]
    turned = said[::-1]

    first, second = (figures.tally(list(one), _items(), _FRAME, Usual()) for one in (said, turned))

    assert first.marks == second.marks
    assert first.figures == second.figures
    assert first.screens == second.screens


def test_many_at_once_from_one_network_are_a_burst_and_from_unknown_ones_are_not() -> None:
    buckets = np.array([7] * 12 + [8] * 3)

    assert ballots.bursts_of_network(buckets, np.array([1] * 15), LIMITS).tolist() == [True] * 12 + [False] * 3
    assert not ballots.bursts_of_network(buckets, np.array([-1] * 15), LIMITS).any()
    assert not ballots.bursts_of_network(buckets, np.arange(15), LIMITS).any()


def test_half_of_all_within_half_an_hour_is_a_burst_when_they_are_many() -> None:
    assert ballots.bursts(np.array([7] * 25 + [8, 9]), LIMITS).sum() == 25
    assert not ballots.bursts(np.array([7] * 25 + list(range(100, 160))), LIMITS).any()
    assert not ballots.bursts(np.array([7] * 12), LIMITS).any()


def test_nights_count_only_against_the_nights_of_others() -> None:
    nights = np.array([True] * 12 + [False] * 20)

    assert ballots.at_night(nights, 20, 2000, LIMITS).sum() == 12
    assert not ballots.at_night(nights, 700, 2000, LIMITS).any()
    assert not ballots.at_night(nights, 0, 20, LIMITS).any()
    assert rules.is_night(rules.bucket_of(MIDNIGHT))
    assert not rules.is_night(rules.bucket_of(NOON))


@pytest.mark.parametrize(("count", "expected"), [(1, 0.5), (5, 0.001), (12, 3.0), (40, 100.0), (0, 2.0), (3, 0.0)])
def test_tails_agree_with_scipy(count: int, expected: float) -> None:
    from scipy.stats import binom, poisson

    assert ballots.poisson_tail(count, expected) == pytest.approx(float(poisson.sf(count - 1, expected)), rel=1e-9)
    share = 0.01 + expected / 300
    assert ballots.binomial_tail(count, 200, share) == pytest.approx(float(binom.sf(count - 1, 200, share)), rel=1e-9)


def test_stuffed_ballots_are_kept_marked_and_the_score_is_told_with_and_without_them() -> None:
    honest = _honest(11, 40)
    stuffed = [
        replace(one, id=uuid4(), points=(5, 5, 5, 5, 5, 5, 1), bucket=7, network=b"x") for one in _honest(12, 30)
    ]

    tally = figures.tally(honest + stuffed, _items(), _FRAME, Usual())
    all_, without = (figures.estimate_of(tally.figures[variant]["score"]) for variant in (ALL, UNMARKED))

    assert all_ is not None
    assert without is not None
    assert (tally.ballots, all_.n) == (70, 70)
    assert tally.marked >= 30
    assert tally.differs
    assert all_.value > without.value + 10
    assert {one.id for one in stuffed} <= set(tally.marks)
    assert len(tally.marks) == tally.marked
    assert {Screen.STRAIGHT_LINE.value, Screen.IDENTICAL.value, Screen.NETWORK_BURST.value} <= set(tally.screens)


def test_an_answer_counts_from_0_to_100_and_turned_round_where_the_lowest_is_the_best() -> None:
    scale, reverse = _items(1)[0], _items(1, reversed=True)[0]

    assert [rules.score(scale, point) for point in (1, 2, 5)] == [0.0, 25.0, 100.0]
    assert [rules.score(reverse, point) for point in (1, 2, 5)] == [100.0, 75.0, 0.0]


def test_a_box_is_raked_to_the_grades_and_languages_of_its_frame() -> None:
    frame = [
        FrameStratum(grade_group="1-4", language="kk", population=150),
        FrameStratum(grade_group="5-9", language="kk", population=50),
        FrameStratum(grade_group="1-4", language="ru", population=50),
        FrameStratum(grade_group="5-9", language="ru", population=150),
    ]
    said = [
        replace(one, stratum=("1-4" if number % 3 else "5-9", "kk" if number % 2 else "ru"))
        for number, one in enumerate(_honest(5, 40))
    ]

    raked = figures.tally(said, _items(), frame, Usual()).figures[ALL]
    one_grade = figures.tally([one for one in said if one.stratum[0] == "1-4"], _items(), frame, Usual()).figures[ALL]

    assert raked["raking"]["fit"] == "raked"
    assert raked["raking"]["margin_error"] < 1e-9
    assert raked["score"]["population"] == 400
    assert (one_grade["raking"]["fit"], one_grade["raking"]["left_out"]) == ("partly", ["grade_group"])


def test_an_empty_box_has_no_figures_and_one_ballot_no_margin() -> None:
    nobody = figures.tally([], _items(), _FRAME, Usual())
    one = figures.tally(_honest(1, 1), _items(), _FRAME, Usual())

    assert (nobody.ballots, nobody.figures, nobody.differs) == (0, {ALL: {}, UNMARKED: {}}, False)
    assert one.figures[ALL]["score"]["variance"] is None


def test_a_stamp_is_good_for_a_day_and_cannot_be_made_up() -> None:
    stamp = rules.Stamp(b"k" * 32, b"s" * 16)
    other = rules.Stamp(b"k" * 32, b"t" * 16)
    signed = stamp.sign(NOON)

    assert stamp.since(signed, now=NOON + timedelta(seconds=30)) == timedelta(seconds=30)
    assert stamp.since(signed, now=NOON + timedelta(hours=25)) is None
    assert stamp.since(signed, now=NOON - timedelta(minutes=1)) is None
    assert other.since(signed, now=NOON) is None
    assert stamp.since(f"fffffffffff.{signed.partition('.')[2]}", now=NOON) is None


def test_a_network_is_a_mark_that_neither_key_makes_alone() -> None:
    def mark(address: str | None, key: bytes = b"a", pepper: bytes = b"b") -> bytes | None:
        return rules.network_of(address, key=key, pepper=pepper)

    assert mark("10.1.2.3") == mark("10.1.2.200") == mark("::ffff:10.1.2.9")
    assert mark("10.1.2.3") != mark("10.1.3.3")
    assert mark("2001:db8:1:2::5") == mark("2001:db8:1:9::6")
    assert len({mark("10.1.2.3"), mark("10.1.2.3", key=b"c"), mark("10.1.2.3", pepper=b"c")}) == 3
    assert mark(None) is mark("a name") is None


def test_a_form_is_too_fast_under_two_seconds_a_question() -> None:
    assert figures.is_hasty(13.9, 7)
    assert not figures.is_hasty(14.0, 7)
    assert math.isclose(LIMITS.seconds_an_item, 2.0)
