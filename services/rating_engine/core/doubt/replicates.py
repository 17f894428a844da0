"""The same rating under given choices and weights, quickly enough for thousands.

A replicate is ranked, not published: it is computed in plain double arithmetic and scores are compared at the fraction
`arithmetic.STEPS` of the greatest, so that last bits decide nothing. The official rating is never taken from here.
Trees the loops do not know (Copeland, steep power means, values beyond 1e150, nodes that are charged for as a whole,
weights by reliability) are evaluated by the official steps, one replicate at a time: right, and slower.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import groupby
from threading import local
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core import pipeline
from services.rating_engine.core.doubt import factors, kernel, programme
from services.rating_engine.core.doubt.parameters import Design, Parameters, Setting
from services.rating_engine.core.pipeline import LeafState, ReferenceMissingError, evidence
from services.rating_engine.core.pipeline.composite import Evaluation
from services.rating_engine.core.steps import aggregate, peers
from services.rating_engine.core.types import (
    Dataset,
    Flags,
    Floats,
    Leaf,
    Methodology,
    MissingPolicy,
    Node,
    WeightedArithmetic,
)

Ranks = NDArray[np.int32]
_CELLS_AT_ONCE = 6_400_000
"""Scores held at a time by each thread: units times replicates."""
_CELLS_REMEMBERED = 3_000_000
"""Values of indicators kept for the settings that share them, each in several arrays."""
_ROWS_REMEMBERED = 20_000_000
"""Values of settings that are ready to be rated."""
_WORTH_A_THREAD = 4_000_000
"""Units times weights times replicates that are worth another thread."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Replicates of one setting that are computed together."""

    setting: "Rated"
    rows: NDArray[np.int64]
    """Which replicates."""


class Rated:
    """The population under one setting, ready to be rated with any weights."""

    def __init__(self, replicates: "Replicates", setting: Setting) -> None:
        self.methodology = replicates.design.methodology_of(setting)
        self._replicates = replicates
        self.leaves = replicates.leaves(self.methodology)
        self.is_defined = self._is_defined()
        """A mean that is not defined below zero goes with no value below it; reliability goes with sums alone."""
        self.programme = self._programme() if self.is_defined else None
        """The tree for the loops; `None` where only the official steps know what to do."""
        if self.programme is not None:
            self.leaves = {}

    def _is_defined(self) -> bool:
        if self.methodology.precision.reliability_weights:
            return all(isinstance(node.aggregation, WeightedArithmetic) for node in self.methodology.tree.nodes())
        return not any(
            aggregate.needs_non_negative(node.aggregation)
            and any(
                leaf.weight > 0.0 and np.nanmin(self.leaves[leaf.indicator].entering, initial=0.0) < 0.0
                for leaf in node.leaves()
            )
            for node in self.methodology.tree.nodes()
        )

    def _programme(self) -> programme.Programme | None:
        method = self.methodology
        absent = self._replicates.absent(method, self.leaves)
        if method.precision.reliability_weights or absent is None:
            return None
        rated = self._replicates.rated
        entering = {code: leaf.entering[rated] for code, leaf in self.leaves.items()}
        return programme.of(method.tree, entering, absent, self._replicates.slots)

    @property
    def size(self) -> int:
        """How many values it holds."""
        return 0 if self.programme is None else self.programme.rows.size

    def scores(self, weights: Floats, loops: ModuleType, out: Floats) -> None:
        """Replicates by rated units; not finite where a unit has no score under these weights."""
        flat = self.programme
        if flat is None:
            for row, given in enumerate(weights):
                out[row] = self._slowly(given)[self._replicates.rated]
            return
        given = np.ascontiguousarray(weights[:, flat.order])
        loops.scores(
            flat.rows, flat.gappy, flat.first, flat.child, flat.power, flat.absent, flat.has_absent, given, out
        )

    def _slowly(self, weights: Floats) -> Floats:
        method = replace(self.methodology, tree=reweighted(self.methodology.tree, weights, self._replicates.slots))
        groups = self._replicates.groups
        observed = {code: leaf.normalised for code, leaf in self.leaves.items()}
        trust = None
        if method.precision.reliability_weights:
            trust = evidence.reliability(method, groups, self.leaves)
        official = Evaluation(method, groups, self.leaves, observed, explains=False, trust=trust, is_supposed=True)
        return official.visit(method.tree).value


