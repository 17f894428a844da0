"""Every SQL statement about organisations: one at a time here, lists in `listing`, thousands in `bulk`."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, DateTime, bindparam, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import Range, distinct_on
from sqlalchemy.orm import aliased
from sqlalchemy.orm.attributes import flag_modified

from services.registry_api.organisations.attributes import COLUMNS
from services.registry_api.organisations.models import (
    AnnouncedDay,
    Organisation,
    OrganisationIdentifier,
    OrganisationState,
    OrganisationSuccession,
)
from shared.db import bitemporal
from shared.db.bitemporal import as_of, current
from shared.db.sessions import AnySession, WriteSession

_DEEPEST = 16


def _state_columns() -> list[Any]:
    return [
        Organisation.id,
        Organisation.is_synthetic,
        Organisation.version,
        *(getattr(OrganisationState, name) for name in COLUMNS),
        OrganisationState.status,
        OrganisationState.school_number,
        func.lower(OrganisationState.valid).label("valid_from"),
        func.upper(OrganisationState.valid).label("valid_until"),
        func.lower(OrganisationState.recorded).label("recorded_at"),
        func.upper(OrganisationState.recorded).label("superseded_at"),
    ]


_JOINED = select(*_state_columns()).join(OrganisationState, OrganisationState.organisation_id == Organisation.id)
_ON: ColumnElement[bool] = OrganisationState.valid.op("@>")(bindparam("on", type_=Date))
_KNOWN: ColumnElement[bool] = OrganisationState.recorded.op("@>")(bindparam("known_at", type_=DateTime(timezone=True)))
_ON_A_DAY = _JOINED.where(Organisation.id == bindparam("id"), _ON, current(OrganisationState))
_ON_A_DAY_AS_KNOWN = _JOINED.where(Organisation.id == bindparam("id"), _ON, _KNOWN)
_NEAREST = (
    _JOINED.where(Organisation.id == bindparam("id"), current(OrganisationState))
    .order_by(_ON.desc(), func.lower(OrganisationState.valid))
    .limit(1)
)
_NEAREST_AS_KNOWN = (
    _JOINED.where(Organisation.id == bindparam("id"), _KNOWN)
    .order_by(_ON.desc(), func.lower(OrganisationState.valid))
    .limit(1)
)


async def state(
    session: AnySession, organisation_id: UUID, *, on: date, known_at: datetime | None = None, nearest: bool = False
) -> Mapping[str, Any] | None:
    """The organisation on a day; with `nearest` the first state known when there is none on that day."""
    values: dict[str, Any] = {"id": organisation_id, "on": on}
    if known_at is None:
        query = _NEAREST if nearest else _ON_A_DAY
    else:
        query = _NEAREST_AS_KNOWN if nearest else _ON_A_DAY_AS_KNOWN
        values["known_at"] = known_at
    row = (await session.execute(query, values)).mappings().first()
    return dict(row) if row is not None else None


async def states(
    session: AnySession, organisation_id: UUID, *, known_at: datetime | None = None, superseded: bool = False
) -> list[Mapping[str, Any]]:
    """All states in the order of their days, with `superseded` also those that are no longer believed."""
    query = _JOINED.where(Organisation.id == organisation_id).order_by(
        func.lower(OrganisationState.valid).nulls_first(), func.lower(OrganisationState.recorded)
    )
    if known_at is not None:
        query = query.where(OrganisationState.recorded.op("@>")(literal(known_at)))
    elif not superseded:
        query = query.where(current(OrganisationState))
    return [dict(row) for row in (await session.execute(query)).mappings()]


async def nearest(session: AnySession, ids: Sequence[UUID], *, on: date) -> list[Mapping[str, Any]]:
    """Each organisation on a day or, failing that, as it is first known."""
    query = (
        _JOINED.where(OrganisationState.organisation_id == func.any(literal(list(ids))), current(OrganisationState))
        .ext(distinct_on(OrganisationState.organisation_id))
        .order_by(
            OrganisationState.organisation_id,
            OrganisationState.valid.op("@>")(literal(on)).desc(),
            func.lower(OrganisationState.valid),
        )
    )
    return [dict(row) for row in (await session.execute(query)).mappings()]


async def some(session: AnySession, ids: Sequence[UUID], *, on: date) -> list[Mapping[str, Any]]:
    """The organisations with these ids on a day, by name."""
    query = _JOINED.where(Organisation.id.in_(ids), as_of(OrganisationState, on))
    rows = await session.execute(query.order_by(OrganisationState.sort_kk, Organisation.id))
    return [dict(row) for row in rows.mappings()]


async def parts(session: AnySession, organisation_id: UUID, *, on: date, limit: int) -> list[Mapping[str, Any]]:
    """Branches and sub-units on a day, by name."""
    query = _JOINED.where(
        OrganisationState.parent_id == organisation_id,
        OrganisationState.status != "created_in_error",
        as_of(OrganisationState, on),
    )
    rows = await session.execute(query.order_by(OrganisationState.sort_kk, Organisation.id).limit(limit))
    return [dict(row) for row in rows.mappings()]


async def lock(session: WriteSession, organisation_id: UUID) -> Organisation | None:
    """The identity, which nobody else changes until this transaction ends."""
    query = select(Organisation).where(Organisation.id == organisation_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def timeline(session: WriteSession, organisation_id: UUID) -> Sequence[OrganisationState]:
    """The states that are believed now, in the order of their days."""
    return await bitemporal.history(session, OrganisationState, {"organisation_id": organisation_id})


async def add(
    session: WriteSession,
    organisation: Organisation,
    state: Mapping[str, Any],
    identifiers: Sequence[OrganisationIdentifier],
    *,
    valid_from: date,
    now: datetime,
) -> None:
    """A new organisation with its first state and its identifiers."""
    session.add(organisation)
    await session.flush()
    row = OrganisationState(organisation_id=organisation.id, valid=Range(valid_from, None), **state)
    await bitemporal.record(session, row, now=now)
    for identifier in identifiers:
        await bitemporal.record(session, identifier, now=now)


async def amend(
    session: WriteSession,
    organisation_id: UUID,
    changes: Mapping[str, Any],
    *,
    valid_from: date,
    valid_to: date | None,
    now: datetime,
) -> bool:
    """Change a part of the life of an organisation; whether anything was changed."""
    rows = await bitemporal.amend(
        session,
        OrganisationState,
        {"organisation_id": organisation_id},
        changes,
        valid_from=valid_from,
        valid_to=valid_to,
        now=now,
    )
    return any(row.takes_the_place_of is not None for row in rows)


def identifier(
    organisation_id: UUID, *, scheme: str, value: str | None, key: str, valid_from: date
) -> OrganisationIdentifier:
    """An identifier that is in force from a day on."""
    return OrganisationIdentifier(
        organisation_id=organisation_id, scheme=scheme, value=value, value_key=key, valid=Range(valid_from, None)
    )


async def give(session: WriteSession, identifier: OrganisationIdentifier, *, now: datetime) -> None:
    """From its first day on, this is the organisation's identifier of that scheme."""
    await bitemporal.replace(session, identifier, ("organisation_id", "scheme"), now=now)


