"""Thousands of ratings: compiled or not, in any blocks and by any number of threads, the same bytes."""

import math
import tracemalloc
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rating_engine.core import arithmetic, pipeline
from services.rating_engine.core import types as core
from services.rating_engine.core.doubt import distribution, kernel, plain, uncertainty
from services.rating_engine.core.doubt.distribution import Bounds, Tally
from services.rating_engine.core.doubt.parameters import Parameters
from services.rating_engine.core.doubt.replicates import Replicates, reweighted
from services.rating_engine.core.doubt.variants import Variants

POSTS = core.Goalposts(0, 100, (1.0, 100.0), cap=True)
GAP = math.nan
ARITHMETIC, GEOMETRIC, HARMONIC = core.WeightedArithmetic(), core.WeightedGeometric(), core.WeightedHarmonic()


@pytest.fixture(scope="module")
def compiled() -> ModuleType:
    module = kernel.warm()
    if module is plain:
        pytest.skip("nothing can be compiled here")
    return module


def _tree(top: core.Aggregation, below: core.Aggregation, *, posts: core.Normalisation = POSTS) -> core.Node:
    leaves = [
        core.Leaf(code, weight, normalisation=posts)
        for code, weight in zip("abcdefg", (1, 2, 3, 1, 5, 2, 1), strict=True)
    ]
    pillars = (
        core.Node("p", tuple(leaves[:5]), 2.0, below),
        core.Node("q", tuple(leaves[5:]), 1.0, below),
    )
    return core.Node("index", pillars, aggregation=top)


def _dataset(units: int, *, gaps: float = 0.0, whole_numbers: bool = False, seed: int = 3) -> core.Dataset:
    generator = np.random.default_rng(seed)
    columns = {}
    for code in "abcdefg":
        values = generator.uniform(0, 100, units)
        if whole_numbers:
            values = np.floor(values / 25)
        values[generator.random(units) < gaps] = GAP
        columns[code] = core.Column(values, variance=np.full(units, 4.0))
    return core.Dataset(tuple(f"u{place}" for place in range(units)), columns)


def _method(tree: core.Node, *factors: core.Factor, replicates: int = 60, **more: object) -> core.Methodology:
    varied = core.Uncertainty(replicates, 7, factors=factors)
    return core.Methodology("m", tree, uncertainty=varied, **more)  # type: ignore[arg-type]


def _variants(dataset: core.Dataset, method: core.Methodology) -> Variants:
    result = pipeline.rate(dataset, method)
    return Variants(dataset, method, result.rank, result)


def _bytes(found: uncertainty.Spread) -> list[bytes]:
    shares = [values.tobytes() for values in (found.band_share or {}).values()]
    return [found.p05.tobytes(), found.median.tobytes(), found.p95.tobytes(), found.top_share.tobytes(), *shares]


ALL = (
    core.NormalisationFactor(("z_score", core.MinMax((5.0, 50.0)))),
    core.AggregationFactor((GEOMETRIC, HARMONIC), level=2),
    core.AggregationFactor((GEOMETRIC, core.PowerMean(2.0)), level=1),
    core.TreatmentFactor((core.Winsorise(2, 0.1, -9.0), core.Cap(high=80.0)), ("a", "b")),
    core.WeightsFactor(spread=0.4, levels=(1,)),
    core.WeightsFactor(concentration=30.0, levels=(2,)),
    core.IndicatorOutFactor(),
)


