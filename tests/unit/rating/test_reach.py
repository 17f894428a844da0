"""The smallest change that reaches the next band, checked by making the change and rating again."""

from dataclasses import replace

import numpy as np
import pytest

from services.rating_engine.core import pipeline
from services.rating_engine.core.explanation import reach
from services.rating_engine.core.explanation.reach import HALF, LIKELY
from services.rating_engine.core.types import (
    Aggregation,
    Cap,
    Column,
    Copeland,
    CutBands,
    Dataset,
    Direction,
    Floats,
    Goalposts,
    Leaf,
    LogGoalposts,
    Methodology,
    Missing,
    MissingPolicy,
    Node,
    Normalisation,
    PeerGroups,
    PercentileRank,
    Piecewise,
    PowerMean,
    QuantileBands,
    Rank,
    Thresholds,
    WeightedArithmetic,
    WeightedGeometric,
    WeightedHarmonic,
)

POSTS = Goalposts(0.0, 100.0, (1.0, 100.0), cap=True)
LABELS = ("A", "B", "C", "D")
BANDS = CutBands(LABELS, (30.0, 45.0, 60.0))
UNITS = 40


def _method(normalisation: Normalisation, mean: Aggregation, **more: object) -> Methodology:
    lower = Direction.LOWER if not isinstance(normalisation, Piecewise) else Direction.HIGHER
    two = (Leaf("a", 2.0, normalisation=normalisation), Leaf("b", 1.0, lower, normalisation=normalisation))
    left = Node("p", two, 1.5, mean)
    right = Node("q", (Leaf("c", 1.0, normalisation=normalisation), Leaf("d", 1.0, normalisation=POSTS)))
    method = Methodology("m", Node("i", (left, right), 1.0, mean), bands=BANDS)
    return replace(method, **more)  # type: ignore[arg-type]


def _town(seed: int = 5) -> Dataset:
    draw = np.random.default_rng(seed)
    columns = {}
    for code in "abcd":
        values = draw.uniform(2, 98, UNITS).round(2)
        values[draw.random(UNITS) < 0.1] = np.nan
        columns[code] = Column(values)
    kinds = tuple("xy"[place % 2] for place in range(UNITS))
    return Dataset(tuple(f"u{place:02}" for place in range(UNITS)), columns, {"kind": kinds})


def _changed(town: Dataset, unit: int, changes: dict[str, float]) -> Dataset:
    columns = dict(town.columns)
    for code, change in changes.items():
        values = columns[code].values.copy()
        values[unit] += change
        columns[code] = replace(columns[code], values=values)
    return replace(town, columns=columns)


def _score(town: Dataset, method: Methodology, unit: int) -> float:
    return float(pipeline.rate(town, method).score[unit])


def _ways(town: Dataset, method: Methodology) -> reach.Reach:
    found = reach.next_band(town, method, pipeline.rate(town, method))
    assert found is not None
    return found


SMOOTH: list[Normalisation] = [
    POSTS,
    LogGoalposts(1.0, 120.0, (1.0, 100.0), cap=True),
    Piecewise(((0.0, 1.0), (30.0, 20.0), (55.0, 75.0), (100.0, 100.0))),
]
MEANS: list[Aggregation] = [
    WeightedArithmetic(),
    WeightedGeometric(),
    WeightedHarmonic(),
    PowerMean(2.5),
]


@pytest.mark.parametrize("mean", MEANS, ids=lambda mean: type(mean).__name__)
@pytest.mark.parametrize("normalisation", SMOOTH, ids=lambda kind: type(kind).__name__)
def test_the_change_lifts_the_unit_and_a_little_less_does_not(normalisation: Normalisation, mean: Aggregation) -> None:
    town, method = _town(), _method(normalisation, mean)
    ways = _ways(town, method)

    checked = 0
    for unit in range(UNITS):
        border = ways.border[unit]
        for code, changes in ways.alone[HALF].items():
            change = float(changes[unit])
            if change != change:
                continue
            checked += 1
            assert (change < 0) == (code == "b" and not isinstance(normalisation, Piecewise))
            assert _score(_changed(town, unit, {code: change}), method, unit) >= border
            assert _score(_changed(town, unit, {code: change * (1 - 1e-4)}), method, unit) < border
    assert checked > 20


@pytest.mark.parametrize("mean", MEANS, ids=lambda mean: type(mean).__name__)
def test_what_is_not_reachable_is_not_reached_at_the_best_of_the_scale(mean: Aggregation) -> None:
    town, method = _town(), _method(POSTS, mean)
    ways = _ways(town, method)

    refused = 0
    for unit in range(UNITS):
        for code, changes in ways.alone[HALF].items():
            room = ways.room[code][unit]
            if np.isnan(changes[unit]) and not np.isnan(room):
                refused += 1
                assert _score(_changed(town, unit, {code: float(room)}), method, unit) < ways.border[unit]
    assert refused >= 5


