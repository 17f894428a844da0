"""What leads each unit of a simulation further, and where it stands among its peers: the records that a run keeps."""

from services.rating_engine.core import types as core
from services.rating_engine.core.explanation import against, reach
from services.rating_engine.core.withholding.disclosure import Disclosure
from services.rating_engine.explanations import entries
from services.rating_engine.simulations.errors import SimulationTooLarge
from services.rating_engine.simulations.views import plain
from shared.schemas.rating.explanations import ExplanationRead, PeersRead

MOST_EXPLAINED = 500_000
"""Units times indicators that are told of one by one within a request."""


def demand_feasible(dataset: core.Dataset, methodology: core.Methodology) -> None:
    """Refuse what a run should do instead."""
    size = len(dataset.units) * sum(1 for _ in methodology.tree.leaves())
    if size > MOST_EXPLAINED:
        raise SimulationTooLarge(pointer="/explanation", part="explanation", size=size, most=MOST_EXPLAINED)


def explained(
    dataset: core.Dataset, methodology: core.Methodology, result: core.Result, withheld: Disclosure
) -> ExplanationRead:
    """Everything is told of every unit, for the data are the caller's own; peers are those of whom everybody may be
    told everything, as in a run."""
    places = range(len(result.units))
    ways = reach.next_band(dataset, methodology, result)
    found = against.against_peers(dataset, methodology, result, ~withheld.reserved)
    steps = [None if ways is None else ways.told(place) for place in places]
    peers = [found.told(place) for place in places]
    return ExplanationRead(
        next_band=None if ways is None else [None if step is None else entries.next_band(step) for step in steps],
        peers=[None if record is None else PeersRead.model_validate(record) for record in peers],
        differences={code: plain(values) for code, values in found.by_indicator.items()},
    )
