"""Whole sets of organisations as others need them: who is in scope of a table, who bears these identifiers."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import RowMapping, Text, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from services.registry_api.organisations.models import OrganisationIdentifier, OrganisationState
from shared.db.bitemporal import as_of, current
from shared.db.sessions import AnySession

_ATTRIBUTES = (
    OrganisationState.organisation_id.label("id"),
    OrganisationState.name_kk,
    OrganisationState.name_ru,
    OrganisationState.name_en,
    OrganisationState.type,
    OrganisationState.kind,
    OrganisationState.ownership,
    OrganisationState.setting,
    OrganisationState.multigrade,
    OrganisationState.selective,
    OrganisationState.languages_of_instruction,
    OrganisationState.design_capacity,
    OrganisationState.programme_tags,
    OrganisationState.area_code,
)


async def present(
    session: AnySession,
    *,
    type_: str,
    statuses: Collection[str],
    areas: Sequence[str] | None,
    on: date,
    known_at: datetime | None,
) -> Sequence[RowMapping]:
    """Organisations of a type that are in one of these statuses on a day, by id."""
    query = (
        select(*_ATTRIBUTES)
        .where(
            OrganisationState.type == type_,
            OrganisationState.status.in_(statuses),
            as_of(OrganisationState, on, known_at),
        )
        .order_by(OrganisationState.organisation_id)
    )
    if areas is not None:
        query = query.where(OrganisationState.area_code == func.any(literal(list(areas), ARRAY(Text))))
    return (await session.execute(query)).mappings().all()


async def briefly(session: AnySession, ids: Collection[UUID], *, on: date) -> Sequence[RowMapping]:
    """What these organisations are and where, on a day or, failing that, as first known."""
    query = (
        select(
            OrganisationState.organisation_id.label("id"),
            OrganisationState.type,
            OrganisationState.area_code,
            OrganisationState.status,
            OrganisationState.kind,
            OrganisationState.ownership,
        )
        .ext(distinct_on(OrganisationState.organisation_id))
        .where(OrganisationState.organisation_id == func.any(literal(list(ids))), current(OrganisationState))
        .order_by(
            OrganisationState.organisation_id,
            OrganisationState.valid.op("@>")(literal(on)).desc(),
            func.lower(OrganisationState.valid),
        )
    )
    return (await session.execute(query)).mappings().all()


async def bearers(session: AnySession, scheme: str, keys: Collection[str]) -> dict[str, UUID]:
    """Who bears or bore each of these identifiers; an identifier is never given to another."""
    query = select(OrganisationIdentifier.value_key, OrganisationIdentifier.organisation_id).where(
        OrganisationIdentifier.scheme == scheme,
        OrganisationIdentifier.value_key == func.any(literal(list(keys), ARRAY(Text))),
        current(OrganisationIdentifier),
    )
    return {row.value_key: row.organisation_id for row in await session.execute(query)}


async def names(session: AnySession, ids: Collection[UUID], *, on: date) -> Sequence[RowMapping]:
    """What these organisations are called on a day or, failing that, as first known."""
    query = (
        select(
            OrganisationState.organisation_id.label("id"),
            OrganisationState.name_kk,
            OrganisationState.name_ru,
            OrganisationState.name_en,
        )
        .ext(distinct_on(OrganisationState.organisation_id))
        .where(OrganisationState.organisation_id == func.any(literal(list(ids))), current(OrganisationState))
        .order_by(
            OrganisationState.organisation_id,
            OrganisationState.valid.op("@>")(literal(on)).desc(),
            func.lower(OrganisationState.valid),
        )
    )
    return (await session.execute(query)).mappings().all()


async def shifts(
    session: AnySession, ids: Collection[UUID], *, on: date, known_at: datetime | None
) -> Sequence[RowMapping]:
    """The shifts of these organisations on a day, where they are told."""
    query = select(OrganisationState.organisation_id.label("id"), OrganisationState.shift_count).where(
        OrganisationState.organisation_id == func.any(literal(list(ids))),
        OrganisationState.shift_count.is_not(None),
        as_of(OrganisationState, on, known_at),
    )
    return (await session.execute(query)).mappings().all()


async def bearers_of_any(session: AnySession, keys: Collection[str]) -> dict[str, set[UUID]]:
    """Who bears or bore each of these identifiers under whatever scheme, persons' numbers left aside."""
    query = select(OrganisationIdentifier.value_key, OrganisationIdentifier.organisation_id).where(
        OrganisationIdentifier.scheme != "kz-iin",
        OrganisationIdentifier.value_key == func.any(literal(list(keys), ARRAY(Text))),
        current(OrganisationIdentifier),
    )
    found: dict[str, set[UUID]] = {}
    for row in await session.execute(query):
        found.setdefault(row.value_key, set()).add(row.organisation_id)
    return found