class Replicates:
    """All declared ways to rate one data set; only units with an official rank take part."""

    def __init__(self, dataset: Dataset, methodology: Methodology, rank: NDArray[np.int64]) -> None:
        self.dataset = pipeline.prepare(dataset, methodology).dataset
        self.methodology = methodology
        self.design = Design(methodology)
        rated = np.flatnonzero(rank)
        self.rated = rated[np.argsort(rank[rated], kind="stable")]
        """The best first: in a replicate too a unit's neighbours are near it, so their places lie near in memory."""
        self._in_order = np.argsort(self.rated)
        self.official = rank[self.rated].astype(np.int32)
        self.groups = peers.groups(self.dataset, methodology.peer_groups)
        self.slots = factors.slots(methodology.tree)
        self._leaves: dict[object, LeafState] = {}
        self._absent: dict[object, Mapping[str, Flags] | None] = {}
        self._settings: dict[Setting, Rated] = {}

    def leaves(self, methodology: Methodology) -> Mapping[str, LeafState]:
        """The indicators under a methodology, remembered by what makes them differ."""
        found = {}
        for leaf in methodology.tree.leaves():
            key = (replace(leaf, weight=1.0), methodology.missing, methodology.imputation)
            if key not in self._leaves:
                if (len(self._leaves) + 1) * len(self.dataset.units) > _CELLS_REMEMBERED:
                    self._leaves.clear()
                self._leaves[key] = LeafState(self.dataset, leaf, methodology, self.groups)
            found[leaf.indicator] = self._leaves[key]
        return found

    def absent(self, methodology: Methodology, leaves: Mapping[str, LeafState]) -> Mapping[str, Flags] | None:
        """By node: which rated units know too little for it, at the official weights; `None` where a node is charged
        for as a whole. It depends on nothing but what becomes of gaps."""
        key = (methodology.missing, methodology.imputation, tuple(leaf.missing for leaf in methodology.tree.leaves()))
        if key not in self._absent:
            self._absent[key] = self._find_absent(methodology, leaves)
        return self._absent[key]

    def _find_absent(self, methodology: Methodology, leaves: Mapping[str, LeafState]) -> Mapping[str, Flags] | None:
        nodes = list(methodology.tree.nodes())
        if not any(np.isnan(leaf.normalised).any() for leaf in leaves.values()):
            return {node.code: np.zeros(len(self.rated), dtype=np.bool_) for node in nodes}
        plain = replace(methodology, tree=_arithmetic(methodology.tree))
        known = Evaluation(
            plain, self.groups, leaves, {code: leaf.normalised for code, leaf in leaves.items()}, explains=False
        )
        known.visit(plain.tree)
        gaps = {code: np.isnan(values) for code, values in known.nodes.items()}
        is_charged = methodology.missing.policy is MissingPolicy.PENALISE and any(
            answering[self.rated].any() for answering in known.answering.values()
        )
        return None if is_charged else {code: gap[self.rated] for code, gap in gaps.items()}

    def is_defined(self, setting: Setting) -> bool:
        """Whether these alternatives can go together for these data."""
        try:
            return self.at(setting).is_defined
        except ReferenceMissingError:  # an alternative measures by a unit that is not there
            return False

    def slow(self, given: Parameters) -> int:
        """How many of the replicates go by the official steps, one at a time."""
        return sum(
            len(batch.rows) for batch in self._batches(given, np.arange(len(given))) if batch.setting.programme is None
        )

    def at(self, setting: Setting) -> Rated:
        """The population under these alternatives."""
        setting = self.design.of_method(setting)
        if setting not in self._settings:
            cells = sum(one.size for one in self._settings.values()) + len(self.dataset.units) * len(self.slots)
            if cells > _ROWS_REMEMBERED:
                self._settings.clear()
            self._settings[setting] = Rated(self, setting)
        return self._settings[setting]

    def parameters(self) -> Parameters:
        """Those of every declared replicate."""
        declared = self.methodology.uncertainty
        assert declared is not None
        return self.design.drawn(declared.replicates, declared.seed, self.is_defined)

    def scores(self, given: Parameters) -> Floats:
        """Replicates by rated units in the order of the units, whatever the replicates are: also those somebody else
        has drawn."""
        found = np.empty((len(given), len(self.rated)))
        loops = kernel.loops(self.size(given))
        for batch in self._batches(given, np.arange(len(given))):
            scored = np.empty((len(batch.rows), len(self.rated)))
            batch.setting.scores(given.weights[batch.rows], loops, scored)
            found[batch.rows] = scored[:, self._in_order]
        return found

    def ranks(self, given: Parameters) -> Ranks:
        """Places of the rated units in the order of the units, replicates by units; ties share the best place."""
        found = np.empty((len(given), len(self.rated)), dtype=np.int32)

        def put(batch: Batch, scored: Floats, placed: Ranks, loops: ModuleType) -> None:
            found[batch.rows] = placed[:, self._in_order]

        self.each(given, np.arange(len(given)), put)
        return found

    def each(
        self,
        given: Parameters,
        rows: NDArray[np.int64],
        put: Callable[[Batch, Floats, Ranks, ModuleType], None],
        threads: int | None = None,
    ) -> None:
        """Call `put` with the scores (spoiled where not finite) and places of every batch, of the units as `rated` has
        them, from several threads and in no order, in arrays that are used again; all batches of one setting come
        before the next setting is made."""
        size = self.size(given)
        loops = kernel.loops(size)
        workers = threads or (1 if size < _WORTH_A_THREAD else available_threads())

        mine = local()

        def work(batch: Batch) -> None:
            # Memory that is already there: the system takes as long to hand out a new page as scores take to fill it.
            if not hasattr(mine, "scored"):
                mine.scored = np.empty((self._at_once, len(self.rated)))
                mine.placed = np.empty(mine.scored.shape, dtype=np.int32)
            scored, placed = mine.scored[: len(batch.rows)], mine.placed[: len(batch.rows)]
            batch.setting.scores(given.weights[batch.rows], loops, scored)
            loops.ranks(scored, placed)
            put(batch, scored, placed, loops)

        if workers == 1:
            for batch in self._batches(given, rows):
                work(batch)
            return
        with ThreadPoolExecutor(workers) as pool:
            for batches in _by_setting(self._batches(given, rows)):
                list(pool.map(work, batches))

    def _batches(self, given: Parameters, rows: NDArray[np.int64]) -> Iterator[Batch]:
        """Replicates by setting, a few at a time."""
        few = self._at_once
        method = np.array([bool(choice.changes) for choice in self.design.choices], dtype=np.bool_)
        settings = given.choices[rows] * method
        distinct, which = np.unique(settings, axis=0, return_inverse=True)
        for number, setting in enumerate(distinct.tolist()):
            of_it = rows[which.reshape(-1) == number]
            rated = self.at(tuple(setting))
            for start in range(0, len(of_it), few):
                yield Batch(rated, of_it[start : start + few])

    @property
    def _at_once(self) -> int:
        return max(1, min(32, _CELLS_AT_ONCE // max(1, len(self.rated))))

    def size(self, given: Parameters) -> int:
        return len(given) * len(self.rated) * len(self.design.official)


def _by_setting(batches: Iterator[Batch]) -> Iterator[list[Batch]]:
    return (list(of_one) for _, of_one in groupby(batches, key=lambda batch: id(batch.setting)))


def available_threads() -> int:
    """How many processors this process may use, four at most."""
    mine = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(4, mine)


def reweighted(tree: Node, weights: Floats, slots: Mapping[str, slice]) -> Node:
    """The tree with the weights of a row."""
    children: list[Node | Leaf] = []
    for child, weight in zip(tree.children, weights[slots[tree.code]].tolist(), strict=True):
        below = reweighted(child, weights, slots) if isinstance(child, Node) else child
        children.append(replace(below, weight=weight))
    return replace(tree, children=tuple(children))


def _arithmetic(tree: Node) -> Node:
    children = tuple(_arithmetic(child) if isinstance(child, Node) else child for child in tree.children)
    return replace(tree, children=children, aggregation=WeightedArithmetic())
