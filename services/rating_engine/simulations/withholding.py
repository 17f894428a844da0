"""What the public would not be told of a simulation: decided as a run decides it, and told as the wire knows it."""

import math
from collections.abc import Mapping

from services.rating_engine.core import types as core
from services.rating_engine.core.withholding import disclosure
from services.rating_engine.core.withholding.disclosure import Disclosure
from services.rating_engine.simulations.errors import SimulationTooLarge
from services.rating_engine.simulations.views import plain
from shared.schemas.rating.simulations import SimulationCreate
from shared.schemas.rating.withholding import DisclosureRead

MOST_COMPANIONS = 100_000_000
"""Units, and indicators five times over, times pairs of indicators: the time it takes to look for what else to hide."""


def decided(
    body: SimulationCreate, dataset: core.Dataset, methodology: core.Methodology, result: core.Result
) -> Disclosure | None:
    """What is withheld, where anything that is asked for depends on it."""
    if not (body.disclosure or body.explanation):
        return None
    indicators = len(result.normalised)
    size = (len(result.units) + 5 * indicators) * indicators**2
    if size > MOST_COMPANIONS and (methodology.precision.suppress_below > 0 or body.table.shares):
        asked = "disclosure" if body.disclosure else "explanation"
        raise SimulationTooLarge(pointer=f"/{asked}", part="disclosure", size=size, most=MOST_COMPANIONS)
    return disclosure.suppress(dataset, methodology, result, shares=body.table.shares)


def told(found: Disclosure) -> DisclosureRead:
    """The same by name."""
    return DisclosureRead(
        primary=_flags(found.primary),
        coded={code: list(codes) for code, codes in found.coded.items() if any(codes)},
        hidden=_flags(found.hidden),
        merged=_flags(found.merged),
        merged_contribution=plain(found.merged_contribution),
        hidden_nodes=_flags(found.hidden_nodes),
        unpublished=found.unpublished.tolist(),
        reserved=found.reserved.tolist(),
        rank=[place or None for place in found.rank.tolist()],
        exposed=list(found.exposed),
        narrowest=found.narrowest if math.isfinite(found.narrowest) else None,
    )


def _flags(columns: Mapping[str, core.Flags]) -> dict[str, list[bool]]:
    return {code: flags.tolist() for code, flags in columns.items() if flags.any()}
