"""Bands, and the evidence they rest on."""

import math
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from services.rating_engine.core import bands, precision
from services.rating_engine.core.types import PairwiseLossBands
from tests.unit.rating.cases import Json, rows, simulate

LOSS = 3.0
TREE: Json = {"code": "i", "children": [{"indicator": "x"}]}


def _bands(values: list[float | None], kind: Json, **more: Any) -> list[str | None]:
    return simulate(TREE, {"x": values}, bands=kind, **more).band


def test_quantiles_are_equal_shares_and_part_no_ties() -> None:
    labels = {"kind": "quantiles", "labels": ["A", "B"]}

    assert _bands([4, 3, 2, 1], labels) == ["A", "A", "B", "B"]
    assert _bands([4, 3, 3, 1, None], labels) == ["A", "A", "A", "B", None]
    assert _bands([7, 7, 7], labels) == ["A", "A", "A"]


def test_a_score_on_a_cut_is_in_the_better_band() -> None:
    kind = {"kind": "cuts", "labels": ["A", "B", "C"], "cuts": [40, 70]}

    assert _bands([70, 69.9, 40, 39.9, None], kind) == ["A", "B", "B", "C", None]


def test_cuts_tell_the_probability_of_being_above_each() -> None:
    kind = {"kind": "cuts", "labels": ["A", "B"], "cuts": [50]}

    known = simulate(TREE, {"x": [60, 50, 40, None]}, bands=kind)
    noisy = simulate(TREE, {"x": [60, 50, 40, None]}, bands=kind, variance={"x": [100, 100, 0, None]})

    assert known.above_cut == [[1.0], [1.0], [0.0], None]
    assert noisy.above_cut is not None
    assert (noisy.above_cut[0] or [0])[0] == pytest.approx(0.8413447460685429)
    assert noisy.above_cut[1:] == [[0.5], [0.0], None]


@pytest.mark.parametrize("loss", [1, 2, 3, 4, 9, 19])
def test_grades_of_the_65_london_schools_equal_the_reference(loss: int) -> None:
    lines = rows("school_multilevel/exam_expected_ranks_and_grades.csv")
    mean = np.array([float(line["blup"]) for line in lines])
    variance = np.array([float(line["se"]) for line in lines]) ** 2
    as_many_as_schools = PairwiseLossBands(tuple(str(grade) for grade in range(1, 66)), loss)

    grades, _ = bands.assign(as_many_as_schools, mean, np.arange(1, 66), mean, variance)

    assert grades == tuple(line[f"grade_lambda{loss}"] for line in lines)


@pytest.mark.parametrize("most", [1, 2, 3, 9])
def test_grades_are_the_best_of_all_possible_ones(most: int) -> None:
    generator = np.random.default_rng(5)
    for _ in range(10):
        means = np.sort(generator.normal(0, 1, 9))[::-1]
        variances = generator.uniform(0.05, 1, 9)

        def gain(cuts: tuple[int, ...], m: Any = means, v: Any = variances) -> float:
            grade = [sum(place >= cut for cut in cuts) for place in range(9)]
            total = 0.0
            for i, j in combinations(range(9), 2):
                sure = 0.5 * math.erfc(-(m[i] - m[j]) / math.sqrt(2 * (v[i] + v[j])))
                total += (sure - LOSS * (1 - sure)) if grade[i] != grade[j] else 0.0
            return total

        labels = tuple(str(label) for label in range(most))
        found, _ = bands.assign(PairwiseLossBands(labels, LOSS), means, np.arange(1, 10), means, variances)
        chosen = tuple(place for place in range(1, 9) if found[place] != found[place - 1])
        every = [cuts for size in range(most) for cuts in combinations(range(1, 9), size)]

        assert gain(chosen) == pytest.approx(max(map(gain, every)), abs=1e-5)


def test_without_variances_grades_come_out_even_and_part_no_ties() -> None:
    kind = {"kind": "pairwise_loss", "labels": ["A", "B", "C"], "loss": 9}

    assert _bands([9, 8, 7, 6, 5, 4, None], kind) == ["A", "A", "B", "B", "C", "C", None]
    assert _bands([5, 5, 5, 1], kind) == ["A", "A", "A", "B"]
    assert _bands([None], kind) == [None]


