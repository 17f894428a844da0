"""What becomes of a gap, by the reason it bears: one table for every methodology.

| reason | whose doing | rule |
|---|---|---|
| `not_applicable` | nobody's: it has no meaning for the unit | dropped, the weights are taken over the rest |
| `not_sampled` | the sample's: missing by design, as in MODO | dropped |
| `suppressed`, `below_min_n` | smallness | the mean of the group stands in, its whole variance in the \
interval; the value itself is never shown |
| `under_appeal` | open | the last accepted value, or dropped where there is none; flagged |
| `not_reported` | the unit's | charged |
| `low_coverage` | the unit's: who is counted is in its hands, and leaving people out must not pay | charged |
| `invalidated` | the unit's: a value found to be wrong must not be better than none | charged |
| none given | unknown | charged, as a gap nobody explains |

The rules speak under the policies that charge: `penalise` (the lower of the group's low decile and mean, and of the
unit's own last value), `zero` (the worst of the scale) and `impute` (a mean or median). Under `renormalise` every gap
is dropped and under `require` every gap leaves the unit without a rating, whatever the reason. Source: the reason codes
of England's performance tables (SUPP, NP, NE, LOWCOV); ENGINE 3.11.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import numpy as np

from services.rating_engine.core.types import Column, Flags, Leaf, Methodology, MissingPolicy, Node


class Remedy(StrEnum):
    """What a reason calls for."""

    DROP = "drop"
    EXPECT = "expect"
    LAST = "last"
    CHARGE = "charge"


REMEDIES: Final[Mapping[str | None, Remedy]] = {
    "not_applicable": Remedy.DROP,
    "not_sampled": Remedy.DROP,
    "suppressed": Remedy.EXPECT,
    "below_min_n": Remedy.EXPECT,
    "under_appeal": Remedy.LAST,
    "not_reported": Remedy.CHARGE,
    "low_coverage": Remedy.CHARGE,
    "invalidated": Remedy.CHARGE,
}
CHARGING: Final = frozenset({MissingPolicy.PENALISE, MissingPolicy.ZERO, MissingPolicy.IMPUTE})
"""Policies under which the table speaks."""
_REWARDING: Final = frozenset({MissingPolicy.RENORMALISE, MissingPolicy.IMPUTE})


def gaps(column: Column, policy: MissingPolicy, missing: Flags) -> Mapping[Remedy, Flags]:
    """The gaps of a column, those flagged in `missing`, by what is done about them; under a policy that does not charge
    all are dropped.

    A value under appeal without a last accepted one is dropped too.
    """
    if not missing.any():
        return dict.fromkeys(Remedy, missing)
    found = {remedy: np.zeros_like(missing) for remedy in Remedy}
    if policy not in CHARGING:
        found[Remedy.DROP] = missing
        return found
    if column.reasons is None:
        found[Remedy.CHARGE] = missing
        return found
    for place in np.flatnonzero(missing).tolist():
        remedy = REMEDIES.get(column.reasons[place], Remedy.CHARGE)
        if remedy is Remedy.LAST and (column.previous is None or np.isnan(column.previous[place])):
            remedy = Remedy.DROP
        found[remedy][place] = True
    return found


def policy_of(leaf: Leaf, methodology: Methodology) -> MissingPolicy:
    """What a gap in the indicator costs: its own rule, else the imputation of all, else the policy of all."""
    if leaf.missing is not None:
        return leaf.missing.policy
    return methodology.missing.policy if methodology.imputation is None else MissingPolicy.IMPUTE


def rewards_hiding(methodology: Methodology) -> list[str]:
    """Indicators a unit may gain by not reporting, in the order of the tree; a public methodology has none.

    `renormalise` gives a gap the unit's own mean of the rest and `impute` the group's, so whoever is below that gains
    (2.3 places on average over ASEM, 7 at most, under `renormalise`). `penalise`, `zero` and `require` never pay.
    """
    told: list[str] = []

    def descend(node: Node, counts: bool) -> None:
        for child in node.children:
            weighs = counts and child.weight > 0.0
            if isinstance(child, Node):
                descend(child, weighs)
            elif weighs and policy_of(child, methodology) in _REWARDING:
                told.append(child.indicator)

    descend(methodology.tree, counts=True)
    return told
