"""What an audit remarks on: each remark with its code, its severity and the limit it is held against.

`stops`: the methodology is not agreed until somebody has answered it in writing. `warns`: to be read before agreeing.
`notes`: to be known. Limits are conventions, not laws: correlations from 0.3 to 0.92 and alpha from 0.6 are those of
the JRC's audits and COINr's flags, the rest are ours and stand here by name.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.rating_engine.core.audit import correlation
from services.rating_engine.core.types import (
    Floats,
    Goalposts,
    Identity,
    LogGoalposts,
    Normalisation,
    Piecewise,
    Thresholds,
)

SEVERITIES: Final = ("stops", "warns", "notes")
LEAST_UNITS: Final = 5
"""Fewer rated units than this say nothing about a methodology."""
LEAST_OF_CLASS: Final = 3
"""An attribute is looked at when its classes hold at least so many units on average."""
WEAK: Final = 0.3
STRONG: Final = 0.92
LOW_ALPHA: Final = 0.6
MUCH_MISSING: Final = 0.35
"""The JRC asks for two thirds of the values of an indicator."""
NEARLY_CONSTANT: Final = 0.9
FAR_FROM_WEIGHT: Final = 2.0
"""An influence more than twice the weight, or less than half of it."""
GOES_WITH_OUTSIDE: Final = 0.5
_STRONG_CLASSES: Final = 0.25
"""The square of that: a correlation ratio is on the scale of r²."""


@dataclass(frozen=True, slots=True)
class Part:
    """An indicator or a node in its place: what it should matter, and what it does."""

    code: str
    parent: str
    is_node: bool
    nominal: float
    """Its share of the effective weight of the whole."""
    among: float
    """Its share of the weights of its siblings."""
    missing: float
    """Share of all units without a value."""
    present: int
    """Rated units with a value."""
    distinct: int
    """Different values among rated units."""
    commonest: float
    """Share of the rated units with a value that have the most frequent one."""
    with_parent: float
    """r with the parent."""
    with_index: float
    """r with the score."""
    influence: float
    """Share of the variance of the score that fixing this part would remove: a correlation ratio."""
    effective: float
    """Its share of the influences of its siblings, to be held against `among`."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark."""

    code: str
    severity: str
    subject: str
    """The indicator, node, attribute or index it is about."""
    other: str | None = None
    """The second of a pair, or the node above."""
    value: float | None = None
    limit: float | None = None

    def document(self) -> dict[str, Any]:
        """As JSON knows it."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark that can be made."""

    code: str
    severity: str

    def of(
        self, subject: str, *, other: str | None = None, value: float | None = None, limit: float | None = None
    ) -> Finding:
        """The remark in this case."""
        return Finding(self.code, self.severity, subject, other, value, limit)


NOTHING_RATED: Final = Remark("nothing_rated", "warns")
TOO_FEW: Final = Remark("too_few_units", "notes")
CONSTANT: Final = Remark("indicator_constant", "stops")
OPPOSES: Final = Remark("node_opposes_index", "stops")
PERHAPS_OPPOSES: Final = Remark("node_perhaps_opposes_index", "warns")
NO_VALUES: Final = Remark("indicator_without_values", "warns")
NEAR_CONSTANT: Final = Remark("indicator_nearly_constant", "warns")
MISSING_MUCH: Final = Remark("indicator_missing_often", "warns")
AGAINST: Final = Remark("indicator_against_node", "warns")
REDUNDANT: Final = Remark("indicators_redundant", "warns")
OUTSIDE: Final = Remark("score_follows_context", "warns")
LOOSE: Final = Remark("weak_with_node", "notes")
DOMINATES: Final = Remark("dominates_node", "notes")
ALPHA: Final = Remark("alpha_low", "notes")
UNLIKE_WEIGHT: Final = Remark("influence_unlike_weight", "notes")
SAME_ELSEWHERE: Final = Remark("indicators_redundant_across_nodes", "notes")
RELATIVE: Final = Remark("scale_moves_with_population", "notes")

