"""Indicators and composites in their places."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.rating_engine.core.types.evidence import Prior, Sampling
from services.rating_engine.core.types.gaps import LeafMissing
from services.rating_engine.core.types.steps import (
    Aggregation,
    Direction,
    Identity,
    Normalisation,
    NoTreatment,
    Treatment,
    WeightedArithmetic,
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """An indicator in its place in the tree."""

    indicator: str
    weight: float = 1.0
    direction: Direction = Direction.HIGHER
    treatment: Treatment = NoTreatment()
    normalisation: Normalisation = Identity()
    missing: LeafMissing | None = None
    min_n: int | None = None
    """A value resting on fewer observations is missing; the methodology's when not said."""
    denominator: str | None = None
    """The indicator its values are divided by before anything else."""
    sampling: Sampling | None = None
    """Where the sampling variance of its values comes from; from the data when not said."""
    widen: float = 0.0
    """By how much the variance of a value carried forward grows with each period, as a share of it."""
    prior: Prior | None = None
    """What its values are shrunk towards; estimated when not said."""
    actionable: bool = True
    """Whether the unit can change it: only then is it told what change would reach the next band."""


@dataclass(frozen=True, slots=True)
class Node:
    """A composite of leaves and other nodes."""

    code: str
    children: tuple["Node | Leaf", ...]
    weight: float = 1.0
    aggregation: Aggregation = WeightedArithmetic()

    def leaves(self) -> Iterator[Leaf]:
        """The leaves below, in the order of the document."""
        for child in self.children:
            if isinstance(child, Leaf):
                yield child
            else:
                yield from child.leaves()

    def nodes(self) -> Iterator["Node"]:
        """This node and those below, parents first."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.nodes()
