"""How much the values behind a score can bear: precision, and bands instead of places."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class SamplingKind(StrEnum):
    """Where the sampling variance of an indicator's values comes from."""

    GIVEN = "given"
    """From the data, where they give it."""
    SHARE = "share"
    """A share of n."""
    MEAN = "mean"
    """A mean of n."""
    SURVEY = "survey"
    """A mean of n out of a population of N, sampled without return."""
    NONE = "none"
    """The values are exact: a register, a count of everything that is meant."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """The sampling variance of an indicator's values where the data give none."""

    kind: SamplingKind = SamplingKind.GIVEN
    sd: float | None = None
    """Standard deviation of one observation; estimated from the variances there are when not given."""
    population: str | None = None
    """The indicator that holds N."""
    whole: float = 100.0
    """How a share of everything is written."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What values are shrunk towards, where it is not estimated."""

    mean: float | None = None
    tau2: float | None = None
    """Variance between units."""


@dataclass(frozen=True, slots=True)
class Precision:
    """How the evidence behind a value is taken into account."""

    shrink: bool = False
    min_n: int = 0
    suppress_below: int = 0
    """Read by publication, not by the core: a score is computed from what is known, and hidden where that would
    tell."""
    code_shares: bool = False
    """Whether shares of few people near 0 and 1 are told as a bound only; read by publication like the one above."""
    within_peers: bool = True
    """Whether values are shrunk towards their peers rather than towards everyone."""
    centre_variance: bool = False
    """Whether a posterior is widened by the variance of the estimated mean."""
    reliability_weights: bool = False
    """Whether an indicator weighs by how reliable each unit's value of it is."""
    least_reliable: float = 0.5
    """Share of the weight that must be left by that for a unit to be rated."""
    top: float = 0.1
    """The best share of the rated units, for which the probability of belonging is told."""


@dataclass(frozen=True, slots=True)
class QuantileBands:
    """Equal shares of the rated units, best first."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CutBands:
    """Fixed ascending cuts of the score; one label more than cuts, best first."""

    labels: tuple[str, ...]
    cuts: tuple[float, ...]
    certainty: float | None = None
    """With less than this probability of the band it is told between which bands a unit stands."""
    hysteresis: float | None = None
    """A band differs from the previous edition's only if its probability exceeds a half by this."""


@dataclass(frozen=True, slots=True)
class PairwiseLossBands:
    """As many grades, up to the number of labels, as the evidence can tell apart."""

    labels: tuple[str, ...] = ()
    """Without labels the grades are 1, 2, 3 and so on, as many as there are."""
    loss: float = 9.0
    hysteresis: float | None = None


@dataclass(frozen=True, slots=True)
class IntervalBands:
    """Bands by where the confidence interval of the score lies, and then by cuts."""

    labels: tuple[str, ...]
    """Best first: those surely above the reference, the one that is not surely either, those surely below."""
    cuts: tuple[float, ...]
    reference: float = 0.0
    z: float = 1.96
    decimals: int | None = None
    """The score is rounded to so many decimals, halves away from zero, before anything is decided."""


Bands = QuantileBands | CutBands | PairwiseLossBands | IntervalBands

PREVIOUS_BAND: Final = "previous_band"
"""The attribute of a unit that holds its band in the previous edition."""
