"""Support, feedback and impact as rules: what is missing, what may be shown, and how sure an effect is."""

from collections.abc import Mapping
from datetime import date
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from services.training_api import intervals
from services.training_api.feedback import rules as feedback
from services.training_api.impact import rules as impact
from services.training_api.intervals import Interval
from services.training_api.screening import looks_personal
from services.training_api.support import rules as support
from shared.schemas.training.feedback import FeedbackWave, QuestionnaireItem
from shared.schemas.training.impact import NotEnough
from shared.schemas.training.support import RubricCriterion, SupportAction, SupportStatus

_ITEM = QuestionnaireItem.model_validate(
    {
        "code": "tried",
        "level": "use",
        "waves": ["m3", "m6"],
        "low": 1,
        "high": 5,
        "favourable_from": 4,
        "text": {"kk": "Қолдандым", "ru": "Применил", "en": "Tried it"},
    }
)
_CRITERION = RubricCriterion.model_validate(
    {
        "code": "inquiry",
        "name": {"kk": "Зерттеу", "ru": "Исследование"},
        "levels": [{"level": level, "description": {"kk": "д", "ru": "д"}} for level in (1, 2, 4)],
    }
)


# Support


def test_a_plan_tells_each_thing_that_stands_between_it_and_its_end() -> None:
    done = support.Done(visits_planned=3, visits_held=1, next_visit_on=None, evidence_accepted=0, evidence_waiting=2)

    told = support.missing(done)

    assert [code for code, _ in told] == ["visits_missing", "evidence_waiting", "evidence_missing"]
    assert told[0][1].en == "Visits not held yet: 2"
    assert support.allowed(SupportStatus.RUNNING, done) == [SupportAction.CANCEL]
    refused = [(one.action, one.code) for one in support.refused(SupportStatus.RUNNING, done)]
    assert (SupportAction.COMPLETE, "visits_missing") in refused
    assert (SupportAction.AGREE, "wrong_state") in refused


def test_a_fulfilled_plan_may_be_completed_and_an_ended_one_nothing() -> None:
    done = support.Done(visits_planned=1, visits_held=1, next_visit_on=None, evidence_accepted=1, evidence_waiting=0)

    assert support.allowed(SupportStatus.RUNNING, done) == [SupportAction.COMPLETE, SupportAction.CANCEL]
    assert support.allowed(SupportStatus.COMPLETED, done) == []
    assert {one.code for one in support.refused(SupportStatus.COMPLETED, done)} == {"wrong_state"}


def test_scores_have_every_criterion_at_one_of_its_levels_and_no_other() -> None:
    assert support.faults([_CRITERION], {"inquiry": 2}) == []
    assert [one.code for one in support.faults([_CRITERION], {"inquiry": 3})] == ["level_unknown"]
    assert [one.code for one in support.faults([_CRITERION], {"talk": 1})] == [
        "criterion_missing",
        "criterion_unknown",
    ]


@pytest.mark.parametrize(
    ("said", "is_personal"),
    [
        ("ЖСН 800101300123", True),
        ("ИИН: 800101-300-123", True),
        ("80 01 01 30 01 23", True),
        ("звоните +7 701 123 45 67", True),
        ("aigul@mektep.kz", True),
        ("2026-11-22 күні 25 оқушы, 8 сынып, 45 минут", False),
        ("", False),
        (None, False),
    ],
)
def test_numbers_of_persons_telephones_and_mail_are_seen_in_free_text(said: str | None, is_personal: bool) -> None:
    assert looks_personal(said) is is_personal


# Feedback


@pytest.mark.parametrize(
    ("ends_on", "wave", "opens_on"),
    [
        (date(2026, 1, 8), FeedbackWave.END, date(2026, 1, 8)),
        (date(2026, 1, 8), FeedbackWave.THREE_MONTHS, date(2026, 4, 8)),
        (date(2026, 8, 31), FeedbackWave.SIX_MONTHS, date(2027, 2, 28)),
        (date(2027, 8, 31), FeedbackWave.SIX_MONTHS, date(2028, 2, 29)),
        (date(2028, 2, 29), FeedbackWave.TWELVE_MONTHS, date(2029, 2, 28)),
        (date(2026, 12, 31), FeedbackWave.TWELVE_MONTHS, date(2027, 12, 31)),
    ],
)
def test_rounds_open_whole_months_after_the_end(ends_on: date, wave: FeedbackWave, opens_on: date) -> None:
    assert feedback.opens_on(ends_on, wave) == opens_on


