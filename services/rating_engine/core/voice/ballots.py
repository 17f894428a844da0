"""Screens for ballots that hardly came from one parent each. They mark and never remove: people decide what follows.

All take the ballots of one organisation as arrays, a row a ballot, in any order: a mark depends on what the ballots are
and not on where they stand. Nothing is missing in a ballot, for every question is answered.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core.types import Flags

Points = NDArray[np.int64]
"""Answers as whole numbers: a point of a scale, 0 or 1, or the number of an option."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a pattern is no longer taken for chance; conventions, and part of every result."""

    seconds_an_item: float = 2.0
    """Faster than this a question is not read."""
    straight_items: int = 4
    """Fewer questions with a scale say nothing when they are answered alike."""
    repeats: int = 5
    """Fewer ballots alike are no pattern."""
    repeats_by_chance: float = 1e-3
    """A vector that comes so often by chance, with less than this probability, is marked."""
    burst_of_network: int = 10
    """So many ballots within half an hour from one network."""
    burst: int = 20
    """So many ballots within half an hour that are also half of all."""
    burst_share: float = 0.5
    night: int = 5
    """So many ballots at night, when the rest of the survey's give less than `night_by_chance` for that."""
    night_by_chance: float = 1e-3
    known_elsewhere: int = 100
    """Ballots of others from which what is usual is read."""


def straight_lines(points: Points, scales: Flags, limits: Limits) -> Flags:
    """Ballots with zero variance over all questions with a scale, before reversed ones are turned round.

    In a questionnaire that asks in both directions such a ballot contradicts itself; in one that does not it may be an
    honest «all well», which is why marked ballots are kept.
    """
    asked = points[:, scales]
    if asked.shape[1] < limits.straight_items:
        return np.zeros(len(points), dtype=bool)
    alike: Flags = (asked == asked[:, :1]).all(axis=1)
    return alike


def repeated(
    points: Points, options: Sequence[int], elsewhere: Mapping[tuple[int, ...], int], others: int, limits: Limits
) -> Flags:
    """Ballots with one and the same vector of answers, more often than chance gives.

    Of n ballots with k alike, P(X ≥ k) for Poisson with mean n·q. q is the larger of two readings of how usual the
    vector is: its share among the `others` ballots of other organisations (when there are enough), and the product of
    the shares of its answers among the ballots here that are not alike (independence, Laplace's rule with `options`
    answers to each question).
    """
    n = len(points)
    marked = np.zeros(n, dtype=bool)
    rows = [tuple(row) for row in points.tolist()]
    for vector, count in Counter(rows).items():
        if count < limits.repeats:
            continue
        alike = np.fromiter((row == vector for row in rows), dtype=bool, count=n)
        rest = points[~alike]
        same = (rest == np.array(vector, dtype=np.int64)).sum(axis=0).tolist()
        usual = math.prod((hits + 1) / (len(rest) + many) for hits, many in zip(same, options, strict=True))
        if others >= limits.known_elsewhere:
            usual = max(usual, (elsewhere.get(vector, 0) + 0.5) / (others + 1))
        if poisson_tail(count, n * min(1.0, usual)) < limits.repeats_by_chance:
            marked |= alike
    return marked


def bursts_of_network(buckets: Points, networks: Points, limits: Limits) -> Flags:
    """Ballots of one half hour and one network, when they are many. A network below 0 is not known and never marked."""
    pairs = list(zip(buckets.tolist(), networks.tolist(), strict=True))
    many = {pair for pair, count in Counter(pairs).items() if count >= limits.burst_of_network and pair[1] >= 0}
    return np.fromiter((pair in many for pair in pairs), dtype=bool, count=len(pairs))


def bursts(buckets: Points, limits: Limits) -> Flags:
    """Ballots of one half hour, when they are many and half or more of all there are."""
    told = buckets.tolist()
    floor = max(limits.burst, math.ceil(limits.burst_share * len(told)))
    many = {bucket for bucket, count in Counter(told).items() if count >= floor}
    return np.fromiter((bucket in many for bucket in told), dtype=bool, count=len(told))


def at_night(nights: Flags, night_elsewhere: int, others: int, limits: Limits) -> Flags:
    """Ballots given at night, when there are more of them than the hours of all other organisations' ballots explain.

    P(X ≥ k) for a binomial of the n ballots here with the share of night elsewhere (Laplace's rule).
    """
    n, count = len(nights), int(nights.sum())
    if count < limits.night or others < limits.known_elsewhere:
        return np.zeros(n, dtype=bool)
    share = (night_elsewhere + 1) / (others + 2)
    return nights.copy() if binomial_tail(count, n, share) < limits.night_by_chance else np.zeros(n, dtype=bool)


def poisson_tail(count: int, expected: float) -> float:
    """P(X ≥ count) of a Poisson variable, as a sum of its terms.

    >>> round(poisson_tail(1, 2.0), 6), poisson_tail(0, 5.0)
    (0.864665, 1.0)
    """
    if expected <= 0:
        return float(count <= 0)
    below = math.fsum(math.exp(k * math.log(expected) - expected - math.lgamma(k + 1)) for k in range(count))
    if below < 0.5:
        return max(0.0, 1.0 - below)
    return min(1.0, math.fsum(_upper_terms(count, expected)))


def _upper_terms(count: int, expected: float) -> list[float]:
    """Terms from `count` on, until they no longer matter: the difference to 1 would lose all digits of a small tail."""
    term = math.exp(count * math.log(expected) - expected - math.lgamma(count + 1))
    terms = [term]
    k = count
    while term > 1e-18 * terms[0] or k < expected:
        k += 1
        term *= expected / k
        terms.append(term)
        if term == 0.0:
            break
    return terms


def binomial_tail(count: int, n: int, share: float) -> float:
    """P(X ≥ count) of n trials with probability `share`, 0 < share < 1.

    >>> round(binomial_tail(1, 2, 0.5), 6)
    0.75
    """

    def term(k: int) -> float:
        ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
        return math.exp(ways + k * math.log(share) + (n - k) * math.log1p(-share))

    return min(1.0, math.fsum(term(k) for k in range(count, n + 1)))