@pytest.mark.parametrize("mean", MEANS, ids=lambda mean: type(mean).__name__)
def test_all_together_need_the_same_share_of_their_way(mean: Aggregation) -> None:
    town, method = _town(), _method(POSTS, mean)
    ways = _ways(town, method)

    for unit in np.flatnonzero(~np.isnan(ways.border)).tolist():
        share = float(ways.together[HALF][unit])
        rooms = {code: float(room[unit]) for code, room in ways.room.items() if not np.isnan(room[unit])}
        assert 0 < share <= 1
        assert (
            _score(_changed(town, unit, {code: share * room for code, room in rooms.items()}), method, unit)
            >= (ways.border[unit])
        )
        less = share - 2e-3
        assert (
            _score(_changed(town, unit, {code: less * room for code, room in rooms.items()}), method, unit)
            < (ways.border[unit])
        )


@pytest.mark.parametrize("normalisation", [PercentileRank(), Rank()], ids=["percentile", "rank"])
@pytest.mark.parametrize("grouped", [False, True])
def test_by_rank_the_unit_to_overtake_is_named_by_its_value(normalisation: Normalisation, grouped: bool) -> None:
    town = _town()
    top = 1.0 if isinstance(normalisation, PercentileRank) else UNITS * (0.45 if grouped else 0.9)
    bands = CutBands(LABELS, (0.3 * top, 0.5 * top, 0.6 * top))
    leaves = (
        Leaf("a", 2.0, normalisation=normalisation),
        Leaf("b", 1.0, Direction.LOWER, normalisation=normalisation),
        Leaf("c", 1.0, normalisation=normalisation),
    )
    peers = PeerGroups(("kind",)) if grouped else None
    method = Methodology("m", Node("i", leaves), bands=bands, peer_groups=peers)
    ways = _ways(town, method)

    checked = 0
    for unit in range(UNITS):
        for code, changes in ways.alone[HALF].items():
            change = float(changes[unit])
            if change != change:
                continue
            checked += 1
            overtaken = float(
                np.nextafter(town.columns[code].values[unit] + change, -np.inf if code != "b" else np.inf)
            )
            assert np.isclose(town.columns[code].values, overtaken, rtol=0, atol=1e-9).any()
            assert _score(_changed(town, unit, {code: change}), method, unit) >= ways.border[unit]
            less = change - (1e-6 if code != "b" else -1e-6)
            assert _score(_changed(town, unit, {code: less}), method, unit) < ways.border[unit]
    assert checked >= 10


def test_by_thresholds_the_next_cut_that_suffices_is_named() -> None:
    steps = Thresholds((20.0, 40.0, 60.0, 80.0), (1.0, 25.0, 50.0, 75.0, 100.0))
    town, method = _town(), _method(steps, WeightedArithmetic())
    ways = _ways(town, method)

    checked = 0
    for unit in range(UNITS):
        for code in "abc":
            change = float(ways.alone[HALF][code][unit])
            if change != change:
                continue
            checked += 1
            reached = town.columns[code].values[unit] + change
            assert np.isclose(reached, steps.cuts, rtol=0, atol=1e-9).any()
            assert _score(_changed(town, unit, {code: change}), method, unit) >= ways.border[unit]
    assert checked > 20


def test_a_noisy_score_needs_more_to_be_likely_than_to_be_as_likely_as_not() -> None:
    town = _town()
    noisy = replace(
        town, columns={code: replace(column, variance=np.full(UNITS, 9.0)) for code, column in town.columns.items()}
    )
    method = _method(POSTS, WeightedArithmetic())

    exact, ways = _ways(town, method), _ways(noisy, method)
    rated = pipeline.rate(noisy, method)

    assert rated.variance is not None
    for code in "acd":
        both = ~np.isnan(ways.alone[LIKELY][code])
        assert (ways.alone[LIKELY][code][both] > ways.alone[HALF][code][both]).all()
        assert np.array_equal(exact.alone[LIKELY][code], exact.alone[HALF][code], equal_nan=True)
    unit = int(np.flatnonzero(~np.isnan(ways.alone[LIKELY]["a"]))[0])
    lifted = _score(_changed(noisy, unit, {"a": float(ways.alone[LIKELY]["a"][unit])}), method, unit)
    assert lifted == pytest.approx(ways.border[unit] + 0.8416212335729143 * np.sqrt(rated.variance[unit]), abs=1e-6)


