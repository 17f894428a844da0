"""SQL of who carries on whose work: successions, parts of what ends, and whole sets that change in one event."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.dialects.postgresql import Range, distinct_on

from services.registry_api.organisations.attributes import COLUMNS
from services.registry_api.organisations.models import (
    Organisation,
    OrganisationIdentifier,
    OrganisationState,
    OrganisationSuccession,
)
from shared.db import bitemporal
from shared.db.bitemporal import current
from shared.db.sessions import AnySession, WriteSession

Row = Mapping[str, Any]


async def succeed(
    session: WriteSession, organisation_id: UUID, successors: Sequence[UUID], *, on: date, now: datetime
) -> None:
    """Write down who carries on."""
    session.add_all(
        OrganisationSuccession(
            predecessor_id=organisation_id, successor_id=successor, happened_on=on, recorded=Range(now, None)
        )
        for successor in successors
    )
    await session.flush()


async def successors(session: AnySession, organisation_id: UUID, *, known_at: datetime | None = None) -> list[UUID]:
    """Who carries on the work of an organisation."""
    query = (
        select(OrganisationSuccession.successor_id)
        .where(OrganisationSuccession.predecessor_id == organisation_id, _known(known_at))
        .order_by(OrganisationSuccession.successor_id)
    )
    return list(await session.scalars(query))


async def lock_all(session: WriteSession, ids: Collection[UUID]) -> dict[UUID, Organisation]:
    """The identities, which nobody else changes until this transaction ends; always in the same order."""
    query = (
        select(Organisation)
        .where(Organisation.id == func.any(literal(list(ids))))
        .order_by(Organisation.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {organisation.id: organisation for organisation in await session.scalars(query)}


async def parts_since(session: AnySession, ids: Collection[UUID], *, since: date) -> list[UUID]:
    """Organisations that are a part of one of these on that day or later."""
    query = select(OrganisationState.organisation_id).where(
        OrganisationState.parent_id == func.any(literal(list(ids))),
        OrganisationState.status != "created_in_error",
        bitemporal.during(OrganisationState, since, None),
    )
    return list(await session.scalars(query.distinct().order_by(OrganisationState.organisation_id)))


async def portraits(session: AnySession, ids: Collection[UUID], *, on: date) -> dict[UUID, Row]:
    """Each organisation on a day or, failing that, as first known, with the identifiers of that day by scheme."""
    state = OrganisationState
    columns = (state.organisation_id, *(getattr(state, name) for name in COLUMNS), state.status)
    states = (
        select(*columns, func.lower(state.valid).label("valid_from"))
        .ext(distinct_on(state.organisation_id))
        .where(state.organisation_id == func.any(literal(list(ids))), current(state))
        .order_by(state.organisation_id, state.valid.op("@>")(literal(on)).desc(), func.lower(state.valid))
    )
    held = select(
        OrganisationIdentifier.organisation_id, OrganisationIdentifier.scheme, OrganisationIdentifier.value
    ).where(
        OrganisationIdentifier.organisation_id == func.any(literal(list(ids))),
        bitemporal.as_of(OrganisationIdentifier, on),
    )
    rows = (await session.execute(states)).mappings()
    found: dict[UUID, Row] = {row["organisation_id"]: {**row, "identifiers": {}} for row in rows}
    for row in await session.execute(held):
        if row.organisation_id in found:
            found[row.organisation_id]["identifiers"][row.scheme] = row.value
    return found


async def take_back(session: WriteSession, organisation_id: UUID, *, recorded_at: datetime, now: datetime) -> None:
    """Undo what was recorded of states, identifiers and successions then. Raises `NewerStandsError`."""
    owner = {"organisation_id": organisation_id}
    for model in (OrganisationState, OrganisationIdentifier):
        await bitemporal.take_back(session, model, owner, recorded_at=recorded_at, now=now)
    query = select(OrganisationSuccession).where(
        OrganisationSuccession.predecessor_id == organisation_id,
        func.lower(OrganisationSuccession.recorded) == recorded_at,
        _known(None),
    )
    for row in await session.scalars(query.execution_options(populate_existing=True)):
        row.recorded = Range(recorded_at, now)
    await session.flush()


async def withdraw(session: WriteSession, organisation_id: UUID, *, recorded_at: datetime, now: datetime) -> None:
    """Say of an organisation that was entered at `recorded_at` that it was entered in error, from its first day."""
    query = select(OrganisationState).where(
        OrganisationState.organisation_id == organisation_id, func.lower(OrganisationState.recorded) == recorded_at
    )
    row = (await session.scalars(query.order_by(func.lower(OrganisationState.valid)).limit(1))).one()
    values = {
        attribute: getattr(row, attribute)
        for attribute in OrganisationState.__mapper__.columns.keys()  # noqa: SIM118 -- not a dict
        if attribute not in {"id", "valid", "recorded", "status"}
    }
    withdrawn = OrganisationState(**values, status="created_in_error", valid=Range(row.valid.lower, None))
    await bitemporal.record(session, withdrawn, now=now)


def _known(known_at: datetime | None) -> ColumnElement[bool]:
    recorded = OrganisationSuccession.recorded
    return func.upper_inf(recorded) if known_at is None else recorded.op("@>")(literal(known_at))
