"""One indicator on its way from natural values to what enters the tree."""

import copy
import math
from collections.abc import Callable

import numpy as np

from services.rating_engine.core.evidence import precision
from services.rating_engine.core.pipeline.errors import ReferenceMissingError
from services.rating_engine.core.steps import missing, normalise, peers, reasons, treatment
from services.rating_engine.core.steps.peers import Groups
from services.rating_engine.core.steps.reasons import Remedy
from services.rating_engine.core.types import (
    WITHIN_PEERS,
    Column,
    Dataset,
    DistanceToReference,
    Fill,
    Flags,
    Floats,
    Imputation,
    ImputationKind,
    Leaf,
    Methodology,
    MissingPolicy,
    PeerGroups,
    Precision,
)


class LeafState:
    """One indicator on its way from natural values to what enters the tree; `dataset` has been prepared."""

    def __init__(self, dataset: Dataset, leaf: Leaf, methodology: Methodology, groups: Groups) -> None:
        self._groups = groups
        self._leaf = leaf
        self.policy = reasons.policy_of(leaf, methodology)
        self.column = dataset.columns[leaf.indicator]
        missing_own = np.isnan(self.column.values)
        self.is_whole = not missing_own.any()
        """Whether every unit has a value of its own: nothing then stands in any gap."""
        gaps = reasons.gaps(self.column, self.policy, missing_own)
        charged = gaps[Remedy.CHARGE]
        nowhere = charged if self.is_whole else np.zeros_like(charged)
        imputes = self.policy is MissingPolicy.IMPUTE
        self.charges: Flags = nowhere if imputes else charged
        """Gaps the unit is charged for."""
        self._imputes: Flags = charged if imputes else nowhere
        self.exempt: Flags = missing_own if self.is_whole else missing_own & ~self.charges
        """Gaps it need not answer for."""
        natural = self._imputed(dataset, methodology)
        self._treat = treatment.fit(leaf.treatment, natural)
        self.treated = self._treat(natural)
        """Natural values, imputed ones among them, after the treatment of their outliers."""
        self._scale = self._fit(_reference(dataset, leaf, self.treated))
        is_own = natural is self.column.values
        self.normalised = self._scale(self.treated) if is_own else self.scaled(self.column.values)
        """`MISSING` where the unit has no value of its own."""
        self.expects = gaps[Remedy.EXPECT]
        """Gaps the mean of the group stands in."""
        self._expected = None if self.is_whole or not self.expects.any() else self._expectation()
        self._standing = [] if self.is_whole else self._stand_in(natural, gaps[Remedy.LAST])
        self.told = self._told()
        """`normalised`, with what was imputed."""
        self.entering = self.charged(self.normalised)
        """What enters the tree: the normalised value, or what stands in a gap."""
        self.fills = self._fills()
        """What stands in each gap; none where nothing stands in any."""

    def _stand_in(self, natural: Floats, last: Flags) -> list[tuple[Fill, Flags, Floats]]:
        """What stands in gaps that are not charged for."""
        standing = []
        if self._imputes.any():
            standing.append((Fill.IMPUTED, self._imputes, self.scaled(natural)))
        if self._expected is not None:
            standing.append((Fill.EXPECTED, self.expects, self.scaled(self._expected[0])))
        if last.any() and self.column.previous is not None:
            standing.append((Fill.LAST, last, self.scaled(self.column.previous)))
        return standing

    def with_gaps_of(self, column: Column) -> "LeafState":
        """This population's scale with the gaps of other data: each is charged for by its own reason."""
        other = copy.copy(self)
        missing = np.isnan(column.values)
        other.is_whole = not missing.any()
        charged = reasons.gaps(column, self.policy, missing)[Remedy.CHARGE]
        other.charges = charged & (self.policy is not MissingPolicy.IMPUTE)
        other.exempt = missing & ~other.charges
        return other

    def _expectation(self) -> tuple[Floats, Floats]:
        means, variances = missing.expected(self.column.values, self.expects, self._groups)
        fixed = None if self._leaf.missing is None else self._leaf.missing.expected
        return (means if fixed is None else np.where(self.expects, fixed, means)), variances

    def _imputed(self, dataset: Dataset, methodology: Methodology) -> Floats:
        if self.is_whole or not self._imputes.any():
            return self.column.values
        rule = methodology.imputation or Imputation(ImputationKind.GROUP_MEAN)
        groups = peers.groups(dataset, PeerGroups(rule.by)) if rule.by else self._groups
        if rule.kind in (ImputationKind.MEAN, ImputationKind.MEDIAN):
            groups = peers.groups(dataset, None)
        by_median = rule.kind in (ImputationKind.MEDIAN, ImputationKind.GROUP_MEDIAN)
        middle = missing.median if by_median else missing.centre
        return missing.imputed(self.column.values, self._imputes, groups, middle)

    def _fit(self, reference: float) -> Callable[[Floats], Floats]:
        """The way of treated values onto the scale, by the parameters of this population."""
        kind, direction, treated = self._leaf.normalisation, self._leaf.direction, self.treated
        neighbours = self._groups.neighbours
        if not isinstance(kind, WITHIN_PEERS):
            return normalise.fit(kind, direction, treated, reference=reference)
        if neighbours is not None:
            compared = peers.compared(treated, neighbours)
            return lambda values: normalise.within(kind, direction, values, compared)
        fitted = [
            (members, normalise.fit(kind, direction, treated[population])) for members, population in self._groups
        ]
        if len(fitted) == 1:
            return fitted[0][1]

        def apply(values: Floats) -> Floats:
            scaled = np.full(len(values), np.nan)
            for members, function in fitted:
                scaled[members] = function(values[members])
            return scaled

        return apply

    def scaled(self, values: Floats) -> Floats:
        """Natural values on the common scale, by the parameters of this population."""
        return self._scale(self._treat(values))

    def charged(self, normalised: Floats) -> Floats:
        """`normalised` with what stands in the gaps, each by its reason and the policy."""
        filled = normalised
        if not self.is_whole and self.charges.any():
            filled = self._with_charges(normalised)
        for _, flags, values in self._standing:
            filled = np.where(flags & np.isnan(filled), values, filled)
        return filled

    def _with_charges(self, normalised: Floats) -> Floats:
        gaps = self.charges & np.isnan(normalised)
        fixed = None if self._leaf.missing is None else self._leaf.missing.charge
        if self.policy is MissingPolicy.ZERO:
            return np.where(gaps, self._worst(normalised) if fixed is None else fixed, normalised)
        previous = None if self.column.previous is None else self.scaled(self.column.previous)
        if fixed is not None:
            return np.where(gaps, fixed if previous is None else np.fmin(fixed, previous), normalised)
        return missing.penalised(normalised, gaps, self._groups, previous)

    def _worst(self, normalised: Floats) -> float:
        """The least the scale can give; without such a bound 0, or the lowest value observed if that is lower."""
        bound = normalise.lower_bound(self._leaf.normalisation)
        return bound if math.isfinite(bound) else float(np.nanmin(normalised, initial=0.0))

    def charge(self) -> float:
        """What everybody is charged for a gap, last values aside, where all are compared with all."""
        everyone = np.ones(len(self.normalised) + 1, dtype=np.bool_)
        if self.policy is MissingPolicy.ZERO:
            return self._worst(self.normalised)
        gap = np.append(self.normalised, np.nan)
        return float(missing.penalised(gap, everyone & np.isnan(gap), [(everyone, everyone)], None)[-1])

    def _told(self) -> Floats:
        for fill, flags, values in self._standing:
            if fill is Fill.IMPUTED:
                return np.where(flags, values, self.normalised)
        return self.normalised

    def _fills(self) -> tuple[Fill | None, ...] | None:
        if self.is_whole:
            return None
        standing = [(fill, flags) for fill, flags, _ in self._standing]
        if self.charges.any():
            standing.append((Fill.WORST if self.policy is MissingPolicy.ZERO else Fill.LOW, self.charges))
        if not standing:
            return None
        found: list[Fill | None] = [None] * len(self.normalised)
        for fill, flags in standing:
            for place in np.flatnonzero(flags & ~np.isnan(self.entering)).tolist():
                found[place] = fill
        return tuple(found)

    @property
    def requires(self) -> bool:
        """Whether a unit without a value of its own is not rated."""
        return self.policy is MissingPolicy.REQUIRE

    @property
    def is_uncertain(self) -> bool:
        """Whether anything is known of the variance of its values."""
        return self.column.variance is not None or self._expected is not None

    @property
    def is_measured(self) -> Flags:
        """Where the unit has a value of its own whose variance is known."""
        if self.column.variance is None:
            return np.zeros(len(self.normalised), dtype=np.bool_)
        known: Flags = ~np.isnan(self.column.values) & ~np.isnan(self.column.variance)
        return known

    def evidence(self, groups: Groups, believing: Precision | None = None) -> tuple[Floats, Floats]:
        """Natural values and their variances, or as `believing` says the posterior means and variances; the mean and
        variance of the group where a value may not be seen."""
        values, variances = self.column.values, np.zeros(len(self.column.values))
        if self.column.variance is not None:
            variances = np.where(np.isnan(self.column.variance), 0.0, self.column.variance)
            if believing is not None:
                found = self._posterior(groups, believing)
                values, variances = found.means, found.variances
        if self._expected is None:
            return values, variances
        means, spreads = self._expected
        known = self.expects & ~np.isnan(means)
        return np.where(known, means, values), np.where(known, spreads, variances)

    def reliability(self, groups: Groups, believing: Precision) -> Floats:
        """λ of the unit's own value; 1 where nothing is known of its variance."""
        known = np.where(np.isnan(self.column.values), np.nan, 1.0)
        if self.column.variance is None:
            return known
        trust = self._posterior(groups, believing).reliability
        return np.where(np.isnan(trust), known, trust)

    def _posterior(self, groups: Groups, believing: Precision) -> precision.Posterior:
        assert self.column.variance is not None
        everyone = np.ones(len(self.normalised), dtype=np.bool_)
        return precision.posterior(
            self.column.values,
            self.column.variance,
            groups if believing.within_peers else [(everyone, everyone)],
            self._leaf.prior,
            with_centre=believing.centre_variance,
        )


def _reference(dataset: Dataset, leaf: Leaf, treated: Floats) -> float:
    if not isinstance(leaf.normalisation, DistanceToReference):
        return math.nan
    unit = leaf.normalisation.reference
    value = float(treated[dataset.units.index(unit)]) if unit in dataset.units else math.nan
    if math.isnan(value):
        raise ReferenceMissingError(leaf.indicator, unit)
    return value
