"""Whether the parts of a methodology hang together on given data: what an audit measures, and what it remarks.

Statistics are of the normalised indicators and the node scores of rated units, so higher is better throughout; shares
of missing values are of all units. Every statistic is pairwise complete (`core.correlation`), missing where it does not
exist, and the same for every order of the units. Indicators and nodes without weight are measured, and not remarked on.

Sources: OECD/JRC Handbook (2008), steps 4, 6 and 9; JRC audits of composite indicators; COINr `get_corr_flags`,
`get_cronbach`, `get_eff_weights`; Paruolo, Saisana and Saltelli 2013 for effective weights as correlation ratios.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from services.rating_engine.core.audit import correlation, remarks, weighting
from services.rating_engine.core.audit.natural import Natural
from services.rating_engine.core.audit.remarks import Finding, Part
from services.rating_engine.core.steps import missing
from services.rating_engine.core.types import Dataset, Flags, Floats, Leaf, Methodology, Node, Result

MOST_PAIRED = 100
"""Matrices of all indicators, and of the children of a node, are made up to this many: nobody reads a larger one."""


@dataclass(frozen=True, slots=True)
class Composite:
    """A node as a composite of its children."""

    code: str
    children: tuple[str, ...]
    alpha: float
    """Cronbach's alpha of the children."""
    correlations: Floats | None
    """r between the children; none for more than `MOST_PAIRED`."""
    eigenvalues: tuple[float, ...]
    """Of that matrix, the greatest first."""
    data_weights: Mapping[str, Sequence[float] | None]
    """What the data alone would say, by the name of the method: a diagnosis (`core.weighting`), none where the method
    is not defined."""


@dataclass(frozen=True, slots=True)
class Outside:
    """How the score goes with something that is not scored."""

    name: str
    kind: str
    """`rank_correlation` with a number, `correlation_ratio` over the classes of an attribute. The number `n` is the
    median number of observations behind the values of a unit: what is known of its size."""
    value: float
    units: int


@dataclass(frozen=True, slots=True)
class Coherence:
    """The measurements of an audit and its remarks."""

    units: int
    rated: int
    parts: tuple[Part, ...]
    """Parents before children, in the order of the document."""
    composites: tuple[Composite, ...]
    indicators: tuple[str, ...]
    between: Floats | None
    """r between all indicators, in the order of `indicators`; none for more than `MOST_PAIRED`."""
    outside: tuple[Outside, ...]
    findings: tuple[Finding, ...]

    def document(self) -> dict[str, Any]:
        """The same as JSON knows it: what does not exist is null."""
        return {
            "units": self.units,
            "rated": self.rated,
            "parts": [_plain(asdict(part)) for part in self.parts],
            "composites": [
                {
                    "code": one.code,
                    "children": list(one.children),
                    "alpha": _number(one.alpha),
                    "correlations": _matrix(one.correlations),
                    "eigenvalues": list(one.eigenvalues),
                    "data_weights": {
                        name: None if weights is None else list(weights) for name, weights in one.data_weights.items()
                    },
                }
                for one in self.composites
            ],
            "indicators": list(self.indicators),
            "between": _matrix(self.between),
            "outside": [_plain(asdict(one)) for one in self.outside],
            "findings": [one.document() for one in self.findings],
        }


def audit(dataset: Dataset, methodology: Methodology, result: Result) -> Coherence:
    """Measure and remark; `result` is the rating of `dataset` by `methodology`."""
    rated = ~np.isnan(result.score)
    scored = {code: values[rated] for code, values in (*result.nodes.items(), *result.normalised.items())}
    leaves = list(methodology.tree.leaves())
    indicators = tuple(leaf.indicator for leaf in leaves)
    columns = _Columns(scored)
    parts = tuple(_parts(methodology.tree, result, columns))
    natural = Natural(dataset, methodology, result, rated)
    composites = tuple(_composite(node, columns, natural) for node in methodology.tree.nodes())
    between = columns.correlations(indicators) if len(indicators) <= MOST_PAIRED else None
    outside = tuple(_outside(dataset, indicators, result, rated))
    measured = Coherence(
        units=len(dataset.units),
        rated=int(np.count_nonzero(rated)),
        parts=parts,
        composites=composites,
        indicators=indicators,
        between=between,
        outside=outside,
        findings=(),
    )
    return replace(measured, findings=tuple(_findings(measured, methodology)))


class _Columns:
    """Nodes and indicators over the rated units, standardised once."""

    def __init__(self, scored: Mapping[str, Floats]) -> None:
        self.scored = scored
        self._side = correlation.standardised(list(scored.values()))
        self._places = {code: place for place, code in enumerate(scored)}

    def correlations(self, codes: Sequence[str], others: Sequence[str] | None = None) -> Floats:
        """r of each with each."""
        side = self._side.take([self._places[code] for code in codes])
        return correlation.pearson(
            side, side if others is None else self._side.take([self._places[code] for code in others])
        )


