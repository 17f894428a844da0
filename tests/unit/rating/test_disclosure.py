"""Nothing that rests on a few people follows from what is published."""

from collections.abc import Iterator

import numpy as np
import pytest
from scipy.optimize import linprog

from services.rating_engine.core import pipeline
from services.rating_engine.core.types import (
    Aggregation,
    Column,
    Dataset,
    Floats,
    Goalposts,
    Leaf,
    Methodology,
    MinMax,
    Missing,
    MissingPolicy,
    Node,
    Normalisation,
    PowerMean,
    Precision,
    Result,
    WeightedArithmetic,
    WeightedGeometric,
    WeightedHarmonic,
)
from services.rating_engine.core.withholding import bounds, disclosure
from services.rating_engine.core.withholding.disclosure import Disclosure

POSTS = Goalposts(0.0, 100.0, (0.0, 100.0), cap=True)


def leaf(code: str, weight: float = 1.0, normalisation: Normalisation = POSTS) -> Leaf:
    return Leaf(code, weight, normalisation=normalisation)


def dataset(values: dict[str, list[float]], n: dict[str, list[float]]) -> Dataset:
    count = len(next(iter(values.values())))
    columns = {
        code: Column(np.array(cells), n=np.array(n[code]) if code in n else None) for code, cells in values.items()
    }
    return Dataset(tuple(f"u{place:03d}" for place in range(count)), columns)


def decided(data: Dataset, tree: Node, **more: float) -> tuple[Result, Disclosure]:
    methodology = Methodology("m", tree, precision=Precision(suppress_below=10))
    result = pipeline.rate(data, methodology)
    return result, disclosure.suppress(data, methodology, result, shares=more)


FLAT = Node("index", (leaf("a", 2), leaf("b", 1), leaf("c", 1), leaf("d", 4)))


def test_without_small_figures_everything_is_shown() -> None:
    _, told = decided(dataset({code: [40.0, 60.0] for code in "abcd"}, {"a": [10.0, 11.0]}), FLAT)

    assert not any(flags.any() for flags in told.hidden.values())
    assert not told.unpublished.any()
    assert told.report["units"] == 0
    assert told.rank.tolist() == [2, 1]


def test_a_small_figure_takes_a_companion_with_it_and_both_are_told_as_one_sum() -> None:
    result, told = decided(dataset({code: [40.0, 60.0] for code in "abcd"}, {"b": [9.0, 10.0]}), FLAT)

    assert told.primary["b"].tolist() == [True, False]
    assert [code for code, flags in told.hidden.items() if flags[0]] == ["b", "c"]
    assert not any(flags[1] for flags in told.hidden.values())
    assert told.merged_contribution[0] == result.contributions["b"][0] + result.contributions["c"][0]
    assert np.isnan(told.merged_contribution[1])
    assert not told.unpublished.any()


def test_more_than_a_third_of_the_weight_hidden_takes_the_score_and_its_place() -> None:
    values = {code: [90.0, 60.0, 30.0] for code in "abcd"}

    _, told = decided(dataset(values, {"d": [9.0, 50.0, 50.0]}), FLAT)

    assert told.unpublished.tolist() == [True, False, False]
    assert told.hidden_nodes["index"].tolist() == [True, False, False]
    assert told.rank.tolist() == [0, 1, 2]
    assert np.isnan(told.merged_contribution[0])


def test_alone_in_its_pillar_a_small_figure_hides_the_pillar_too() -> None:
    tree = Node("index", (Node("p", (leaf("a"),)), Node("q", (leaf("b"), leaf("c"))), Node("r", (leaf("d"),), 2)))
    _, told = decided(dataset({code: [40.0, 60.0] for code in "abcd"}, {"a": [3.0, 30.0]}), tree)

    assert told.hidden_nodes["p"].tolist() == [True, False]
    assert sum(bool(flags[0]) for flags in told.hidden.values()) >= 2
    assert not told.unpublished.any()


