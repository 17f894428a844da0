"""A unit against its peers, worked by hand and by sums."""

import random

import numpy as np
import pytest

from services.rating_engine.core import pipeline
from services.rating_engine.core.explanation.against import against_peers
from services.rating_engine.core.types import (
    Aggregation,
    Column,
    Dataset,
    Leaf,
    Methodology,
    Node,
    PeerGroups,
    WeightedArithmetic,
    WeightedGeometric,
)

GAP = float("nan")


def _method(mean: Aggregation, peers: PeerGroups | None = None) -> Methodology:
    return Methodology("m", Node("i", (Leaf("a", 3.0), Leaf("b", 1.0)), 1.0, mean), peer_groups=peers)


def test_in_an_arithmetic_tree_a_difference_is_weight_times_the_distance_from_the_mean() -> None:
    town = Dataset(("u", "v", "w"), {"a": Column(np.array([10.0, 20, 60])), "b": Column(np.array([40.0, 40, 10]))})
    method = _method(WeightedArithmetic())

    found = against_peers(town, method, pipeline.rate(town, method))

    assert found.by_indicator["a"] == pytest.approx([-15, -7.5, 22.5])
    assert found.by_indicator["b"] == pytest.approx([2.5, 2.5, -5])
    assert found.place.tolist() == [3, 2, 1]
    assert found.size.tolist() == [3, 3, 3]


def test_peers_are_those_of_the_same_group_and_a_small_group_is_compared_with_everyone() -> None:
    town = Dataset(
        ("u", "v", "w"),
        {"a": Column(np.array([10.0, 20, 60])), "b": Column(np.array([10.0, 20, 60]))},
        {"setting": ("city", "city", "village")},
    )
    method = _method(WeightedArithmetic(), PeerGroups(("setting",), 2))

    found = against_peers(town, method, pipeline.rate(town, method))

    assert found.mean.tolist() == [15, 15, 30]
    assert found.size.tolist() == [2, 2, 3]
    assert found.alike == ({"setting": "city"}, {"setting": "city"}, None)


def test_a_gap_by_itself_is_neither_more_nor_less() -> None:
    town = Dataset(("u", "v"), {"a": Column(np.array([50.0, 50.0])), "b": Column(np.array([GAP, 50.0]))})
    method = _method(WeightedArithmetic())

    found = against_peers(town, method, pipeline.rate(town, method))

    assert found.by_indicator["a"][0] == pytest.approx(0)
    assert np.isnan(found.by_indicator["b"][0])


def test_who_is_not_rated_is_compared_with_nobody() -> None:
    town = Dataset(("u", "v"), {"a": Column(np.array([GAP, 50.0])), "b": Column(np.array([GAP, 50.0]))})
    method = _method(WeightedArithmetic())

    found = against_peers(town, method, pipeline.rate(town, method))

    assert found.told(0) is None
    told = found.told(1)
    assert told is not None
    assert (told["mean"], told["size"], told["percentile"]) == (50, 1, None)


@pytest.mark.parametrize("seed", range(8))
def test_differences_sum_to_the_distance_from_the_mean_of_the_peers(seed: int) -> None:
    draw = random.Random(seed)
    cells = {code: [GAP if draw.random() < 0.2 else draw.uniform(1, 99) for _ in range(50)] for code in "ab"}
    columns = {code: Column(np.array(values)) for code, values in cells.items()}
    kinds = tuple("xyz"[place % 3] for place in range(50))
    town = Dataset(tuple(f"u{place:02}" for place in range(50)), columns, {"kind": kinds})
    method = _method(WeightedGeometric(), PeerGroups(("kind",)))
    rated = pipeline.rate(town, method)

    found = against_peers(town, method, rated)

    total = np.nansum(np.stack(list(found.by_indicator.values())), axis=0)
    known = ~np.isnan(rated.score)
    assert total[known] == pytest.approx((rated.score - found.mean)[known], abs=1e-9)


def test_who_is_partly_withheld_is_nobodys_peer_and_is_compared_with_the_others() -> None:
    town = Dataset(("u", "v", "w"), {"a": Column(np.array([10.0, 20, 60])), "b": Column(np.array([40.0, 40, 10]))})
    method = _method(WeightedArithmetic())
    rated = pipeline.rate(town, method)

    found = against_peers(town, method, rated, np.array([True, True, False]))

    assert found.mean.tolist() == [(rated.score[0] + rated.score[1]) / 2] * 3
    assert found.by_indicator["a"] == pytest.approx([-3.75, 3.75, 33.75])
    assert (found.place.tolist(), found.size.tolist()) == ([2, 1, 1], [2, 2, 3])
    assert found.percentile[0].tolist() == [0.0, 1.0, 1.0]
    nobody = against_peers(town, method, rated, np.array([False, False, False]))
    assert [nobody.told(place) for place in range(3)] == [None] * 3
