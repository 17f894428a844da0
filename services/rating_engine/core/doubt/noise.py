"""Sampling noise of every value under the official method: nothing but the data vary.

Each value is drawn from the normal distribution of its estimate and variance, independently, and goes through treatment
and normalisation fitted to the data as they are (posts stay where they are), then up the tree by the official weights.
A value of unknown variance, and a gap, stay as they are. A draw below zero counts as 0 under a mean that is not defined
there. The draws belong to the units in the order of their names, whatever the order of rows.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np

from services.rating_engine.core.doubt import kernel, programme
from services.rating_engine.core.doubt.replicates import Ranks, Replicates, available_threads
from services.rating_engine.core.pipeline.composite import Evaluation
from services.rating_engine.core.steps import aggregate
from services.rating_engine.core.types import Floats, Leaf

MOST: Final = 500
"""Replicates at most: every one of them draws and normalises all values anew."""
_STREAM = 2
_AT_ONCE = 8
_WORTH_A_THREAD = 4_000_000


def is_there(replicates: Replicates) -> bool:
    """Whether any value has a variance."""
    return any(leaf.is_uncertain for leaf in replicates.leaves(replicates.methodology).values())


def each(
    replicates: Replicates,
    seed: int,
    count: int,
    put: Callable[[Floats, Ranks], None],
    threads: int | None = None,
) -> None:
    """Call `put` with the scores and places of all replicates but the first, which is official."""
    method = replicates.methodology
    leaves = replicates.leaves(method)
    order = np.array(
        sorted(range(len(replicates.dataset.units)), key=replicates.dataset.units.__getitem__), dtype=np.int64
    )
    estimates = {code: leaf.evidence(replicates.groups) for code, leaf in leaves.items() if leaf.is_uncertain}
    errors = {code: np.sqrt(variance) for code, (_, variance) in estimates.items()}
    strict = [node for node in method.tree.nodes() if aggregate.needs_non_negative(node.aggregation)]
    floored = {child.indicator for node in strict for child in node.children if isinstance(child, Leaf)}
    below = {leaf.indicator for node in strict for leaf in node.leaves()} - floored
    absent = None if method.precision.reliability_weights else replicates.absent(method, leaves)
    size = count * len(replicates.dataset.units) * len(leaves)
    loops = kernel.loops(size)
    official = replicates.design.official

    def score(replicate: int) -> Floats:
        stream = np.random.Generator(np.random.PCG64([seed, _STREAM, replicate]))
        observed = {code: leaf.normalised for code, leaf in leaves.items()}
        draws, drawn = np.empty(len(order)), dict[str, Floats]()
        for code, (values, _) in estimates.items():
            draws[order] = stream.standard_normal(len(order))
            drawn[code] = leaves[code].scaled(values + errors[code] * draws)
            if code in floored:
                drawn[code] = np.maximum(drawn[code], 0.0)
            observed[code] = np.where(np.isnan(leaves[code].normalised), np.nan, drawn[code])
        entering = {
            code: np.where(leaf.expects, drawn.get(code, np.nan), leaf.charged(observed[code]))[replicates.rated]
            for code, leaf in leaves.items()
        }
        is_plain = absent is not None and not any(np.nanmin(entering[code], initial=0.0) < 0.0 for code in below)
        flat = programme.of(method.tree, entering, absent, replicates.slots) if absent and is_plain else None
        if flat is None:
            supposed = Evaluation(method, replicates.groups, leaves, observed, explains=False, is_supposed=True)
            found = supposed.visit(method.tree)
            return found.value[replicates.rated]
        scored = np.empty((1, len(replicates.rated)))
        given = np.ascontiguousarray(official[None, flat.order])
        loops.scores(
            flat.rows, flat.gappy, flat.first, flat.child, flat.power, flat.absent, flat.has_absent, given, scored
        )
        only: Floats = scored[0]
        return only

    def work(start: int) -> None:
        scored = np.array([score(replicate) for replicate in range(start, min(start + _AT_ONCE, count))])
        placed = np.empty(scored.shape, dtype=np.int32)
        loops.ranks(scored, placed)
        put(scored, placed)

    with ThreadPoolExecutor(threads or (1 if size < _WORTH_A_THREAD else available_threads())) as pool:
        list(pool.map(work, range(1, count, _AT_ONCE)))
