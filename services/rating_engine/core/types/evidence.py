"""How much the values behind a score can bear: precision, and bands instead of places."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Precision:
    """How the evidence behind a value is taken into account."""

    shrink: bool = False
    min_n: int = 0
    suppress_below: int = 0
    """Read by publication, not by the core: a score is computed from what is known, and hidden where that would
    tell."""


@dataclass(frozen=True, slots=True)
class QuantileBands:
    """Equal shares of the rated units, best first."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CutBands:
    """Fixed ascending cuts of the score; one label more than cuts, best first."""

    labels: tuple[str, ...]
    cuts: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class PairwiseLossBands:
    """As many grades, up to the number of labels, as the evidence can tell apart."""

    labels: tuple[str, ...]
    loss: float = 9.0


Bands = QuantileBands | CutBands | PairwiseLossBands