def test_shares_near_the_ends_of_few_people_are_told_by_a_code() -> None:
    values = {"a": [5.0, 5.1, 95.0, 5.0], "b": [50.0] * 4, "c": [50.0] * 4, "d": [50.0] * 4}

    _, told = decided(dataset(values, {"a": [49.0, 49.0, 20.0, 50.0]}), FLAT, a=100.0)

    assert told.coded["a"] == ("at_most_5_percent", None, "at_least_95_percent", None)
    assert told.hidden["a"].tolist() == [True, False, True, False]
    assert told.report["coded"] == 2


def test_a_scale_taken_from_the_population_is_named_as_telling() -> None:
    tree = Node("index", (leaf("a", 1, MinMax()), leaf("b", 1, POSTS), leaf("c", 2, POSTS), leaf("d", 4, POSTS)))
    data = dataset({code: [40.0, 60.0, 55.0] for code in "abcd"}, {"a": [3.0, 30.0, 30.0], "b": [3.0, 30.0, 30.0]})

    _, told = decided(data, tree)

    assert told.exposed == ("a",)


def random_tree(generator: np.random.Generator, kinds: list[Aggregation]) -> Node:
    codes = iter(f"x{place}" for place in range(40))

    def build(depth: int, name: str) -> Node:
        children: list[Node | Leaf] = []
        for place in range(int(generator.integers(1, 4))):
            weight = float(generator.choice([0.5, 1.0, 2.0, 5.0]))
            if depth > 0 and generator.random() < 0.5:
                children.append(build(depth - 1, f"{name}{place}"))
            else:
                children.append(leaf(next(codes), weight))
        return Node(name, tuple(children), float(generator.integers(1, 4)), kinds[int(generator.integers(len(kinds)))])

    return Node("index", (build(2, "p"), build(2, "q")), 1.0, kinds[int(generator.integers(len(kinds)))])


def random_data(generator: np.random.Generator, tree: Node, units: int) -> Dataset:
    columns = {}
    for code in (one.indicator for one in tree.leaves()):
        values = generator.uniform(1, 99, units)
        gaps = generator.random(units) < 0.1
        n = generator.integers(3, 60, units).astype(np.float64)
        columns[code] = Column(np.where(gaps, np.nan, values), n=np.where(gaps, np.nan, n))
    return Dataset(tuple(f"u{place:03d}" for place in range(units)), columns)


def equations(tree: Node, result: Result, told: Disclosure, unit: int) -> Iterator[tuple[dict[str, float], float]]:
    """Every published node score of an arithmetic tree as a sum over its present leaves."""
    assert result.inside is not None
    weights = result.inside.weights

    def parts(node: Node) -> dict[str, float]:
        found: dict[str, float] = {}
        for place, child in enumerate(node.children):
            share = float(weights[node.code][place][unit])
            if share == 0.0:
                continue
            below = {child.indicator: 1.0} if isinstance(child, Leaf) else parts(child)
            for code, inner in below.items():
                found[code] = found.get(code, 0.0) + share * inner
        return found

    for node in tree.nodes():
        value = float(result.nodes[node.code][unit])
        if not np.isnan(value) and not told.hidden_nodes[node.code][unit]:
            yield parts(node), value


def reachable(tree: Node, result: Result, told: Disclosure, unit: int, code: str) -> tuple[float, float]:
    """The least and greatest value of a hidden cell by linear programming over all that is published."""
    hidden = [one for one, flags in told.hidden.items() if flags[unit]]
    left, right = [], []
    published = list(equations(tree, result, told, unit))
    if not told.unpublished[unit] and not np.isnan(result.score[unit]):
        inside = result.inside
        assert inside is not None
        merged = [one for one, flags in told.merged.items() if flags[unit] and inside.shares[one][unit] > 0]
        published.append(
            ({one: float(inside.shares[one][unit]) for one in merged}, float(told.merged_contribution[unit]))
        )
    for parts, value in published:
        known = sum(weight * float(result.normalised[one][unit]) for one, weight in parts.items() if one not in hidden)
        left.append([parts.get(one, 0.0) for one in hidden])
        right.append(value - known)
    ends = []
    for sign in (1.0, -1.0):
        cost = [sign * (one == code) for one in hidden]
        answer = linprog(cost, A_eq=left or None, b_eq=right or None, bounds=[(0.0, 100.0)] * len(hidden))
        assert answer.status == 0, answer.message
        ends.append(sign * answer.fun)
    return ends[0], ends[1]


