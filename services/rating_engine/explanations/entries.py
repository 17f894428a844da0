"""What is told of one organisation of a run: to itself in the preview, to everybody once it is published."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from services.rating_engine.explanations import service as explanations
from services.rating_engine.explanations import texts
from services.rating_engine.explanations.service import Place
from services.rating_engine.runs.service import Run, RunResult
from shared.schemas.base import TextOut
from shared.schemas.rating.explanations import (
    ChangeNeeded,
    NextBandRead,
    PeersRead,
    PlaceByChoices,
    PlaceByData,
    ReasonTold,
    SinceLastEdition,
)
from shared.schemas.rating.population import Lights
from shared.schemas.rating.publications import EntryExplained, Light
from shared.schemas.tables import MissingReason

Disputed = Mapping[UUID, Collection[str]]
"""By organisation, the indicators against whose values an appeal is open."""

_SUPPRESSED = MissingReason.SUPPRESSED.value
_NOTHING: Mapping[str, Any] = {}
_FIELDS = tuple(EntryExplained.model_fields)


def body(
    run: Run,
    code: str,
    result: RunResult,
    tree: Sequence[Place],
    disputed: Disputed,
    *,
    lights: Lights | None = None,
    of: int | None = None,
    before: Mapping[str, Any] | None = None,
    is_own: bool = False,
) -> dict[str, Any]:
    """The fields of `EntryBody`; a value under appeal stands until the decision, and says that it is disputed.

    What rests on too few people is left out, and with it every second figure made of the same values; `is_own`: it is
    told to those who gave the values. `of` is how many are rated as far as it is told, `before` what the public is not
    told of it in the edition before.
    """
    withheld = _NOTHING if is_own else result.withheld or _NOTHING
    is_whole = not any(withheld.get(name) for name in ("values", "merged", "nodes", "unpublished"))
    is_shown = result.score is not None and not withheld.get("unpublished")
    contested = disputed.get(result.organisation_id, ())
    told = explanations.contributions(result, tree)
    if withheld or contested:
        told = [_marked(_hidden(one, withheld), contested) for one in told]
    missing = explanations.missing(result, tree)
    nodes = {node: None if node in withheld.get("nodes", ()) else value for node, value in result.nodes.items()}
    beside = _beside(result, before) if is_whole and is_shown else {}
    differences = (result.peers or _NOTHING).get("differences", _NOTHING) if "peers" in beside else _NOTHING
    for one in told if differences else ():
        one["difference"] = differences.get(one["indicator"])
    return {
        "code": code,
        "period": run.period,
        "as_of": run.as_of,
        "of": (run.rated or 0) if of is None else of,
        "organisation_id": result.organisation_id,
        "name": TextOut.model_validate(result.name),
        "area": result.area,
        "status": "rated" if is_shown else "not_rated",
        "reason": result.reason if result.score is None else None if is_shown else _SUPPRESSED,
        "score": result.score if is_shown else None,
        "rank": (withheld.get("rank") if withheld else result.rank) if is_shown else None,
        "band": result.band if is_shown else None,
        "coverage": result.coverage,
        "nodes": nodes,
        "lights": None if lights is None else {node: _light(lights, value) for node, value in nodes.items()},
        "attributes": result.attributes,
        "contributions": told,
        "merged_contribution": withheld.get("merged_contribution"),
        "missing": missing,
        "reasons": [
            ReasonTold(reason=reason, count=count, text=texts.REASONS.get(reason, texts.UNKNOWN))
            for reason, count in missing.items()
        ],
        "limited": _limited(result.limited or (), withheld) if is_shown else [],
        "sampling": beside.get("sampling"),
        "choices": beside.get("choices"),
        "peers": beside.get("peers"),
        "next_band": beside.get("next_band"),
        "since_last": beside.get("since_last"),
        "reading": _reading(beside) if is_shown else [],
        "questions": texts.QUESTIONS,
        "methodology_digest": run.methodology_digest,
        "snapshot_digest": run.snapshot_digest or "",
    }


def document(told: Mapping[str, Any], publication_id: UUID) -> bytes:
    """The entry of an edition with what `body` told, as JSON. Its fields come from our own tables and are not
    validated anew, for a country has a quarter of a million contributions; a test compares it with `EntryExplained`."""
    return to_json({name: publication_id if name == "publication_id" else told[name] for name in _FIELDS})


def _limited(limited: Sequence[str], withheld: Mapping[str, Any]) -> list[str]:
    """The limits that lowered the band, but for those that would say how much something withheld is at most."""
    kept_back = {*withheld.get("values", ()), *withheld.get("nodes", ())}
    return [one for one in limited if one not in kept_back]


def _light(lights: Lights, score: float | None) -> Light | None:
    if score is None:
        return None
    return Light.GREEN if score >= lights.green else Light.AMBER if score >= lights.amber else Light.RED


def _beside(result: RunResult, before: Mapping[str, Any] | None) -> dict[str, Any]:
    """What is told of a score that is shown with all its parts."""
    found: dict[str, Any] = {}
    if result.standing is not None:
        found["sampling"] = PlaceByData.model_validate(result.standing)
    if result.spread is not None:
        found["choices"] = PlaceByChoices.model_validate(result.spread)
    if result.peers is not None:
        found["peers"] = PeersRead.model_validate(result.peers)
    if result.reach is not None:
        found["next_band"] = next_band(result.reach)
    if result.changes is not None and not (before or _NOTHING).get("unpublished"):
        found["since_last"] = SinceLastEdition.model_validate(_as_it_was_told(result.changes, before))
    return found


def _as_it_was_told(changes: Mapping[str, Any], before: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The change with the place that the edition before told, and in no parts where it hid what they are made of."""
    if not before or changes["previous"] is None:
        return changes
    is_whole = not any(before.get(name) for name in ("values", "merged", "nodes"))
    previous = {**changes["previous"], "rank": before.get("rank")}
    return {**changes, "previous": previous, "parts": changes["parts"] if is_whole else None}


def next_band(reach: Mapping[str, Any]) -> NextBandRead:
    """The way to the next band as a run keeps it, in words of the wire."""
    together = reach["together"]
    return NextBandRead(
        band=reach["band"],
        border=reach["border"],
        alone=[
            ChangeNeeded(indicator=code, half=change["half"], likely=change["likely"])
            for code, change in reach["alone"].items()
        ],
        together_half=together["half"],
        together_likely=together["likely"],
        room=together["room"],
    )


def _reading(beside: Mapping[str, Any]) -> list[TextOut]:
    """Short words on what is shown, and on what is not to be read into it."""
    told = [texts.SCORE, texts.PLACE if "sampling" in beside or "choices" in beside else texts.NO_INTERVAL]
    if "next_band" in beside:
        told.append(texts.NEXT)
    return [*told, texts.NOT_CAUSE]


def _hidden(told: dict[str, Any], withheld: Mapping[str, Any]) -> dict[str, Any]:
    values = withheld.get("values", _NOTHING)
    if told["indicator"] in values:
        gone = dict.fromkeys(("value", "n", "normalised", "contribution", "factor", "carried_from", "progress"))
        return {**told, **gone, "coded": values[told["indicator"]], "reason": _SUPPRESSED}
    if told["indicator"] in withheld.get("merged", ()):
        return {**told, "contribution": None, "factor": None}
    return told


def _marked(told: dict[str, Any], contested: Collection[str]) -> dict[str, Any]:
    """What is not told stays marked as such, disputed or not: readers go by it."""
    if told["indicator"] not in contested or told["reason"] == _SUPPRESSED:
        return told
    return {**told, "reason": MissingReason.UNDER_APPEAL.value}