async def withdraw_identifiers(session: WriteSession, organisation_id: UUID, *, now: datetime) -> None:
    """It never had any."""
    rows = await session.scalars(
        select(OrganisationIdentifier.scheme).where(
            OrganisationIdentifier.organisation_id == organisation_id, current(OrganisationIdentifier)
        )
    )
    for scheme in sorted(set(rows)):
        owner = {"organisation_id": organisation_id, "scheme": scheme}
        await bitemporal.end(session, OrganisationIdentifier, owner, valid_from=date.min, now=now)


def _identifier_columns() -> list[Any]:
    return [
        OrganisationIdentifier.organisation_id,
        OrganisationIdentifier.scheme,
        OrganisationIdentifier.value,
        OrganisationIdentifier.value_key,
        func.lower(OrganisationIdentifier.valid).label("valid_from"),
        func.upper(OrganisationIdentifier.valid).label("valid_until"),
    ]


async def identifiers(
    session: AnySession, ids: Sequence[UUID], *, on: date | None = None, known_at: datetime | None = None
) -> list[Mapping[str, Any]]:
    """Identifiers of organisations, of one day or of all, by scheme and time."""
    query = (
        select(*_identifier_columns())
        .where(OrganisationIdentifier.organisation_id == func.any(literal(list(ids))))
        .order_by(
            OrganisationIdentifier.organisation_id,
            OrganisationIdentifier.scheme,
            func.lower(OrganisationIdentifier.valid).nulls_first(),
        )
    )
    if known_at is None:
        query = query.where(current(OrganisationIdentifier))
    else:
        query = query.where(OrganisationIdentifier.recorded.op("@>")(literal(known_at)))
    if on is not None:
        query = query.where(OrganisationIdentifier.valid.op("@>")(literal(on)))
    return [dict(row) for row in (await session.execute(query)).mappings()]