def test_what_cannot_be_told_apart_is_one_grade() -> None:
    kind = {"kind": "pairwise_loss", "labels": ["A", "B", "C"], "loss": 9}

    assert _bands([3.0, 2.0, 1.0], kind, variance={"x": [100, 100, 100]}) == ["A", "A", "A"]
    assert _bands([300.0, 2.0, 1.0], kind, variance={"x": [100, 100, 100]}) == ["A", "B", "B"]


def test_grades_of_thousands_are_found_over_a_thousand_possible_borders() -> None:
    values: list[float | None] = [float(place) for place in range(3000)]
    kind = {"kind": "pairwise_loss", "labels": ["A", "B", "C", "D"], "loss": 9}

    found = _bands(values, kind, variance={"x": [1e4] * 3000})

    assert sorted(set(found), key=str, reverse=True) == list(dict.fromkeys(found))
    assert len(set(found)) > 1


def test_the_eight_schools_differ_by_no_more_than_chance() -> None:
    effects = np.array([28.0, 8, -3, 7, -1, 1, 18, 12])
    errors = np.array([15.0, 10, 16, 11, 9, 11, 10, 18])

    tau, centre = precision.between_variance(effects, errors**2)

    assert tau == 0
    assert centre == pytest.approx(7.6856, abs=1e-4)


def test_paule_mandel_solves_its_equation() -> None:
    values, variances = np.array([1.0, 5, 9, 20, -4]), np.array([1.0, 2, 0.5, 3, 1])

    tau, centre = precision.between_variance(values, variances)

    assert np.sum((values - centre) ** 2 / (variances + tau)) == pytest.approx(4, rel=1e-9)


def test_shrunken_values_equal_the_mixed_model_with_known_variances() -> None:
    lines = rows("school_multilevel/exam_expected_schools.csv")
    residuals = np.array([float(line["mean_residual"]) for line in lines])
    means = np.array([float(line["blup"]) for line in lines])
    errors = np.array([float(line["se"]) for line in lines])
    everyone = np.ones(len(lines), dtype=np.bool_)
    share = means / residuals
    between = float(np.median(errors**2 / (1 - share)))
    noise = between * (1 - share) / share

    shrunk, left = precision.shrunken(residuals, noise, [(everyone, everyone)])

    assert np.corrcoef(shrunk, means)[0, 1] > 0.999
    assert np.abs(shrunk - means).max() < 0.03
    assert np.abs(np.sqrt(left) - errors).max() < 0.01


def test_shrinking_moves_bands_and_never_the_score() -> None:
    values: list[float | None] = [90.0, 60, 61, 59, 60, 62, 58]
    variance = {"x": [400.0, 1, 1, 1, 1, 1, 1]}
    kind = {"kind": "cuts", "labels": ["A", "B"], "cuts": [70]}

    plain = simulate(TREE, {"x": values}, bands=kind, variance=variance)
    shrunk = simulate(TREE, {"x": values}, bands=kind, variance=variance, precision={"shrink": True})

    assert plain.score == shrunk.score
    assert plain.above_cut is not None
    assert shrunk.above_cut is not None
    assert (plain.above_cut[0] or [0])[0] > 0.8 > 0.1 > (shrunk.above_cut[0] or [1])[0]


def test_the_variance_of_a_score_is_that_of_its_parts() -> None:
    tree = {"code": "i", "children": [{"indicator": "x", "weight": 3}, {"indicator": "y", "weight": 1}]}
    kind = {"kind": "cuts", "labels": ["A", "B"], "cuts": [10]}

    answer = simulate(tree, {"x": [10], "y": [14]}, variance={"x": [16], "y": [16]}, bands=kind)

    sd = math.sqrt(0.75**2 * 16 + 0.25**2 * 16)
    assert answer.above_cut is not None
    assert (answer.above_cut[0] or [0])[0] == pytest.approx(0.5 * math.erfc(-1 / sd / math.sqrt(2)))
