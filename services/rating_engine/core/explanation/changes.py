"""Why a score differs from the one of the edition before: the unit's data, the method, or the others.

The score of a unit is a function of three things, each old or new: its own data, the methodology, and the population to
which scales without fixed posts are fitted. The difference is shared among the three by their Shapley values over the
eight combinations, which sum to it exactly (Shapley 1953; ENGINE 3.9). With fixed posts the population moves nobody and
its part is 0.

A combination of data with the other edition's population puts the unit's old or new values on the scales fitted to that
population, in the peer groups of that edition, at the low end where they lie below it. An indicator or attribute that
one edition's data do not have at all is taken from the other's, so a newly introduced indicator is a change of the
method. Where a combination gives no score (the other method asks for values the data lack), the difference is told and
not split.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core import pipeline
from services.rating_engine.core.pipeline import evidence
from services.rating_engine.core.pipeline.composite import Evaluation
from services.rating_engine.core.steps import normalise
from services.rating_engine.core.types import (
    Cap,
    Column,
    Copeland,
    Dataset,
    Floats,
    Goalposts,
    Identity,
    Leaf,
    LogGoalposts,
    Methodology,
    MissingPolicy,
    NoTreatment,
    Piecewise,
    Result,
    Thresholds,
)

_FIXED = (Goalposts, LogGoalposts, Thresholds, Piecewise, Identity)
_HARMLESS = (MissingPolicy.RENORMALISE, MissingPolicy.REQUIRE)


@dataclass(frozen=True, slots=True)
class Edition:
    """A rating with all it was computed from."""

    dataset: Dataset
    methodology: Methodology
    result: Result


@dataclass(frozen=True, slots=True)
class Changes:
    """The difference of every unit of the new edition, and its three parts; `MISSING` where there is none."""

    before: NDArray[np.int64]
    """Where the unit stood in the old edition's data; -1 for one that is new."""
    difference: Floats
    data: Floats
    methodology: Floats
    population: Floats
    gone: tuple[str, ...]
    """Units of the old edition that the new one does not speak of, by id."""

    def told(self, place: int, old: Result) -> dict[str, Any]:
        """One unit's as it is kept: its last score, place and band, the difference and its parts."""
        before = int(self.before[place])
        if before < 0:
            return {"is_new": True, "previous": None, "difference": None, "parts": None}
        score = float(old.score[before])
        parts = {
            "data": float(self.data[place]),
            "methodology": float(self.methodology[place]),
            "population": float(self.population[place]),
        }
        difference = float(self.difference[place])
        return {
            "is_new": False,
            "previous": {
                "score": None if score != score else score,
                "rank": int(old.rank[before]) or None,
                "band": old.band[before],
            },
            "difference": None if difference != difference else difference,
            "parts": None if parts["data"] != parts["data"] else parts,
        }


def split(new: Edition, old: Edition) -> Changes:
    """The difference of each unit's score from the old edition to the new one, by data, methodology and population."""
    places = {unit: place for place, unit in enumerate(old.dataset.units)}
    before = np.array([places.get(unit, -1) for unit in new.dataset.units], dtype=np.int64)
    kept = before >= 0
    ours = set(new.dataset.units)
    gone = tuple(sorted(unit for unit in old.dataset.units if unit not in ours))
    there = np.where(kept, old.result.score[before], np.nan)
    worth = _Worth(new, old, before, there)
    data, methodology, population = (_shapley(worth, player) for player in range(3))
    difference = new.result.score - there
    whole = ~np.isnan(data) & ~np.isnan(methodology) & ~np.isnan(population) & ~np.isnan(difference)
    rest = difference - data - methodology
    return Changes(
        before=before,
        difference=difference,
        data=np.where(whole, data, np.nan),
        methodology=np.where(whole, methodology, np.nan),
        population=np.where(whole, np.where(population == 0.0, 0.0, rest), np.nan),
        gone=gone,
    )


def _shapley(worth: Callable[[bool, bool, bool], Floats], player: int) -> Floats:
    """Σ over what is new already of (score with the player's part new - score with it old), by 1/3, 1/6, 1/6, 1/3."""
    total: Floats | None = None
    for others in product((False, True), repeat=2):
        weight = 1.0 / 3.0 if others[0] == others[1] else 1.0 / 6.0
        low, high = ((*others[:player], is_new, *others[player:]) for is_new in (False, True))
        gain = weight * (worth(*high) - worth(*low))
        total = gain if total is None else total + gain
    assert total is not None
    return total


