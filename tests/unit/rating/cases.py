"""The reference cases beside the project, and a short way to ask for a simulation."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from services.rating_engine.simulations import service as simulations
from shared.schemas.rating.simulations import SimulationCreate, SimulationRead

CASES = Path(__file__).parents[4] / "shared" / "rating" / "cases"

Columns = dict[str, list[float | None]]
Json = dict[str, Any]


def rows(path: str) -> list[dict[str, str]]:
    """The lines of a case file; the test is skipped where the cases are not at hand."""
    if not CASES.is_dir():
        pytest.skip(f"the reference cases are not at {CASES}")
    with (CASES / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table(path: str, key: str) -> tuple[list[str], Columns]:
    """Units and numeric columns of a case file; empty cells and infinities are missing."""
    lines = rows(path)
    names = [name for name in lines[0] if name != key]
    return [line[key] for line in lines], {name: [number(line[name]) for line in lines] for name in names}


def number(text: str) -> float | None:
    """A cell, or `None` where there is no finite number."""
    return float(text) if text not in ("", "NA", "NaN", "Inf", "-Inf") else None


def simulate(tree: Json, columns: Mapping[str, Sequence[float | None]], **more: Any) -> SimulationRead:
    """Rate `columns` by `tree`; `units`, parts of the methodology or the table, and what to `ask` for may be named."""
    count = len(next(iter(columns.values())))
    body: Json = {
        "methodology": {"code": "case", "tree": tree},
        "table": {"units": more.pop("units", [f"u{place}" for place in range(count)]), "columns": columns},
    }
    for name in ("n", "variance", "reason", "previous", "attributes", "shares"):
        if name in more:
            body["table"][name] = more.pop(name)
    for name in more.pop("ask", ()):
        body[name] = True
    body["methodology"] |= more
    return simulations.simulate(SimulationCreate.model_validate(body))


def close(actual: Sequence[float | None], expected: Sequence[float | None], tolerance: float = 1e-9) -> bool:
    """Whether both have their numbers in the same places, equal within `tolerance` (relative above 1)."""
    return len(actual) == len(expected) and all(
        (one is None) == (other is None)
        and (one is None or other is None or abs(one - other) <= tolerance * max(1.0, abs(other)))
        for one, other in zip(actual, expected, strict=True)
    )