def test_an_answer_has_a_point_for_every_scale_and_nothing_else() -> None:
    assert feedback.faults([_ITEM], {"tried": 5}, {}) == []
    assert [one.code for one in feedback.faults([_ITEM], {}, {})] == ["answer_missing"]
    assert [one.code for one in feedback.faults([_ITEM], {"tried": 6}, {})] == ["point_unknown"]
    assert [one.code for one in feedback.faults([_ITEM], {"tried": 1, "x": 1}, {"tried": "иә"})] == [
        "question_unknown",
        "question_unknown",
    ]


_PARTS = st.dictionaries(st.integers(0, 6), st.integers(0, 40), max_size=6)


@given(_PARTS, st.integers(0, 25))
def test_no_figure_shown_and_no_difference_of_figures_rests_on_fewer_than_ten(
    parts: Mapping[int, int], rest: int
) -> None:
    total = sum(parts.values()) + rest

    shown = feedback.shown(total, parts)

    if total < feedback.MIN_N:
        assert not shown
    assert all(parts[one] >= feedback.MIN_N for one in shown)
    for size in range(1, len(shown) + 1):
        for some in combinations(shown, size):
            left = total - sum(parts[one] for one in some)
            assert left == 0 or left >= feedback.MIN_N


@given(_PARTS, st.integers(0, 25))
def test_no_more_is_hidden_than_the_smallest_that_protects(parts: Mapping[int, int], rest: int) -> None:
    total = sum(parts.values()) + rest
    large = {one for one, n in parts.items() if n >= feedback.MIN_N}

    shown = feedback.shown(total, parts)

    if total >= feedback.MIN_N:
        assert len(large - shown) <= 1
        hidden = total - sum(parts[one] for one in large)
        assert (shown == large) is (hidden == 0 or hidden >= feedback.MIN_N or not large)


def test_a_label_that_few_would_bear_is_written_nowhere() -> None:
    assert feedback.labels({"a": 12, "b": 9, "c": 2}, {"c": 8}) == {"a", "c"}


def test_figures_of_a_question_are_those_worked_by_hand() -> None:
    answers = [{"tried": point} for point in (5, 5, 4, 4, 4, 3, 3, 2, 1, 5)]

    (found,) = feedback.of_items([_ITEM], answers)
    (level,) = feedback.of_levels([_ITEM], answers)

    points = [answer["tried"] for answer in answers]
    low, high = stats.t.interval(0.95, 9, loc=np.mean(points), scale=stats.sem(points))
    assert found.mean == Interval(pytest.approx(3.6), pytest.approx(low), pytest.approx(high))  # type: ignore[arg-type]
    wilson = stats.binomtest(6, 10).proportion_ci(method="wilson")
    assert found.favourable == Interval(0.6, pytest.approx(wilson.low), pytest.approx(wilson.high))  # type: ignore[arg-type]
    assert level.mean.value == pytest.approx(100 * (3.6 - 1) / 4)


# Intervals


@given(st.floats(0.5, 1e6), st.floats(0.0005, 0.9995))
@settings(max_examples=300)
def test_quantiles_of_student_are_scipys(df: float, p: float) -> None:
    assert intervals.student_quantile(p, df) == pytest.approx(stats.t.ppf(p, df), rel=1e-6, abs=1e-7)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_of_a_share_is_wilsons_and_never_leaves_0_to_1(counted: tuple[int, int]) -> None:
    hits, n = counted
    wilson = stats.binomtest(hits, n).proportion_ci(method="wilson")

    found = intervals.share_interval(hits, n)

    assert [found.low, found.high] == pytest.approx([wilson.low, wilson.high], abs=1e-9)
    assert 0 <= found.low <= found.value <= found.high <= 1


_VALUES = st.lists(st.integers(-1000, 1000), min_size=2, max_size=40)


@given(_VALUES, _VALUES)
def test_the_difference_of_two_samples_is_welchs(before: list[int], after: list[int]) -> None:
    found = intervals.difference_interval(before, after)

    if np.var(before) > 0 and np.var(after) > 0:
        welch = stats.ttest_ind(after, before, equal_var=False).confidence_interval(0.95)
        assert [found.low, found.high] == pytest.approx([welch.low, welch.high], abs=1e-6)
    assert found.low <= found.value <= found.high


# Impact


def _people(
    rng: np.random.Generator, *, effect: float, schools: int = 40, per_school: int = 4, strata: int = 4
) -> impact.Sample:
    """Scores that rise on their own, differently in each stratum, alike within a school; and by the course."""
    n = schools * per_school
    school = np.repeat(np.arange(schools), per_school)
    took_part = rng.random(n) < 0.5
    stratum = rng.integers(0, strata, n)
    of_school = rng.normal(0, 5, schools)[school]
    change = 4 + 3 * stratum + of_school + rng.normal(0, 8, n) + effect * took_part
    return impact.Sample(change, took_part, stratum.astype(np.int64), school.astype(np.int64))


