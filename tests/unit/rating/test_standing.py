"""Places as estimates: expected ranks, sets of ranks, the probability of the top, and how good the evidence is."""

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rating_engine.core import pipeline
from services.rating_engine.core.evidence import pairs, rank_sets
from services.rating_engine.core.evidence.rank_probabilities import RankProbabilities
from services.rating_engine.core.types import Column, Dataset, Leaf, Methodology, Node
from services.rating_engine.runs import doubts
from shared.schemas.rating.standing import StandingRead
from tests.unit.rating.cases import Json, rows, simulate

TREE: Json = {"code": "i", "children": [{"indicator": "x"}]}


def _standing(values: list[float | None], variances: list[float | None], **more: Any) -> StandingRead:
    answer = simulate(TREE, {"x": values}, variance={"x": variances}, ask=["standing"], **more)
    assert answer.standing is not None
    return answer.standing


def _schools() -> tuple[list[dict[str, str]], Any, Any]:
    lines = rows("school_multilevel/exam_expected_ranks_and_grades.csv")
    mean = np.array([float(line["blup"]) for line in lines])
    return lines, mean, np.array([float(line["se"]) for line in lines]) ** 2


def test_expected_ranks_of_the_65_schools_are_those_of_the_closed_form() -> None:
    lines, mean, variance = _schools()

    expected = [float(line["posterior_expected_rank"]) for line in lines]
    assert pairs.expected_ranks(mean, variance) == pytest.approx(expected, abs=1e-9)


def test_intervals_and_the_top_of_the_65_schools_are_those_of_the_draws() -> None:
    lines, mean, variance = _schools()

    ranks = RankProbabilities(mean, variance)

    for share, name in ((0.025, "rank_q025"), (0.975, "rank_q975")):
        assert ranks.quantile(share) == pytest.approx([float(line[name]) for line in lines], abs=1)
    assert ranks.top(13) == pytest.approx([float(line["p_top20pct"]) for line in lines], abs=0.01)
    assert 1 - ranks.top(52) == pytest.approx([float(line["p_bottom20pct"]) for line in lines], abs=0.01)


def test_sets_of_ranks_of_pisa_are_those_of_csranks() -> None:
    lines = rows("ranks_inference/pisa_math_csranks.csv")

    found = _standing([float(line["score"]) for line in lines], [float(line["se"]) ** 2 for line in lines])

    assert found.rank_set_low == pytest.approx([int(line["marg_L"]) for line in lines], abs=1)
    assert found.rank_set_high == pytest.approx([int(line["marg_U"]) for line in lines], abs=1)
    assert found.together_low == pytest.approx([int(line["sim_L"]) for line in lines], abs=1)
    assert found.together_high == pytest.approx([int(line["sim_U"]) for line in lines], abs=1)
    best = {line["country"] for line, low in zip(lines, found.together_low, strict=True) if (low or 99) <= 5}
    assert best == {line["country"] for line in lines if line["in_top5_set"] == "TRUE"}


@pytest.mark.parametrize("name", ["pisa2018_input", "pisa2022_input"])
@pytest.mark.parametrize("subject", ["reading", "science", "math"])
def test_a_set_holds_the_place_and_the_sets_of_all_hold_each(name: str, subject: str) -> None:
    lines = [line for line in rows(f"ranks_inference/{name}.csv") if line[f"{subject}_score"] not in ("", "NA")]
    y = np.array([float(line[f"{subject}_score"]) for line in lines])
    v = np.array([float(line[f"{subject}_se"]) for line in lines]) ** 2

    one, every = rank_sets.marginal(y, v), rank_sets.simultaneous(y, v, seed=3)

    place = 1 + np.array([np.count_nonzero(y > score) for score in y])
    assert (every.low <= one.low).all()
    assert (one.low <= place).all()
    assert (place <= one.high).all()
    assert (one.high <= every.high).all()


def test_sets_of_ranks_cover_as_often_as_they_say() -> None:
    generator = np.random.default_rng(11)
    truth = np.array([0.0, 0.5, 1, 1.1, 1.2, 2, 3, 3.2])
    errors = np.array([0.3, 0.5, 0.4, 0.2, 0.6, 0.5, 0.4, 0.3])
    place = np.array([np.count_nonzero(truth > one) + 1 for one in truth])
    alone, together = 0, 0
    for seed in range(50):
        drawn = truth + generator.normal(0, errors)
        one, every = rank_sets.marginal(drawn, errors**2), rank_sets.simultaneous(drawn, errors**2, seed=seed)
        alone += int(np.count_nonzero((one.low <= place) & (place <= one.high)))
        together += int(((every.low <= place) & (place <= every.high)).all())

    assert alone / 50 / len(truth) >= 0.92
    assert together / 50 >= 0.9


