"""The best and the worst light: every corner of the box tried, worked by hand, and rated again officially."""

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from services.rating_engine.core import pipeline
from services.rating_engine.core import types as core
from services.rating_engine.core.doubt import factors
from services.rating_engine.core.doubt.replicates import reweighted
from services.rating_engine.core.explanation import best_light
from services.rating_engine.core.explanation.best_light import BestLight

GAP = math.nan
ARITHMETIC, GEOMETRIC, HARMONIC = core.WeightedArithmetic(), core.WeightedGeometric(), core.WeightedHarmonic()
MEANS: list[core.Aggregation] = [ARITHMETIC, GEOMETRIC, HARMONIC, core.PowerMean(2.5), core.PowerMean(-3.0)]
Columns = dict[str, list[float]]


def _two(mean: core.Aggregation = ARITHMETIC, a: float = 1.0, b: float = 1.0) -> core.Node:
    return core.Node("i", (core.Leaf("a", a), core.Leaf("b", b)), 1.0, mean)


def _tree(top: core.Aggregation, first: core.Aggregation, second: core.Aggregation) -> core.Node:
    """Eight weights, one of them of an indicator at the root itself."""
    pillars = (
        core.Node("p", tuple(core.Leaf(code, weight) for code, weight in zip("abc", (1, 2, 3), strict=True)), 2, first),
        core.Node("q", (core.Leaf("d", 4.0), core.Leaf("e", 0.5)), 1.0, second),
        core.Leaf("f", 1.5),
    )
    return core.Node("i", pillars, 1.0, top)


def _dataset(columns: Columns, units: tuple[str, ...] = ()) -> core.Dataset:
    count = len(next(iter(columns.values())))
    named = units or tuple(f"u{place}" for place in range(count))
    return core.Dataset(named, {code: core.Column(np.array(values)) for code, values in columns.items()})


def _drawn(units: int, *, gaps: float = 0.0, seed: int = 4) -> Columns:
    generator = np.random.default_rng(seed)
    return {
        code: [GAP if generator.random() < gaps else generator.uniform(1, 100) for _ in range(units)]
        for code in "abcdef"
    }


def _found(dataset: core.Dataset, method: core.Methodology, spread: float = 0.25) -> tuple[core.Result, BestLight]:
    result = pipeline.rate(dataset, method)
    found = best_light.best_light(best_light.declared(dataset, method, result), result, spread=spread)
    assert found is not None
    return result, found


def _of(columns: Columns, tree: core.Node, spread: float = 0.25) -> tuple[core.Result, BestLight]:
    return _found(_dataset(columns), core.Methodology("m", tree), spread)


def _rated_by(dataset: core.Dataset, method: core.Methodology, multipliers: NDArray[Any]) -> core.Result:
    official = [child.weight for node in method.tree.nodes() for child in node.children]
    tree = reweighted(method.tree, np.array(official) * multipliers, factors.slots(method.tree))
    return pipeline.rate(dataset, replace(method, tree=tree))


def _by_formula(node: core.Node, values: dict[str, float], rows: Iterator[core.Floats]) -> core.Floats:
    """The score of one unit at every corner, straight from the formula; each weight takes the next row of factors."""
    below = [
        (
            child.weight * next(rows),
            np.array(values[child.indicator]) if isinstance(child, core.Leaf) else _by_formula(child, values, rows),
        )
        for child in node.children
    ]
    part = [(weight, value) for weight, value in below if not np.isnan(value).any()]
    if not part:
        return np.array(GAP)
    total = sum(weight for weight, _ in part)
    match node.aggregation:
        case core.WeightedGeometric():
            found: core.Floats = np.prod([value ** (weight / total) for weight, value in part], axis=0)
            return found
        case core.WeightedHarmonic():
            power = -1.0
        case core.PowerMean():
            power = node.aggregation.power
        case _:
            power = 1.0
    with np.errstate(divide="ignore"):
        return (sum(weight * value**power for weight, value in part) / total) ** (1.0 / power)


