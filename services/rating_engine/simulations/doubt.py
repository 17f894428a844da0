"""What a rating owes to choices and to noise, as it is answered, and how much of it one request can bear."""

from services.rating_engine.audits import texts
from services.rating_engine.core import types as core
from services.rating_engine.core.audit import coherence
from services.rating_engine.core.doubt import factors, sensitivity, uncertainty
from services.rating_engine.core.doubt.variants import Variants
from services.rating_engine.methodologies import documents
from services.rating_engine.simulations.errors import SensitivityUnavailable, SimulationTooLarge
from services.rating_engine.simulations.views import plain
from shared.schemas.rating.audits import CoherenceRead
from shared.schemas.rating.simulations import (
    FactorRead,
    SamplingRead,
    SensitivityByUnit,
    SensitivityFactor,
    SensitivityRead,
    SimulationCreate,
    UncertaintyRead,
)
from shared.schemas.rating.standing import Values

MOST_CELLS = 500_000_000
"""Units times indicators times replicates."""
MOST_SLOW_CELLS = 20_000_000
"""The same where every replicate takes the official steps."""
MOST_COMPARISONS = 500_000_000
"""Pairs of units times children, where Copeland has to go pair by pair."""


def demand_feasible(variants: Variants, asked: str) -> None:
    """Refuse what a run should do instead."""
    declared, dataset = variants.uncertainty, variants.dataset
    cells = len(dataset.units) * len(dataset.columns)
    _demand(cells * declared.replicates, MOST_CELLS, asked, asked)
    if _outranks(variants.methodology):
        _demand(len(dataset.units) * cells * declared.replicates, MOST_COMPARISONS, asked, "copeland")
    if cells * declared.replicates > MOST_SLOW_CELLS:
        slow = variants.replicates.slow(variants.replicates.parameters())
        _demand(cells * slow, MOST_SLOW_CELLS, asked, asked)


def _demand(size: int, most: int, asked: str, part: str) -> None:
    if size > most:
        raise SimulationTooLarge(pointer=f"/{asked}", part=part, size=size, most=most)


def _outranks(methodology: core.Methodology) -> bool:
    own = [node.aggregation for node in methodology.tree.nodes()]
    assert methodology.uncertainty is not None
    for factor in factors.varied(methodology.uncertainty):
        if isinstance(factor, core.AggregationFactor):
            own.extend(factor.alternatives)
    return any(isinstance(one, core.Copeland) for one in own)


def spread(variants: Variants) -> UncertaintyRead:
    """Places over the declared replicates, and what each factor does."""
    found = uncertainty.spread(variants)
    return UncertaintyRead(
        rank_p05=plain(found.p05),
        rank_median=plain(found.median),
        rank_p95=plain(found.p95),
        top_share=plain(found.top_share),
        replicates=variants.uncertainty.replicates,
        seed=variants.uncertainty.seed,
        outside_interval=found.outside_interval,
        mean_shift=found.mean_shift,
        combinations=dict(found.combinations),
        band_share=_bands(found.band_share),
        factors={
            factor.name: FactorRead(moved=factor.moved, alone_at_most=factor.alone_at_most, used=dict(factor.used))
            for factor in found.factors
        },
        sampling=_sampling(found.sampling),
    )


def sensitivities(variants: Variants) -> SensitivityRead:
    """Which declared choice moves the places, of all units together and of each."""
    found = sensitivity.indices(variants)
    if found is None:
        raise SensitivityUnavailable(pointer="/sensitivity")
    return SensitivityRead(
        factors={
            name: SensitivityFactor(
                first_order=found.first[name].value,
                first_order_interval=[found.first[name].low, found.first[name].high],
                total=found.total[name].value,
                total_interval=[found.total[name].low, found.total[name].high],
            )
            for name in found.first
        },
        runs=found.runs,
        variance=found.variance,
        moved_nothing=list(found.moved_nothing),
        units=SensitivityByUnit(
            factor=list(found.units.factor),
            first_order=plain(found.units.first),
            total=plain(found.units.total),
            mean_shift=plain(found.units.shift),
        ),
    )


def coherent(
    body: SimulationCreate, dataset: core.Dataset, methodology: core.Methodology, result: core.Result
) -> CoherenceRead:
    """How the parts hang together, as an audit would tell it."""
    measured = coherence.audit(dataset, methodology, result).document()
    return CoherenceRead.model_validate(texts.told(measured, documents.judgements(body.methodology)))


def _sampling(found: uncertainty.Placed | None) -> SamplingRead | None:
    if found is None:
        return None
    return SamplingRead(
        rank_p05=plain(found.p05),
        rank_median=plain(found.median),
        rank_p95=plain(found.p95),
        top_share=plain(found.top_share),
        band_share=_bands(found.band_share),
        replicates=found.replicates,
        outside_interval=found.outside_interval,
        mean_shift=found.mean_shift,
    )


def _bands(shares: uncertainty.Shares | None) -> dict[str, Values] | None:
    return None if shares is None else {label: plain(values) for label, values in shares.items()}
