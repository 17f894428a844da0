"""Indicators that weigh by how reliable each unit's value of them is."""

from collections.abc import Mapping, Sequence

import numpy as np

from services.rating_engine.core import exact
from services.rating_engine.core.types import Flags, Floats


def reliability_weights(
    reliability: Mapping[str, Floats], weights: Mapping[str, float], floor: float = 0.5
) -> tuple[dict[str, Floats], Flags]:
    """w_ij = w_i λ_ij / Σ_k w_k λ_kj for every unit j, and where enough is left: Σ_i w_i λ_ij ≥ floor · Σ_i w_i.

    λ is 0..1 and `MISSING` where a unit has no value, which then weighs nothing and leaves nothing. A unit below the
    floor is not rated, for insufficient evidence. Source: the reliability of a mean as in classical test theory; a
    principled form of the information weights of GreatSchools.
    """
    parts = [weights[code] * np.nan_to_num(trust) for code, trust in reliability.items()]
    left = exact.row_sums(parts)
    whole = sum(weights[code] for code in sorted(reliability))
    total = np.where(left > 0.0, left, 1.0)
    shares = {code: part / total for code, part in zip(reliability, parts, strict=True)}
    return shares, left >= floor * whole * (1.0 - 1e-12)


def shares(
    weights: Sequence[float], trust: Sequence[Floats], children: Sequence[Floats]
) -> tuple[list[Floats], Floats]:
    """The relative weights w λ / Σ w λ of the children a unit has, and the reliability of the node, Σ w λ / Σ w; 1
    where there is none.

    With it as the λ of the node, relative weights multiplied down a tree are those of all leaves at once.
    """
    present = [~np.isnan(child) for child in children]
    parts = [np.where(there, weight * one, 0.0) for weight, one, there in zip(weights, trust, present, strict=True)]
    left = exact.row_sums(parts)
    whole = exact.weight_present(list(weights), present)
    total = np.where(left > 0.0, left, 1.0)
    return [part / total for part in parts], np.where(whole > 0.0, left / np.where(whole > 0.0, whole, 1.0), 1.0)


def mean(relative: Sequence[Floats], children: Sequence[Floats]) -> Floats:
    """Σ s z over the children present, for relative weights of every unit; `MISSING` where they are all 0."""
    terms = [
        share * np.where(np.isnan(child), 0.0, child) / 2.0 for share, child in zip(relative, children, strict=True)
    ]
    weighed = np.logical_or.reduce([share > 0.0 for share in relative])
    low, high = children[0], children[0]
    for child in children[1:]:
        low, high = np.fmin(low, child), np.fmax(high, child)
    return np.where(weighed, np.clip(exact.saturated(exact.row_sums(terms) * 2.0), low, high), np.nan)
