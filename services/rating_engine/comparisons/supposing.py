"""What would be if weights, values, the method or the company were otherwise: pure, and nothing is stored."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import numpy as np

from services.rating_engine.comparisons.errors import WhatIfRefused
from services.rating_engine.core import pipeline
from services.rating_engine.core.types import Copeland, Dataset, Methodology, Result
from services.rating_engine.methodologies import documents
from services.rating_engine.runs.errors import RatingImpossible
from services.rating_engine.simulations.errors import SimulationTooLarge
from services.rating_engine.snapshots import service as snapshots
from shared.errors import FieldError, Text
from shared.schemas.base import TextOut
from shared.schemas.rating.comparisons import WhatIfCreate, WhatIfStanding, WhatIfSummary, WhatIfValue
from shared.schemas.rating.methodology import Leaf, MethodologyDocument, Node, fetched, leaves

MOST_COMPARISONS = 500_000_000
"""Pairs of units times children, where Copeland has to go pair by pair."""

_NO_CODE = Text(
    kk="Әдістемеде мұндай түйін де, көрсеткіш те жоқ",
    ru="В методике нет такого узла или показателя",
    en="The methodology has no such node or indicator",
)
_NO_ORGANISATION = Text(
    kk="Есептеуде мұндай ұйым жоқ", ru="В расчёте нет такой организации", en="The run has no such organisation"
)
_NO_DATA = Text(
    kk="Есептеу деректерінде бұл көрсеткіш жоқ",
    ru="В данных расчёта этого показателя нет",
    en="The data of the run lack this indicator",
)
_NO_ATTRIBUTE = Text(
    kk="Есептеу деректерінде бұл белгі жоқ",
    ru="В данных расчёта этого признака нет",
    en="The data of the run lack this attribute",
)
_TWICE = Text(kk="Бұл екі рет аталған", ru="Это названо дважды", en="This is named twice")
_ALL_ZERO = Text(
    kk="Түйіннің барлық салмағы нөл болып қалады",
    ru="Все веса узла стали бы нулевыми",
    en="All weights of the node would be zero",
)


@dataclass(frozen=True, slots=True)
class Supposed:
    """What would be, ready to be told."""

    document: MethodologyDocument
    summary: WhatIfSummary
    movers: list[WhatIfStanding]
    standings: list[WhatIfStanding]


def suppose(
    content: bytes, document: MethodologyDocument, asked: WhatIfCreate, before: Sequence[Mapping[str, Any]]
) -> Supposed:
    """Rate the frozen data as asked; `before` are the standings of the run, by organisation.

    Raises `WhatIfRefused` with every place that names what the run does not have.
    """
    frozen = snapshots.parse(content)
    dataset = frozen.dataset()
    changed = reweighed(document, asked.weights)
    units = {unit: place for place, unit in enumerate(dataset.units)}
    wrong = [*_lacking(changed, dataset), *_unknown(changed, asked, units)]
    if wrong:
        raise WhatIfRefused(errors=wrong)
    methodology = documents.read(changed, at="/methodology" if asked.methodology else "")
    chosen = np.arange(len(units))
    if asked.organisations is not None:
        chosen = np.array(sorted(units[str(one)] for one in asked.organisations), dtype=np.int64)
    rated = _rated(_taken(_with_values(dataset, asked.values, units), chosen), methodology)
    return _told(changed, rated, before, asked.movers)


def reweighed(document: MethodologyDocument, weights: Mapping[str, float]) -> MethodologyDocument:
    """The document with these weights, by node or indicator; raises `WhatIfRefused` for a code it does not have."""
    if not weights:
        return document
    used: set[str] = set()
    empty: list[str] = []

    def visit(node: Node) -> Node:
        children: list[Node | Leaf] = []
        for child, weight in zip(node.children, documents.weights(node), strict=True):
            code = child.indicator if isinstance(child, Leaf) else child.code
            inner = child if isinstance(child, Leaf) else visit(child)
            if code in weights:
                used.add(code)
            children.append(inner.model_copy(update={"weight": weights.get(code, weight)}))
        if all(child.weight == 0 for child in children):
            empty.append(node.code)
        return node.model_copy(update={"children": children, **_given(node)})

    tree = visit(document.tree)
    wrong = [FieldError(f"/weights/{code}", "code_unknown", _NO_CODE) for code in weights if code not in used]
    wrong += [FieldError("/weights", "weights_all_zero", _ALL_ZERO) for _ in empty]
    if wrong:
        raise WhatIfRefused(errors=wrong)
    return document.model_copy(update={"tree": tree})


def _given(node: Node) -> dict[str, Any]:
    """A node whose weights were stated in another way has them stated one by one."""
    return {"weighting": None} if getattr(node, "weighting", None) is not None else {}


def _lacking(document: MethodologyDocument, dataset: Dataset) -> Iterator[FieldError]:
    for pointer, leaf in leaves(document):
        if leaf.indicator not in dataset.columns:
            yield FieldError(f"/methodology{pointer}/indicator", "column_missing", _NO_DATA)
    known = {leaf.indicator for _, leaf in leaves(document)}
    for code in fetched(document):
        if code not in dataset.columns and code not in known:
            yield FieldError("/methodology", "column_missing", _NO_DATA)
    for place, attribute in enumerate(document.peer_groups.by or () if document.peer_groups else ()):
        if attribute not in dataset.attributes:
            yield FieldError(f"/methodology/peer_groups/by/{place}", "attribute_missing", _NO_ATTRIBUTE)


def _unknown(document: MethodologyDocument, asked: WhatIfCreate, units: Mapping[str, int]) -> Iterator[FieldError]:
    scored = set(fetched(document))
    seen: set[tuple[UUID, str]] = set()
    for place, value in enumerate(asked.values):
        if str(value.organisation_id) not in units:
            yield FieldError(f"/values/{place}/organisation_id", "organisation_unknown", _NO_ORGANISATION)
        if value.indicator not in scored:
            yield FieldError(f"/values/{place}/indicator", "code_unknown", _NO_CODE)
        if (value.organisation_id, value.indicator) in seen:
            yield FieldError(f"/values/{place}", "value_repeated", _TWICE)
        seen.add((value.organisation_id, value.indicator))
    named: set[UUID] = set()
    for place, organisation in enumerate(asked.organisations or ()):
        if str(organisation) not in units:
            yield FieldError(f"/organisations/{place}", "organisation_unknown", _NO_ORGANISATION)
        if organisation in named:
            yield FieldError(f"/organisations/{place}", "organisation_repeated", _TWICE)
        named.add(organisation)


def _with_values(dataset: Dataset, values: Sequence[WhatIfValue], units: Mapping[str, int]) -> Dataset:
    columns = dict(dataset.columns)
    for code in {value.indicator for value in values}:
        column = columns[code]
        cells, told = column.values.copy(), list(column.reasons or (None,) * len(column.values))
        for value in values:
            if value.indicator == code:
                place = units[str(value.organisation_id)]
                cells[place] = math.nan if value.value is None else value.value
                told[place] = "not_reported" if value.value is None else None
        columns[code] = replace(column, values=cells, reasons=tuple(told))
    return replace(dataset, columns=columns)


def _taken(dataset: Dataset, chosen: Any) -> Dataset:
    """Only these rows."""
    if len(chosen) == len(dataset.units):
        return dataset

    def cut(values: Any) -> Any:
        return None if values is None else values[chosen]

    columns = {
        code: replace(
            column,
            values=cut(column.values),
            n=cut(column.n),
            variance=cut(column.variance),
            previous=cut(column.previous),
            age=cut(column.age),
            reasons=None if column.reasons is None else tuple(column.reasons[place] for place in chosen.tolist()),
        )
        for code, column in dataset.columns.items()
    }
    attributes = {
        name: tuple(values[place] for place in chosen.tolist()) for name, values in dataset.attributes.items()
    }
    units = tuple(dataset.units[place] for place in chosen.tolist())
    return replace(dataset, units=units, columns=columns, attributes=attributes)


def _rated(dataset: Dataset, methodology: Methodology) -> Result:
    widest = max(
        (len(node.children) for node in methodology.tree.nodes() if isinstance(node.aggregation, Copeland)), default=0
    )
    size = len(dataset.units) ** 2 * widest
    if size > MOST_COMPARISONS:
        raise SimulationTooLarge(pointer="/methodology", part="copeland", size=size, most=MOST_COMPARISONS)
    try:
        return pipeline.rate(dataset, methodology)
    except pipeline.NegativeChildError as error:
        raise RatingImpossible(reason=f"negative value below {error.node}") from error
    except pipeline.ReferenceMissingError as error:
        raise RatingImpossible(reason=f"no reference value for {error.indicator}") from error


def _told(document: MethodologyDocument, rated: Result, before: Sequence[Mapping[str, Any]], most: int) -> Supposed:
    rows = {str(row["organisation_id"]): row for row in before}
    there = [rows[unit] for unit in rated.units]
    places = _places([row["score"] for row in there])
    rank = rated.rank.tolist()
    standings = []
    for place, row in enumerate(there):
        score = float(rated.score[place])
        reason = rated.not_rated[place]
        standings.append(
            WhatIfStanding(
                organisation_id=row["organisation_id"],
                name=TextOut.model_validate(row["name"]),
                score=None if score != score else score,
                rank=rank[place] or None,
                band=rated.band[place],
                reason=str(reason) if reason else None,
                score_before=row["score"],
                rank_before=places[place],
                band_before=row["band"],
                places=(places[place] or 0) - rank[place] if rank[place] and places[place] else None,
            )
        )
    keys = {str(row["organisation_id"]): row["sort_key"] for row in there}

    def name(one: WhatIfStanding) -> tuple[str, str]:
        return keys[str(one.organisation_id)], str(one.organisation_id)

    moved = [one for one in standings if one.places or _differs(one)]
    moved.sort(key=lambda one: (-abs(one.places or 0), *name(one)))
    standings.sort(key=lambda one: (one.rank is None, one.rank or 0, *name(one)))
    return Supposed(document, _summary(standings), moved[:most], standings)


def _differs(one: WhatIfStanding) -> bool:
    return one.band != one.band_before or (one.rank is None) != (one.rank_before is None)


def _places(scores: Sequence[float | None]) -> list[int | None]:
    """Places of the run among these organisations alone."""
    known = sorted((score for score in scores if score is not None), reverse=True)
    first: dict[float, int] = {}
    for place, score in enumerate(known, start=1):
        first.setdefault(score, place)
    return [None if score is None else first[score] for score in scores]


def _summary(standings: Sequence[WhatIfStanding]) -> WhatIfSummary:
    shifts = [abs(one.places) for one in standings if one.places is not None]
    gains = [
        one.score - one.score_before for one in standings if one.score is not None and one.score_before is not None
    ]
    return WhatIfSummary(
        organisations=len(standings),
        rated=sum(one.rank is not None for one in standings),
        change_place=sum(one.rank != one.rank_before for one in standings),
        change_band=sum(one.band != one.band_before for one in standings),
        mean_shift=sum(shifts) / len(shifts) if shifts else 0.0,
        largest_shift=max(shifts, default=0),
        mean_score_shift=math.fsum(gains) / len(gains) if gains else 0.0,
    )
