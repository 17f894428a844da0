"""From the columns of a result to one row an organisation, and the name of them all."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from services.rating_engine.core.types import PREVIOUS_BAND, Result
from services.rating_engine.runs.artefacts import canonical_in_parts
from services.rating_engine.snapshots.service import Frozen
from shared.alphabet import search_key, sort_key

Row = dict[str, Any]


def rows(frozen: Frozen, result: Result, more: Mapping[str, Sequence[Mapping[str, Any] | None]]) -> list[Row]:
    """One an organisation, in the order of their ids; `more` holds records by the name of their column."""
    nodes = _records({code: _numbers(values) for code, values in result.nodes.items()})
    indicators = [dict(zip(frozen.columns, cells, strict=True)) for cells in zip(*_cells(frozen, result), strict=True)]
    score, coverage = _numbers(result.score), result.coverage.tolist()
    ranks = result.rank.tolist()
    made = []
    for place, organisation in enumerate(frozen.organisations):
        reason = result.not_rated[place]
        made.append(
            {
                "organisation_id": organisation,
                **_named(frozen, place),
                "score": score[place],
                "rank": ranks[place] or None,
                "band": result.band[place],
                "coverage": coverage[place],
                "reason": str(reason) if reason else None,
                "nodes": nodes[place],
                "indicators": indicators[place],
                "limited": list(result.limited[place]) if result.limited else [],
                **{name: records[place] for name, records in more.items()},
            }
        )
    return made


def content(
    frozen: Frozen, result: Result, more: Mapping[str, Sequence[Mapping[str, Any] | None]], artefacts: Mapping[str, str]
) -> bytes:
    """A result as canonical JSON: what is told of every organisation, and the digests of what the steps left behind.

    Its digest is the name of the result. Columns and not rows: the same numbers with a tenth of the words.
    """
    told = {
        "organisations": [str(organisation) for organisation in frozen.organisations],
        "score": result.score,
        "rank": result.rank,
        "band": list(result.band),
        "coverage": result.coverage,
        "reason": [_text(reason) for reason in result.not_rated],
        "nodes": dict(result.nodes),
        "normalised": dict(result.normalised),
        "contributions": dict(result.contributions),
        "more": {name: list(records) for name, records in more.items()},
        "artefacts": dict(artefacts),
    }
    return canonical_in_parts(told)


def _cells(frozen: Frozen, result: Result) -> list[list[dict[str, Any]]]:
    """By indicator in the order of the snapshot, what is told of every organisation."""
    told = []
    factors = result.inside.factors if result.inside is not None else None
    for code, column in frozen.columns.items():
        nothing: list[float | None] = [None] * len(frozen.organisations)
        is_scored = code in result.normalised
        normalised = _numbers(result.normalised[code]) if is_scored else nothing
        contributions = _numbers(result.contributions[code]) if is_scored else nothing
        told.append(
            [
                {"value": value, "n": n, "normalised": placed, "contribution": points, "reason": _text(reason)}
                for value, n, placed, points, reason in zip(
                    column.value, column.n, normalised, contributions, column.reason, strict=True
                )
            ]
        )
        for place, organisation in enumerate(frozen.organisations if code in frozen.carried else ()):
            if organisation in frozen.carried[code]:
                told[-1][place]["carried_from"] = frozen.carried[code][organisation].period
        if factors is not None and code in factors:
            for cell, factor in zip(told[-1], _numbers(factors[code]), strict=True):
                cell["factor"] = factor
    return told


def _named(frozen: Frozen, place: int) -> Row:
    attributes = {name: values[place] for name, values in frozen.attributes.items() if name != PREVIOUS_BAND}
    spoken = {language: attributes.pop(f"name_{language}", None) for language in ("kk", "ru", "en")}
    name = {language: text for language, text in spoken.items() if isinstance(text, str) and text}
    path = attributes.get("area_path")
    areas = path if isinstance(path, list) else []
    return {
        "name": name,
        "sort_key": sort_key(name.get("kk") or name.get("ru") or name.get("en") or ""),
        "search_key": " ".join(search_key(text) for text in name.values()),
        "area": areas[-1] if areas else None,
        "area_path": areas,
        "attributes": attributes,
    }


def _records(columns: Mapping[str, Sequence[Any]]) -> list[Row]:
    names = tuple(columns)
    return [dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _numbers(values: Any) -> list[float | None]:
    return [None if math.isnan(value) else value for value in values.tolist()]


def _text(reason: object) -> str | None:
    return str(reason) if reason else None
