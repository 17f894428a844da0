"""Every SQL statement about indicators."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, any_, exists, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from services.registry_api.indicators.models import Indicator
from shared.db import keyset
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.registry.indicators import IndicatorsQuery

KEYS = (keyset.Key(Indicator.code.expression), keyset.Key(Indicator.version.expression))
_LOCK = 0x696E6469
"""Serialises those who add versions, so that two of them do not both make version 2."""


def _is_current() -> ColumnElement[bool]:
    later = aliased(Indicator)
    return ~exists().where(later.code == Indicator.code, later.version > Indicator.version)


def _with_currency() -> Select[Indicator, bool]:
    return select(Indicator, _is_current().label("is_current"))


async def lock_versions(session: WriteSession) -> None:
    """Let one transaction at a time add versions."""
    await session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


async def find(session: AnySession, code: str, version: int | None) -> tuple[Indicator, bool] | None:
    """One version, or the latest, and whether it is the latest."""
    statement = _with_currency().where(Indicator.code == code).order_by(Indicator.version.desc()).limit(1)
    if version is not None:
        statement = statement.where(Indicator.version == version)
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else (row[0], row[1])


async def latest(session: AnySession, codes: Collection[str]) -> dict[str, Indicator]:
    """The latest version of each code that exists."""
    statement = select(Indicator).where(Indicator.code == func.any(literal(list(codes), ARRAY(Text))), _is_current())
    return {indicator.code: indicator for indicator in await session.scalars(statement)}


async def all_latest(session: AnySession) -> list[Indicator]:
    """The latest version of every code."""
    return list(await session.scalars(select(Indicator).where(_is_current()).order_by(Indicator.code)))


async def versions(session: AnySession, codes: Collection[str]) -> list[Indicator]:
    """All versions of these codes."""
    statement = select(Indicator).where(Indicator.code == func.any(literal(list(codes), ARRAY(Text))))
    return list(await session.scalars(statement))


async def by_id(session: AnySession, ids: Collection[UUID]) -> list[Indicator]:
    """The versions with these ids."""
    return list(await session.scalars(select(Indicator).where(Indicator.id.in_(ids)))) if ids else []


async def page(
    session: AnySession, query: IndicatorsQuery, *, after: Sequence[Any] | None, limit: int
) -> list[tuple[Indicator, bool]]:
    """A page of the list, in the order of codes and versions."""
    statement = _with_currency().where(*_filters(query)).order_by(*keyset.order_by(KEYS)).limit(limit)
    if after is not None:
        statement = statement.where(keyset.after(KEYS, after))
    return [(row[0], row[1]) for row in await session.execute(statement)]


async def count(session: AnySession, query: IndicatorsQuery) -> int:
    """How many there are."""
    return await session.scalar(select(func.count()).select_from(Indicator).where(*_filters(query))) or 0


def _filters(query: IndicatorsQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.versions == "current":
        conditions.append(_is_current())
    if query.level is not None:
        conditions.append(Indicator.level == query.level)
    if query.organisation_type is not None:
        conditions.append(literal(query.organisation_type.value) == any_(Indicator.organisation_types))
    if query.pillar is not None:
        conditions.append(Indicator.pillar == query.pillar)
    if query.polarity is not None:
        conditions.append(Indicator.polarity == query.polarity)
    return conditions
