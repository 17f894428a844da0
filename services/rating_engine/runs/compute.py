"""From a snapshot and a document to rows: pure, and the same bytes for the same input."""

import hashlib
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.rating_engine.core import pipeline
from services.rating_engine.core.types import Result
from services.rating_engine.methodologies import documents
from services.rating_engine.runs.errors import RatingImpossible
from services.rating_engine.snapshots.service import Frozen
from shared.alphabet import search_key, sort_key
from shared.schemas.rating.methodology import MethodologyDocument

ENGINE_VERSION = "1.0.0"
"""Goes up with every change of the core that can change a digit."""


@dataclass(frozen=True, slots=True)
class Computed:
    """The result of a run, ready to be kept."""

    rows: Sequence[Mapping[str, Any]]
    """One an organisation, in the order of their ids."""
    digest: str
    rated: int
    not_rated: Mapping[str, int]


def compute(frozen: Frozen, document: MethodologyDocument) -> Computed:
    """Rate a snapshot by a document; raises `RatingImpossible` when the method does not fit the data."""
    try:
        result = pipeline.rate(frozen.dataset(), documents.read(document))
    except pipeline.NegativeChildError as error:
        raise RatingImpossible(reason=f"negative value below {error.node}") from error
    except pipeline.ReferenceMissingError as error:
        raise RatingImpossible(reason=f"no reference value for {error.indicator}") from error
    rows = [_row(frozen, result, place) for place in range(len(frozen.organisations))]
    reasons = Counter(row["reason"] for row in rows if row["reason"])
    return Computed(
        rows=rows,
        digest=_digest(rows),
        rated=sum(row["score"] is not None for row in rows),
        not_rated=dict(sorted(reasons.items())),
    )


def _row(frozen: Frozen, result: Result, place: int) -> dict[str, Any]:
    attributes = {name: values[place] for name, values in frozen.attributes.items()}
    spoken = {language: attributes.pop(f"name_{language}", None) for language in ("kk", "ru", "en")}
    name = {language: text for language, text in spoken.items() if isinstance(text, str) and text}
    told = name.get("kk") or name.get("ru") or name.get("en") or ""
    path = attributes.get("area_path")
    areas = path if isinstance(path, list) else []
    reason = result.not_rated[place]
    return {
        "organisation_id": frozen.organisations[place],
        "name": name,
        "sort_key": sort_key(told),
        "search_key": " ".join(search_key(text) for text in name.values()),
        "area": areas[-1] if areas else None,
        "area_path": areas,
        "score": _number(result.score[place]),
        "rank": int(result.rank[place]) or None,
        "band": result.band[place],
        "coverage": float(result.coverage[place]),
        "reason": str(reason) if reason else None,
        "nodes": {code: _number(values[place]) for code, values in result.nodes.items()},
        "indicators": {
            code: {
                "value": column.value[place],
                "n": column.n[place],
                "normalised": _number(result.normalised[code][place]),
                "contribution": _number(result.contributions[code][place]),
                "reason": str(column.reason[place]) if column.reason[place] else None,
            }
            for code, column in frozen.columns.items()
        },
        "attributes": attributes,
    }


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _digest(rows: Sequence[Mapping[str, Any]]) -> str:
    told = [
        {
            "organisation_id": str(row["organisation_id"]),
            **{name: row[name] for name in ("score", "rank", "band", "coverage", "reason", "nodes", "indicators")},
        }
        for row in rows
    ]
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
