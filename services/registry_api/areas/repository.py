"""Every SQL statement about areas."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    DateTime,
    Select,
    SQLColumnExpression,
    String,
    bindparam,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import Range, distinct_on
from sqlalchemy.dialects.postgresql import insert as insert_or_keep
from sqlalchemy.orm import aliased

from services.registry_api.areas.models import Area, AreaState
from services.registry_api.areas.rules import DEEPEST
from shared.db import keyset
from shared.db.bitemporal import as_of, current
from shared.db.sessions import AnySession, WriteSession
from shared.ids import new_id

KEYS = (keyset.Key(AreaState.__table__.c.code),)
_CLASSIFIER_LOCK = 0x4B41544F
"""«KATO»: whoever changes the classifier changes it alone."""
_MICROSECOND = timedelta(microseconds=1)
_ATTRIBUTES = ("parent_code", "level", "kind", "name_kk", "name_ru", "name_en")


@dataclass(frozen=True, slots=True)
class State:
    """What an area is, or is to be, for some days."""

    code: str
    parent_code: str | None
    level: int
    kind: str
    name_kk: str | None
    name_ru: str | None
    name_en: str | None
    search_key: str
    valid_from: date | None
    valid_until: date | None = None
    id: UUID | None = None

    def says_the_same(self, other: "State") -> bool:
        """Whether nothing but the days differs."""
        return all(getattr(self, name) == getattr(other, name) for name in _ATTRIBUTES)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which areas are to be listed."""

    parent: str | None = None
    level: int | None = None
    kind: str | None = None
    words: tuple[str, ...] = ()


def _columns(state: Any = AreaState) -> list[ColumnElement[Any]]:
    return [
        state.code,
        state.parent_code,
        state.level,
        state.kind,
        state.name_kk,
        state.name_ru,
        state.name_en,
        func.lower(state.valid).label("valid_from"),
        func.upper(state.valid).label("valid_until"),
    ]


def _matching(query: Select[Any], wanted: Wanted, *, on: date, known_at: datetime | None) -> Select[Any]:
    query = query.where(as_of(AreaState, on, known_at))
    if wanted.parent is not None:
        query = query.where(AreaState.parent_code == wanted.parent)
    if wanted.level is not None:
        query = query.where(AreaState.level == wanted.level)
    if wanted.kind is not None:
        query = query.where(AreaState.kind == wanted.kind)
    for word in wanted.words:
        query = query.where(AreaState.search_key.like(f"% {word}%"))  # a word has letters or digits only
    return query


async def page(
    session: AnySession,
    wanted: Wanted,
    *,
    on: date,
    known_at: datetime | None,
    after: Sequence[Any] | None,
    limit: int,
) -> list[Mapping[str, Any]]:
    """Areas in the order of their codes, one more than `limit` if there are more."""
    query = _matching(select(*_columns()), wanted, on=on, known_at=known_at)
    if after is not None:
        query = query.where(keyset.after(KEYS, after))
    rows = await session.execute(query.order_by(*keyset.order_by(KEYS)).limit(limit + 1))
    return [dict(row) for row in rows.mappings()]


async def count(session: AnySession, wanted: Wanted, *, on: date, known_at: datetime | None) -> int:
    query = _matching(select(func.count()).select_from(AreaState), wanted, on=on, known_at=known_at)
    return int(await session.scalar(query) or 0)


async def path(
    session: AnySession, code: str, *, on: date, known_at: datetime | None = None
) -> list[Mapping[str, Any]]:
    """The area and all above it, from the top down; empty if there was no such area."""
    here = select(*_columns(), literal(0).label("height")).where(AreaState.code == code, as_of(AreaState, on, known_at))
    up = here.cte("up", recursive=True)
    above = aliased(AreaState)
    step = (
        select(*_columns(above), (up.c.height + 1).label("height"))
        .join(up, above.code == up.c.parent_code)
        .where(as_of(above, on, known_at), up.c.height < DEEPEST)
    )
    up = up.union_all(step)
    rows = await session.execute(select(up).order_by(up.c.height.desc()))
    return [dict(row) for row in rows.mappings()]


async def children(session: AnySession, code: str, *, on: date, known_at: datetime | None) -> int:
    query = select(func.count()).where(AreaState.parent_code == code, as_of(AreaState, on, known_at))
    return int(await session.scalar(query) or 0)


async def subtree(session: AnySession, code: str, *, on: date, known_at: datetime | None) -> list[str]:
    """The code and all codes under it."""
    down = select(literal(code).label("code"), literal(0).label("depth")).cte("down", recursive=True)
    below = aliased(AreaState)
    step = (
        select(below.code, (down.c.depth + 1).label("depth"))
        .join(down, below.parent_code == down.c.code)
        .where(as_of(below, on, known_at), down.c.depth < DEEPEST)
    )
    down = down.union_all(step)
    return list(await session.scalars(select(down.c.code)))