def _hits(effect: float, seed: int, **made: int) -> float:
    rng = np.random.default_rng(seed)
    held = 0
    for _ in range(400):
        found = impact.impact(_people(rng, effect=effect, **made)).effect
        assert found is not None
        held += found.low <= effect <= found.high
    return held / 400


@pytest.mark.parametrize("made", [{}, {"schools": 12, "per_school": 8}, {"schools": 120, "per_school": 1}])
def test_the_true_effect_is_inside_the_interval_in_95_of_100_sets(made: dict[str, int]) -> None:
    # Of 400 sets 380 are expected, give or take 3 standard deviations of 4.4.
    assert 0.917 <= _hits(5.0, 20261122, **made) <= 0.983


def test_where_there_is_no_effect_one_is_seen_in_5_of_100_sets() -> None:
    assert 0.917 <= _hits(0.0, 7) <= 0.983


def test_whole_schools_that_took_part_are_no_independent_people() -> None:
    # Sixty people of six schools on each side: counted as people, the interval would be far too narrow.
    rng = np.random.default_rng(5)
    school = np.repeat(np.arange(12), 10)
    took_part = school < 6
    stratum = np.zeros(120, dtype=np.int64)
    of_clusters = of_people = 0
    for _ in range(400):
        change = rng.normal(0, 10, 12)[school] + rng.normal(0, 5, 120)
        for cluster, by_school in ((school, True), (np.arange(120), False)):
            found = impact.impact(impact.Sample(change, took_part, stratum, cluster.astype(np.int64))).effect
            assert found is not None
            holds = found.low <= 0 <= found.high
            of_clusters += by_school and holds
            of_people += (not by_school) and holds
    assert of_clusters / 400 >= 0.917
    assert of_people / 400 < 0.7


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=50)
def test_of_one_stratum_and_single_people_the_interval_is_welchs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(20, 80))
    took_part = np.arange(n) < n // 2
    change = rng.normal(3, 7, n)
    one = np.zeros(n, dtype=np.int64)

    found = impact.impact(impact.Sample(change, took_part, one, np.arange(n, dtype=np.int64)))

    welch = stats.ttest_ind(change[took_part], change[~took_part], equal_var=False)
    assert found.effect is not None
    assert found.effect.value == pytest.approx(change[took_part].mean() - change[~took_part].mean())
    spread = abs(found.effect.value / welch.statistic)
    assert found.df is not None
    assert found.effect.high - found.effect.value == pytest.approx(stats.t.ppf(0.975, found.df) * spread)
    assert abs(found.df - (n - 2)) <= 1.0


@given(st.integers(0, 2**32 - 1), st.floats(-50, 50), st.floats(0.1, 10))
@settings(max_examples=50)
def test_a_rise_of_everybody_changes_nothing_and_another_unit_only_the_unit(
    seed: int, shift: float, unit: float
) -> None:
    sample = _people(np.random.default_rng(seed), effect=2.0)
    moved = impact.Sample(sample.change * unit + shift, sample.took_part, sample.stratum, sample.cluster)

    one, other = impact.impact(sample).effect, impact.impact(moved).effect

    assert one is not None
    assert other is not None
    for end in ("value", "low", "high"):
        assert getattr(other, end) == pytest.approx(unit * getattr(one, end), abs=1e-6)


def test_it_says_not_enough_rather_than_guessing() -> None:
    sample = _people(np.random.default_rng(1), effect=5.0)
    order = np.arange(sample.change.size)
    few_took_part = ~sample.took_part | (np.cumsum(sample.took_part) <= 9)
    few_waited = sample.took_part | (np.cumsum(~sample.took_part) <= 9)
    apart = impact.Sample(sample.change, sample.took_part, sample.took_part.astype(np.int64), sample.cluster)
    four_schools = impact.Sample(sample.change, sample.took_part, 0 * order, (order % 4).astype(np.int64))

    reasons = [
        impact.impact(one).reason
        for one in (sample, sample.only(few_took_part), sample.only(few_waited), apart, four_schools)
    ]

    assert reasons == [
        None,
        NotEnough.TOO_FEW_PARTICIPANTS,
        NotEnough.TOO_FEW_WAITED,
        NotEnough.NO_COMMON_STRATUM,
        NotEnough.TOO_FEW_ORGANISATIONS,
    ]


def test_nobody_at_all_is_not_enough() -> None:
    empty = np.zeros(0, dtype=np.int64)

    assert impact.impact(impact.Sample(np.zeros(0), empty.astype(np.bool_), empty, empty)).reason is (
        NotEnough.TOO_FEW_PARTICIPANTS
    )


def test_near_the_last_seat_are_the_last_to_get_one_and_the_first_to_wait() -> None:
    order = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    took_part = [True, True, True, True, False, False, False]

    assert impact.bands(order, took_part) == [1, 1, 0, 0, 0, 0, 1]
