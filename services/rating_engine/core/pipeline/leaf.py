"""One indicator on its way from natural values to what enters the tree."""

import math

import numpy as np

from services.rating_engine.core import missing, normalise, precision, treatment
from services.rating_engine.core.peers import Groups
from services.rating_engine.core.pipeline.errors import ReferenceMissingError
from services.rating_engine.core.types import (
    WITHIN_PEERS,
    Dataset,
    DistanceToReference,
    Floats,
    Leaf,
    Methodology,
    MissingPolicy,
)


class LeafState:
    """One indicator on its way from natural values to what enters the tree."""

    def __init__(self, dataset: Dataset, leaf: Leaf, methodology: Methodology, groups: Groups) -> None:
        self._groups = groups
        self._penalises = methodology.missing.policy is MissingPolicy.PENALISE
        self.column = precision.without_small(dataset.columns[leaf.indicator], methodology.precision.min_n)
        self.exempt = missing.exempt(self.column)
        self._treat = treatment.fit(leaf.treatment, self.column.values)
        treated = self._treat(self.column.values)
        reference = _reference(dataset, leaf, treated)
        everyone = np.ones(len(dataset.units), dtype=np.bool_)
        within = groups if isinstance(leaf.normalisation, WITHIN_PEERS) else [(everyone, everyone)]
        self._fitted = [
            (members, normalise.fit(leaf.normalisation, leaf.direction, treated[population], reference=reference))
            for members, population in within
        ]
        self.normalised = self.scaled(self.column.values)
        """`MISSING` where the unit has no value."""
        self.entering = self.charged(self.normalised)
        """What enters the tree: the normalised value, or what a gap is charged with."""

    def scaled(self, values: Floats) -> Floats:
        """Natural values on the common scale, by the parameters of this population."""
        treated = self._treat(values)
        if len(self._fitted) == 1:
            return self._fitted[0][1](treated)
        scaled = np.full(len(values), np.nan)
        for members, apply in self._fitted:
            scaled[members] = apply(treated[members])
        return scaled

    def charged(self, normalised: Floats) -> Floats:
        """`normalised`, under `penalise` with a low value in the gaps the unit answers for."""
        if not self._penalises:
            return normalised
        previous = None if self.column.previous is None else self.scaled(self.column.previous)
        return missing.penalised(normalised, np.isnan(normalised) & ~self.exempt, self._groups, previous)

    def evidence(self, groups: Groups, *, shrink: bool) -> tuple[Floats, Floats]:
        """Natural values and their variances, or the posterior means and variances within the groups."""
        variances = self.column.variance
        assert variances is not None
        if shrink:
            return precision.shrunken(self.column.values, variances, groups)
        return self.column.values, np.where(np.isnan(variances), 0.0, variances)


def _reference(dataset: Dataset, leaf: Leaf, treated: Floats) -> float:
    if not isinstance(leaf.normalisation, DistanceToReference):
        return math.nan
    unit = leaf.normalisation.reference
    value = float(treated[dataset.units.index(unit)]) if unit in dataset.units else math.nan
    if math.isnan(value):
        raise ReferenceMissingError(leaf.indicator, unit)
    return value