def test_exponential_and_logarithm_are_right_to_the_last_places() -> None:
    x = np.linspace(-708, 709, 20_001)
    assert np.max(np.abs(arithmetic.exponential(x) - [math.exp(one) for one in x]) / np.spacing(np.exp(x))) <= 2
    y = np.exp(np.linspace(-700, 700, 20_001))
    assert np.max(np.abs(arithmetic.logarithm(y) - [math.log(one) for one in y])) < 3e-13
    assert arithmetic.exponential(np.array([-math.inf, -800.0, 800.0, GAP])).tolist()[:3] == [0.0, 0.0, math.inf]
    assert arithmetic.logarithm(np.array([0.0, 1.0, math.inf])).tolist() == [-math.inf, 0.0, math.inf]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_compiled_loops_equal_the_plain_ones_to_the_byte(compiled: ModuleType, data: st.DataObject) -> None:
    units = data.draw(st.integers(1, 40))
    cells = st.sampled_from([GAP, 0.0, 1.0, 1.0, 2.5, 50.0, 1e-7, 99.9])
    columns = {
        code: core.Column(np.array(data.draw(st.lists(cells, min_size=units, max_size=units)))) for code in "abcdefg"
    }
    means: st.SearchStrategy[core.Aggregation] = st.sampled_from(
        [ARITHMETIC, GEOMETRIC, HARMONIC, core.PowerMean(2.0), core.PowerMean(-0.5)]
    )
    kinds: st.SearchStrategy[core.Normalisation] = st.sampled_from([core.Identity(), POSTS, core.MinMax()])
    method = _method(_tree(data.draw(means), data.draw(means), posts=data.draw(kinds)))
    dataset = core.Dataset(tuple(f"u{place}" for place in range(units)), columns)
    replicates = Replicates(dataset, method, pipeline.rate(dataset, method).rank)
    factors = st.sampled_from([0.0, 0.5, 1.0, 1.7])
    rows = data.draw(st.lists(st.lists(factors, min_size=9, max_size=9), min_size=1, max_size=4))
    weights = replicates.design.official * np.array(rows)
    rated = replicates.at(())

    fast, slow = np.empty((2, len(rows), len(replicates.rated)))
    rated.scores(weights, compiled, fast)
    rated.scores(weights, plain, slow)

    assert fast.tobytes() == slow.tobytes()
    placed = np.empty((2, *fast.shape), dtype=np.int32)
    compiled.ranks(fast, placed[0])
    plain.ranks(slow, placed[1])
    assert (placed[0] == placed[1]).all()


@pytest.mark.parametrize("top", [ARITHMETIC, GEOMETRIC, HARMONIC, core.PowerMean(3.0)])
@pytest.mark.parametrize("below", [ARITHMETIC, GEOMETRIC, HARMONIC])
@pytest.mark.parametrize("gaps", [0.0, 0.2])
def test_scores_of_the_loops_are_those_of_the_official_steps(
    top: core.Aggregation, below: core.Aggregation, gaps: float
) -> None:
    dataset = _dataset(60, gaps=gaps)
    method = _method(_tree(top, below), missing=core.Missing(min_node_coverage=0.4))
    result = pipeline.rate(dataset, method)
    replicates = Replicates(dataset, method, result.rank)
    weights = replicates.design.official * np.linspace(0.4, 1.9, 9)
    changed = core.Methodology("m", reweighted(method.tree, weights, replicates.slots), method.missing)

    found = np.empty((2, len(replicates.rated)))
    replicates.at(()).scores(np.array([replicates.design.official, weights]), plain, found)

    for row, expected in enumerate((result.score, pipeline.rate(dataset, changed).score)):
        assert np.allclose(found[row], expected[replicates.rated], rtol=1e-12, equal_nan=True)


@pytest.mark.parametrize(
    ("scores", "places"),
    [
        ([3.0, 1.0, 3.0, 2.0], [1, 4, 1, 3]),
        ([5.0, 5.0, 5.0], [1, 1, 1]),
        ([-1.0, -2.0, 0.0], [2, 3, 1]),
        ([1e300, 1.0, 2.0], [1, 2, 2]),
        ([GAP, 1.0, -math.inf], [2, 1, 2]),
        ([1.0, GAP, 2.0, 3.0, 1.0], [3, 5, 2, 1, 3]),
        ([-3.0, -math.inf, -1e-300, 0.0], [3, 4, 1, 1]),
        ([-2e-308, GAP], [1, 2]),
        ([GAP, GAP], [1, 1]),
        ([1.7e308, GAP, -1.7e308], [1, 3, 2]),
        ([0.0], [1]),
        ([1.0, 1.0 + 1e-15, 0.9], [1, 1, 3]),
    ],
)
def test_ties_share_the_best_place_and_what_has_no_score_is_last(
    compiled: ModuleType, scores: list[float], places: list[int]
) -> None:
    for module in (compiled, plain):
        placed = np.empty((1, len(scores)), dtype=np.int32)
        module.ranks(np.array([scores]), placed)
        assert placed[0].tolist() == places


