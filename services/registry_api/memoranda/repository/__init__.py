"""Every SQL statement about memoranda, their parties, steps and signatures."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm.attributes import flag_modified

from services.registry_api.memoranda.models import (
    Memorandum,
    MemorandumParty,
    MemorandumSignature,
    MemorandumState,
    MemorandumTransition,
)
from services.registry_api.memoranda.rules import Place
from shared.db import bitemporal
from shared.db.bitemporal import current
from shared.db.sessions import AnySession, WriteSession
from shared.ids import new_id

MOST_STEPS = 1000


async def lock(session: WriteSession, memorandum_id: UUID) -> Memorandum | None:
    """The identity, which nobody else changes until this transaction ends."""
    query = select(Memorandum).where(Memorandum.id == memorandum_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def add(
    session: WriteSession,
    memorandum: Memorandum,
    state: Mapping[str, Any],
    *,
    since: date,
    now: datetime,
) -> None:
    """A new memorandum with its first state."""
    session.add(memorandum)
    await session.flush()
    row = MemorandumState(memorandum_id=memorandum.id, valid=Range(since, None), **state)
    await bitemporal.record(session, row, now=now)


async def timeline(session: WriteSession, memorandum_id: UUID) -> Sequence[MemorandumState]:
    """The states that are believed now, in the order of their days."""
    return await bitemporal.history(session, MemorandumState, {"memorandum_id": memorandum_id})


async def amend(
    session: WriteSession, memorandum_id: UUID, changes: Mapping[str, Any], *, valid_from: date, now: datetime
) -> bool:
    """Change attributes from a day on; whether anything was changed."""
    rows = await bitemporal.amend(
        session, MemorandumState, {"memorandum_id": memorandum_id}, changes, valid_from=valid_from, now=now
    )
    return any(row.takes_the_place_of is not None for row in rows)


async def touch(session: WriteSession, memorandum: Memorandum, *, now: datetime) -> None:
    """Count one more change."""
    memorandum.updated_at = now
    flag_modified(memorandum, "updated_at")  # a clock that stands still must not hide a change
    await session.flush()


async def parties_since(session: AnySession, memorandum_id: UUID, *, since: date) -> list[MemorandumParty]:
    """Parties that stand on that day or later, as it is believed now."""
    query = (
        select(MemorandumParty)
        .where(
            MemorandumParty.memorandum_id == memorandum_id,
            current(MemorandumParty),
            or_(func.upper_inf(MemorandumParty.valid), func.upper(MemorandumParty.valid) > since),
        )
        .order_by(MemorandumParty.party_id, func.lower(MemorandumParty.valid))
    )
    return list(await session.scalars(query))


async def add_party(
    session: WriteSession, memorandum_id: UUID, columns: Mapping[str, Any], *, since: date, now: datetime
) -> UUID:
    """One more party from a day on; its id."""
    party_id = new_id()
    row = MemorandumParty(party_id=party_id, memorandum_id=memorandum_id, valid=Range(since, None), **columns)
    await bitemporal.record(session, row, now=now)
    return party_id


async def amend_party(
    session: WriteSession,
    party_id: UUID,
    changes: Mapping[str, Any],
    *,
    valid_from: date,
    valid_to: date | None = None,
    now: datetime,
) -> bool:
    """Change a party for some days; whether anything was changed."""
    rows = await bitemporal.amend(
        session,
        MemorandumParty,
        {"party_id": party_id},
        changes,
        valid_from=valid_from,
        valid_to=valid_to,
        now=now,
    )
    return any(row.takes_the_place_of is not None for row in rows)


async def end_party(session: WriteSession, party_id: UUID, *, valid_from: date, now: datetime) -> None:
    """From that day on it is no party."""
    await bitemporal.end(session, MemorandumParty, {"party_id": party_id}, valid_from=valid_from, now=now)


async def take_back_party(session: WriteSession, party_id: UUID, *, recorded_at: datetime, now: datetime) -> None:
    """What was recorded of the party at that moment was not."""
    await bitemporal.take_back(session, MemorandumParty, {"party_id": party_id}, recorded_at=recorded_at, now=now)


async def places(session: AnySession, organisation_ids: Collection[UUID], *, since: date) -> list[Place]:
    """Parties from a day on, of all memoranda where one of these organisations is a party, as it is believed now."""
    believed = and_(
        current(MemorandumParty),
        or_(func.upper_inf(MemorandumParty.valid), func.upper(MemorandumParty.valid) > since),
    )
    concerned = select(MemorandumParty.memorandum_id).where(
        MemorandumParty.organisation_id == func.any(literal(list(organisation_ids))), believed
    )
    query = (
        select(MemorandumParty.party_id, MemorandumParty.memorandum_id, MemorandumParty.organisation_id)
        .where(MemorandumParty.memorandum_id.in_(concerned), MemorandumParty.organisation_id.is_not(None), believed)
        .distinct()
        .order_by(MemorandumParty.memorandum_id, MemorandumParty.party_id)
    )
    return [Place(row.party_id, row.memorandum_id, row.organisation_id) for row in await session.execute(query)]


async def recorded_at(session: AnySession, moment: datetime) -> list[UUID]:
    """Parties of which something was written, or ended, at exactly that moment."""
    begun, ended = func.lower(MemorandumParty.recorded), func.upper(MemorandumParty.recorded)
    query = select(MemorandumParty.party_id).where(or_(begun == moment, ended == moment)).distinct()
    return list(await session.scalars(query.order_by(MemorandumParty.party_id)))


async def signed(session: AnySession, memorandum_id: UUID) -> set[UUID]:
    """Parties that have signed."""
    query = select(MemorandumSignature.party_id).where(MemorandumSignature.memorandum_id == memorandum_id)
    return set(await session.scalars(query))


async def sign(
    session: WriteSession,
    memorandum_id: UUID,
    party_ids: Collection[UUID],
    *,
    signed_on: str | None,
    effective_on: date,
    now: datetime,
) -> None:
    """Write down that these parties have signed."""
    session.add_all(
        MemorandumSignature(
            memorandum_id=memorandum_id,
            party_id=party_id,
            signed_on=signed_on,
            effective_on=effective_on,
            recorded_at=now,
        )
        for party_id in party_ids
    )
    await session.flush()


async def steps(session: AnySession, memorandum_id: UUID) -> list[MemorandumTransition]:
    """Every step, in their order."""
    query = (
        select(MemorandumTransition)
        .where(MemorandumTransition.memorandum_id == memorandum_id)
        .order_by(MemorandumTransition.number)
        .limit(MOST_STEPS)
    )
    return list(await session.scalars(query))


async def last_step(session: AnySession, memorandum_id: UUID) -> tuple[int, date]:
    """The number and the day of the last step."""
    query = (
        select(MemorandumTransition.number, MemorandumTransition.effective_on)
        .where(MemorandumTransition.memorandum_id == memorandum_id)
        .order_by(MemorandumTransition.number.desc())
        .limit(1)
    )
    row = (await session.execute(query)).one()
    return row.number, row.effective_on


async def take_step(session: WriteSession, memorandum: Memorandum, step: MemorandumTransition) -> None:
    """Add a step and let the memorandum stand where it leads."""
    session.add(step)
    memorandum.status = step.to_status
    memorandum.status_since = step.effective_on
    await session.flush()