def test_more_units_than_are_compared_step_by_step_have_nearly_the_same_sets() -> None:
    generator = np.random.default_rng(5)
    y, v = generator.normal(0, 10, 80), generator.uniform(1, 9, 80)

    exact = rank_sets.marginal(y, v)
    critical = rank_sets._by_groups(np.sqrt(v / v.max()), 0.95)
    order = np.argsort(-y)
    [(low, high)] = rank_sets._counted(y[order], v[order], critical[order])

    assert (low <= exact.low[order]).all()
    assert (high >= exact.high[order]).all()
    assert np.abs(low - exact.low[order]).max() <= 4


@pytest.mark.parametrize("count", [1, 2, 3, 90])
def test_exact_values_have_one_place(count: int) -> None:
    found = _standing([float(place) for place in range(count)], [0.0] * count)

    places = list(range(count, 0, -1))
    assert found.rank_set_low == found.rank_set_high == found.together_low == found.together_high == places
    assert found.expected_rank == pytest.approx(places)
    assert found.rank_low == found.rank_high == places
    assert found.evidence == ["strong"] * count


def test_equal_exact_values_share_their_places() -> None:
    found = _standing([5.0, 5, 5, 1], [0.0] * 4)

    assert found.rank_set_low == [1, 1, 1, 4]
    assert found.rank_set_high == [3, 3, 3, 4]
    assert found.expected_rank == [2, 2, 2, 4]


def test_what_is_noise_alone_has_every_place_and_no_evidence() -> None:
    found = _standing([5.0, 4.9, 5.1, None], [100.0, 100, 100, None])

    assert found.rank_set_low == [1, 1, 1, None]
    assert found.rank_set_high == [3, 3, 3, None]
    assert found.evidence == ["none", "none", "none", None]
    assert found.reliability[:3] == [0, 0, 0]


def test_the_best_share_is_the_one_that_the_methodology_names() -> None:
    """The 65 schools: the best and the worst fifth are 13 schools."""
    lines, mean, variance = _schools()

    found = _standing(mean.tolist(), variance.tolist(), precision={"top": 0.2})

    assert found.top == 0.2
    assert found.p_top == pytest.approx([float(line["p_top20pct"]) for line in lines], abs=0.01)
    assert found.p_bottom == pytest.approx([float(line["p_bottom20pct"]) for line in lines], abs=0.01)


def test_of_a_unit_without_a_variance_no_chances_are_told() -> None:
    rated = simulate(
        TREE,
        {"x": [10.0, 20.0, 30.0, 40.0]},
        variance={"x": [4.0, 4.0, None, 4.0]},
        bands={"kind": "cuts", "labels": ["A", "B"], "cuts": [25]},
        ask=["standing"],
    )

    assert rated.band == ["B", "B", "A", "A"]
    told = rated.standing
    assert told is not None
    assert [told.posterior_sd[2], told.expected_rank[2], told.rank_low[2], told.rank_set_high[2]] == [None] * 4
    assert [told.p_top[2], told.p_bottom[2], told.reliability[2], told.evidence[2]] == [None, None, None, "none"]
    assert told.posterior_sd[0] == 2
    assert rated.band_probability is not None
    assert rated.band_probability["A"][2] is None
    assert rated.band_probability["A"][3] == pytest.approx(1.0)


def test_what_is_not_known_to_be_sure_is_neither_above_nor_below() -> None:
    rated = simulate(
        {"code": "i", "children": [{"indicator": "x", "sampling": {"kind": "mean", "sd": 1.3}}]},
        {"x": [0.45, 0.45, 0.45]},
        n={"x": [24, 45, None]},
        bands={"kind": "interval", "labels": ["1", "2", "3", "4", "5"], "cuts": [-0.5, 0.5]},
    )

    assert rated.band == ["3", "2", "3"]


def test_where_no_variance_is_known_nothing_is_claimed() -> None:
    answer = simulate(TREE, {"x": [3, 2, None]}, ask=["standing"])

    assert answer.standing is not None
    assert answer.standing.expected_rank == [None] * 3
    assert answer.standing.rank_set_low == [None] * 3
    assert answer.standing.posterior_mean == [3, 2, None]
    assert answer.standing.evidence == ["none", "none", None]


