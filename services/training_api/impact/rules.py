"""How much more participants changed than those who waited: difference in differences within strata.

Estimand: the mean effect, on those who took a seat, of having been given one.

    τ̂ = Σₛ wₛ (Δ̄_Ts − Δ̄_Cs),  wₛ = n_Ts / n_T,

where Δ is a unit's change (after minus before), s a stratum in which there are participants (T) and people who waited
(C). Differences in differences within strata: Abadie (2005), Review of Economic Studies 72; Imbens & Rubin, Causal
Inference (2015), ch. 9. Written as τ̂ = Σᵢ aᵢΔᵢ with aᵢ = wₛ/n_Ts or −wₛ/n_Cs, its variance with clusters g (schools) is

    V = c · Σ_g (Σ_{i∈g} aᵢ eᵢ / √(1 − 1/nᵢ))²,  eᵢ = Δᵢ − the mean of i's stratum and arm, nᵢ the size of that group,

the leverage-corrected sandwich (HC2; MacKinnon & White 1985) summed by cluster as in Bell & McCaffrey (2002), Survey
Methodology 28; c makes it unbiased when units are independent, and is 1 when every cluster has one unit: then V is
Welch's Σ wₛ² (s²_Ts/n_Ts + s²_Cs/n_Cs). The interval is τ̂ ± t(ν)·√V with Bell's and McCaffrey's degrees of freedom
ν = (tr M)² / tr(M²), M the matrix of the quadratic form V of independent units of equal variance.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.training_api.intervals import CONFIDENCE, Interval, student_quantile
from shared.schemas.training.impact import NotEnough

MIN_N = 10
"""Fewer units in an arm are not compared, and their figures not shown."""
MIN_CLUSTERS = 5
"""Fewer organisations in an arm say little about others; an interval from them would be too narrow."""
_LEAST = 2
"""Clusters of each arm in a stratum: with one, nothing tells how it varies."""
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sample:
    """Units: how each changed, whether it took part, its stratum and its cluster (any whole numbers)."""

    change: Floats
    took_part: npt.NDArray[np.bool_]
    stratum: Ints
    cluster: Ints

    def only(self, kept: npt.NDArray[np.bool_]) -> "Sample":
        return Sample(self.change[kept], self.took_part[kept], self.stratum[kept], self.cluster[kept])


@dataclass(frozen=True, slots=True)
class Arm:
    """One side of the comparison."""

    n: int
    clusters: int
    mean: float
    """Mean change, strata weighted as in the estimate."""


@dataclass(frozen=True, slots=True)
class Impact:
    """What was found, or why nothing can be said."""

    reason: NotEnough | None
    effect: Interval | None = None
    df: float | None = None
    took_part: Arm | None = None
    waited: Arm | None = None
    strata: int | None = None


def impact(sample: Sample, *, confidence: float = CONFIDENCE) -> Impact:
    """The effect with its interval, as the formulas above say; or the reason for saying nothing."""
    usable = _in_common_strata(sample)
    reason = _not_enough(sample, usable)
    if reason is not None:
        return Impact(reason)
    weights, cells = _weights(usable)
    value = float(weights @ usable.change)
    variance, df = _variance(usable, weights, cells)
    half = student_quantile((1 + confidence) / 2, df) * math.sqrt(variance)
    return Impact(
        None,
        effect=Interval(value, value - half, value + half),
        df=df,
        took_part=_arm(usable, weights, usable.took_part),
        waited=_arm(usable, weights, ~usable.took_part),
        strata=int(np.unique(usable.stratum).size),
    )


def _in_common_strata(sample: Sample) -> Sample:
    """The units of strata in which each arm has units of at least two clusters."""
    _, place = np.unique(sample.stratum, return_inverse=True)
    size = int(place.max(initial=-1)) + 1
    enough = np.ones(size, dtype=np.bool_)
    for arm in (sample.took_part, ~sample.took_part):
        pairs = np.unique(np.stack((place[arm], sample.cluster[arm])), axis=1)
        enough &= np.bincount(pairs[0], minlength=size) >= _LEAST
    return sample.only(enough[place])


def _not_enough(sample: Sample, usable: Sample) -> NotEnough | None:
    """Which arm is too small, that of everybody before that of the strata in common."""
    taking, waiting = _sizes(sample)
    if min(taking, waiting) < MIN_N:
        return NotEnough.TOO_FEW_PARTICIPANTS if taking < MIN_N else NotEnough.TOO_FEW_WAITED
    if min(_sizes(usable)) < MIN_N:
        return NotEnough.NO_COMMON_STRATUM
    for arm in (usable.took_part, ~usable.took_part):
        if np.unique(usable.cluster[arm]).size < MIN_CLUSTERS:
            return NotEnough.TOO_FEW_ORGANISATIONS
    return None


def _sizes(sample: Sample) -> tuple[int, int]:
    taking = int(sample.took_part.sum())
    return taking, sample.took_part.size - taking


def _weights(sample: Sample) -> tuple[Floats, Ints]:
    """aᵢ of each unit, and the number of its cell (stratum and arm)."""
    _, place = np.unique(sample.stratum, return_inverse=True)
    cells = 2 * place + sample.took_part
    sizes = np.bincount(cells, minlength=2 * int(place.max()) + 2)
    share = sizes[2 * place + 1] / sample.took_part.sum()
    weights = np.where(sample.took_part, 1.0, -1.0) * share / sizes[cells]
    return weights.astype(np.float64), cells.astype(np.int64)


def _variance(sample: Sample, weights: Floats, cells: Ints) -> tuple[float, float]:
    """V and its degrees of freedom.

    With c_i = aᵢ/√(1 − 1/nᵢ) and one column k_s per cell, k_s[g] = Σ_{i∈g∩s} cᵢ/√n_s, the quadratic form of V has the
    G×G matrix D − KKᵀ, D diagonal with Σ_{i∈g} cᵢ²; only its trace and the trace of its square are needed.
    """
    sizes = np.bincount(cells)
    means = np.bincount(cells, sample.change) / np.maximum(sizes, 1)
    residuals = sample.change - means[cells]
    spread = weights / np.sqrt(1 - 1 / sizes[cells])
    names, group = np.unique(sample.cluster, return_inverse=True)
    scores = np.bincount(group, spread * residuals, minlength=names.size)
    diagonal = np.bincount(group, spread**2, minlength=names.size)
    columns = np.zeros((names.size, sizes.size))
    np.add.at(columns, (group, cells), spread / np.sqrt(sizes[cells]))
    trace = float(diagonal.sum() - (columns**2).sum())
    inner = columns.T @ columns
    squared = float((diagonal**2).sum() - 2 * (diagonal * (columns**2).sum(axis=1)).sum() + (inner**2).sum())
    correction = float((weights**2).sum()) / trace
    return correction * float((scores**2).sum()), trace**2 / squared


def _arm(sample: Sample, weights: Floats, of: npt.NDArray[np.bool_]) -> Arm:
    mean = float(np.abs(weights[of]) @ sample.change[of])
    return Arm(int(of.sum()), int(np.unique(sample.cluster[of]).size), mean)


def bands(order: Sequence[float], took_part: Sequence[bool]) -> list[int]:
    """0 for who is near the place where the seats ended, 1 for who is far from it, in one venue.

    `order` is the order of arrival. Near are the later half of those who got a seat and the earlier half of those who
    waited: between them a few hours decided, and little else.
    """
    found = [1] * len(order)
    for arm, later in ((True, True), (False, False)):
        members = sorted((i for i in range(len(order)) if took_part[i] is arm), key=lambda i: order[i], reverse=later)
        for i in members[: (len(members) + 1) // 2]:
            found[i] = 0
    return found
