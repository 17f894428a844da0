"""From a snapshot and a document to rows: pure, and the same bytes for the same input."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from services.rating_engine.core import pipeline
from services.rating_engine.core.doubt.variants import Variants
from services.rating_engine.core.explanation import changes
from services.rating_engine.core.explanation.changes import Edition
from services.rating_engine.core.steps import ranking
from services.rating_engine.core.types import Dataset, Methodology, Result
from services.rating_engine.methodologies import documents
from services.rating_engine.runs import doubts, rows, views
from services.rating_engine.runs.artefacts import Artefact
from services.rating_engine.runs.doubts import Records
from services.rating_engine.runs.errors import RatingImpossible
from services.rating_engine.runs.rows import Row
from services.rating_engine.snapshots.service import Frozen
from shared.schemas.rating.methodology import MethodologyDocument

ENGINE_VERSION = "2.3.0"
"""Goes up with every change of the core that can change a digit."""

RESULT = "result"
"""The kind of artefact that is the result itself; its digest is the name of the result."""

MANY = 1_000_000
"""Units times replicates for which the compiler is waited for; less is done before it has loaded."""

Told = Callable[[str], None]
"""Hears the name of each stage as it ends."""


@dataclass(frozen=True, slots=True)
class Computed:
    """The result of a run, ready to be kept."""

    rows: Sequence[Row]
    """One an organisation, in the order of their ids."""
    rated: int
    not_rated: Mapping[str, int]
    seconds: Mapping[str, float]
    """How long each stage took; no part of the digest."""
    edition: Edition
    """The rating with what it was computed from."""
    named: Callable[[], "Named"]
    """Writes the result down and names it: for a country a second of work that can be done while rows are kept."""


@dataclass(frozen=True, slots=True)
class Named:
    """Everything that the steps left behind, the result itself last."""

    artefacts: Sequence[Artefact]
    digest: str
    """That of the result: its name."""


def compute(frozen: Frozen, document: MethodologyDocument, *, told: Told = lambda stage: None) -> Computed:
    """Rate a snapshot by a document; raises `RatingImpossible` when the method does not fit the data."""
    stages = _Stages(told)
    with stages.stage("score"):
        dataset, methodology = frozen.dataset(), documents.read(document)
        result = _rated(dataset, methodology)
    more, left = _beside(stages, frozen, dataset, methodology, result)
    with stages.stage("rows"):
        made = rows.rows(frozen, result, more)

    def named() -> Named:
        kept = Artefact(RESULT, rows.content(frozen, result, more, {one.kind: one.digest for one in left}))
        return Named([*left, kept], kept.digest)

    reasons = Counter(row["reason"] for row in made if row["reason"])
    return Computed(
        rows=made,
        rated=sum(row["score"] is not None for row in made),
        not_rated=dict(sorted(reasons.items())),
        seconds=stages.seconds,
        edition=Edition(dataset, methodology, result),
        named=named,
    )


def since(new: Edition, frozen: Frozen, document: MethodologyDocument) -> Records:
    """For every organisation what moved its score since the edition of that snapshot and document."""
    dataset, methodology = frozen.dataset(), documents.read(document)
    old = Edition(dataset, methodology, _rated(dataset, methodology))
    split = changes.split(new, old)
    return [split.told(place, old.result) for place in range(len(new.dataset.units))]


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


Columns = dict[str, Records]


def _beside(
    stages: _Stages, frozen: Frozen, dataset: Dataset, methodology: Methodology, result: Result
) -> tuple[Columns, list[Artefact]]:
    """Everything that stands beside the scores."""
    more: Columns = {}
    left: list[Artefact] = []
    seed = methodology.uncertainty.seed if methodology.uncertainty else 0
    with stages.stage("standing"):
        if result.variance is not None:
            more["standing"], kept = doubts.standings(dataset, methodology, result, seed=seed)
            left.append(kept)
    if methodology.uncertainty is not None:
        with stages.stage("uncertainty"):
            variants = Variants(dataset, methodology, ranking.competition(result.score), result)
            if len(result.units) * methodology.uncertainty.replicates > MANY:
                doubts.warm()
            more["spread"], kept = doubts.spreads(variants, result)
            left += [kept, doubts.parameters(variants)]
        with stages.stage("sensitivity"):
            moved = doubts.sensitivities(variants, result)
            left += [moved] if moved else []
    if methodology.value_added or methodology.status_change:
        with stages.stage("views"):
            left += views.views(dataset, methodology)
    with stages.stage("coherence"):
        left.append(doubts.coherences(dataset, methodology, result))
    with stages.stage("reach"):
        reached = doubts.reaches(dataset, methodology, result)
        if reached is not None:
            more["reach"] = reached
    with stages.stage("disclosure"):
        shares = frozen.shares if methodology.precision.code_shares else {}
        more["withheld"], kept = doubts.disclosures(dataset, methodology, result, shares)
        left.append(kept)
    with stages.stage("peers"):
        more["peers"] = doubts.peers(dataset, methodology, result, more["withheld"])
    return more, left