def under_code(*, known: bool) -> Select[Any]:
    """A part of other statements: the code bound as `area` and all codes under it, on the day bound as `on`; with
    `known` as it was known at the moment bound as `known_at`."""
    here = select(bindparam("area", type_=String).label("code")).cte("under_code", recursive=True)
    return _with_all_under(here, known=known)


def under_names(
    name: str, condition: Callable[[SQLColumnExpression[str]], ColumnElement[bool]], *, known: bool
) -> Select[Any]:
    """A part of other statements: codes whose words meet a condition, and all codes under these; `name` tells the
    part from others of its kind in one statement."""
    here = select(AreaState.code).where(condition(AreaState.search_key), *_holding(AreaState, known=known))
    return _with_all_under(here.cte(name, recursive=True), known=known)


def _with_all_under(here: CTE, *, known: bool) -> Select[Any]:
    below = aliased(AreaState)
    step = select(below.code).join(here, below.parent_code == here.c.code).where(*_holding(below, known=known))
    down = here.union(step)  # what is there already is not added again, so a circle ends
    return select(down.c.code)


def _holding(state: Any, *, known: bool) -> list[ColumnElement[bool]]:
    on = state.valid.op("@>")(bindparam("on", type_=Date))
    if not known:
        return [on, func.upper_inf(state.recorded)]
    return [on, state.recorded.op("@>")(bindparam("known_at", type_=DateTime(timezone=True)))]


async def ever(session: AnySession, codes: Sequence[str], *, since: date) -> set[str]:
    """Those of `codes` that are in the classifier on some day from `since` on."""
    query = select(AreaState.code).where(
        AreaState.code.in_(codes),
        current(AreaState),
        func.coalesce(func.upper(AreaState.valid), date.max) > since,
    )
    return set(await session.scalars(query))


async def tree(session: AnySession, *, on: date) -> list[tuple[str, str | None, int, str]]:
    """Code, parent, level and kind of every area: what holds on that day, else the latest that is known."""
    query = (
        select(AreaState.code, AreaState.parent_code, AreaState.level, AreaState.kind)
        .ext(distinct_on(AreaState.code))
        .where(current(AreaState))
        .order_by(AreaState.code, AreaState.valid.op("@>")(literal(on)).desc(), func.upper(AreaState.valid).desc())
    )
    return [(row.code, row.parent_code, row.level, row.kind) for row in await session.execute(query)]


async def lock_classifier(session: WriteSession) -> None:
    """Wait until nobody else changes the classifier."""
    await session.execute(select(func.pg_advisory_xact_lock(_CLASSIFIER_LOCK)))


async def timelines(session: WriteSession, codes: Sequence[str]) -> dict[str, list[State]]:
    """All states of each code that are believed now, in the order of their days."""
    query = (
        select(AreaState.id, AreaState.search_key, *_columns())
        .where(AreaState.code == func.any(literal(list(codes))), current(AreaState))
        .order_by(AreaState.code, func.lower(AreaState.valid).nulls_first())
    )
    found: dict[str, list[State]] = {}
    for row in (await session.execute(query)).mappings():
        found.setdefault(row["code"], []).append(State(**row))
    return found


async def restate(
    session: WriteSession, *, closed: Sequence[UUID], states: Sequence[State], new_codes: Sequence[str], now: datetime
) -> None:
    """Close what is no longer believed and write down what is."""
    moment = now
    if closed:
        ids = AreaState.id == func.any(literal(list(closed)))
        latest = await session.scalar(select(func.max(func.lower(AreaState.recorded))).where(ids))
        moment = max(now, latest + _MICROSECOND) if latest else now
        closing = update(AreaState).where(ids).values(recorded=func.tstzrange(func.lower(AreaState.recorded), moment))
        await session.execute(closing, execution_options={"synchronize_session": False})
    if new_codes:
        rows = [{"code": code} for code in new_codes]
        await session.execute(insert_or_keep(Area).on_conflict_do_nothing(), rows)
    if states:
        await session.execute(insert(AreaState), [row_of(state, known_from=moment) for state in states])


def row_of(state: State, *, known_from: datetime) -> dict[str, Any]:
    """A state as a row of its table."""
    return {
        "id": new_id(),
        "code": state.code,
        **{name: getattr(state, name) for name in _ATTRIBUTES},
        "search_key": state.search_key,
        "valid": Range(state.valid_from, state.valid_until),
        "recorded": Range(known_from, None),
    }