def test_two_children_are_as_worked_by_hand() -> None:
    result, found = _of({"a": [80.0, 20.0], "b": [40.0, 60.0]}, _two())

    # with 1.25 of the better and 0.75 of the worse: (1.25 · 80 + 0.75 · 40) / 2 and so on
    assert result.score.tolist() == [60.0, 40.0]
    assert found.score_high.tolist() == [65.0, 45.0]
    assert found.score_low.tolist() == [55.0, 35.0]
    # by 1.25 : 0.75 the first has 65 against 35, by 0.75 : 1.25 it has 55 against 45
    assert (found.rank_best.tolist(), found.rank_worst.tolist()) == ([1, 2], [1, 2])


def test_means_of_two_children_are_as_worked_by_hand() -> None:
    columns = {"a": [80.0], "b": [20.0]}

    geometric, harmonic, quadratic = (
        _of(columns, _two(mean, 3.0))[1] for mean in (GEOMETRIC, HARMONIC, core.PowerMean(2.0))
    )

    # weights 3.75 : 0.75 at the best, 2.25 : 1.25 at the worst
    assert geometric.score_high[0] == pytest.approx(80 ** (5 / 6) * 20 ** (1 / 6), rel=1e-13)
    assert geometric.score_low[0] == pytest.approx(80 ** (9 / 14) * 20 ** (5 / 14), rel=1e-13)
    assert harmonic.score_high[0] == pytest.approx(4.5 / (3.75 / 80 + 0.75 / 20), rel=1e-13)
    assert harmonic.score_low[0] == pytest.approx(3.5 / (2.25 / 80 + 1.25 / 20), rel=1e-13)
    assert quadratic.score_high[0] == pytest.approx(math.sqrt((3.75 * 6400 + 0.75 * 400) / 4.5), rel=1e-13)
    assert quadratic.score_low[0] == pytest.approx(math.sqrt((2.25 * 6400 + 1.25 * 400) / 3.5), rel=1e-13)


def test_a_place_turns_where_weights_turn_the_order() -> None:
    _, found = _of({"a": [60.0, 50.0, 10.0], "b": [40.0, 49.0, 11.0]}, _two())

    # officially 50, 49.5, 10.5; by 1.25 : 0.75 it is 52.5 to 49.625, by 0.75 : 1.25 it is 47.5 to 49.375
    assert found.rank_best.tolist() == [1, 2, 3]
    assert found.rank_worst.tolist() == [2, 1, 3]
    # the second is shown in its best light where it loses, and in its worst where it wins
    assert found.score_high[1] == 49.625
    assert found.score_low[1] == 49.375


def test_a_gap_leaves_its_weight_and_the_weight_of_a_gap_stays_as_declared() -> None:
    columns = {"a": [80.0, 10.0], "b": [40.0, 10.0], "c": [GAP, 55.0]}
    leaves = (core.Leaf("a"), core.Leaf("b"), core.Leaf("c"))

    _, found = _of(columns, core.Node("i", leaves))

    assert found.score_high[0] == 65.0
    # by 1.25, 0.75 and the declared 1 the other has (12.5 + 7.5 + 55) / 3 = 25
    assert found.score_high[1] == pytest.approx((0.75 * 20 + 1.25 * 55) / 2.75)
    assert found.rank_best.tolist() == [1, 2]
    assert best_light.optimum(1.0, np.ones(3), np.array([[80.0], [40.0], [GAP]]), spread=0.25, aim=1)[1].tolist() == [
        [1],
        [-1],
        [0],
    ]


