"""The best and the worst light of each unit of a simulation, and how much of it one request can bear."""

from services.rating_engine.core import types as core
from services.rating_engine.core.explanation import best_light
from services.rating_engine.simulations.errors import BestLightUndefined, TooManyToLight
from services.rating_engine.simulations.views import places, plain
from shared.schemas.rating.best_light import BestLightCreate, BestLightRead

MOST_CELLS = 500_000_000
"""Units times weights times ratings, of which every unit asks for two."""
MOST_SLOW_CELLS = 10_000_000
"""The same where every rating takes the official steps."""
_AT = "/best_light"
_PLACING = 30
"""To place a unit among all takes as long as so many weights."""


def demand_feasible(dataset: core.Dataset, methodology: core.Methodology) -> None:
    """Refuse what is not defined, and what takes longer than a request may."""
    if not best_light.is_defined(methodology):
        raise BestLightUndefined(pointer=_AT)
    _demand(_cells(dataset, methodology), MOST_CELLS)


def shown(
    asked: BestLightCreate, dataset: core.Dataset, methodology: core.Methodology, result: core.Result
) -> BestLightRead:
    """Both lights of every unit."""
    replicates = best_light.declared(dataset, methodology, result)
    size = _cells(dataset, methodology)
    if size > MOST_SLOW_CELLS and len(replicates.rated) and replicates.at(()).programme is None:
        _demand(size, MOST_SLOW_CELLS)
    found = best_light.best_light(replicates, result, spread=asked.spread)
    if found is None:
        raise BestLightUndefined(pointer=_AT)
    return BestLightRead(
        spread=asked.spread,
        score_high=plain(found.score_high),
        score_low=plain(found.score_low),
        rank_best=places(found.rank_best),
        rank_worst=places(found.rank_worst),
    )


def _cells(dataset: core.Dataset, methodology: core.Methodology) -> int:
    """How much there is to compute, the placing included."""
    weights = sum(len(node.children) for node in methodology.tree.nodes())
    return 2 * len(dataset.units) ** 2 * (weights + _PLACING)


def _demand(size: int, most: int) -> None:
    if size > most:
        raise TooManyToLight(pointer=_AT, part="best_light", size=size, most=most)
