"""Regions as units: how far each has come to what was publicly promised, by the registry's targets."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from services.rating_engine.snapshots.freeze import Frozen
from shared.clients.registry import RegistryClient
from shared.schemas.registry.areas import AreaSummary
from shared.schemas.registry.target_progress import ProgressRead
from shared.schemas.registry.targets import TargetRead, TargetStatus
from shared.schemas.tables import Attribute, IndicatorColumn, MissingReason

REGION: Final = "region"
"""How a methodology says that it rates regions."""
_AT_ONCE = 8
_SPACE = uuid5(NAMESPACE_URL, "https://bilim.kz/areas")


def unit(code: str) -> UUID:
    """The id by which a region stands in a rating: always the same for one KATO code."""
    return uuid5(_SPACE, code)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the regions."""

    indicators: Sequence[str]
    period: str
    as_of: date
    known_at: datetime | None
    area: str | None


async def frozen(registry: RegistryClient, asked: Asked) -> Frozen:
    """One row a region: by indicator its progress in percent, and beside it what was measured, promised and began.

    A region without a target or without data has reported nothing; across a break of the series there is no progress,
    and the reason is `not_applicable`: the two ends cannot be compared.
    """
    areas = [area async for area in registry.areas(level=1) if asked.area in (None, area.code)]
    areas.sort(key=lambda area: unit(area.code))
    codes = [area.code for area in areas]
    columns: dict[str, IndicatorColumn] = {}
    for indicator in asked.indicators:
        told = [target async for target in registry.targets(indicator=indicator, as_of=asked.as_of)]
        columns |= _columns(indicator, codes, await _progress(registry, asked, chosen(told, codes)))
    return Frozen(
        period=asked.period,
        as_of=asked.as_of,
        organisations=[unit(code) for code in codes],
        attributes=_attributes(areas),
        columns=dict(sorted(columns.items())),
        sources=dict.fromkeys(sorted(columns), "registry"),
    )


def chosen(targets: Iterable[TargetRead], areas: Collection[str]) -> dict[str, TargetRead]:
    """The target to ask about for each area: the authoritative one, else the first that was stated."""
    found: dict[str, TargetRead] = {}
    for target in sorted(targets, key=lambda one: (not one.authoritative, one.id)):
        if target.status is TargetStatus.STATED and target.area is not None and target.area in areas:
            found.setdefault(target.area, target)
    return found


async def _progress(
    registry: RegistryClient, asked: Asked, targets: Mapping[str, TargetRead]
) -> Mapping[str, ProgressRead]:
    limit = asyncio.Semaphore(_AT_ONCE)

    async def read(target: TargetRead) -> ProgressRead:
        async with limit:
            return await registry.target_progress(target.id, as_of=asked.as_of, known_at=asked.known_at)

    return dict(zip(targets, await asyncio.gather(*map(read, targets.values())), strict=True))


def _columns(indicator: str, areas: Sequence[str], told: Mapping[str, ProgressRead]) -> dict[str, IndicatorColumn]:
    known = [told.get(area) for area in areas]
    actual = [one.actual if one else None for one in known]
    reasons = [_reason(one) for one in known]
    n = [one.n if one else None for one in actual]
    return {
        indicator: _column([one.progress if one else None for one in known], reasons, n),
        f"{indicator}.actual": _column([one.value if one else None for one in actual], reasons, n),
        f"{indicator}.baseline": _column([one.baseline_value if one else None for one in known], reasons, None),
        f"{indicator}.target": _column([one.value_low if one else None for one in known], reasons, None),
    }


def _reason(one: ProgressRead | None) -> MissingReason:
    """Why there is no progress."""
    if one is not None and one.actual is not None and not one.comparable:
        return MissingReason.NOT_APPLICABLE
    return MissingReason.NOT_REPORTED


def _column(
    values: Sequence[float | None], reasons: Sequence[MissingReason], n: Sequence[int | None] | None
) -> IndicatorColumn:
    return IndicatorColumn(
        value=list(values),
        n=list(n) if n is not None else [None] * len(values),
        variance=[None] * len(values),
        reason=[reason if value is None else None for value, reason in zip(values, reasons, strict=True)],
    )


def _attributes(areas: Sequence[AreaSummary]) -> dict[str, list[Attribute]]:
    return {
        "type": [REGION for _ in areas],
        "area": [area.code for area in areas],
        "area_path": [[area.code] for area in areas],
        "name_kk": [area.name.kk for area in areas],
        "name_ru": [area.name.ru for area in areas],
        "name_en": [area.name.en for area in areas],
    }