def test_the_border_of_a_share_of_the_units_is_the_lowest_score_of_the_better_band() -> None:
    town, method = _town(), _method(POSTS, WeightedGeometric(), bands=QuantileBands(LABELS))
    rated = pipeline.rate(town, method)
    ways = _ways(town, method)

    for unit in range(UNITS):
        if rated.band[unit] in (None, "A"):
            assert ways.band[unit] is None
            assert ways.told(unit) is None
            continue
        better = LABELS[LABELS.index(rated.band[unit] or "") - 1]
        assert ways.band[unit] == better
        assert ways.border[unit] == min(
            score for score, band in zip(rated.score.tolist(), rated.band, strict=True) if band == better
        )


def _of_one(mean: Aggregation, values: dict[str, float], **leaf: object) -> reach.Reach | None:
    children = tuple(
        Leaf(code, normalisation=POSTS, **(leaf if code == "a" else {}))  # type: ignore[arg-type]
        for code in values
    )
    method = Methodology("m", Node("i", children, 1.0, mean), bands=BANDS)
    town = Dataset(("u",), {code: Column(np.array([value])) for code, value in values.items()})
    return reach.next_band(town, method, pipeline.rate(town, method))


def test_what_is_not_in_the_hands_of_the_organisation_is_not_advised() -> None:
    ways = _of_one(WeightedArithmetic(), {"a": 40.0, "b": 40.0}, actionable=False)

    assert ways is not None
    assert set(ways.alone[HALF]) == {"b"}


def test_a_missing_value_and_a_wins_node_have_no_answer() -> None:
    gap = _of_one(WeightedArithmetic(), {"a": float("nan"), "b": 40.0})
    wins = _of_one(Copeland(), {"a": 40.0, "b": 40.0})

    assert gap is not None
    assert np.isnan(gap.alone[HALF]["a"][0])
    assert gap.alone[HALF]["b"][0] > 0
    assert wins is not None
    assert wins.alone[HALF] == {}


def test_a_cap_on_the_values_makes_what_lies_beyond_it_unreachable() -> None:
    ways = _of_one(WeightedArithmetic(), {"a": 40.0, "b": 40.0}, treatment=Cap(None, 45.0))
    free = _of_one(WeightedArithmetic(), {"a": 40.0, "b": 40.0})

    assert ways is not None
    assert free is not None
    assert np.isnan(ways.alone[HALF]["a"][0])
    assert free.alone[HALF]["a"][0] > 5


def test_a_zero_under_a_geometric_mean_has_to_go_first() -> None:
    scale = Goalposts(0.0, 100.0, (0.0, 100.0), cap=True)
    leaves = tuple(Leaf(code, normalisation=scale) for code in "ab")
    method = Methodology("m", Node("i", leaves, 1.0, WeightedGeometric()), bands=BANDS)
    town = Dataset(("u",), {"a": Column(np.array([0.0])), "b": Column(np.array([90.0]))})

    ways = reach.next_band(town, method, pipeline.rate(town, method))

    assert ways is not None
    assert np.isnan(ways.alone[HALF]["b"][0])
    assert ways.alone[HALF]["a"][0] == pytest.approx(30**2 / 90, rel=1e-6)


def test_a_charged_gap_stays_charged() -> None:
    town = _town()
    method = _method(POSTS, WeightedArithmetic(), missing=Missing(MissingPolicy.PENALISE))
    ways = _ways(town, method)

    for unit in range(UNITS):
        change = float(ways.alone[HALF]["a"][unit])
        if change == change:
            assert _score(_changed(town, unit, {"a": change}), method, unit) >= ways.border[unit] - 1e-6


def test_without_bands_there_is_no_way() -> None:
    town = _town()
    method = _method(POSTS, WeightedArithmetic(), bands=None)

    assert reach.next_band(town, method, pipeline.rate(town, method)) is None


def test_the_answer_does_not_depend_on_the_order_of_the_units() -> None:
    town, method = _town(), _method(SMOOTH[2], WeightedHarmonic())
    turned = np.random.default_rng(1).permutation(UNITS)
    other = Dataset(
        tuple(town.units[place] for place in turned),
        {code: Column(column.values[turned]) for code, column in town.columns.items()},
    )

    straight, twisted = _ways(town, method), _ways(other, method)

    def same(one: Floats, two: Floats) -> bool:
        return np.array_equal(one[turned], two, equal_nan=True)

    assert all(same(straight.alone[HALF][code], twisted.alone[HALF][code]) for code in "abcd")
    assert same(straight.together[HALF], twisted.together[HALF])
