"""Who moved between two runs, and by what: pure."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.rating_engine.core import pipeline
from services.rating_engine.core.explanation import changes
from services.rating_engine.core.explanation.changes import Edition
from services.rating_engine.methodologies import documents
from services.rating_engine.runs.rules import Sight
from services.rating_engine.snapshots.service import Frozen
from shared.schemas.rating.methodology import MethodologyDocument

Moved = Mapping[str, Any]
"""The fields of `Mover`, with `distance`, `sort_key` and `organisation_id` to order by."""


def moved(
    now: Sequence[Mapping[str, Any]],
    before: Sequence[Mapping[str, Any]],
    parts: Mapping[UUID, Mapping[str, float]] | None,
    sight: Sight,
) -> list[Moved]:
    """Every organisation of the new run within sight, the farthest move first; who is new or has no place comes last.

    Without `parts` they are taken from what the run keeps of the edition it was compared with.
    """
    there = {row["organisation_id"]: row for row in before}
    found = [_moved(row, there.get(row["organisation_id"]), parts) for row in now if _is_seen(row, sight)]
    return sorted(found, key=order)


def public(rows: Sequence[Moved]) -> list[Moved]:
    """The same without scores that are not published, now or before, by the places among those that are, and without
    parts of those of which something is kept back."""
    told = [_public(row) for row in rows if not (row["withheld"] or {}).get("unpublished")]
    return sorted(told, key=order)


def _public(row: Moved) -> Moved:
    now, before = row["withheld"], row["withheld_before"]
    if not now and not before:
        return row
    found = {**row, "parts": None, "rank": now.get("rank") if now else row["rank"]}
    if before:
        found["rank_before"] = before.get("rank")
    if before and before.get("unpublished"):
        found |= {"rank_before": None, "band_before": None, "score_before": None}
    return {**found, **_places(found["rank"], found["rank_before"])}


def _places(rank: int | None, before: int | None) -> dict[str, int | None]:
    places = before - rank if rank and before else None
    return {"places": places, "distance": abs(places) if places is not None else -1}


def order(row: Moved) -> tuple[int, str, str]:
    """What movers are listed by: how far, then by name."""
    return (-int(row["distance"]), row["sort_key"], str(row["organisation_id"]))


def _is_seen(row: Mapping[str, Any], sight: Sight) -> bool:
    if sight.is_whole or row["organisation_id"] == sight.organisation:
        return True
    return sight.area is not None and sight.area in row["area_path"]


def _moved(
    row: Mapping[str, Any], last: Mapping[str, Any] | None, parts: Mapping[UUID, Mapping[str, float]] | None
) -> Moved:
    rank, before = row["rank"], last["rank"] if last else None
    kept = (row["changes"] or {}).get("parts") if parts is None else parts.get(row["organisation_id"])
    return {
        "organisation_id": row["organisation_id"],
        "name": row["name"],
        "sort_key": row["sort_key"],
        "rank_before": before,
        "rank": rank,
        "band_before": last["band"] if last else None,
        "band": row["band"],
        "score_before": last["score"] if last else None,
        "score": row["score"],
        "parts": kept if last else None,
        "is_new": last is None,
        "withheld": row["withheld"],
        "withheld_before": last["withheld"] if last else None,
        **_places(rank, before),
    }


def parts(
    frozen: Frozen, document: MethodologyDocument, earlier: Frozen, other: MethodologyDocument
) -> dict[UUID, Mapping[str, float]]:
    """For every organisation of the first what moved its score since the second, where it can be parted."""
    new, old = _edition(frozen, document), _edition(earlier, other)
    split = changes.split(new, old)
    found = {}
    for place, organisation in enumerate(frozen.organisations):
        told = split.told(place, old.result)["parts"]
        if told is not None:
            found[organisation] = told
    return found


def _edition(frozen: Frozen, document: MethodologyDocument) -> Edition:
    dataset, methodology = frozen.dataset(), documents.read(document)
    return Edition(dataset, methodology, pipeline.rate(dataset, methodology))
