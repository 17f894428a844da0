"""The choices that could reasonably have been made otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.rating_engine.core.types.gaps import MissingPolicy
from services.rating_engine.core.types.steps import Aggregation, Normalisation, Treatment


@dataclass(frozen=True, slots=True)
class NormalisationFactor:
    """Another way onto the common scale: written out, or by the name of a kind that needs no parameters."""

    alternatives: tuple[Normalisation | str, ...]
    indicators: tuple[str, ...] = ()
    """Those it is about; empty for all."""


@dataclass(frozen=True, slots=True)
class AggregationFactor:
    """Another way from children to their node."""

    alternatives: tuple[Aggregation, ...]
    level: int | None = None
    """The depth of the nodes, the root being 1; all nodes when not said."""


@dataclass(frozen=True, slots=True)
class TreatmentFactor:
    """Another treatment of outliers."""

    alternatives: tuple[Treatment, ...]
    indicators: tuple[str, ...] = ()
    """Those it is about; empty for all."""


@dataclass(frozen=True, slots=True)
class MissingFactor:
    """Another policy for a value that is not there."""

    alternatives: tuple[MissingPolicy, ...]


@dataclass(frozen=True, slots=True)
class IndicatorOutFactor:
    """Each indicator in turn left out."""


@dataclass(frozen=True, slots=True)
class ReliabilityFactor:
    """Indicators weighed by how reliable each unit's value is."""


@dataclass(frozen=True, slots=True)
class WeightsFactor:
    """Other weights: exactly one of `spread`, `concentration` and `sets`."""

    spread: float | None = None
    """Each weight varies uniformly by this share of itself, up and down."""
    concentration: float | None = None
    """The weights of a node are drawn from Dirichlet(concentration · their shares)."""
    sets: tuple[Mapping[str, float], ...] = ()
    """Whole sets: weights by indicator and node; what a set does not name keeps its own."""
    levels: tuple[int, ...] = ()
    """Depths of the nodes whose children's weights vary, the root being 1; empty for all."""


@dataclass(frozen=True, slots=True)
class DataNoiseFactor:
    """Sampling noise of every value: kept apart from the choices of method."""


Factor = (
    NormalisationFactor
    | AggregationFactor
    | TreatmentFactor
    | MissingFactor
    | IndicatorOutFactor
    | ReliabilityFactor
    | WeightsFactor
    | DataNoiseFactor
)


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """The choices that could reasonably have been made otherwise."""

    replicates: int = 1000
    seed: int = 0
    spread: float = 0.0
    """Each weight varies uniformly by this share of itself, up and down."""
    normalisations: tuple[str, ...] = ()
    aggregations: tuple[str, ...] = ()
    factors: tuple[Factor, ...] = ()
    """What varies beside that."""
