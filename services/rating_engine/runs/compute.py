"""From a snapshot and a document to rows: pure, and the same bytes for the same input."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from services.rating_engine.core import pipeline, sensitivity, uncertainty
from services.rating_engine.core.types import Dataset, Methodology, Result
from services.rating_engine.core.variants import Variants
from services.rating_engine.methodologies import documents
from services.rating_engine.runs import rows
from services.rating_engine.runs.artefacts import Artefact, artefact, numbers
from services.rating_engine.runs.errors import RatingImpossible
from services.rating_engine.runs.rows import Row
from services.rating_engine.snapshots.service import Frozen
from shared.schemas.rating.methodology import MethodologyDocument

ENGINE_VERSION = "2.0.0"
"""Goes up with every change of the core that can change a digit."""

RESULT = "result"
"""The kind of artefact that is the result itself; its digest is the name of the result."""

Told = Callable[[str], None]
"""Hears the name of each stage as it ends."""


@dataclass(frozen=True, slots=True)
class Computed:
    """The result of a run, ready to be kept."""

    rows: Sequence[Row]
    """One an organisation, in the order of their ids."""
    artefacts: Sequence[Artefact]
    digest: str
    rated: int
    not_rated: Mapping[str, int]
    seconds: Mapping[str, float]
    """How long each stage took; no part of the digest."""


def compute(frozen: Frozen, document: MethodologyDocument, *, told: Told = lambda stage: None) -> Computed:
    """Rate a snapshot by a document; raises `RatingImpossible` when the method does not fit the data."""
    stages = _Stages(told)
    with stages.stage("score"):
        dataset, methodology = frozen.dataset(), documents.read(document)
        result = _rated(dataset, methodology)
    more, left = _doubts(stages, dataset, methodology, result)
    with stages.stage("rows"):
        made = rows.rows(frozen, result, more)
        kept = Artefact(RESULT, rows.content(frozen, result, more, {one.kind: one.digest for one in left}))
    reasons = Counter(row["reason"] for row in made if row["reason"])
    return Computed(
        rows=made,
        artefacts=[*left, kept],
        digest=kept.digest,
        rated=sum(row["score"] is not None for row in made),
        not_rated=dict(sorted(reasons.items())),
        seconds=stages.seconds,
    )


@dataclass(slots=True)
class _Stages:
    """Times the stages and tells of their ends."""

    told: Told
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - begun, 3)
        self.told(name)


def _rated(dataset: Dataset, methodology: Methodology) -> Result:
    try:
        return pipeline.rate(dataset, methodology)
    except pipeline.NegativeChildError as error:
        raise RatingImpossible(reason=f"negative value below {error.node}") from error
    except pipeline.ReferenceMissingError as error:
        raise RatingImpossible(reason=f"no reference value for {error.indicator}") from error


Columns = dict[str, list[dict[str, Any] | None]]


def _doubts(
    stages: _Stages, dataset: Dataset, methodology: Methodology, result: Result
) -> tuple[Columns, list[Artefact]]:
    """What the result owes to choices that could have been made otherwise."""
    more: Columns = {}
    left: list[Artefact] = []
    if methodology.uncertainty is None:
        return more, left
    with stages.stage("uncertainty"):
        variants = Variants(dataset, methodology, result.rank)
        spread = uncertainty.spread(variants)
        more["spread"] = _records(
            {"p05": spread.p05, "median": spread.median, "p95": spread.p95, "top_share": spread.top_share}
        )
        left.append(
            artefact(
                "uncertainty",
                {
                    "replicates": methodology.uncertainty.replicates,
                    "seed": methodology.uncertainty.seed,
                    "outside_interval": spread.outside_interval,
                    "mean_shift": spread.mean_shift,
                    "combinations": dict(spread.combinations),
                },
            )
        )
    with stages.stage("sensitivity"):
        moved = sensitivity.indices(variants)
        if moved is not None:
            left.append(
                artefact(
                    "sensitivity",
                    {
                        "runs": moved.runs,
                        "variance": moved.variance,
                        "first_order": {name: _index(index) for name, index in moved.first.items()},
                        "total": {name: _index(index) for name, index in moved.total.items()},
                    },
                )
            )
    return more, left


def _index(index: sensitivity.Index) -> dict[str, float]:
    return {"value": index.value, "low": index.low, "high": index.high}


def _records(columns: Mapping[str, Any]) -> list[dict[str, Any] | None]:
    """One record a unit; none for a unit of which every column is missing."""
    names = tuple(columns)
    lists = [numbers(column) for column in columns.values()]
    return [
        dict(zip(names, values, strict=True)) if any(value is not None for value in values) else None
        for values in zip(*lists, strict=True)
    ]
