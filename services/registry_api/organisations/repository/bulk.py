"""Thousands of organisations at once: read by arrays, written by COPY, inside the caller's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ARRAY, ColumnElement, Text, Update, and_, column, func, literal, select, update

from services.registry_api.organisations.attributes import COLUMNS, DERIVED
from services.registry_api.organisations.models import (
    Organisation,
    OrganisationIdentifier,
    OrganisationState,
    OrganisationSuccession,
)
from services.registry_api.organisations.repository import touch_many
from shared.db.bitemporal import current
from shared.db.engine import driver_connection
from shared.db.sessions import WriteSession
from shared.ids import new_id

_BATCH = 2000
"""Rows of one COPY: a statement has ten seconds, and there may be a country of rows."""
_MICROSECOND = timedelta(microseconds=1)
_STATE_COLUMNS = ("id", "organisation_id", *COLUMNS, "status", *DERIVED, "valid", "recorded")
_IDENTIFIER_COLUMNS = ("id", "organisation_id", "scheme", "value", "value_key", "valid", "recorded")
_REGISTRATION_LOCK = 0x4F524753
"""«ORGS»: two files that name the same new organisations wait for one another instead of failing half-way."""


async def lock_registration(session: WriteSession) -> None:
    """Wait until nobody else registers many."""
    await session.execute(select(func.pg_advisory_xact_lock(_REGISTRATION_LOCK)))


async def owners(session: WriteSession, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], UUID]:
    """Whose identifiers these are, by scheme and key."""
    wanted = list(keys)
    if not wanted:
        return {}
    pairs = (
        func.unnest(
            literal([scheme for scheme, _ in wanted], ARRAY(Text)), literal([key for _, key in wanted], ARRAY(Text))
        )
        .table_valued(column("scheme", Text), column("key", Text), name="wanted")
        .render_derived()
    )
    query = (
        select(OrganisationIdentifier.scheme, OrganisationIdentifier.value_key, OrganisationIdentifier.organisation_id)
        .join(
            pairs,
            (OrganisationIdentifier.scheme == pairs.c.scheme) & (OrganisationIdentifier.value_key == pairs.c.key),
        )
        .where(current(OrganisationIdentifier))
    )
    return {(row.scheme, row.value_key): row.organisation_id for row in await session.execute(query)}


async def lock(session: WriteSession, ids: Sequence[UUID]) -> dict[UUID, Mapping[str, Any]]:
    """The identities, which nobody else changes until this transaction ends; always in the same order."""
    query = (
        select(Organisation.id, Organisation.is_synthetic, Organisation.version, Organisation.updated_at)
        .where(Organisation.id == func.any(literal(list(ids))))
        .order_by(Organisation.id)
        .with_for_update()
    )
    return {row["id"]: dict(row) for row in (await session.execute(query)).mappings()}


Owned = dict[UUID, list[dict[str, Any]]]
"""Rows by their organisation, in the order of their days; `valid_from` and `valid_until` tell these."""


async def timelines(session: WriteSession, ids: Sequence[UUID]) -> Owned:
    """The states of each organisation that are believed now."""
    return await _owned(session, OrganisationState, ids, current(OrganisationState))


async def identifiers(session: WriteSession, ids: Sequence[UUID]) -> Owned:
    """The identifiers of each organisation that are believed now, of all days."""
    return await _owned(session, OrganisationIdentifier, ids, current(OrganisationIdentifier))


async def written_since(
    session: WriteSession, ids: Sequence[UUID], moment: datetime
) -> tuple[Owned, Owned, Owned, Owned]:
    """What was written and what was closed from a moment on: states, closed states, identifiers, closed identifiers."""
    found: list[Owned] = []
    for model in (OrganisationState, OrganisationIdentifier):
        believed = and_(current(model), func.lower(model.recorded) >= moment)
        closed = func.upper(model.recorded) >= moment
        found += [await _owned(session, model, ids, believed), await _owned(session, model, ids, closed)]
    states, closed_states, held, closed_held = found
    return states, closed_states, held, closed_held


async def leant_on(session: WriteSession, ids: Sequence[UUID]) -> set[UUID]:
    """Those of `ids` that other organisations are a part of or were merged into."""
    mine = literal(list(ids))
    parents = select(OrganisationState.parent_id).where(
        OrganisationState.parent_id == func.any(mine),
        OrganisationState.organisation_id != func.all(mine),
        OrganisationState.status != "created_in_error",
        current(OrganisationState),
    )
    successors = select(OrganisationSuccession.successor_id).where(
        OrganisationSuccession.successor_id == func.any(mine), func.upper_inf(OrganisationSuccession.recorded)
    )
    return {row for row in await session.scalars(parents.union(successors)) if row is not None}


async def _owned(
    session: WriteSession,
    model: type[OrganisationState] | type[OrganisationIdentifier],
    ids: Sequence[UUID],
    condition: ColumnElement[bool],
) -> Owned:
    table = model.__table__
    kept = [column for column in table.c if column.name not in ("valid", "recorded")]
    days = (func.lower(model.valid).label("valid_from"), func.upper(model.valid).label("valid_until"))
    query = (
        select(*kept, *days)
        .where(model.organisation_id == func.any(literal(list(ids))), condition)
        .order_by(model.organisation_id, func.lower(model.valid).nulls_first())
    )
    found: Owned = {}
    for row in (await session.execute(query)).mappings():
        found.setdefault(row["organisation_id"], []).append(dict(row))
    return found


async def insert(session: WriteSession, ids: Sequence[tuple[UUID, bool]], *, now: datetime) -> None:
    """New identities, each with whether it is synthetic."""
    columns = ("id", "is_synthetic", "version", "created_at", "updated_at")
    await _copy(session, "organisations", columns, ((id_, synthetic, 1, now, now) for id_, synthetic in ids))


async def restate(
    session: WriteSession, *, closed: Sequence[UUID], states: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """Close states that are no longer believed and write down those that are."""
    moment = await _close(session, OrganisationState, closed, now=now)
    await _copy(
        session,
        "organisation_states",
        _STATE_COLUMNS,
        (
            (
                new_id(),
                state["organisation_id"],
                *(state[name] for name in (*COLUMNS, "status", *DERIVED)),
                _days(state),
                asyncpg.Range(moment, None),
            )
            for state in states
        ),
    )


async def reidentify(
    session: WriteSession, *, closed: Sequence[UUID], identifiers: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """Close identifiers that are no longer believed and write down those that are."""
    moment = await _close(session, OrganisationIdentifier, closed, now=now)
    await _copy(
        session,
        "organisation_identifiers",
        _IDENTIFIER_COLUMNS,
        (
            (
                new_id(),
                row["organisation_id"],
                row["scheme"],
                row["value"],
                row["value_key"],
                _days(row),
                asyncpg.Range(moment, None),
            )
            for row in identifiers
        ),
    )


async def touch(session: WriteSession, ids: Sequence[UUID], *, now: datetime) -> None:
    """Count one more change of each."""
    await touch_many(session, ids, now=now)


async def _close(
    session: WriteSession,
    model: type[OrganisationState] | type[OrganisationIdentifier],
    ids: Sequence[UUID],
    *,
    now: datetime,
) -> datetime:
    """The moment from which something else is believed: now, unless a clock went back."""
    if not ids:
        return now
    rows = model.id == func.any(literal(list(ids)))
    latest = await session.scalar(select(func.max(func.lower(model.recorded))).where(rows))
    moment = max(now, latest + _MICROSECOND) if latest else now
    closing: Update = update(model).where(rows).values(recorded=func.tstzrange(func.lower(model.recorded), moment))
    await session.execute(closing, execution_options={"synchronize_session": False})
    return moment


async def _copy(session: WriteSession, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    connection = await driver_connection(session)
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH)):
        await connection.copy_records_to_table(table, columns=columns, records=batch)


def _days(row: Mapping[str, Any]) -> asyncpg.Range:
    return asyncpg.Range(row["valid_from"], row["valid_until"])