def test_crowds_and_outliers_are_placed_right(compiled: ModuleType) -> None:
    generator = np.random.default_rng(5)
    crowd = np.floor(generator.uniform(0, 20, 3000))
    outlier = np.append(generator.uniform(0, 1, 2999), 1e9)
    for scores in (crowd, outlier, generator.normal(size=3000)):
        placed = np.empty((2, 1, 3000), dtype=np.int32)
        compiled.ranks(scores[None, :].copy(), placed[0])
        plain.ranks(scores[None, :].copy(), placed[1])
        assert (placed[0] == placed[1]).all()


@pytest.mark.parametrize("gaps", [0.0, 0.15])
def test_one_thread_or_two_compiled_or_not_give_the_same_bytes(
    compiled: ModuleType, monkeypatch: pytest.MonkeyPatch, gaps: float
) -> None:
    variants = _variants(_dataset(150, gaps=gaps), _method(_tree(ARITHMETIC, ARITHMETIC), *ALL, core.DataNoiseFactor()))
    one, two = uncertainty.spread(variants, threads=1), uncertainty.spread(variants, threads=2)
    assert _bytes(one) == _bytes(two)
    assert one.sampling is not None
    assert two.sampling is not None
    assert one.sampling.p95.tobytes() == two.sampling.p95.tobytes()

    monkeypatch.setattr(kernel, "loops", lambda size: plain)
    assert _bytes(uncertainty.spread(variants)) == _bytes(one)


def test_the_order_of_rows_leaves_no_trace() -> None:
    dataset = _dataset(80, gaps=0.1, whole_numbers=True)
    order = np.random.default_rng(1).permutation(80)
    turned = core.Dataset(
        tuple(dataset.units[place] for place in order),
        {
            code: core.Column(column.values[order], variance=np.full(80, 4.0))
            for code, column in dataset.columns.items()
        },
    )
    method = _method(_tree(ARITHMETIC, ARITHMETIC), *ALL, core.DataNoiseFactor())

    first, other = uncertainty.spread(_variants(dataset, method)), uncertainty.spread(_variants(turned, method))

    assert np.array_equal(first.p95[order], other.p95, equal_nan=True)
    assert first.sampling is not None
    assert other.sampling is not None
    assert np.array_equal(first.sampling.median[order], other.sampling.median, equal_nan=True)


def _tallied(placed: np.ndarray, step: int, *, most_kept: int) -> tuple[np.ndarray, ...]:
    tally = Tally(placed[0], len(placed), 1, most_kept=most_kept)
    for start in range(0, len(placed), step):
        some = placed[start : start + step]
        tally.add(some, np.empty(some.shape), Bounds(np.array([3], dtype=np.int32), np.empty(0)), plain)
    found = tally.done(plain)
    return found.p05, found.median, found.p95, found.within


