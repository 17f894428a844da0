"""How a unit stands when places are taken as estimates: by its posterior, with what its noise does not rule out."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core.evidence import pairs, precision, rank_sets
from services.rating_engine.core.evidence.rank_probabilities import RankProbabilities
from services.rating_engine.core.types import Flags, Floats, Result

_DIGITS = 9
"""Decimals of ranks and probabilities: what is told does not depend on the last bits of a machine."""
_LEVELS: Sequence[tuple[str, float, float]] = (("strong", 0.8, 0.8), ("moderate", 0.6, 0.6))
"""Least reliability of the score and least share of the weight measured, for each level."""


@dataclass(frozen=True, slots=True)
class Standing:
    """In the order of the units; `MISSING` or 0 for a unit that is not rated, or of whose noise nothing is known."""

    posterior_mean: Floats
    posterior_sd: Floats
    expected_rank: Floats
    """1 + Σ P(the other is above)."""
    rank_low: NDArray[np.int64]
    """Best and worst place of the central 95 % of the rank's posterior."""
    rank_high: NDArray[np.int64]
    rank_set_low: NDArray[np.int64]
    """Best and worst place that the noise of the scores does not rule out for this unit, at 95 %."""
    rank_set_high: NDArray[np.int64]
    together_low: NDArray[np.int64]
    """The same for all units at once."""
    together_high: NDArray[np.int64]
    peer_set_low: NDArray[np.int64]
    """The set of the unit's rank among its peers alone; 0 without a peer group of its own."""
    peer_set_high: NDArray[np.int64]
    p_top: Floats
    """Probability of a place among the best, a share `top` of the rated units rounded up."""
    p_bottom: Floats
    """Probability of a place among as many worst."""
    reliability: Floats
    """Share of the variance of the scores that is not noise of this one."""
    measured: Floats
    """Share of the weight on own values whose variance is known."""
    evidence: tuple[str | None, ...]
    """`strong`, `moderate`, `weak` or `none`; none at all for a unit that is not rated."""


def standing(
    result: Result, *, groups: Sequence[tuple[Flags, Flags]] = (), top: float = 0.1, seed: int = 0
) -> Standing:
    """The standing of every rated unit; `groups` are (members, population compared with), as `peers.groups` gives them.

    Expected ranks, the interval of the rank and the probability of the top `top` share come from the posterior of the
    score; the sets of ranks from the score itself and its sampling variance, for a shrunken estimate has no such
    error. `seed` draws the simultaneous sets of small populations (see `rank_sets`); nothing else is drawn.

    Evidence is `strong` with a reliability of at least 0.8 and at least 0.8 of the weight measured, `moderate` from
    0.6 and 0.6, `none` where nothing is measured or all of the difference is noise, `weak` between. Reliability is
    tau² / (tau² + v), v the sampling variance of the score and tau² what the scores differ by beyond it (Paule and
    Mandel); a mean of 10 pupils of a usual school has 0.6, of 25 pupils 0.8.
    """
    rated = ~np.isnan(result.score)
    measured = np.where(rated, 0.0, np.nan) if result.measured is None else result.measured
    if result.variance is None or result.noise is None or not rated.any():
        return _unknown(result, rated, measured)
    chances = RankProbabilities(result.mean, result.variance)
    one, every = rank_sets.both(result.score, result.noise, seed=seed)
    among = _among_peers(result.score, result.noise, groups)
    trust = _reliability(result.score, result.noise, rated)
    many = int(np.count_nonzero(rated))
    few = math.ceil(top * many)
    found = Standing(
        posterior_mean=result.mean,
        posterior_sd=np.sqrt(result.variance),
        expected_rank=np.round(pairs.expected_ranks(result.mean, result.variance), _DIGITS),
        rank_low=_whole(chances.quantile(0.025)),
        rank_high=_whole(chances.quantile(0.975)),
        rank_set_low=one.low,
        rank_set_high=one.high,
        together_low=every.low,
        together_high=every.high,
        peer_set_low=among.low,
        peer_set_high=among.high,
        p_top=np.round(chances.top(few), _DIGITS),
        p_bottom=np.round(1.0 - chances.top(many - few), _DIGITS),
        reliability=trust,
        measured=measured,
        evidence=_levels(trust, measured, rated),
    )
    nothing = precision.unknown(result.noise, measured)
    return found if nothing is None else _without(found, nothing)


def _without(found: Standing, nothing: Flags) -> Standing:
    """The same without places and chances of units of whose noise nothing is known: the others may be compared with
    their scores, but nobody knows how far those may move."""
    changed: dict[str, Any] = {
        name: np.where(nothing, 0 if getattr(found, name).dtype.kind == "i" else np.nan, getattr(found, name))
        for name in Standing.__slots__
        if name not in ("posterior_mean", "measured", "evidence")
    }
    return replace(found, **changed)


def _unknown(result: Result, rated: NDArray[np.bool_], measured: Floats) -> Standing:
    nothing = np.full(len(rated), np.nan)
    nowhere = np.zeros(len(rated), dtype=np.int64)
    return Standing(
        posterior_mean=result.mean,
        posterior_sd=nothing,
        expected_rank=nothing,
        rank_low=nowhere,
        rank_high=nowhere,
        rank_set_low=nowhere,
        rank_set_high=nowhere,
        together_low=nowhere,
        together_high=nowhere,
        peer_set_low=nowhere,
        peer_set_high=nowhere,
        p_top=nothing,
        p_bottom=nothing,
        reliability=nothing,
        measured=measured,
        evidence=_levels(nothing, measured, rated),
    )


def _among_peers(score: Floats, noise: Floats, groups: Sequence[tuple[Flags, Flags]]) -> rank_sets.RankSets:
    """Marginal sets within every group that is compared with itself and is not everyone."""
    found = rank_sets.RankSets(np.zeros(len(score), dtype=np.int64), np.zeros(len(score), dtype=np.int64))
    for members, population in groups:
        if population.all() or not np.array_equal(members, population):
            continue
        inside = rank_sets.marginal(score[members], noise[members])
        found.low[members], found.high[members] = inside.low, inside.high
    return found


def _whole(places: Floats) -> NDArray[np.int64]:
    return np.nan_to_num(places).astype(np.int64)


def _reliability(score: Floats, noise: Floats, rated: NDArray[np.bool_]) -> Floats:
    """tau² / (tau² + v); 1 for an exact score. One score alone, and scores that are all equal, differ by nothing."""
    trust = precision.posterior(score, noise, [(rated, rated)]).reliability
    return np.where(rated, np.round(np.nan_to_num(trust), _DIGITS), np.nan)


def _levels(trust: Floats, measured: Floats, rated: NDArray[np.bool_]) -> tuple[str | None, ...]:
    def level(how_sure: float, share: float) -> str:
        for name, least_sure, least_share in _LEVELS:
            if how_sure >= least_sure and share >= least_share:
                return name
        return "weak" if how_sure > 0.0 and share > 0.0 else "none"

    return tuple(
        level(how_sure, share) if there else None
        for how_sure, share, there in zip(trust.tolist(), measured.tolist(), rated.tolist(), strict=True)
    )
