"""How long the rating core takes: `python -m tests.load.rating_core` prints a table and asserts nothing."""

import statistics
import time
from collections.abc import Callable

import numpy as np

from services.rating_engine.core import pipeline, sensitivity, uncertainty
from services.rating_engine.core import types as core
from services.rating_engine.core.variants import Variants

INDICATORS, PILLARS = 30, 5
REPEATS = 7
POSTS = core.Goalposts(0, 100, (1.0, 100.0), cap=True)


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


def processor_ms(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Median of the processor time, in milliseconds: the clock on the wall also counts who else is working."""
    taken = []
    for _ in range(repeats):
        begun = time.process_time()
        work()
        taken.append((time.process_time() - begun) * 1000)
    return statistics.median(taken)


def main() -> None:
    """Print the table."""
    print(f"{INDICATORS} indicators, 3 levels; median processor time of {REPEATS}, milliseconds")
    print(f"{'one rating':<24}{'500':>10}{'500, gaps':>12}{'8,000':>10}{'8,000, gaps':>14}")
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
    print(f"{'1,000 replicates':<24}{'spread':>10}{'sensitivity':>12}")
    for units in (500, 8000):
        data, method = dataset(units, missing=0.1), methodology(core.WeightedArithmetic(), 1000)
        variants = Variants(data, method, pipeline.rate(data, method).rank)
        spread = processor_ms(lambda variants=variants: uncertainty.spread(variants), 1)  # type: ignore[misc]
        indices = processor_ms(lambda variants=variants: sensitivity.indices(variants), 1)  # type: ignore[misc]
        print(f"{units:<24}{spread:>10.0f}{indices:>12.0f}")


if __name__ == "__main__":
    main()