@pytest.mark.parametrize("most_kept", [0, 10**9])
@pytest.mark.parametrize("noted", [1, 3, 7, 100])
def test_blocks_leave_no_trace(most_kept: int, noted: int, monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(2)
    placed = np.array([generator.permutation(500) + 1 for _ in range(101)], dtype=np.int32)

    whole = _tallied(placed, 101, most_kept=most_kept)
    monkeypatch.setattr(distribution, "_NOTED", 500 * noted)
    blocks = _tallied(placed, 7, most_kept=most_kept)

    assert all(np.array_equal(one, other) for one, other in zip(whole, blocks, strict=True))


def test_quantiles_from_bins_are_exact_near_the_official_place_and_close_elsewhere() -> None:
    generator = np.random.default_rng(2)
    units, count = 3000, 400
    official = np.arange(1, units + 1)
    spread = np.where(official % 2, 10, 700)
    drawn = np.rint(official + spread * generator.standard_normal((count, units)))
    placed = np.clip(drawn, 1, units).astype(np.int32)
    placed[0] = official

    exact, binned = _tallied(placed, 50, most_kept=10**9), _tallied(placed, 50, most_kept=0)

    near = official % 2 == 1
    for one, other in zip(exact[:3], binned[:3], strict=True):
        assert np.array_equal(one[near], other[near])
        assert (np.abs(one - other) <= 1 + 0.07 * np.abs(one - official)).all()
    assert np.array_equal(exact[3], binned[3])


def test_quantiles_of_compiled_loops_are_order_statistics(compiled: ModuleType) -> None:
    generator = np.random.default_rng(4)
    kept = generator.integers(1, 60_000, (301, 70)).astype(np.uint16)
    kept[:, 3] = 17
    kept[:, 5] = 100 + np.arange(301) % 40  # a crowd in one bucket, for one place is far away
    kept[0, 5] = 60_000
    positions = np.array([15, 150, 150, 285])
    found = np.empty((2, 4, 70), dtype=np.int32)

    compiled.quantiles(kept, positions, 0, 70, found[0])
    plain.quantiles(kept, positions, 0, 70, found[1])

    assert (found[0] == found[1]).all()


def test_memory_is_bounded_by_blocks(compiled: ModuleType) -> None:
    def peak(units: int, replicates: int) -> int:
        official = np.arange(1, units + 1, dtype=np.int32)
        placed = np.tile(official, (8, 1))
        tracemalloc.start()
        tally = Tally(official, replicates, 1, most_kept=1_000_000)
        for _ in range(replicates // 8):
            tally.add(placed, np.empty(placed.shape), Bounds(official[:1], np.empty(0)), compiled)
        tally.done(compiled)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(20_000, 8_000) < 1.2 * peak(20_000, 1_600) + 1_000_000
    assert peak(40_000, 80) < 2.5 * peak(20_000, 80)


def test_a_tree_the_loops_do_not_know_takes_the_official_steps() -> None:
    dataset = _dataset(30, gaps=0.4)
    for top, missing in (
        (core.Copeland(), core.Missing()),
        (core.PowerMean(99.0), core.Missing()),
        (ARITHMETIC, core.Missing(core.MissingPolicy.PENALISE, min_node_coverage=0.4)),
    ):
        tree = _tree(top, ARITHMETIC, posts=core.Goalposts(0, 100, (1.0, 1000.0)))
        method = _method(tree, core.WeightsFactor(spread=0.2), replicates=4, missing=missing)
        result = pipeline.rate(dataset, method)
        replicates = Replicates(dataset, method, result.rank)
        drawn = replicates.parameters()
        official = Parameters(drawn.choices[:1], drawn.weights[:1])

        assert replicates.slow(drawn) == 4
        assert np.allclose(replicates.scores(official)[0], result.score[result.rank > 0], rtol=1e-12)
        placed = replicates.ranks(drawn)
        assert np.array_equal(placed[0], result.rank[result.rank > 0])
        assert not np.array_equal(placed[1], placed[0])


def test_values_near_the_end_of_the_doubles_are_placed_by_the_official_steps() -> None:
    columns = {code: core.Column(np.array([1e308, 5e307, -1e308, 3.0])) for code in "abcdefg"}
    dataset = core.Dataset(("u", "v", "w", "x"), columns)
    method = _method(_tree(ARITHMETIC, ARITHMETIC, posts=core.Identity()), core.WeightsFactor(spread=0.2))

    found = uncertainty.spread(_variants(dataset, method))

    assert found.median.tolist() == [1, 2, 4, 3]


def test_without_a_compiler_the_answer_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> ModuleType:
        raise OSError("no compiler")

    monkeypatch.setattr(kernel, "_ready", {})
    monkeypatch.setattr(kernel, "_compiled", broken)

    assert kernel.warm() is plain
    assert kernel.loops(10**12) is plain
