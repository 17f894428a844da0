"""What of a run everybody may compute anew."""

import json

from services.rating_engine.snapshots.service import Frozen
from shared.schemas.rating.methodology import MethodologyDocument


def holds_back(result: bytes) -> bool:
    """Whether anything of the result is not told to the public, by what the run decided on disclosure."""
    withheld = json.loads(result).get("more", {}).get("withheld", ())
    return any(record is not None for record in withheld)


def tells_small_figures(frozen: Frozen, document: MethodologyDocument) -> bool:
    """Whether the data hold a value that rests on fewer observations than the methodology publishes."""
    fewest = document.precision.suppress_below
    return fewest > 0 and any(
        value is not None and n is not None and n < fewest
        for column in frozen.columns.values()
        for value, n in zip(column.value, column.n, strict=True)
    )
