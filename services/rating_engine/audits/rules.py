"""How each step of the OECD/JRC handbook (2008) is answered: by which setting, or by what the run left behind."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from services.rating_engine.audits import texts
from services.rating_engine.core.audit import remarks
from shared.schemas.rating.methodology import MethodologyDocument, Node, leaves

_FINDINGS: Mapping[str, tuple[remarks.Remark, ...]] = {
    "selection": (remarks.CONSTANT, remarks.NEAR_CONSTANT, remarks.NO_VALUES, remarks.NOTHING_RATED, remarks.TOO_FEW),
    "imputation": (remarks.MISSING_MUCH,),
    "multivariate_analysis": (
        remarks.OPPOSES,
        remarks.PERHAPS_OPPOSES,
        remarks.AGAINST,
        remarks.REDUNDANT,
        remarks.SAME_ELSEWHERE,
        remarks.LOOSE,
        remarks.ALPHA,
    ),
    "normalisation": (remarks.RELATIVE,),
    "weighting_and_aggregation": (remarks.UNLIKE_WEIGHT, remarks.DOMINATES),
    "links_to_other_indicators": (remarks.OUTSIDE,),
}

_SHOWN_AT: Mapping[str, str] = {"uncertainty": "uncertainty", "sensitivity": "sensitivity"}
"""Where a run shows what a step left behind; everything else is among its diagnostics."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What answers a step."""

    kind: str
    at: str
    digest: str | None = None


def steps(
    document: MethodologyDocument,
    measured: Mapping[str, Any],
    *,
    run_id: str,
    snapshot_digest: str,
    artefacts: Mapping[str, str],
) -> list[dict[str, Any]]:
    """The ten steps in their order, each with whether it is answered, where, and the findings that belong to it."""
    found = {finding["code"] for finding in measured["findings"]}
    rated = measured["rated"]
    address = f"/v1/runs/{run_id}"
    left = {
        kind: Evidence("artefact", f"{address}/{_SHOWN_AT.get(kind, 'diagnostics')}", digest)
        for kind, digest in artefacts.items()
    }
    is_measured = rated >= remarks.LEAST_UNITS
    answers: Mapping[str, tuple[bool, Sequence[Evidence]]] = {
        "framework": (document.title is not None, _settings("/title", "/organisation_types", "/tree")),
        "selection": (
            remarks.NO_VALUES.code not in found and rated > 0,
            [
                Evidence("artefact", f"/v1/snapshots/{snapshot_digest}", snapshot_digest),
                *_of(left, "screening"),
                *_places(document, "indicator"),
            ],
        ),
        "imputation": (
            True,
            [*_settings("/missing"), *_declared(document, "imputation", "screening"), *_of(left, "imputation")],
        ),
        "multivariate_analysis": (
            is_measured,
            [*_of(left, "coherence"), Evidence("audit", "/parts"), Evidence("audit", "/composites")],
        ),
        "normalisation": (True, [*_places(document, "normalisation"), *_of(left, "treatment")]),
        "weighting_and_aggregation": (is_measured, [*_weights(document.tree, "/tree"), Evidence("audit", "/parts")]),
        "robustness": (
            document.uncertainty is not None and "uncertainty" in left,
            [*_declared(document, "uncertainty"), *_of(left, "uncertainty", "sensitivity")],
        ),
        "back_to_the_data": (rated > 0, [Evidence("artefact", f"{address}/results")]),
        "links_to_other_indicators": (
            any(one["value"] is not None for one in measured["outside"]),
            [*_declared(document, "context"), Evidence("audit", "/outside")],
        ),
        "presentation": (
            document.bands.kind != "none" and document.title is not None,
            _settings("/bands", "/title"),
        ),
    }
    return [
        {
            "number": number,
            "code": code,
            "title": title._asdict(),
            "answered": answers[code][0],
            "evidence": [asdict(one) for one in answers[code][1][:_MOST_EVIDENCE]],
            "findings": [remark.code for remark in _FINDINGS.get(code, ()) if remark.code in found],
        }
        for number, (code, title) in enumerate(texts.STEPS, start=1)
    ]


_MOST_EVIDENCE = 20
"""Places told for one step; the document itself tells the rest."""


def _settings(*pointers: str) -> list[Evidence]:
    return [Evidence("setting", pointer) for pointer in pointers]


def _declared(document: MethodologyDocument, *parts: str) -> list[Evidence]:
    """Parts of the document that say anything."""
    return _settings(*(f"/{part}" for part in parts if getattr(document, part, None)))


def _places(document: MethodologyDocument, part: str) -> list[Evidence]:
    return _settings(*(f"{pointer}/{part}" for pointer, _ in leaves(document)))


def _weights(node: Node, at: str) -> Iterator[Evidence]:
    yield Evidence("setting", f"{at}/weighting" if node.weighting is not None else f"{at}/children")
    yield Evidence("setting", f"{at}/aggregation")
    for place, child in enumerate(node.children):
        if isinstance(child, Node):
            yield from _weights(child, f"{at}/children/{place}")


def _of(left: Mapping[str, Evidence], *kinds: str) -> list[Evidence]:
    return [left[kind] for kind in kinds if kind in left]
