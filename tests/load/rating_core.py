"""How long the rating core takes, beside what others need: `python -m tests.load.rating_core` prints tables and asserts
nothing.

Ours and theirs are timed in turns, so that whoever else uses the machine slows all alike, on the wall and by the
processor; medians of `BENCH_ROUNDS` rounds (7). pymcdm and scikit-criteria come from `.venv-bench`
(deploy/local/peers.sh, done by `make bench`).
"""

import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

import numpy as np

from services.rating_engine.core import pipeline
from services.rating_engine.core import types as core
from services.rating_engine.core.doubt import kernel, sensitivity, uncertainty
from services.rating_engine.core.doubt.variants import Variants

UNITS, INDICATORS, PILLARS = 8_000, 30, 5
REPLICATES, THEIRS = 10_000, 50
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "7"))
SORTING_LIMIT = 50e-6
"""Seconds to sort 8,000 scores on one core: nobody can rank a replicate faster."""
POSTS = core.Goalposts(0, 100, (1.0, 100.0), cap=True)
PEERS = Path(__file__).parents[2] / ".venv-bench"

Work = Callable[[], object]


def dataset(units: int, *, missing: float) -> core.Dataset:
    """Uniform values with gaps."""
    generator = np.random.default_rng(1)
    columns = {}
    for place in range(INDICATORS):
        values = generator.uniform(0, 100, units)
        values[generator.random(units) < missing] = np.nan
        columns[f"i{place}"] = core.Column(values)
    return core.Dataset(tuple(f"u{place}" for place in range(units)), columns)


def methodology(aggregation: core.Aggregation, replicates: int = 2) -> core.Methodology:
    """Three levels, every weight different."""
    each = INDICATORS // PILLARS
    pillars = tuple(
        core.Node(
            f"p{pillar}",
            tuple(core.Leaf(f"i{pillar * each + place}", 1.0 + place, normalisation=POSTS) for place in range(each)),
            1.0 + pillar,
            aggregation,
        )
        for pillar in range(PILLARS)
    )
    varied = core.Uncertainty(replicates, 1, 0.25, ("z_score",), ("weighted_geometric",))
    return core.Methodology("bench", core.Node("index", pillars), uncertainty=varied)


Taken = dict[str, list[tuple[float, float]]]
"""By work: the seconds on the wall and of all processors of every round."""


def in_turns(works: Mapping[str, Work], rounds: int = ROUNDS) -> Taken:
    """Each work once a round."""
    taken: Taken = {name: [] for name in works}
    for work in works.values():
        work()
    for _ in range(rounds):
        for name, work in works.items():
            wall, mine = time.perf_counter(), time.process_time()
            work()
            taken[name].append((time.perf_counter() - wall, time.process_time() - mine))
    return taken


def processor_ms(work: Work, rounds: int = ROUNDS) -> float:
    """Median of the processor time, in milliseconds: the clock on the wall also counts who else is working."""
    taken = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        taken.append((time.process_time() - begun) * 1000)
    return statistics.median(taken)


def peers(data: core.Dataset) -> dict[str, Callable[[str, str, np.ndarray], object]]:
    """Score and rank by (normaliser, aggregator, weights) as each package documents it; none where they are not at
    hand."""
    if not PEERS.is_dir():
        return {}
    sys.path.append(str(PEERS))
    pymcdm, skcriteria = import_module("pymcdm"), import_module("skcriteria")
    methods, normalizations = import_module("pymcdm.methods"), import_module("pymcdm.normalizations")
    simple, scalers = import_module("skcriteria.agg.simple"), import_module("skcriteria.preprocessing.scalers")
    mkpipe = import_module("skcriteria.pipelines").mkpipe

    matrix = np.column_stack([column.values for column in data.columns.values()])
    benefit = np.ones(INDICATORS)
    scale = {"first": normalizations.minmax_normalization, "second": normalizations.sum_normalization}
    means = {"sum": methods.WSM, "product": methods.WPM}

    def by_pymcdm(normaliser: str, aggregator: str, weights: np.ndarray) -> object:
        method = means[aggregator](normalization_function=scale[normaliser])
        return pymcdm.helpers.rrankdata(method(matrix, weights, benefit))

    scaler = {"first": scalers.MinMaxScaler, "second": scalers.SumScaler}
    models = {"sum": simple.WeightedSumModel, "product": simple.WeightedProductModel}

    def by_skcriteria(normaliser: str, aggregator: str, weights: np.ndarray) -> object:
        # Its product takes a logarithm, so there the scaler that gives zeros cannot be used.
        chosen = scaler["second" if aggregator == "product" else normaliser](target="matrix")
        decision = skcriteria.mkdm(matrix, [max] * INDICATORS, weights=weights)
        return mkpipe(chosen, models[aggregator]()).evaluate(decision).rank_

    return {"pymcdm 1.4.0": by_pymcdm, "scikit-criteria 0.10": by_skcriteria}


def main() -> None:
    """Print the tables."""
    begun = time.perf_counter()
    compiled = kernel.warm()
    print(f"loops of {compiled.__name__.rpartition('.')[2]}, ready after {time.perf_counter() - begun:.1f} s")
    _memory_and_growth()
    data, method = dataset(UNITS, missing=0.0), methodology(core.WeightedArithmetic(), REPLICATES)
    others = peers(data)
    if not others:
        print(f"pymcdm and scikit-criteria are not in {PEERS.name}: sh deploy/local/peers.sh (make bench does it)")
    _official(data, method, others)
    _uncertain(data, method, others)
    _means()
    _doubts()


