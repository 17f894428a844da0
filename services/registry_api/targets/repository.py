"""Every SQL statement about targets."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, and_, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, Range
from sqlalchemy.orm import aliased

from services.registry_api.targets.models import Target, TargetState
from shared.db import bitemporal, keyset
from shared.db.idempotency import fingerprint
from shared.db.sessions import AnySession, WriteSession
from shared.ids import new_id

KEYS = (keyset.Key(TargetState.target_id.expression),)
_ONE_PAGE_OF_PARTS = 1000
_MOST_STATED = 50
"""Targets that say different things about one subject."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which targets a list has."""

    on: date
    known_at: datetime | None = None
    indicator: str | None = None
    scopes: Sequence[str] | None = None
    """Codes of areas and ids of organisations; None is everywhere."""
    parent: UUID | None = None
    status: str | None = None
    authoritative: bool | None = None
    conflict: bool | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A target on a day: its state, its version, and whether others disagree with it."""

    state: TargetState
    version: int
    conflict: bool


def _disagreeing(on: date, known_at: datetime | None) -> ColumnElement[bool]:
    """Another target stands that says something else for the same indicator, scope and date.

    A date that was not said may be any. An aspiration and a promise are different things, and so do not disagree.
    """
    other = aliased(TargetState)
    differs = or_(
        other.comparator != TargetState.comparator,
        other.value_low != TargetState.value_low,
        other.value_high.is_distinct_from(TargetState.value_high),
    )
    return and_(
        TargetState.status == "stated",
        exists().where(
            other.indicator_code == TargetState.indicator_code,
            other.scope_key == TargetState.scope_key,
            other.target_id != TargetState.target_id,
            other.status == "stated",
            (other.qualifier == "aspiration") == (TargetState.qualifier == "aspiration"),
            or_(other.due.is_(None), TargetState.due.is_(None), other.due == TargetState.due),
            differs,
            bitemporal.as_of(other, on, known_at),
        ),
    )


def _on_a_day(on: date, known_at: datetime | None) -> Select[TargetState, int, bool]:
    return (
        select(TargetState, Target.version, _disagreeing(on, known_at).label("conflict"))
        .join(Target, Target.id == TargetState.target_id)
        .where(bitemporal.as_of(TargetState, on, known_at))
    )


async def page(session: AnySession, wanted: Wanted, *, after: Sequence[Any] | None, limit: int) -> list[Row]:
    """Targets in the order in which they were recorded."""
    statement = (
        _on_a_day(wanted.on, wanted.known_at).where(*_filters(wanted)).order_by(*keyset.order_by(KEYS)).limit(limit)
    )
    if after is not None:
        statement = statement.where(keyset.after(KEYS, after))
    return [Row(*row) for row in await session.execute(statement)]


async def count(session: AnySession, wanted: Wanted) -> int:
    """How many the list has."""
    statement = (
        select(func.count())
        .select_from(TargetState)
        .where(bitemporal.as_of(TargetState, wanted.on, wanted.known_at), *_filters(wanted))
    )
    return await session.scalar(statement) or 0


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.indicator is not None:
        conditions.append(TargetState.indicator_code == wanted.indicator)
    if wanted.scopes is not None:
        conditions.append(TargetState.scope_key == func.any(literal(list(wanted.scopes), ARRAY(Text))))
    if wanted.parent is not None:
        conditions.append(TargetState.parent_id == wanted.parent)
    if wanted.status is not None:
        conditions.append(TargetState.status == wanted.status)
    if wanted.authoritative is not None:
        conditions.append(TargetState.authoritative.is_(wanted.authoritative))
    if wanted.conflict is not None:
        disagreeing = _disagreeing(wanted.on, wanted.known_at)
        conditions.append(disagreeing if wanted.conflict else ~disagreeing)
    return conditions


async def find(
    session: AnySession, target_ids: Collection[UUID], *, on: date, known_at: datetime | None = None
) -> dict[UUID, Row]:
    """These targets on a day; those that said nothing then are left out."""
    statement = _on_a_day(on, known_at).where(TargetState.target_id == func.any(literal(list(target_ids))))
    return {row[0].target_id: Row(*row) for row in await session.execute(statement)}


async def nearest(session: AnySession, target_id: UUID, *, on: date, known_at: datetime | None) -> Row | None:
    """A target on a day or, before its first day, as it was first stated."""
    if found := (await find(session, [target_id], on=on, known_at=known_at)).get(target_id):
        return found
    states = await bitemporal.history(session, TargetState, {"target_id": target_id}, known_at=known_at)
    if not states:
        return None
    first = states[0].valid.lower or on
    return (await find(session, [target_id], on=first, known_at=known_at)).get(target_id)


async def agreeing_or_not(session: AnySession, state: TargetState, *, on: date, known_at: datetime | None) -> list[Row]:
    """All targets that stand for the indicator, scope and date of one, itself among them, of the same firmness."""
    conditions = [
        TargetState.indicator_code == state.indicator_code,
        TargetState.scope_key == state.scope_key,
        TargetState.status == "stated",
    ]
    firm = TargetState.qualifier != "aspiration"
    conditions.append(~firm if state.qualifier == "aspiration" else firm)
    if state.due is not None:
        conditions.append(or_(TargetState.due.is_(None), TargetState.due == state.due))
    statement = _on_a_day(on, known_at).where(*conditions).order_by(TargetState.target_id).limit(_MOST_STATED)
    return [Row(*row) for row in await session.execute(statement)]


async def parts(session: AnySession, target_id: UUID, *, on: date, known_at: datetime | None) -> list[TargetState]:
    """The targets that stand under one."""
    statement = (
        select(TargetState)
        .where(
            TargetState.parent_id == target_id,
            TargetState.status == "stated",
            bitemporal.as_of(TargetState, on, known_at),
        )
        .order_by(TargetState.scope_key, TargetState.target_id)
        .limit(_ONE_PAGE_OF_PARTS)
    )
    return list(await session.scalars(statement))


async def with_parts(
    session: AnySession, target_ids: Collection[UUID], *, on: date, known_at: datetime | None
) -> set[UUID]:
    """Those of `target_ids` that have targets under them."""
    statement = select(TargetState.parent_id).where(
        TargetState.parent_id == func.any(literal(list(target_ids))),
        TargetState.status == "stated",
        bitemporal.as_of(TargetState, on, known_at),
    )
    return {one for one in await session.scalars(statement) if one is not None}


async def above(session: AnySession, target_id: UUID, *, on: date) -> list[UUID]:
    """The target and those it is a part of, from it upwards."""
    base = select(TargetState.target_id, TargetState.parent_id, literal(1).label("depth")).where(
        TargetState.target_id == target_id, bitemporal.as_of(TargetState, on)
    )
    chain = base.cte("chain", recursive=True)
    upper = aliased(TargetState)
    chain = chain.union_all(
        select(upper.target_id, upper.parent_id, chain.c.depth + 1).where(
            upper.target_id == chain.c.parent_id, bitemporal.as_of(upper, on), chain.c.depth < 20
        )
    )
    return [row.target_id for row in await session.execute(select(chain.c.target_id).order_by(chain.c.depth))]


async def history(session: AnySession, target_id: UUID, *, known_at: datetime | None) -> Sequence[TargetState]:
    """All states of a target."""
    return await bitemporal.history(session, TargetState, {"target_id": target_id}, known_at=known_at)


async def lock(session: WriteSession, target_id: UUID) -> Target | None:
    """The target, for a change."""
    return await session.get(Target, target_id, with_for_update=True, populate_existing=True)


async def lock_subject(session: WriteSession, indicator_code: str, scope_key: str) -> None:
    """Let one transaction at a time say what is authoritative for a subject."""
    number = int.from_bytes(fingerprint(b"target", indicator_code.encode(), scope_key.encode())[:8], signed=True)
    await session.execute(select(func.pg_advisory_xact_lock(number)))


async def to_go_by(
    session: WriteSession, state: Mapping[str, Any], *, since: date | None, besides: UUID
) -> UUID | None:
    """Another authoritative target of the same indicator, scope and date that stands on some day from `since` on."""
    statement = (
        select(TargetState.target_id)
        .where(
            TargetState.indicator_code == state["indicator_code"],
            TargetState.scope_key == state["scope_key"],
            func.coalesce(TargetState.due, "") == (state["due"] or ""),
            TargetState.target_id != besides,
            TargetState.authoritative,
            TargetState.status == "stated",
            bitemporal.during(TargetState, since or date.min, None),
        )
        .limit(1)
    )
    found: UUID | None = await session.scalar(statement)
    return found


async def add(
    session: WriteSession, target_id: UUID, state: Mapping[str, Any], *, since: date | None, now: datetime
) -> None:
    """A new target with its first state."""
    session.add(Target(id=target_id, created_at=now, updated_at=now))
    await session.flush()
    row = TargetState(id=new_id(), target_id=target_id, valid=Range(since, None), **state)
    await bitemporal.record(session, row, now=now)


async def amend(
    session: WriteSession, target: Target, changes: Mapping[str, Any], *, since: date, now: datetime
) -> bool:
    """Change a target from a day on; whether anything changed. Raises `NothingToAmendError`."""
    rows = await bitemporal.amend(session, TargetState, {"target_id": target.id}, changes, valid_from=since, now=now)
    changed = any(row.recorded.lower is not None and row.recorded.lower >= now for row in rows)
    if changed:
        target.updated_at = now
        await session.flush()
    return changed


async def of_organisations(session: AnySession, organisation_ids: Collection[UUID], *, on: date) -> list[TargetState]:
    """Targets that stand for these organisations on a day or later."""
    statement = (
        select(TargetState)
        .where(
            TargetState.organisation_id == func.any(literal(list(organisation_ids))),
            TargetState.status == "stated",
            bitemporal.during(TargetState, on, None),
        )
        .order_by(TargetState.target_id, func.lower(TargetState.valid).nulls_first())
    )
    return list(await session.scalars(statement))


async def recorded_at(session: AnySession, moment: datetime) -> list[UUID]:
    """Targets of organisations of which something was recorded at exactly that moment."""
    statement = (
        select(TargetState.target_id)
        .where(TargetState.organisation_id.is_not(None), func.lower(TargetState.recorded) == moment)
        .distinct()
        .order_by(TargetState.target_id)
    )
    return list(await session.scalars(statement))


async def known(session: AnySession, target_ids: Collection[UUID]) -> set[UUID]:
    """Those of `target_ids` that are targets."""
    return set(await session.scalars(select(Target.id).where(Target.id == func.any(literal(list(target_ids))))))