def test_evidence_is_as_good_as_what_is_measured_and_what_it_tells_apart() -> None:
    tree = {"code": "i", "children": [{"indicator": "x", "weight": 2}, {"indicator": "y", "weight": 1}]}
    values: list[float | None] = [10, 20, 30, 40, 50]

    answer = simulate(
        tree,
        {"x": values, "y": values},
        variance={"x": [1, 1, 300, None, 1e5], "y": [1, None, 300, None, 1e5]},
        ask=["standing"],
    )

    assert answer.standing is not None
    assert answer.standing.measured == pytest.approx([1, 2 / 3, 1, 0, 1])
    assert answer.standing.evidence == ["strong", "moderate", "weak", "none", "weak"]


@pytest.mark.parametrize("values", [[1e308, -1e308, 0.0], [1e-300, 2e-300, 0.0], [7.0], [None, None, 3.0]])
@pytest.mark.parametrize("variance", [0.0, 1e-300, 1.0, 1e308])
@pytest.mark.parametrize("shrink", [False, True])
def test_no_number_is_too_large_or_too_small(values: list[float | None], variance: float, shrink: bool) -> None:
    variances: list[float | None] = [variance] * len(values)

    found = _standing(values, variances, precision={"shrink": shrink})

    rated = sum(value is not None for value in values)
    for low, high, value in zip(found.rank_set_low, found.rank_set_high, values, strict=True):
        assert (low is None) == (value is None)
        assert low is None or 1 <= low <= (high or 0) <= rated
    assert all(math.isfinite(one) for one in found.expected_rank if one is not None)


Units = st.lists(st.tuples(st.floats(-100, 100), st.floats(0, 50)), min_size=1, max_size=12)


@settings(max_examples=25, deadline=None)
@given(Units, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_leaves_no_trace(units: list[tuple[float, float]], random: Any) -> None:
    order = list(range(len(units)))
    random.shuffle(order)
    means, variances = (np.array(column) for column in zip(*units, strict=True))

    def told(places: list[int]) -> list[tuple[float, ...]]:
        m, v = means[places], variances[places]
        chances, one, every = RankProbabilities(m, v), rank_sets.marginal(m, v), rank_sets.simultaneous(m, v)
        columns = (pairs.expected_ranks(m, v), chances.top(2), chances.quantile(0.9), one.low, one.high, every.high)
        return list(zip(*(column.tolist() for column in columns), strict=True))

    first = told(list(range(len(units))))
    assert told(order) == [first[place] for place in order]


@settings(deadline=None)
@given(Units)
def test_expected_ranks_sum_to_the_sum_of_all_places(units: list[tuple[float, float]]) -> None:
    means, variances = (np.array(column) for column in zip(*units, strict=True))

    ranks = pairs.expected_ranks(means, variances)

    assert math.fsum(ranks.tolist()) == pytest.approx(len(units) * (len(units) + 1) / 2)


def test_thousands_of_expected_ranks_are_right_to_a_hundredth() -> None:
    generator = np.random.default_rng(9)
    means, variances = generator.normal(0, 10, 2100), generator.uniform(4, 60, 2100)

    quick = pairs.expected_ranks(means, variances)
    places = [0, 700, 2099]
    sure = [
        1
        + sum(
            0.5 * math.erfc((means[j] - means[k]) / math.sqrt(2 * (variances[j] + variances[k])))
            for k in range(2100)
            if k != j
        )
        for j in places
    ]

    assert quick[places] == pytest.approx(sure, abs=0.01)


def test_peers_have_sets_of_ranks_of_their_own() -> None:
    values: list[float | None] = [10, 20, 30, 11, 21, 31, 5]
    kinds = ["a", "a", "a", "b", "b", "b", None]

    found = _standing(values, [1.0] * 7, attributes={"type": kinds}, peer_groups={"by": ["type"]})

    assert found.peer_set_low == found.peer_set_high == [3, 2, 1, 3, 2, 1, None]
    assert found.rank_set_low[:2] == [5, 3]
    assert _standing(values, [1.0] * 7).peer_set_low == [None] * 7


def test_who_has_no_set_of_places_counts_in_none_of_their_widths() -> None:
    values = np.array([10.0, 20.0, 30.0, 40.0])
    dataset = Dataset(tuple("abcd"), {"x": Column(values, variance=np.array([900.0, 900.0, np.nan, 900.0]))})
    methodology = Methodology("m", Node("i", (Leaf("x"),)))
    result = pipeline.rate(dataset, methodology)

    records, kept = doubts.standings(dataset, methodology, result, seed=0)

    widths = [one["rank_set_high"] - one["rank_set_low"] + 1 for one in records if one and one["rank_set_low"]]
    assert len(widths) == 3
    assert json.loads(kept.content)["mean_set"] == pytest.approx(sum(widths) / 3)