def test_what_is_charged_for_a_gap_is_held() -> None:
    columns = {"a": [80.0, 10.0, 60.0], "b": [GAP, 30.0, 50.0]}
    leaves = (core.Leaf("a"), core.Leaf("b"))
    method = core.Methodology("m", core.Node("i", leaves), missing=core.Missing(policy=core.MissingPolicy.PENALISE))

    result, found = _found(_dataset(columns), method)

    assert result.score[0] == 55.0, "the lowest of the others stands in the gap"
    assert (found.score_high[0], found.score_low[0]) == (61.25, 48.75)


def test_what_is_charged_for_a_whole_node_is_held() -> None:
    pillar = core.Node("p", (core.Leaf("a"), core.Leaf("b"), core.Leaf("c")))
    tree = core.Node("i", (pillar, core.Leaf("d")))
    method = core.Methodology("m", tree, missing=core.Missing(core.MissingPolicy.PENALISE, min_node_coverage=0.5))
    dataset = _dataset({"a": [GAP, 20.0, 30.0], "b": [GAP, 40.0, 30.0], "c": [9.0, 60.0, 30.0], "d": [50.0, 10.0, 5.0]})

    result, found = _found(dataset, method)

    assert np.isnan(result.nodes["p"][0])
    assert result.inside is not None
    assert result.inside.nodes["p"][0] == 30.0
    assert (found.score_high[0], found.score_low[0]) == (42.5, 37.5)
    assert found.sides_high[:, 0].tolist() == [-1, 1, 0, 0, 0]


def test_below_zero_a_mean_that_is_not_defined_there_counts_nothing() -> None:
    pillar = core.Node("p", (core.Leaf("a"), core.Leaf("b")))
    tree = core.Node("i", (pillar, core.Leaf("c")), 1.0, GEOMETRIC)

    result, found = _of({"a": [10.0, 4.0], "b": [-8.0, 4.0], "c": [4.0, 4.0]}, tree)

    # the pillar is (7.5 - 10) / 2 at its worst and (12.5 - 6) / 2 at its best
    assert result.score[0] == 2.0
    assert found.score_low[0] == 0.0
    assert found.score_high[0] == pytest.approx(3.25 ** (0.75 / 2) * 4 ** (1.25 / 2), rel=1e-13)
    assert found.rank_worst.tolist() == [2, 1]


@pytest.mark.parametrize("mean", MEANS)
@pytest.mark.parametrize("spread", [0.25, 1.0])
def test_what_weighs_nothing_goes_on_weighing_nothing(mean: core.Aggregation, spread: float) -> None:
    leaves = (core.Leaf("a"), core.Leaf("b"), core.Leaf("c", 0.0))
    columns = {"a": [80.0, 70.0], "b": [40.0, 60.0]}

    _, without = _of(columns, _two(mean), spread)
    _, found = _of(columns | {"c": [1000.0, 0.0]}, core.Node("i", leaves, 1.0, mean), spread)

    assert found.score_high.tobytes() == without.score_high.tobytes()
    assert found.score_low.tobytes() == without.score_low.tobytes()
    assert (found.sides_high[2] == 0).all()


def test_in_the_whole_box_only_the_best_child_may_be_left() -> None:
    columns = {"a": [80.0, 0.0, 5.0], "b": [40.0, 70.0, 5.0]}

    for mean in MEANS:
        _, found = _of(columns, _two(mean), 1.0)
        assert found.score_high.tolist() == [80.0, 70.0, 5.0]
        assert found.score_low.tolist() == [40.0, 0.0, 5.0]
        assert found.sides_high.tolist() == [[1, -1, 0], [-1, 1, 0]], "all the same to the third: as declared"
        assert found.sides_low.tolist() == [[-1, 1, 0], [1, -1, 0]]


def test_a_zero_that_annihilates_leaves_no_light() -> None:
    for mean in (GEOMETRIC, HARMONIC, core.PowerMean(-3.0)):
        _, found = _of({"a": [80.0, 3.0], "b": [0.0, 2.0]}, _two(mean))

        assert (found.score_high[0], found.score_low[0]) == (0.0, 0.0)
        assert (found.rank_best[0], found.rank_worst[0]) == (2, 2)
        assert found.sides_high.tolist() == [[0, 1], [0, -1]]


