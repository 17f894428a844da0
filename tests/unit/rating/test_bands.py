"""Bands, and the evidence they rest on."""

import math
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from services.rating_engine.core.evidence import grades
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

    found = grades.pairwise_loss(mean, variance, loss)

    assert [str(place + 1) for place in found.places.tolist()] == [line[f"grade_lambda{loss}"] for line in lines]


@pytest.mark.parametrize(("loss", "wrong"), [(4, 0.043), (9, 0.022), (19, 0.007)])
def test_grades_tell_how_many_pairs_they_are_expected_to_get_wrong(loss: float, wrong: float) -> None:
    lines = rows("school_multilevel/exam_expected_ranks_and_grades.csv")
    mean = np.array([float(line["blup"]) for line in lines])
    variance = np.array([float(line["se"]) for line in lines]) ** 2

    assert grades.pairwise_loss(mean, variance, loss).misordered == pytest.approx(wrong, abs=5e-4)


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

        found = grades.pairwise_loss(means, variances, LOSS, most).places
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


def test_without_labels_there_are_as_many_grades_as_are_best_and_they_are_numbered() -> None:
    lines = rows("school_multilevel/exam_expected_ranks_and_grades.csv")
    values = [float(line["blup"]) for line in lines]
    variance = {"x": [float(line["se"]) ** 2 for line in lines]}

    answer = simulate(TREE, {"x": values}, variance=variance, bands={"kind": "pairwise_loss", "loss": 1})

    assert answer.band == [line["grade_lambda1"] for line in lines]
    assert answer.misordered is not None


@pytest.mark.parametrize("most", [5, 40])
def test_grades_of_thousands_leave_no_gap_and_keep_the_order(most: int) -> None:
    generator = np.random.default_rng(2)
    mean, variance = generator.normal(0, 10, 1500), generator.uniform(0.01, 1, 1500)

    found = grades.pairwise_loss(mean, variance, 1.0, most)
    other = generator.permutation(1500)
    again = grades.pairwise_loss(mean[other], variance[other], 1.0, most)

    assert set(found.places.tolist()) == set(range(most))
    assert (np.diff(found.places[np.argsort(-mean)]) >= 0).all()
    assert (again.places == found.places[other]).all()
    assert again.misordered == found.misordered


CUTS: Json = {"kind": "cuts", "labels": ["A", "B", "C"], "cuts": [40, 70]}


def test_the_probability_of_every_band_is_told_and_sums_to_one() -> None:
    answer = simulate(TREE, {"x": [70, 55, None]}, bands=CUTS, variance={"x": [100, 100, None]})

    assert answer.band_probability is not None
    assert [answer.band_probability[label][0] for label in "ABC"] == pytest.approx([0.5, 0.49865, 0.00135], abs=1e-5)
    assert answer.band_probability["B"][1] == pytest.approx(0.866386, abs=1e-6)
    assert [answer.band_probability[label][2] for label in "ABC"] == [None, None, None]


def test_less_certain_than_asked_a_unit_is_between_two_bands() -> None:
    answer = simulate(
        TREE,
        {"x": [90, 70, 55, 55, 30, None]},
        bands=CUTS | {"certainty": 0.8},
        variance={"x": [100, 100, 100, 2500, 0, None]},
    )

    assert answer.band == ["A", "A", "B", "B", "C", None]
    assert answer.band_between == [None, ["A", "B"], None, ["A", "C"], None, None]


def test_a_band_changes_only_when_the_new_one_is_likely_enough() -> None:
    kind = CUTS | {"hysteresis": 0.1}
    before: list[str | None] = ["B", "B", "B", None, "gone", "B"]
    more = {"variance": {"x": [100] * 6}, "attributes": {"previous_band": before}}

    answer = simulate(TREE, {"x": [71, 72.5, 90, 71, 71, None]}, bands=kind, **more)

    assert answer.band == ["B", "B", "A", "A", "A", None]
    assert simulate(TREE, {"x": [71, 72.6]}, bands=kind, attributes={"previous_band": ["B", "B"]}).band == ["A", "A"]


def test_grades_keep_their_edition_too() -> None:
    kind = {"kind": "pairwise_loss", "labels": ["A", "B"], "loss": 1, "hysteresis": 0.45}
    values: list[float | None] = [10.0, 9, 1, 0.5]

    loose = simulate(TREE, {"x": values}, bands=kind, variance={"x": [4] * 4})
    held = simulate(
        TREE, {"x": values}, bands=kind, variance={"x": [4, 25, 4, 4]}, attributes={"previous_band": ["B"] * 4}
    )

    assert loose.band == ["A", "A", "B", "B"]
    assert held.band == ["A", "B", "B", "B"]


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
