"""SQL statements about networks, their operators and their national figures."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, Range

from services.registry_api.networks.models import NationalFigure, Network, NetworkOperator
from services.registry_api.organisations.facts import OrganisationState
from shared.db import bitemporal, keyset
from shared.db.bitemporal import as_of, current
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.registry.networks import NetworksQuery

KEYS = (keyset.Key(Network.__table__.c.code),)
Fact = TypeVar("Fact", NetworkOperator, NationalFigure)


async def find(session: AnySession, code: str) -> Network | None:
    """The network of this code."""
    return (await session.scalars(select(Network).where(Network.code == code))).one_or_none()


async def lock(session: WriteSession, code: str) -> Network | None:
    """The same, which nobody else changes until this transaction ends."""
    query = select(Network).where(Network.code == code).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def by_code(session: AnySession, codes: Collection[str]) -> dict[str, Network]:
    """Those of these codes that exist."""
    query = select(Network).where(Network.code == func.any(literal(list(codes), ARRAY(Text))))
    return {network.code: network for network in await session.scalars(query)}


async def counted_by(session: AnySession, indicator: str) -> list[UUID]:
    """The networks whose members an indicator counts."""
    return list(await session.scalars(select(Network.id).where(Network.indicator == indicator)))


async def page(
    session: AnySession, query: NetworksQuery, *, areas: Sequence[str], after: Sequence[Any] | None, limit: int
) -> list[Network]:
    """A page of the list, in the order of codes."""
    statement = select(Network).where(*_filters(query, areas)).order_by(*keyset.order_by(KEYS)).limit(limit)
    if after is not None:
        statement = statement.where(keyset.after(KEYS, after))
    return list(await session.scalars(statement))


async def count(session: AnySession, query: NetworksQuery, *, areas: Sequence[str]) -> int:
    """How many there are."""
    return await session.scalar(select(func.count()).select_from(Network).where(*_filters(query, areas))) or 0


def _filters(query: NetworksQuery, areas: Sequence[str]) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.kind is not None:
        conditions.append(Network.kind == query.kind.value)
    if query.area is not None:
        conditions.append(or_(Network.area_code.is_(None), Network.area_code == func.any(literal(list(areas)))))
    return conditions


async def operators(
    session: AnySession, network_id: UUID, *, on: date | None, named_on: date, known_at: datetime | None
) -> list[Mapping[str, Any]]:
    """Who operates a network on a day, or on all days in their order, as they are called on `named_on`."""
    query: Select[Any] = (
        select(
            NetworkOperator.organisation_id,
            NetworkOperator.basis,
            func.lower(NetworkOperator.valid).label("valid_from"),
            func.upper(NetworkOperator.valid).label("valid_to"),
            func.lower(NetworkOperator.recorded).label("recorded_at"),
            *brief_columns(OrganisationState),
        )
        .join(
            OrganisationState,
            (OrganisationState.organisation_id == NetworkOperator.organisation_id)
            & as_of(OrganisationState, named_on, known_at),
            isouter=True,
        )
        .where(NetworkOperator.network_id == network_id)
        .order_by(func.lower(NetworkOperator.valid))
    )
    return await _facts(session, query, NetworkOperator, on=on, known_at=known_at)


async def figures(
    session: AnySession, network_id: UUID, *, on: date | None, known_at: datetime | None
) -> list[Mapping[str, Any]]:
    """The national figure that stands on a day, or all of them in the order of their days."""
    query: Select[Any] = (
        select(
            NationalFigure.value,
            NationalFigure.source,
            NationalFigure.source_url,
            NationalFigure.qualifier,
            func.lower(NationalFigure.valid).label("valid_from"),
            func.upper(NationalFigure.valid).label("valid_to"),
            func.lower(NationalFigure.recorded).label("recorded_at"),
        )
        .where(NationalFigure.network_id == network_id)
        .order_by(func.lower(NationalFigure.valid))
    )
    return await _facts(session, query, NationalFigure, on=on, known_at=known_at)


async def _facts(
    session: AnySession, query: Select[Any], model: type[Fact], *, on: date | None, known_at: datetime | None
) -> list[Mapping[str, Any]]:
    if on is not None:
        query = query.where(as_of(model, on, known_at))
    elif known_at is None:
        query = query.where(current(model))
    else:
        query = query.where(model.recorded.op("@>")(literal(known_at)))
    return [dict(row) for row in (await session.execute(query)).mappings()]


async def tell(session: WriteSession, fact: Fact, *, valid_from: date, now: datetime) -> Fact:
    """From that day until the next one told, this is the network's operator or its national figure."""
    model = type(fact)
    next_day = await session.scalar(
        select(func.min(func.lower(model.valid))).where(
            model.network_id == fact.network_id, current(model), func.lower(model.valid) > valid_from
        )
    )
    fact.valid = Range(valid_from, next_day)
    return await bitemporal.replace(session, fact, ("network_id",), now=now)


def brief_columns(state: Any, prefix: str = "") -> list[Any]:
    """What an organisation is named by, under labels that begin with `prefix`."""
    return [
        state.name_kk.label(f"{prefix}name_kk"),
        state.name_ru.label(f"{prefix}name_ru"),
        state.name_en.label(f"{prefix}name_en"),
        state.type.label(f"{prefix}type"),
        state.kind.label(f"{prefix}kind"),
        state.area_code.label(f"{prefix}place"),
    ]