REMARKS: Final = (
    CONSTANT,
    OPPOSES,
    NOTHING_RATED,
    PERHAPS_OPPOSES,
    NO_VALUES,
    NEAR_CONSTANT,
    MISSING_MUCH,
    AGAINST,
    REDUNDANT,
    OUTSIDE,
    TOO_FEW,
    LOOSE,
    DOMINATES,
    ALPHA,
    UNLIKE_WEIGHT,
    SAME_ELSEWHERE,
    RELATIVE,
)
"""All of them, the gravest first."""


def of_part(part: Part, *, siblings: int) -> list[Finding]:
    """What is to be said of one indicator or node with a weight, one of `siblings` with a weight."""
    found = [] if part.is_node else _of_values(part)
    if any(finding.code in (CONSTANT.code, NO_VALUES.code) for finding in found):
        return found
    r, above = part.with_parent, part.parent
    if part.is_node and part.with_index < 0.0:
        certain = correlation.certainly_negative(part.with_index, part.present)
        found.append((OPPOSES if certain else PERHAPS_OPPOSES).of(part.code, value=part.with_index, limit=0.0))
    elif r < 0.0:
        found.append(AGAINST.of(part.code, other=above, value=r, limit=0.0))
    elif siblings > 1 and r < WEAK:
        found.append(LOOSE.of(part.code, other=above, value=r, limit=WEAK))
    elif siblings > 1 and r >= STRONG:
        found.append(DOMINATES.of(part.code, other=above, value=r, limit=STRONG))
    if siblings > 1 and not math.isnan(part.effective):
        ratio = part.effective / part.among
        if not 1.0 / FAR_FROM_WEIGHT <= ratio <= FAR_FROM_WEIGHT:
            limit = round(part.among, correlation.DIGITS)
            found.append(UNLIKE_WEIGHT.of(part.code, other=above, value=part.effective, limit=limit))
    return found


def _of_values(part: Part) -> list[Finding]:
    if part.present == 0:
        return [NO_VALUES.of(part.code, value=part.missing, limit=MUCH_MISSING)]
    found = []
    if part.missing > MUCH_MISSING:
        found.append(MISSING_MUCH.of(part.code, value=part.missing, limit=MUCH_MISSING))
    if part.distinct == 1 and part.present >= LEAST_UNITS:
        found.append(CONSTANT.of(part.code, value=1.0, limit=NEARLY_CONSTANT))
    elif part.commonest >= NEARLY_CONSTANT and part.present >= 2 * LEAST_UNITS:
        found.append(NEAR_CONSTANT.of(part.code, value=part.commonest, limit=NEARLY_CONSTANT))
    return found


def of_alpha(code: str, alpha: float) -> list[Finding]:
    """Whether the children of a node measure one thing; none where alpha does not exist."""
    return [ALPHA.of(code, value=alpha, limit=LOW_ALPHA)] if alpha < LOW_ALPHA else []


def of_pairs(
    codes: Sequence[str], correlations: Floats | None, weights: Mapping[str, float], *, inside: str | None
) -> list[Finding]:
    """Pairs that say the same, within one node or (`inside` none) in different ones."""
    if correlations is None:
        return []
    remark = SAME_ELSEWHERE if inside is None else REDUNDANT
    return [
        remark.of(codes[row], other=codes[column], value=float(correlations[row, column]), limit=STRONG)
        for row in range(len(codes))
        for column in range(row + 1, len(codes))
        if abs(correlations[row, column]) >= STRONG and weights[codes[row]] > 0.0 and weights[codes[column]] > 0.0
    ]


def of_outside(name: str, kind: str, value: float) -> list[Finding]:
    """Whether the score goes with something that is not scored: size, intake, place."""
    limit = GOES_WITH_OUTSIDE if kind == "rank_correlation" else _STRONG_CLASSES
    return [OUTSIDE.of(name, value=value, limit=limit)] if abs(value) >= limit else []


def depends_on_others(normalisation: Normalisation) -> bool:
    """Whether the normalised value of one unit changes with who else is rated."""
    return not isinstance(normalisation, Goalposts | LogGoalposts | Piecewise | Thresholds | Identity)
