"""How a share of teachers becomes a value, its variance or the reason for having none."""

from dataclasses import dataclass

from shared.schemas.tables import MissingReason

MIN_N = 5
"""Below so many teachers a share says more about persons than about the organisation."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One cell of a column."""

    value: float | None
    n: int
    variance: float | None
    reason: MissingReason | None


def share(upskilled: int, teachers: int) -> Measured:
    """100·x/n percent, with the variance of a proportion p(1−p)/n in percent².

    p = (x + ½)/(n + 1) (Jeffreys) rather than x/n, so that 0 of n and n of n do not claim to be certain.
    """
    if teachers == 0:
        return Measured(None, 0, None, MissingReason.NOT_REPORTED)
    if teachers < MIN_N:
        return Measured(None, teachers, None, MissingReason.BELOW_MIN_N)
    p = (upskilled + 0.5) / (teachers + 1)
    return Measured(100.0 * upskilled / teachers, teachers, 1e4 * p * (1 - p) / teachers, None)
