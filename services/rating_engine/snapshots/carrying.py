"""Values of earlier periods for organisations that were not sampled in this one."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from uuid import UUID

from services.rating_engine.snapshots.freeze import Carried, Frozen
from services.rating_engine.snapshots.periods import earlier
from shared.schemas.rating.population import CarryForward
from shared.schemas.tables import IndicatorColumn, IndicatorTable, MissingReason

Asked = Callable[[list[str], str], Awaitable[IndicatorTable]]
"""Gives the columns of these indicators in a period, of the organisations of the run."""


async def carried(frozen: Frozen, rules: Mapping[str, CarryForward], ask: Asked) -> Frozen:
    """The snapshot with the gaps `not_sampled` filled by the latest value of an earlier period that is not too old.

    A value keeps its own n and variance; how old it is stands in `carried`, and the core widens its variance by that.
    Any other gap stays a gap: who did not report is not helped by what was reported before.
    """
    columns, told = dict(frozen.columns), {code: dict(cells) for code, cells in frozen.carried.items()}
    places = {organisation: place for place, organisation in enumerate(frozen.organisations)}
    for age in range(1, max((rule.periods for rule in rules.values()), default=0) + 1):
        period = earlier(frozen.period, age)
        codes = [code for code, rule in sorted(rules.items()) if rule.periods >= age and _gaps(columns[code])]
        if period is None or not codes:
            break
        table = await ask(codes, period)
        for code in codes:
            filled = _filled(columns[code], table, code, places)
            if filled:
                columns[code] = _with(columns[code], table.columns[code], filled)
                origin = told.setdefault(code, {})
                origin |= {frozen.organisations[place]: Carried(period, age) for place in filled}
    return replace(frozen, columns=columns, carried=told)


def _gaps(column: IndicatorColumn) -> bool:
    return MissingReason.NOT_SAMPLED in column.reason


def _filled(column: IndicatorColumn, table: IndicatorTable, code: str, places: Mapping[UUID, int]) -> dict[int, int]:
    """Which cells get which of the older ones."""
    found = {}
    for position, organisation in enumerate(table.organisations):
        place = places.get(organisation)
        if (
            place is not None
            and column.reason[place] is MissingReason.NOT_SAMPLED
            and table.columns[code].value[position] is not None
        ):
            found[place] = position
    return found


def _with(column: IndicatorColumn, older: IndicatorColumn, filled: Mapping[int, int]) -> IndicatorColumn:
    value, n, variance, reason = list(column.value), list(column.n), list(column.variance), list(column.reason)
    for place, position in filled.items():
        value[place], n[place], variance[place] = older.value[position], older.n[position], older.variance[position]
        reason[place] = None
    return IndicatorColumn(value=value, n=n, variance=variance, reason=reason)