def test_who_is_not_rated_has_no_light() -> None:
    columns = {"a": [80.0, GAP, 20.0], "b": [40.0, GAP, 60.0]}

    _, found = _of(columns, _two())
    _, nobody = _of({"a": [GAP], "b": [GAP]}, _two())

    assert np.isnan(found.score_high).tolist() == np.isnan(found.score_low).tolist() == [False, True, False]
    assert (found.rank_best.tolist(), found.rank_worst.tolist()) == ([1, 0, 2], [1, 0, 2])
    assert np.isnan(nobody.score_high).all()
    assert nobody.rank_best.tolist() == [0]


def test_where_wins_are_counted_or_weights_go_by_reliability_it_is_not_defined() -> None:
    dataset = _dataset({"a": [1.0, 2.0], "b": [2.0, 1.0]})
    outranked = core.Methodology("m", _two(core.Copeland()))
    trusted = core.Methodology("m", _two(), precision=core.Precision(reliability_weights=True))

    for method in (outranked, trusted):
        result = pipeline.rate(dataset, method)
        assert not best_light.is_defined(method)
        assert best_light.best_light(best_light.declared(dataset, method, result), result) is None


VALUES = st.one_of(st.floats(0.5, 100.0), st.sampled_from([0.0, GAP, 1.0, 50.0]))


@settings(max_examples=40, deadline=None)
@given(
    data=st.data(),
    spread=st.sampled_from([1e-300, 1e-6, 0.1, 0.25, 0.9]),
    means=st.tuples(*[st.sampled_from(MEANS)] * 3),
)
def test_no_corner_of_the_box_is_better_or_worse(
    data: st.DataObject, spread: float, means: tuple[core.Aggregation, ...]
) -> None:
    columns = {code: data.draw(st.lists(VALUES, min_size=2, max_size=2)) for code in "abcdef"}
    dataset, method = _dataset(columns), core.Methodology("m", _tree(*means))
    result, found = _found(dataset, method, spread)
    assume(not np.isnan(result.score).all())

    corners = np.array(list(product((1.0 - spread, 1.0 + spread), repeat=8))).T
    for unit in range(2):
        told = _by_formula(method.tree, {code: values[unit] for code, values in columns.items()}, iter(corners))
        assert np.isclose(found.score_high[unit], told.max(), rtol=1e-12, equal_nan=True)
        assert np.isclose(found.score_low[unit], told.min(), rtol=1e-12, equal_nan=True)
    rated = ~np.isnan(result.score)
    assert (found.score_low[rated] <= result.score[rated]).all()
    assert (result.score[rated] <= found.score_high[rated]).all()


@pytest.mark.parametrize("means", [(ARITHMETIC,) * 3, (GEOMETRIC,) * 3, (HARMONIC, GEOMETRIC, ARITHMETIC), MEANS[2:]])
@pytest.mark.parametrize("gaps", [0.0, 0.2])
@pytest.mark.parametrize("spread", [0.25, 1.0])
def test_places_are_those_of_the_official_rating_with_the_weights_that_show_the_unit_so(
    means: tuple[core.Aggregation, ...], gaps: float, spread: float
) -> None:
    dataset, method = _dataset(_drawn(30, gaps=gaps)), core.Methodology("m", _tree(*means))

    _, found = _found(dataset, method, spread)

    for unit in range(30):
        for score, rank, sides in (
            (found.score_high, found.rank_best, found.sides_high),
            (found.score_low, found.rank_worst, found.sides_low),
        ):
            again = _rated_by(dataset, method, 1.0 + spread * sides[:, unit])
            assert np.isclose(again.score[unit], score[unit], rtol=1e-12)
            assert again.rank[unit] == rank[unit]


