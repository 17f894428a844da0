"""What is told beside the scores of a simulation, as the wire knows it."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from services.rating_engine.core import types as core
from services.rating_engine.core.evidence import beside, funnel, standing
from services.rating_engine.core.evidence.value_added import Measure
from services.rating_engine.core.steps import peers
from services.rating_engine.simulations.errors import SimulationTooLarge, ValueAddedImpossible
from shared.schemas.rating.standing import StandingRead, StatusChangeRead, ValueAddedMeasure, ValueAddedRead, Values

MOST_COMPARED = 12_000
"""Units that are compared pair by pair within a request."""


def plain(values: core.Floats) -> Values:
    """A column as JSON knows it: no NaN."""
    return [None if value != value else value for value in values.tolist()]


def places(ranks: NDArray[np.int64]) -> list[int | None]:
    """Places as JSON knows them: no 0."""
    return [rank or None for rank in ranks.tolist()]


def standing_of(dataset: core.Dataset, methodology: core.Methodology, result: core.Result) -> StandingRead:
    """How sure the places are; simultaneous sets are drawn from the seed of the methodology."""
    if len(result.units) > MOST_COMPARED:
        raise SimulationTooLarge(pointer="/standing", part="standing", size=len(result.units), most=MOST_COMPARED)
    seed = 0 if methodology.uncertainty is None else methodology.uncertainty.seed
    top = methodology.precision.top
    found = standing.standing(result, groups=peers.alike(dataset, methodology.peer_groups), top=top, seed=seed)
    bar_low, bar_high = funnel.overlap_bars(found.posterior_mean, found.posterior_sd)
    return StandingRead(
        posterior_mean=plain(found.posterior_mean),
        posterior_sd=plain(found.posterior_sd),
        bar_low=plain(bar_low),
        bar_high=plain(bar_high),
        expected_rank=plain(found.expected_rank),
        rank_low=places(found.rank_low),
        rank_high=places(found.rank_high),
        rank_set_low=places(found.rank_set_low),
        rank_set_high=places(found.rank_set_high),
        together_low=places(found.together_low),
        together_high=places(found.together_high),
        peer_set_low=places(found.peer_set_low),
        peer_set_high=places(found.peer_set_high),
        top=top,
        p_top=plain(found.p_top),
        p_bottom=plain(found.p_bottom),
        reliability=plain(found.reliability),
        measured=plain(found.measured),
        evidence=list(found.evidence),
    )


def band_probability(result: core.Result) -> dict[str, Values] | None:
    """By band, where bands have borders."""
    if result.band_probability is None:
        return None
    return {name: plain(result.band_probability[:, place]) for place, name in enumerate(result.band_names)}


def value_added(dataset: core.Dataset, methodology: core.Methodology) -> dict[str, ValueAddedRead]:
    """Every declared outcome, three ways."""
    try:
        found = beside.value_added(dataset, methodology)
    except beside.TooFewUnitsError as error:
        place = next(place for place, view in enumerate(methodology.value_added) if view.code == error.code)
        raise ValueAddedImpossible(
            pointer=f"/methodology/value_added/{place}", units=error.units, needed=error.needed
        ) from error
    return {
        code: ValueAddedRead(
            attainment=_measure(three.attainment),
            progress=_measure(three.progress),
            contextual_progress=_measure(three.contextual_progress),
        )
        for code, three in found.items()
    }


def _measure(measure: Measure) -> ValueAddedMeasure:
    return ValueAddedMeasure(
        raw=plain(measure.raw),
        shrunken=plain(measure.shrunken),
        sd=plain(measure.sd),
        rank=places(measure.rank),
        coefficients=dict(measure.coefficients),
    )


def status_change(dataset: core.Dataset, methodology: core.Methodology) -> dict[str, StatusChangeRead]:
    """Every declared grid."""
    found: Mapping[str, Sequence[tuple[str | None, ...]]] = beside.status_change(dataset, methodology)
    return {
        code: StatusChangeRead(status=list(status), change=list(change), label=list(label))
        for code, (status, change, label) in found.items()
    }
