"""The funnels of a simulation: each indicator of the tree whose noise is known, as the steps see its values."""

from services.rating_engine.core import pipeline
from services.rating_engine.core import types as core
from services.rating_engine.core.evidence import funnel
from services.rating_engine.simulations.views import plain
from shared.schemas.rating.funnel import FunnelRead, FunnelSignal


def drawn(dataset: core.Dataset, methodology: core.Methodology) -> dict[str, FunnelRead]:
    """By indicator with at least one value of known noise: natural values after denominators, `min_n`, variances by
    kind of value and screening, before anything is imputed, treated or normalised."""
    columns = pipeline.prepare(dataset, methodology).dataset.columns
    told = {}
    for leaf in methodology.tree.leaves():
        column = columns[leaf.indicator]
        found = None if column.variance is None else funnel.funnel(column.values, column.variance)
        if found is not None:
            told[leaf.indicator] = _told(found)
    return told


def _told(found: funnel.Funnel) -> FunnelRead:
    return FunnelRead(
        target=found.target,
        phi=found.spread.phi,
        tau2=found.spread.tau2,
        warning_low=plain(found.warning_low),
        warning_high=plain(found.warning_high),
        alarm_low=plain(found.alarm_low),
        alarm_high=plain(found.alarm_high),
        signal=[None if signal is None else FunnelSignal(signal.value) for signal in found.signals],
    )
