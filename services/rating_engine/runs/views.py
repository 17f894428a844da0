"""What a run keeps of the views its methodology declares: value added three ways, and status with change."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from services.rating_engine.core.evidence import beside
from services.rating_engine.core.evidence.value_added import Measure, SideBySide
from services.rating_engine.core.types import Dataset, Methodology
from services.rating_engine.runs.artefacts import Artefact, artefact, numbers


def views(dataset: Dataset, methodology: Methodology) -> Iterator[Artefact]:
    """An artefact for each kind of view that is declared, columns in the order of `unit`.

    Where there are too few units to fit coefficients that are not frozen, the artefact says so: a view never stops a
    rating.
    """
    if methodology.value_added:
        yield artefact("value_added", {"unit": list(dataset.units), **_value_added(dataset, methodology)})
    if methodology.status_change:
        yield artefact(
            "status_change",
            {
                "unit": list(dataset.units),
                "views": {
                    code: {"status": list(status), "change": list(change), "label": list(label)}
                    for code, (status, change, label) in beside.status_change(dataset, methodology).items()
                },
            },
        )


def _value_added(dataset: Dataset, methodology: Methodology) -> dict[str, Any]:
    try:
        found = beside.value_added(dataset, methodology)
    except beside.TooFewUnitsError as error:
        return {"impossible": {"code": error.code, "units": error.units, "needed": error.needed}}
    return {"outcomes": {code: _side_by_side(three) for code, three in found.items()}}


def _side_by_side(three: SideBySide) -> dict[str, Any]:
    return {one.name: _measure(getattr(three, one.name)) for one in fields(three)}


def _measure(measure: Measure) -> dict[str, Any]:
    return {
        "raw": numbers(measure.raw),
        "shrunken": numbers(measure.shrunken),
        "sd": numbers(measure.sd),
        "rank": [rank or None for rank in measure.rank.tolist()],
        "coefficients": dict(measure.coefficients),
    }