def test_a_node_without_enough_values_stays_without_and_its_weights_as_declared() -> None:
    columns = _drawn(12, gaps=0.4)
    method = core.Methodology(
        "m", _tree(ARITHMETIC, GEOMETRIC, ARITHMETIC), missing=core.Missing(min_node_coverage=0.6)
    )
    dataset = _dataset(columns)

    result, found = _found(dataset, method)

    without = np.isnan(result.nodes["p"]) & ~np.isnan(result.score)
    assert without.any()
    assert (found.sides_high[3:6, without] == 0).all()
    for unit in np.flatnonzero(~np.isnan(result.score)).tolist():
        again = _rated_by(dataset, method, 1.0 + 0.25 * found.sides_high[:, unit])
        assert np.isclose(again.score[unit], found.score_high[unit], rtol=1e-12)
        assert again.rank[unit] == found.rank_best[unit]


def test_who_is_best_in_everything_is_first_in_any_light() -> None:
    columns = {code: [99.5, *values] for code, values in _drawn(20).items()} | {"f": [101.0, *_drawn(20)["f"]]}
    columns = {code: [max(values) + 1.0, *values[1:]] for code, values in columns.items()}

    for mean in MEANS:
        _, found = _of(columns, _tree(mean, mean, mean), 0.9)
        assert (found.rank_best[0], found.rank_worst[0]) == (1, 1)


def test_a_wider_box_shows_more() -> None:
    columns, tree = _drawn(40, gaps=0.2), _tree(GEOMETRIC, ARITHMETIC, HARMONIC)

    lights = [_of(columns, tree, spread)[1] for spread in (0.05, 0.25, 0.6, 1.0)]

    for narrow, wide in pairwise(lights):
        assert (narrow.score_high <= wide.score_high * (1 + 1e-12)).all()
        assert (narrow.score_low >= wide.score_low * (1 - 1e-12)).all()


@pytest.mark.parametrize("means", [(ARITHMETIC, GEOMETRIC, HARMONIC), tuple(MEANS[2:])])
def test_the_order_of_the_units_changes_no_byte(means: tuple[core.Aggregation, ...]) -> None:
    columns, method = _drawn(70, gaps=0.2), core.Methodology("m", _tree(*means))
    units = tuple(f"u{place}" for place in range(70))
    order = np.random.default_rng(8).permutation(70)
    mixed = _dataset(
        {code: np.array(values)[order].tolist() for code, values in columns.items()},
        tuple(units[place] for place in order.tolist()),
    )

    _, found = _found(_dataset(columns, units), method)
    _, other = _found(mixed, method)

    for name in ("score_high", "score_low", "rank_best", "rank_worst"):
        assert getattr(found, name)[order].tobytes() == getattr(other, name).tobytes(), name


def test_many_blocks_of_weights_give_the_places_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    columns, tree = _drawn(50, gaps=0.1), _tree(ARITHMETIC, GEOMETRIC, ARITHMETIC)

    _, whole = _of(columns, tree)
    monkeypatch.setattr(best_light, "_WEIGHTS_AT_ONCE", 8 * 7)
    _, parted = _of(columns, tree)

    assert parted.rank_best.tolist() == whole.rank_best.tolist()
    assert parted.rank_worst.tolist() == whole.rank_worst.tolist()


@pytest.mark.parametrize("mean", MEANS)
def test_numbers_of_any_size_stay_between_the_least_and_the_greatest_child(mean: core.Aggregation) -> None:
    values = {"a": [1e308, 5e-324, 1e300, 0.0], "b": [1e308, 1e308, 1e-300, 0.0]}

    result, found = _of(values, _two(mean, 1e9, 1e-9))

    low, high = (np.array([end(pair) for pair in zip(*values.values(), strict=True)]) for end in (min, max))
    assert (low <= found.score_low).all()
    assert (found.score_low <= result.score).all()
    assert (result.score <= found.score_high).all()
    assert (found.score_high <= high).all()
