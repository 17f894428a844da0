"""The choices that could reasonably have been made otherwise."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """The choices that could reasonably have been made otherwise."""

    replicates: int = 1000
    seed: int = 0
    spread: float = 0.0
    """Each weight varies uniformly by this share of itself, up and down."""
    normalisations: tuple[str, ...] = ()
    aggregations: tuple[str, ...] = ()