async def holders(
    session: AnySession, scheme: str, key: str, *, on: date | None = None, known_at: datetime | None = None
) -> list[Mapping[str, Any]]:
    """Who has or had an identifier, the latest first."""
    query = (
        select(*_identifier_columns())
        .where(
            OrganisationIdentifier.scheme == scheme,
            OrganisationIdentifier.value_key == key,
            current(OrganisationIdentifier)
            if known_at is None
            else OrganisationIdentifier.recorded.op("@>")(literal(known_at)),
        )
        .order_by(func.lower(OrganisationIdentifier.valid).desc().nulls_last())
    )
    if on is not None:
        query = query.where(OrganisationIdentifier.valid.op("@>")(literal(on)))
    return [dict(row) for row in (await session.execute(query)).mappings()]


async def exist(session: AnySession, ids: Sequence[UUID], *, on: date) -> dict[UUID, str]:
    """Those of `ids` that are organisations, with their status on a day or, failing that, as first known."""
    query = (
        select(OrganisationState.organisation_id, OrganisationState.status)
        .ext(distinct_on(OrganisationState.organisation_id))
        .where(OrganisationState.organisation_id == func.any(literal(list(ids))), current(OrganisationState))
        .order_by(
            OrganisationState.organisation_id,
            OrganisationState.valid.op("@>")(literal(on)).desc(),
            func.lower(OrganisationState.valid),
        )
    )
    return {row.organisation_id: row.status for row in await session.execute(query)}


async def is_above(session: AnySession, organisation_id: UUID, *, of: UUID) -> bool:
    """Whether one comes to `organisation_id` when going up from `of`, on whatever days."""
    up = (
        select(OrganisationState.parent_id.label("id"), literal(1).label("height"))
        .where(OrganisationState.organisation_id == of, current(OrganisationState))
        .cte("up", recursive=True)
    )
    above = aliased(OrganisationState)
    up = up.union(
        select(above.parent_id, up.c.height + 1)
        .join(up, above.organisation_id == up.c.id)
        .where(func.upper_inf(above.recorded), above.parent_id.is_not(None), up.c.height < _DEEPEST)
    )
    return bool(await session.scalar(select(select(up.c.id).where(up.c.id == organisation_id).exists())))


async def is_leant_on(session: AnySession, organisation_id: UUID) -> bool:
    """Whether another organisation is a part of this one or was merged into it."""
    children = select(OrganisationState.id).where(
        OrganisationState.parent_id == organisation_id,
        OrganisationState.status != "created_in_error",
        current(OrganisationState),
    )
    merged = select(OrganisationSuccession.id).where(
        OrganisationSuccession.successor_id == organisation_id, func.upper_inf(OrganisationSuccession.recorded)
    )
    return bool(await session.scalar(select(or_(children.exists(), merged.exists()))))


async def touch(session: WriteSession, organisation: Organisation, *, now: datetime) -> None:
    """Count one more change of the organisation."""
    organisation.updated_at = now
    flag_modified(organisation, "updated_at")  # a clock that stands still must not hide a change
    await session.flush()


async def touch_many(session: WriteSession, ids: Sequence[UUID], *, now: datetime) -> None:
    """Count one more change of each."""
    await session.execute(
        update(Organisation)
        .where(Organisation.id == func.any(literal(list(ids))))
        .values(version=Organisation.version + 1, updated_at=now),
        execution_options={"synchronize_session": False},
    )


async def try_lock(session: WriteSession, number: int) -> bool:
    """Whether nobody else holds this lock; held until the transaction ends."""
    return bool(await session.scalar(select(func.pg_try_advisory_xact_lock(number))))


async def last_announced(session: WriteSession) -> date | None:
    """The last day whose beginning was told."""
    found: date | None = await session.scalar(select(func.max(AnnouncedDay.day)))
    return found


async def mark_announced(session: WriteSession, day: date, *, now: datetime) -> None:
    session.add(AnnouncedDay(day=day, announced_at=now))
    await session.flush()


async def beginning(session: WriteSession, *, after: date, until: date) -> list[tuple[UUID, str]]:
    """Organisations of which something else is true on `until` than on `after`, with their status now."""
    query = select(OrganisationState.organisation_id, OrganisationState.status).where(
        as_of(OrganisationState, until), func.lower(OrganisationState.valid) > after
    )
    rows = await session.execute(query.order_by(OrganisationState.organisation_id))
    return [(row.organisation_id, row.status) for row in rows]


async def beginning_identifiers(session: WriteSession, *, after: date, until: date) -> list[UUID]:
    """Organisations that have an identifier on `until` which they did not have on `after`."""
    query = select(OrganisationIdentifier.organisation_id).where(
        as_of(OrganisationIdentifier, until), func.lower(OrganisationIdentifier.valid) > after
    )
    return list(await session.scalars(query.distinct().order_by(OrganisationIdentifier.organisation_id)))