class _Worth:
    """The score of every unit of the new edition with its data, the methodology and the population old or new."""

    def __init__(self, new: Edition, old: Edition, before: NDArray[np.int64], there: Floats) -> None:
        self._before = before
        self._there = there
        self._new, self._old = new, old
        self._ours = np.full(len(old.dataset.units), -1, dtype=np.int64)
        self._ours[before[before >= 0]] = np.flatnonzero(before >= 0)
        self._data = {
            True: _completed(new.dataset, old.dataset, before),
            False: _completed(old.dataset, new.dataset, self._ours),
        }
        self._same_method = new.methodology == old.methodology
        self._found: dict[tuple[bool, bool, bool], Floats] = {}

    def __call__(self, data: bool, methodology: bool, population: bool) -> Floats:
        methodology = methodology or self._same_method
        if is_fixed(self._methodology(methodology)):
            population = data
        key = (data, methodology, population)
        if key not in self._found:
            self._found[key] = self._score(*key)
        return self._found[key]

    def _methodology(self, is_new: bool) -> Methodology:
        return self._new.methodology if is_new else self._old.methodology

    def _score(self, data: bool, methodology: bool, population: bool) -> Floats:
        if data and population and (methodology or self._same_method):
            return self._new.result.score
        if not data and not population and (not methodology or self._same_method):
            return self._there
        method = self._methodology(methodology)
        score = self._rated(data, method, population)
        if population:
            return score
        return np.where(self._before >= 0, score[self._before], np.nan)

    def _rated(self, data: bool, method: Methodology, population: bool) -> Floats:
        """Scores in the order of the units of the population's edition; none where method and data do not fit."""
        try:
            return self._evaluated(data, method, population)
        except (pipeline.NegativeChildError, pipeline.ReferenceMissingError):
            return np.full(len(self._data[population].units), np.nan)

    def _evaluated(self, data: bool, method: Methodology, population: bool) -> Floats:
        states, groups = pipeline.states(self._data[population], method)
        observed = {code: state.normalised for code, state in states.items()}
        if data != population:
            visitors = pipeline.prepare(self._data[data], method).dataset
            order = self._before if population else self._ours
            least = {leaf.indicator: normalise.lower_bound(leaf.normalisation) for leaf in method.tree.leaves()}
            for code, state in states.items():
                column = _aligned(visitors.columns[code], order)
                observed[code] = np.maximum(state.scaled(column.values), least[code])
                states[code] = state.with_gaps_of(column)
        trust = evidence.reliability(method, groups, states) if method.precision.reliability_weights else None
        return Evaluation(method, groups, states, observed, explains=False, trust=trust).visit(method.tree).value


def is_fixed(methodology: Methodology) -> bool:
    """Whether a score by this method depends on nobody else: fixed scales, no treatment by the population's shape,
    nothing of the group in anybody's gaps."""
    own = [methodology.missing.policy] if methodology.imputation is None else [MissingPolicy.IMPUTE]
    leaves = list(methodology.tree.leaves())
    own += [leaf.missing.policy for leaf in leaves if leaf.missing is not None]
    return (
        all(policy in _HARMLESS for policy in own)
        and all(_is_fixed_leaf(leaf) for leaf in leaves)
        and not methodology.precision.reliability_weights
        and not any(isinstance(node.aggregation, Copeland) for node in methodology.tree.nodes())
    )


def _is_fixed_leaf(leaf: Leaf) -> bool:
    return isinstance(leaf.normalisation, _FIXED) and isinstance(leaf.treatment, NoTreatment | Cap)


def _completed(own: Dataset, other: Dataset, order: NDArray[np.int64]) -> Dataset:
    """`own` with the indicators and attributes that only `other` has, for the units that both have."""
    columns = dict(own.columns)
    for code, column in other.columns.items():
        if code not in columns:
            columns[code] = _aligned(column, order)
    attributes: dict[str, tuple[str | None, ...]] = dict(own.attributes)
    for name, values in other.attributes.items():
        if name not in attributes:
            attributes[name] = tuple(values[place] if place >= 0 else None for place in order.tolist())
    return replace(own, columns=columns, attributes=attributes)


def _aligned(column: Column, order: NDArray[np.int64]) -> Column:
    """The rows of a column at `order`; nothing where it is -1."""

    def at(values: Floats | None) -> Floats | None:
        return None if values is None else np.where(order >= 0, values[order], np.nan)

    told = column.reasons
    values = at(column.values)
    assert values is not None
    return Column(
        values=values,
        n=at(column.n),
        variance=at(column.variance),
        reasons=None if told is None else tuple(told[place] if place >= 0 else None for place in order.tolist()),
        previous=at(column.previous),
    )
