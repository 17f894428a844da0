"""Weights of siblings that somebody states: equal, judged in pairs, or allotted by a panel. They sum to 1."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

RANDOM_INDEX: Final = (0.0, 0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
"""Mean consistency index of random reciprocal matrices by their size (Saaty 1980, The Analytic Hierarchy Process)."""
MOST_COMPARED: Final = len(RANDOM_INDEX) - 1
CONSISTENT: Final = 0.1
"""Judgements with a larger consistency ratio contradict one another too much to be used (Saaty 1980)."""
_ROUNDS = 10_000
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Judged:
    """Weights from comparisons in pairs, and how well the comparisons agree."""

    weights: tuple[float, ...]
    """Principal eigenvector of the matrix, summing to 1."""
    geometric: tuple[float, ...]
    """Geometric means of the rows, summing to 1: what the logarithmic least squares would give (Crawford and Williams
    1985); equal to `weights` when the judgements are consistent."""
    greatest: float
    """λ_max, n for a consistent matrix and larger for any other."""
    index: float
    """CI = (λ_max - n)/(n - 1); 0 for one or two things."""
    ratio: float
    """CR = CI/RI; 0 for one or two things, which cannot contradict."""


def equal(count: int) -> tuple[float, ...]:
    """1/n each."""
    return (1.0 / count,) * count


def reciprocal(matrix: Sequence[Sequence[float]]) -> list[list[float]]:
    """The matrix with the smaller of each pair as the exact reciprocal of the larger: 0.33 against 3 is 1/3."""
    size = len(matrix)
    whole = [[1.0] * size for _ in range(size)]
    for row in range(size):
        for column in range(row + 1, size):
            above, below = matrix[row][column], matrix[column][row]
            whole[row][column], whole[column][row] = (above, 1.0 / above) if above >= below else (1.0 / below, below)
    return whole


def judged(matrix: Sequence[Sequence[float]]) -> Judged:
    """AHP: the principal eigenvector of a positive reciprocal matrix by power iteration (Saaty 1977, 1980).

    Entry (i, j) says how many times i matters more than j. Sums are correctly rounded and results are rounded to twelve
    digits, so that they are the same wherever they are computed.
    """
    whole = reciprocal(matrix)
    size = len(whole)
    roots = [math.exp(math.fsum(map(math.log, row)) / size) for row in whole]
    vector = geometric = shares(roots)
    greatest = float(size)
    for _ in range(_ROUNDS):
        image = [math.fsum(entry * part for entry, part in zip(row, vector, strict=True)) for row in whole]
        greatest = math.fsum(image)
        following = shares(image)
        step = max(abs(new - old) for new, old in zip(following, vector, strict=True))
        vector = following
        if step < 1e-16:
            break
    index = max((greatest - size) / (size - 1), 0.0) if size > 2 else 0.0
    return Judged(
        weights=tuple(round(part, _DIGITS) for part in vector),
        geometric=tuple(round(part, _DIGITS) for part in geometric),
        greatest=round(greatest, _DIGITS),
        index=round(index, _DIGITS),
        ratio=round(index / RANDOM_INDEX[size], _DIGITS) if size > 2 else 0.0,
    )


@dataclass(frozen=True, slots=True)
class Allotted:
    """Weights from a panel whose members each gave out the same budget of points, and how far they agree."""

    weights: tuple[float, ...]
    """Mean share of each child, summing to 1."""
    deviations: tuple[float, ...]
    """Standard deviation of the members' shares, with m - 1; 0 for a single member."""
    least: tuple[float, ...]
    most: tuple[float, ...]
    """The smallest and the greatest share any member gave."""


def allotted(points: Sequence[Sequence[float]]) -> Allotted:
    """Budget allocation: w_i = 1/m Σ_k b_ki / Σ_j b_kj over the m members, `points` members by children.

    Source: OECD/JRC Handbook (2008), step 6, «budget allocation process».
    """
    given_out = [shares(row) for row in points]
    by_child = list(zip(*given_out, strict=True))
    means = [math.fsum(given) / len(points) for given in by_child]
    deviations = [
        math.sqrt(math.fsum((one - mean) ** 2 for one in given) / (len(points) - 1)) if len(points) > 1 else 0.0
        for given, mean in zip(by_child, means, strict=True)
    ]

    def rounded(parts: Sequence[float]) -> tuple[float, ...]:
        return tuple(round(part, _DIGITS) for part in parts)

    return Allotted(
        rounded(means),
        rounded(deviations),
        rounded([min(one) for one in by_child]),
        rounded([max(one) for one in by_child]),
    )


def shares(parts: Sequence[float]) -> list[float]:
    """Parts of their sum; equal where that is not above 0."""
    total = math.fsum(parts)
    return [part / total for part in parts] if total > 0.0 else list(equal(len(parts)))