@pytest.mark.parametrize("seed", range(12))
def test_no_small_figure_follows_from_what_is_published(seed: int) -> None:
    """A linear programme looks for the bounds of every protected cell, over all node scores, the score and the merged
    contributions; each may lie within at least a tenth of its scale."""
    generator = np.random.default_rng(seed)
    tree = random_tree(generator, [WeightedArithmetic()])
    data = random_data(generator, tree, 12)

    result, told = decided(data, tree)

    assert told.narrowest >= 1.0 - 1e-6
    seen = 0
    for code, flags in told.primary.items():
        for unit in np.flatnonzero(flags).tolist():
            low, high = reachable(tree, result, told, unit, code)
            assert high - low >= 100 * disclosure.WIDTH - 1e-6
            assert low - 1e-6 <= result.normalised[code][unit] <= high + 1e-6
            seen += 1
    assert seen > 0


@pytest.mark.parametrize("seed", range(6))
def test_under_any_mean_a_small_figure_hides_with_a_companion_or_without_a_score(seed: int) -> None:
    generator = np.random.default_rng(100 + seed)
    means: list[Aggregation] = [WeightedArithmetic(), WeightedGeometric(), WeightedHarmonic()]
    tree = random_tree(generator, means)
    data = random_data(generator, tree, 10)

    result, told = decided(data, tree)

    assert told.narrowest >= 1.0 - 1e-6
    for code, flags in told.primary.items():
        for unit in np.flatnonzero(flags).tolist():
            assert sum(bool(others[unit]) for others in told.hidden.values()) >= 2 or bool(
                told.hidden_nodes["index"][unit] or np.isnan(result.score[unit])
            ), code


def test_penalised_and_missing_cells_are_no_companions() -> None:
    values = {"a": [40.0, 60.0, 50.0], "b": [np.nan, 60.0, 50.0], "c": [40.0, 60.0, 50.0], "d": [40.0, 60.0, 50.0]}
    methodology = Methodology("m", FLAT, Missing(MissingPolicy.PENALISE), precision=Precision(suppress_below=10))
    data = dataset(values, {"a": [3.0, 30.0, 30.0]})
    result = pipeline.rate(data, methodology)

    told = disclosure.suppress(data, methodology, result)

    assert [code for code, flags in told.hidden.items() if flags[0]] == ["a", "c"]


def test_what_stands_for_a_node_may_be_far_greater_than_what_the_unit_has() -> None:
    tree = Node("index", (Node("far", (leaf("a"),)), leaf("b")), aggregation=PowerMean(2.0))
    one, half = np.ones(1), np.full(1, 0.5)
    published = bounds.Published(
        shares={"index": [half, half], "far": [one]},
        leaves={"a": (0.0 * one, 0.0 * one), "b": (one, 2.0 * one)},
        nodes={"index": np.nan * one, "far": np.nan * one},
        standing={"far": (np.ones(1, dtype=np.bool_), 1e307 * one)},
        top=1.0,
    )

    low, high = bounds.feasible(tree, published)["b"]

    assert (low[0], high[0]) == (1.0, 2.0)


def test_a_national_result_is_decided_in_a_moment() -> None:
    generator = np.random.default_rng(1)
    units, codes = 8000, [f"x{place}" for place in range(30)]
    columns: dict[str, Column] = {}
    for code in codes:
        n: Floats = generator.integers(1, 400, units).astype(np.float64)
        columns[code] = Column(generator.uniform(0, 100, units), n=n)
    tree = Node("index", tuple(Node(f"p{p}", tuple(leaf(codes[5 * p + q]) for q in range(5))) for p in range(6)))

    _, told = decided(Dataset(tuple(f"u{place:05d}" for place in range(units)), columns), tree)

    assert told.narrowest >= 1.0 - 1e-6
    assert sum(int(flags.sum()) for flags in told.primary.values()) == told.report["primary"] != 0
