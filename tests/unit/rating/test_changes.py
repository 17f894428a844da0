"""The difference between two editions in three parts: data, methodology, population."""

from dataclasses import replace

import numpy as np
import pytest

from services.rating_engine.core import pipeline
from services.rating_engine.core.explanation import changes
from services.rating_engine.core.explanation.changes import Edition
from services.rating_engine.core.types import (
    Column,
    Dataset,
    Goalposts,
    Leaf,
    Methodology,
    MinMax,
    Missing,
    MissingPolicy,
    Node,
    Normalisation,
    PercentileRank,
    WeightedArithmetic,
    WeightedGeometric,
)

POSTS = Goalposts(0.0, 100.0, (0.0, 100.0), cap=True)


def _method(normalisation: Normalisation = POSTS, weight: float = 1.0) -> Methodology:
    return Methodology(
        "m", Node("i", (Leaf("a", weight, normalisation=normalisation), Leaf("b", 1.0, normalisation=normalisation)))
    )


def _town(**columns: list[float]) -> Dataset:
    units = tuple(f"u{place}" for place in range(len(columns["a"])))
    return Dataset(units, {code: Column(np.array(values)) for code, values in columns.items()})


def _edition(town: Dataset, method: Methodology) -> Edition:
    return Edition(town, method, pipeline.rate(town, method))


def test_with_fixed_posts_and_the_same_method_all_of_it_is_the_data() -> None:
    old = _edition(_town(a=[40, 50, 60], b=[30, 30, 30]), _method())
    new = _edition(_town(a=[44, 50, 10], b=[30, 40, 30]), _method())

    found = changes.split(new, old)

    assert found.difference.tolist() == [2, 5, -25]
    assert found.data.tolist() == pytest.approx([2, 5, -25])
    assert found.methodology.tolist() == [0, 0, 0]
    assert found.population.tolist() == [0, 0, 0]


def test_the_same_data_under_another_method_are_a_change_of_the_method() -> None:
    town = _town(a=[40, 50, 60], b=[30, 30, 30])

    found = changes.split(_edition(town, _method(weight=3)), _edition(town, _method()))

    assert found.methodology.tolist() == pytest.approx([2.5, 5, 7.5])
    assert found.data.tolist() == [0, 0, 0]
    assert found.population.tolist() == [0, 0, 0]


def test_data_and_method_that_change_together_share_what_they_do_only_together() -> None:
    old = _edition(_town(a=[40], b=[30]), _method())
    new = _edition(_town(a=[60], b=[30]), _method(weight=3))

    found = changes.split(new, old)

    # 35 → 45 or 15 by the data alone, 2.5 or 7.5 by the method alone, 17.5 in all
    assert found.difference[0] == pytest.approx(17.5)
    assert found.data[0] == pytest.approx((10 + 15) / 2)
    assert found.methodology[0] == pytest.approx((2.5 + 7.5) / 2)


def test_a_unit_that_stays_as_it_was_is_moved_by_the_others_alone() -> None:
    old = _edition(_town(a=[10, 20, 30, 40], b=[10, 20, 30, 40]), _method(PercentileRank()))
    new = _edition(_town(a=[10, 20, 15, 40], b=[10, 20, 15, 40]), _method(PercentileRank()))

    found = changes.split(new, old)

    assert found.difference[1] == pytest.approx(1 / 3)
    assert found.data[1] == pytest.approx(0)
    assert found.population[1] == pytest.approx(1 / 3)
    assert found.data[2] < 0


def test_units_that_came_and_went_are_told() -> None:
    old = Dataset(("a", "b", "d"), {code: Column(np.array([10.0, 20.0, 30.0])) for code in "ab"})
    new = Dataset(("b", "c"), {code: Column(np.array([25.0, 50.0])) for code in "ab"})

    before = _edition(old, _method())
    found = changes.split(_edition(new, _method()), before)

    assert found.gone == ("a", "d")
    assert found.before.tolist() == [1, -1]
    assert found.told(1, before.result) == {"is_new": True, "previous": None, "difference": None, "parts": None}
    assert found.told(0, before.result) == {
        "is_new": False,
        "previous": {"score": 20, "rank": 2, "band": None},
        "difference": 5,
        "parts": {"data": 5, "methodology": 0, "population": 0},
    }


def test_an_indicator_the_old_data_did_not_have_is_a_change_of_the_method() -> None:
    old = _edition(_town(a=[40], b=[30]), _method())
    more = replace(
        _method(), tree=replace(_method().tree, children=(*_method().tree.children, Leaf("c", normalisation=POSTS)))
    )

    found = changes.split(_edition(_town(a=[40], b=[30], c=[95]), more), old)

    assert found.difference[0] == pytest.approx(20)
    assert found.methodology[0] == pytest.approx(20)
    assert found.data[0] == pytest.approx(0)


def test_what_one_combination_cannot_rate_is_told_whole() -> None:
    old = _edition(_town(a=[40], b=[float("nan")]), _method())
    strict = replace(_method(), missing=Missing(MissingPolicy.REQUIRE))
    new = _edition(_town(a=[40], b=[60]), strict)

    found = changes.split(new, old)

    assert found.difference[0] == pytest.approx(10)
    assert np.isnan(found.data[0])
    assert found.told(0, old.result)["parts"] is None


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("policy", [MissingPolicy.RENORMALISE, MissingPolicy.PENALISE])
def test_the_parts_sum_to_the_difference(seed: int, policy: MissingPolicy) -> None:
    draw = np.random.default_rng(seed)

    def edition(normalisation: Normalisation) -> Edition:
        here = draw.permutation(60)[:45]
        columns = {}
        for code in "ab":
            values = draw.uniform(1, 99, 45)
            values[draw.random(45) < 0.15] = np.nan
            columns[code] = Column(values)
        method = replace(_method(normalisation, float(draw.integers(1, 4))), missing=Missing(policy))
        mean = WeightedGeometric() if draw.random() < 0.5 else WeightedArithmetic()
        method = replace(method, tree=replace(method.tree, aggregation=mean))
        return _edition(Dataset(tuple(f"u{place:02}" for place in here), columns), method)

    old, new = edition(MinMax((1.0, 100.0))), edition(POSTS if seed % 2 else PercentileRank())
    found = changes.split(new, old)

    split = ~np.isnan(found.data)
    assert np.count_nonzero(split) > 15
    total = found.data + found.methodology + found.population
    assert total[split] == pytest.approx(found.difference[split], abs=1e-9)
    known = ~np.isnan(found.difference)
    there = dict(zip(old.dataset.units, old.result.score.tolist(), strict=True))
    expected = [
        score - there[unit]
        for unit, score, is_known in zip(new.dataset.units, new.result.score.tolist(), known.tolist(), strict=True)
        if is_known
    ]
    assert found.difference[known].tolist() == expected
