"""The data of a rating: units, their indicators and attributes, as frozen arrays."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MISSING: Final = float("nan")
"""How a missing cell is written inside the core. NaN enters by no other door and never leaves the core."""


@dataclass(frozen=True, slots=True)
class Column:
    """One indicator over all units, in its natural unit of measure."""

    values: Floats
    """`MISSING` where there is no value."""
    n: Floats | None = None
    """How many observations each value rests on."""
    variance: Floats | None = None
    """Sampling variance of each value."""
    reasons: tuple[str | None, ...] | None = None
    """Why a value is missing."""
    previous: Floats | None = None
    """The unit's own last known value, where `penalise` may need it."""
    age: Floats | None = None
    """How many periods ago each value was observed, where it is carried forward; 0 for one of this period."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Units, their indicators and their attributes; every array is as long as `units` and in its order."""

    units: tuple[str, ...]
    columns: Mapping[str, Column]
    attributes: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)