def _memory_and_growth() -> None:
    print(f"\n{INDICATORS} indicators, 3 levels; normaliser, aggregator and weights vary; places with ties, quantiles")
    print(f"{'units':>10}{'replicates':>12}{'s':>8}{'processor s':>13}{'µs a unit, 1,000 repl.':>24}{'peak MB':>10}")
    for units, count in ((UNITS, REPLICATES), (UNITS, 1_000), (50_000, 1_000), (200_000, 1_000)):
        data, method = dataset(units, missing=0.0), methodology(core.WeightedArithmetic(), count)
        variants = Variants(data, method, pipeline.score_and_rank(data, method)[1])
        wall, mine = time.perf_counter(), time.process_time()
        uncertainty.spread(variants)
        wall, mine = time.perf_counter() - wall, time.process_time() - mine
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        each = mine / units / count * 1e9
        print(f"{units:>10,}{count:>12,}{wall:>8.2f}{mine:>13.2f}{each:>24.0f}{peak:>10.0f}")


def _official(
    data: core.Dataset, method: core.Methodology, others: Mapping[str, Callable[[str, str, np.ndarray], object]]
) -> None:
    weights = np.full(INDICATORS, 1.0 / INDICATORS)
    works: dict[str, Work] = {"ours": lambda: pipeline.score_and_rank(data, method)}
    for name, other in others.items():
        works[name] = lambda other=other: other("first", "sum", weights)  # type: ignore[misc]
    print(f"\nofficial score and place, {UNITS:,} × {INDICATORS}, in turns")
    _print(in_turns(works, max(ROUNDS, 7)), 1.0)


def _uncertain(
    data: core.Dataset, method: core.Methodology, others: Mapping[str, Callable[[str, str, np.ndarray], object]]
) -> None:
    rank = pipeline.score_and_rank(data, method)[1]
    generator = np.random.default_rng(2)
    works: dict[str, Work] = {"ours": lambda: uncertainty.spread(Variants(data, method, rank))}
    for name, other in others.items():

        def loop(other: Callable[[str, str, np.ndarray], object] = other) -> None:
            for replicate in range(THEIRS):
                drawn = generator.uniform(0.75, 1.25, INDICATORS)
                other(("first", "second")[replicate % 2], ("sum", "product")[replicate % 4 // 2], drawn / drawn.sum())

        works[name] = loop
    taken = in_turns(works)
    for name in others:
        taken[name] = [(wall * REPLICATES / THEIRS, mine * REPLICATES / THEIRS) for wall, mine in taken[name]]
    print(
        f"\n{REPLICATES:,} replicates of {UNITS:,} × {INDICATORS}, in turns (theirs from {THEIRS}, without quantiles)"
    )
    _print(taken, float(REPLICATES))
    ratio = statistics.median(mine for _, mine in taken["ours"]) / REPLICATES / SORTING_LIMIT
    print(f"a replicate takes {ratio:.1f} times the {SORTING_LIMIT * 1e6:.0f} µs in which a core sorts its scores")


def _print(taken: Taken, parts: float) -> None:
    print(f"{'':<24}{'s':>10}{'ms each':>10}{'times ours':>12}{'processor s':>14}{'ms each':>10}{'times ours':>12}")
    for name, seconds in taken.items():
        print(f"{name:<24}", end="")
        for clock, width in ((0, 10), (1, 14)):
            median = statistics.median(one[clock] for one in seconds)
            times = statistics.median(
                one[clock] / ours[clock] for one, ours in zip(seconds, taken["ours"], strict=True)
            )
            print(f"{median:>{width}.3f}{median / parts * 1000:>10.3f}{times:>12.1f}", end="")
        print()


def _means() -> None:
    print(f"\none rating with its explanation; median processor time of {ROUNDS}, milliseconds")
    print(f"{'':<24}{'500':>10}{'500, gaps':>12}{'8,000':>10}{'8,000, gaps':>14}")
    means: list[core.Aggregation] = [
        core.WeightedArithmetic(),
        core.WeightedGeometric(),
        core.WeightedHarmonic(),
        core.PowerMean(2),
        core.Copeland(),
    ]
    for mean in means:
        cells = []
        for units, missing in ((500, 0.0), (500, 0.1), (8000, 0.0), (8000, 0.1)):
            if isinstance(mean, core.Copeland) and units * missing > 500:
                cells.append(float("nan"))
                continue
            data = dataset(units, missing=missing)
            cells.append(processor_ms(lambda data=data, mean=mean: pipeline.rate(data, methodology(mean))))  # type: ignore[misc]
        print(f"{type(mean).__name__:<24}{cells[0]:>10.1f}{cells[1]:>12.1f}{cells[2]:>10.1f}{cells[3]:>14.1f}")


def _doubts() -> None:
    print("\n1,000 replicates with gaps; processor time, milliseconds")
    print(f"{'units':<24}{'spread':>10}{'sensitivity':>12}")
    for units in (500, 8000):
        data, method = dataset(units, missing=0.1), methodology(core.WeightedArithmetic(), 1000)
        variants = Variants(data, method, pipeline.rate(data, method).rank)
        spread = processor_ms(lambda variants=variants: uncertainty.spread(variants), 1)  # type: ignore[misc]
        indices = processor_ms(lambda variants=variants: sensitivity.indices(variants), 1)  # type: ignore[misc]
        print(f"{units:<24}{spread:>10.0f}{indices:>12.0f}")


if __name__ == "__main__":
    main()
