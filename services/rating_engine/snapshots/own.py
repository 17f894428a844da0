"""What the rating engine itself has collected, put into a snapshot beside what the other services said."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from services.rating_engine.snapshots.freeze import Frozen
from shared.schemas.tables import IndicatorColumn, IndicatorTable

NAME = "rating"
"""How a snapshot names this source."""


class Own(Protocol):
    """Gives indicators of our own, such as the published results of surveys; asked outside of any transaction."""

    async def table(
        self,
        *,
        indicators: Sequence[str],
        organisation_type: str,
        period: str,
        as_of: date,
        known_at: datetime | None,
        area: str | None,
    ) -> IndicatorTable | None:
        """The columns it has of those that are wanted; None when it has none."""


def joined(frozen: Frozen, own: IndicatorTable | None) -> Frozen:
    """The snapshot with our own values where there are any; where we have only a reason, a value of others stands."""
    if own is None:
        return frozen
    places = {organisation: place for place, organisation in enumerate(frozen.organisations)}
    columns, sources = dict(frozen.columns), dict(frozen.sources)
    for code, column in own.columns.items():
        if code not in columns:
            continue
        there = columns[code]
        value, n = list(there.value), list(there.n)
        variance, reason = list(there.variance), list(there.reason)
        for position, organisation in enumerate(own.organisations):
            place = places.get(organisation)
            if place is None or (column.value[position] is None and value[place] is not None):
                continue
            value[place], n[place] = column.value[position], column.n[position]
            variance[place], reason[place] = column.variance[position], column.reason[position]
        columns[code] = IndicatorColumn(value=value, n=n, variance=variance, reason=reason)
        sources[code] = NAME
    return replace(frozen, columns=columns, sources=sources)
