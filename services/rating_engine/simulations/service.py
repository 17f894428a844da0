"""A methodology and a table in, a rating out."""

from services.rating_engine.core import pipeline
from services.rating_engine.core import types as core
from services.rating_engine.core.doubt.variants import Variants
from services.rating_engine.core.steps import ranking
from services.rating_engine.methodologies import documents
from services.rating_engine.simulations import doubt, explaining, funnels, lights, tables, views, withholding, years
from services.rating_engine.simulations.doubt import MOST_COMPARISONS
from services.rating_engine.simulations.errors import (
    ReferenceMissing,
    SimulationTooLarge,
    UncertaintyNotDeclared,
    ValueBelowZero,
)
from services.rating_engine.simulations.views import plain
from shared.schemas.rating.methodology import MethodologyDocument, Node, digest, leaves
from shared.schemas.rating.simulations import (
    Fill,
    NotRatedReason,
    SimulationCreate,
    SimulationRead,
    UnitStatus,
)


def simulate(body: SimulationCreate) -> SimulationRead:
    """Rate the table by the methodology; the same body gives the same bytes, whatever the order of the units."""
    methodology = documents.read(body.methodology, data_at_hand=True, at="/methodology")
    dataset = tables.read(body.table, body.methodology)
    _demand_feasible(methodology, dataset)
    if body.explanation:
        explaining.demand_feasible(dataset, methodology)
    if body.best_light:
        lights.demand_feasible(dataset, methodology)
    try:
        result = pipeline.rate(dataset, methodology)
    except pipeline.NegativeChildError as error:
        raise ValueBelowZero(
            pointer=f"{_pointer(body.methodology, error.node)}/aggregation", node=error.node
        ) from error
    except pipeline.ReferenceMissingError as error:
        at = next(pointer for pointer, leaf in leaves(body.methodology) if leaf.indicator == error.indicator)
        raise ReferenceMissing(
            pointer=f"/methodology{at}/normalisation/reference", indicator=error.indicator
        ) from error
    variants = _variants(body, methodology, dataset, result)
    withheld = withholding.decided(body, dataset, methodology, result)
    return SimulationRead(
        units=list(result.units),
        score=plain(result.score),
        rank=[rank or None for rank in result.rank.tolist()],
        status=[UnitStatus.NOT_RATED if reason else UnitStatus.RATED for reason in result.not_rated],
        reason=[None if reason is None else NotRatedReason(reason.value) for reason in result.not_rated],
        band=list(result.band),
        above_cut=None if result.above_cut is None else _rows(result.above_cut),
        nodes={code: plain(values) for code, values in result.nodes.items()},
        normalised={code: plain(values) for code, values in result.normalised.items()},
        contributions={code: plain(values) for code, values in result.contributions.items()},
        coverage=result.coverage.tolist(),
        filled={
            code: [None if fill is None else Fill(fill.value) for fill in fills]
            for code, fills in result.filled.items()
        },
        limited=[list(held) for held in result.limited] if methodology.limits else None,
        band_probability=views.band_probability(result),
        band_between=[list(ends) if ends else None for ends in result.band_between] or None,
        misordered=result.misordered,
        standing=views.standing_of(dataset, methodology, result) if body.standing else None,
        value_added=views.value_added(dataset, methodology) or None,
        status_change=views.status_change(dataset, methodology) or None,
        uncertainty=doubt.spread(variants) if variants and body.uncertainty else None,
        sensitivity=doubt.sensitivities(variants) if variants and body.sensitivity else None,
        coherence=doubt.coherent(body, dataset, methodology, result) if body.coherence else None,
        funnel=funnels.drawn(dataset, methodology) if body.funnel else None,
        several_years=years.several(body.table) or None,
        disclosure=withholding.told(withheld) if withheld and body.disclosure else None,
        explanation=explaining.explained(dataset, methodology, result, withheld)
        if withheld and body.explanation
        else None,
        best_light=lights.shown(body.best_light, dataset, methodology, result) if body.best_light else None,
        methodology_digest=digest(body.methodology),
        data_digest=tables.digest(body.table),
    )


def _variants(
    body: SimulationCreate, methodology: core.Methodology, dataset: core.Dataset, result: core.Result
) -> Variants | None:
    if not (body.uncertainty or body.sensitivity):
        return None
    asked = "uncertainty" if body.uncertainty else "sensitivity"
    if methodology.uncertainty is None:
        raise UncertaintyNotDeclared(pointer=f"/{asked}")
    variants = Variants(dataset, methodology, ranking.competition(result.score), result)
    doubt.demand_feasible(variants, asked)
    return variants


def _rows(table: core.Floats) -> list[list[float] | None]:
    return [None if row and row[0] != row[0] else row for row in table.tolist()]


def _demand_feasible(methodology: core.Methodology, dataset: core.Dataset) -> None:
    widest = max(
        (len(node.children) for node in methodology.tree.nodes() if isinstance(node.aggregation, core.Copeland)),
        default=0,
    )
    comparisons = len(dataset.units) ** 2 * widest
    if comparisons > MOST_COMPARISONS:
        raise SimulationTooLarge(pointer="/methodology/tree", part="copeland", size=comparisons, most=MOST_COMPARISONS)


def _pointer(document: MethodologyDocument, code: str) -> str:
    def find(node: Node, at: str) -> str | None:
        if node.code == code:
            return at
        below = (
            find(child, f"{at}/children/{place}")
            for place, child in enumerate(node.children)
            if isinstance(child, Node)
        )
        return next((found for found in below if found), None)

    return find(document.tree, "/methodology/tree") or "/methodology/tree"