def _parts(tree: Node, result: Result, columns: _Columns) -> list[Part]:
    shares = missing.effective_weights(tree)
    index = columns.scored[tree.code]
    found: list[Part] = []

    def descend(node: Node, nominal: float) -> None:
        codes = [_code(child) for child in node.children]
        total = math.fsum(child.weight for child in node.children)
        correlations = columns.correlations(codes, (node.code, tree.code))
        influences = [correlation.influence(columns.scored[code], index) for code in codes]
        known = math.fsum(value for value in influences if value == value)
        for place, (child, code) in enumerate(zip(node.children, codes, strict=True)):
            among = child.weight / total
            everyone = result.nodes[code] if isinstance(child, Node) else result.normalised[code]
            values = columns.scored[code]
            counts = np.unique(values[~np.isnan(values)], return_counts=True)[1]
            told = int(counts.sum())
            found.append(
                Part(
                    code=code,
                    parent=node.code,
                    is_node=isinstance(child, Node),
                    nominal=nominal * among if isinstance(child, Node) else shares[code],
                    among=among,
                    missing=_rounded(float(np.count_nonzero(np.isnan(everyone))) / len(everyone)),
                    present=told,
                    distinct=len(counts),
                    commonest=_rounded(int(counts.max()) / told) if told else 0.0,
                    with_parent=float(correlations[place, 0]),
                    with_index=float(correlations[place, 1]),
                    influence=influences[place],
                    effective=_rounded(influences[place] / known) if known > 0.0 else math.nan,
                )
            )
            if isinstance(child, Node):
                descend(child, nominal * among)

    descend(tree, 1.0)
    return found


def _composite(node: Node, columns: _Columns, natural: Natural) -> Composite:
    codes = tuple(_code(child) for child in node.children)
    told = [columns.scored[code] for code in codes]
    if len(codes) > MOST_PAIRED:
        return Composite(node.code, codes, correlation.alpha(told), None, (), {})
    correlations = columns.correlations(codes)
    complete = weighting.complete(told)
    diagnoses = natural.diagnoses(node)
    if len(complete) >= correlation.LEAST:
        diagnoses = {**weighting.diagnoses(complete, correlations), **diagnoses}
    return Composite(
        code=node.code,
        children=codes,
        alpha=correlation.alpha(told),
        correlations=correlations,
        eigenvalues=tuple(correlation.eigenvalues(correlations)),
        data_weights={
            name: None if weights is None else [_rounded(weight) for weight in weights]
            for name, weights in diagnoses.items()
        },
    )


def _outside(dataset: Dataset, indicators: Sequence[str], result: Result, rated: Flags) -> list[Outside]:
    """The columns that are not scored, the number of observations, and the attributes that sort units into classes."""
    score = result.score[rated]
    numbers = {name: dataset.columns[name].values[rated] for name in sorted(set(dataset.columns) - set(indicators))}
    counts = [n[rated] for code in indicators if (n := dataset.columns[code].n) is not None]
    if counts:
        numbers["n"] = _medians(np.column_stack(counts))
    found = [
        Outside(name, "rank_correlation", correlation.spearman_of(values, score), int((~np.isnan(values)).sum()))
        for name, values in numbers.items()
    ]
    for name in sorted(dataset.attributes):
        words = [word for word, is_rated in zip(dataset.attributes[name], rated.tolist(), strict=True) if is_rated]
        told = [word for word in words if word is not None]
        if 2 <= len(set(told)) <= len(told) // remarks.LEAST_OF_CLASS:
            found.append(Outside(name, "correlation_ratio", correlation.correlation_ratio(words, score), len(told)))
    return found


def _medians(table: Floats) -> Floats:
    """The lower median of every row that has anything."""
    ordered = np.sort(table, axis=1)
    known = np.count_nonzero(~np.isnan(ordered), axis=1)
    found: Floats = ordered[np.arange(len(ordered)), np.maximum((known + 1) // 2 - 1, 0)]
    return found


def _findings(measured: Coherence, methodology: Methodology) -> list[Finding]:
    """All remarks, the gravest first, then in the order of the document."""
    index = methodology.tree.code
    if measured.rated < remarks.LEAST_UNITS:
        few = remarks.NOTHING_RATED if measured.rated == 0 else remarks.TOO_FEW
        return [few.of(index, value=float(measured.rated), limit=float(remarks.LEAST_UNITS))]
    found: list[Finding] = []
    for part in measured.parts:
        if part.nominal > 0.0:
            siblings = sum(one.parent == part.parent and one.nominal > 0.0 for one in measured.parts)
            found += remarks.of_part(part, siblings=siblings)
    weights = {part.code: part.nominal for part in measured.parts}
    for one in measured.composites:
        found += remarks.of_alpha(one.code, one.alpha)
        found += remarks.of_pairs(one.children, one.correlations, weights, inside=one.code)
    parents = {part.code: part.parent for part in measured.parts}
    apart = None if measured.between is None else np.where(_together(measured, parents), np.nan, measured.between)
    found += remarks.of_pairs(measured.indicators, apart, weights, inside=None)
    for other in measured.outside:
        found += remarks.of_outside(other.name, other.kind, other.value)
    relative = [leaf.indicator for leaf in methodology.tree.leaves() if remarks.depends_on_others(leaf.normalisation)]
    found += [remarks.RELATIVE.of(index, value=float(len(relative)))] if relative else []
    return sorted(found, key=lambda finding: remarks.SEVERITIES.index(finding.severity))


def _together(measured: Coherence, parents: Mapping[str, str]) -> Flags:
    above = np.array([parents[code] for code in measured.indicators], dtype=object)
    together: Flags = above[:, None] == above[None, :]
    return together


def _code(child: Node | Leaf) -> str:
    return child.indicator if isinstance(child, Leaf) else child.code


def _rounded(value: float) -> float:
    return round(value, correlation.DIGITS)


def _number(value: float) -> float | None:
    return None if value != value else value


def _plain(told: dict[str, Any]) -> dict[str, Any]:
    return {name: _number(value) if isinstance(value, float) else value for name, value in told.items()}


def _matrix(values: Floats | None) -> list[list[float | None]] | None:
    return None if values is None else [[_number(value) for value in row] for row in values.tolist()]
