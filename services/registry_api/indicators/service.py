"""What is done with definitions of indicators."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api.indicators import parts, repository
from services.registry_api.indicators.errors import IndicatorLevelChanged, IndicatorNotFound, IndicatorsUnknown
from services.registry_api.indicators.models import Indicator
from services.registry_api.indicators.rules import Difference, definition_of, difference
from shared import outbox
from shared.auth import Actor
from shared.db.sessions import AnySession, WriteSession
from shared.ids import new_id
from shared.schemas.registry.indicators import (
    IndicatorCreate,
    IndicatorLevel,
    IndicatorRead,
    IndicatorsQuery,
    PeriodKind,
    Polarity,
)

with_code = parts.with_code
"""A part of the statements of other capabilities."""


@dataclass(frozen=True, slots=True)
class Definition:
    """What others need to know of one version of an indicator."""

    id: UUID
    code: str
    version: int
    level: IndicatorLevel
    organisation_types: frozenset[str]
    period_kind: PeriodKind
    unit: str
    polarity: Polarity
    age_youngest: int | None
    age_oldest: int | None
    source_system: str
    plausible_min: float | None
    plausible_max: float | None
    pillar: str
    min_n: int
    """Fewest units a value may rest on when it is shown."""


@dataclass(frozen=True, slots=True)
class Defined:
    """An indicator as it now stands, and how what was sent compared with what was known."""

    indicator: IndicatorRead
    difference: Difference


async def define(session: WriteSession, actor: Actor, asked: IndicatorCreate, now: datetime) -> Defined:
    """Define an indicator: a first or a further version, an edit of the latest, or nothing where all is so already.

    Definitions are the country's: whoever may write only in an area or an organisation may not define them.
    """
    actor.demand("registry:write", None)
    (defined,) = await define_many(session, [asked], now)
    return defined


async def define_many(session: WriteSession, asked: Sequence[IndicatorCreate], now: datetime) -> list[Defined]:
    """The same for many at once, in their order."""
    await repository.lock_versions(session)
    latest = await repository.latest(session, {one.code for one in asked})
    defined = []
    for one in asked:
        row, found = _settle(latest.get(one.code), definition_of(one), now)
        if row is not latest.get(one.code):
            session.add(row)
            latest[one.code] = row
        defined.append(Defined(_read(row, is_current=True), found))
    await outbox.add_many(session, (_event(one) for one in defined if one.difference is not Difference.NONE))
    return defined


def _settle(known: Indicator | None, definition: Mapping[str, Any], now: datetime) -> tuple[Indicator, Difference]:
    if known is None:
        return Indicator(id=new_id(), version=1, edition=1, recorded_at=now, **definition), Difference.VERSION
    if known.level != definition["level"]:
        raise IndicatorLevelChanged(pointer="/level", indicator=known.code, level=known.level)
    found = difference({name: getattr(known, name) for name in definition}, definition)
    if found is Difference.VERSION:
        version = Indicator(id=new_id(), version=known.version + 1, edition=1, recorded_at=now, **definition)
        return version, found
    if found is Difference.EDIT:
        for name, value in definition.items():
            setattr(known, name, value)
        known.edition += 1
    return known, found


async def get(session: AnySession, code: str, version: int | None = None) -> IndicatorRead:
    """One version, by default the latest; raises `IndicatorNotFound`."""
    found = await repository.find(session, code, version)
    if found is None:
        raise IndicatorNotFound
    return _read(found[0], is_current=found[1])


async def page(
    session: AnySession, query: IndicatorsQuery, *, after: Sequence[Any] | None, limit: int
) -> list[IndicatorRead]:
    """Up to `limit` + 1 indicators behind a position, in the order of codes and versions."""
    rows = await repository.page(session, query, after=after, limit=limit + 1)
    return [_read(row, is_current=is_current) for row, is_current in rows]


async def count(session: AnySession, query: IndicatorsQuery) -> int:
    """How many the list has."""
    return await repository.count(session, query)


async def latest(session: AnySession, codes: Collection[str]) -> dict[str, Definition]:
    """The latest version of each of these codes; those that do not exist are left out."""
    return {code: _definition(row) for code, row in (await repository.latest(session, codes)).items()}


async def all_latest(session: AnySession) -> list[Definition]:
    """The latest version of every indicator, in the order of their codes."""
    return [_definition(row) for row in await repository.all_latest(session)]


async def codes_of_pillar(session: AnySession, pillar: str) -> list[str]:
    """The indicators that belong to a pillar."""
    return [row.code for row in await repository.all_latest(session) if row.pillar == pillar]


async def in_force(session: AnySession, codes: Sequence[str], day: date, *, pointer: str) -> list[Definition]:
    """For each code the latest version in force on a day, or, where none is, the latest of all.

    Raises `IndicatorsUnknown` for codes that do not exist.
    """
    rows = sorted(await repository.versions(session, codes), key=lambda row: (_holds_on(row, day), row.version))
    found = {row.code: row for row in rows}
    if unknown := [code for code in codes if code not in found]:
        raise IndicatorsUnknown(pointer=pointer, indicators=", ".join(unknown))
    return [_definition(found[code]) for code in codes]


async def versions(session: AnySession, codes: Collection[str]) -> dict[tuple[str, int], Definition]:
    """All versions of these codes."""
    return {(row.code, row.version): _definition(row) for row in await repository.versions(session, codes)}


async def by_id(session: AnySession, ids: Collection[UUID]) -> dict[UUID, Definition]:
    """Versions by their ids."""
    return {row.id: _definition(row) for row in await repository.by_id(session, ids)}


def _holds_on(row: Indicator, day: date) -> bool:
    return (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or day < row.valid_to)


def _definition(row: Indicator) -> Definition:
    return Definition(
        id=row.id,
        code=row.code,
        version=row.version,
        level=IndicatorLevel(row.level),
        organisation_types=frozenset(row.organisation_types),
        period_kind=PeriodKind(row.period_kind),
        unit=row.unit,
        polarity=Polarity(row.polarity),
        age_youngest=row.age_youngest,
        age_oldest=row.age_oldest,
        source_system=row.source_system,
        plausible_min=row.plausible_min,
        plausible_max=row.plausible_max,
        pillar=row.pillar,
        min_n=row.min_n,
    )


def _read(row: Indicator, *, is_current: bool) -> IndicatorRead:
    age_band = None if row.age_youngest is None else {"youngest": row.age_youngest, "oldest": row.age_oldest}
    return IndicatorRead.model_validate(
        {
            **{name: getattr(row, name) for name in IndicatorRead.model_fields if hasattr(row, name)},
            "name": {"kk": row.name_kk, "ru": row.name_ru, "en": row.name_en},
            "age_band": age_band,
            "is_current": is_current,
        }
    )


def _event(defined: Defined) -> outbox.Event:
    indicator = defined.indicator
    return outbox.Event(
        kind="indicator.defined" if defined.difference is Difference.VERSION else "indicator.edited",
        subject="indicator",
        subject_id=indicator.code,
        data=indicator.model_dump(mode="json", exclude={"recorded_at"}),
    )
