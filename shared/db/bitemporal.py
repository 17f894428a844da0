"""Facts with two times: when they hold in the world (`valid`) and when we knew them so (`recorded`).

Nothing is overwritten and nothing is deleted. A change closes `recorded` of the rows it supersedes and adds rows that
are known from now on; a row whose `recorded` is open is what we hold true today.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar, cast

from sqlalchemy import CheckConstraint, ColumnElement, Select, and_, func, inspect, literal, or_, select, text
from sqlalchemy.dialects.postgresql import DATERANGE, TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.idempotency import fingerprint
from shared.db.sessions import AnySession, WriteSession


class Bitemporal:
    """Two columns of a model whose rows are states of an owner; its table needs `no_overlap` and `never_empty`."""

    valid: Mapped[Range[date]] = mapped_column(DATERANGE(), sort_order=80)
    recorded: Mapped[Range[datetime]] = mapped_column(TSTZRANGE(), sort_order=81)

    takes_the_place_of = cast(Any, None)
    """The row whose place a new one takes, as long as it is in memory: the audit trail tells the difference."""
    is_replaced = False
    """Other rows take the place of this one, so its closing needs no word of its own."""
    is_remainder = False
    """It continues, outside the period of a change, what the replaced row said."""


M = TypeVar("M", bound=Bitemporal)
_TICK = timedelta(microseconds=1)


class NothingToAmendError(LookupError):
    """No state of the owner holds in the period that was to be changed."""


class NewerStandsError(RuntimeError):
    """What was to be taken back is no longer the last thing recorded of the owner."""


def no_overlap(*owner: str, name: str) -> ExcludeConstraint:
    """The database's own promise: an owner has at most one state a day among those held true. Needs `btree_gist`."""
    return ExcludeConstraint(
        *((column, "=") for column in owner),
        ("valid", "&&"),
        name=name,
        using="gist",
        where=text("upper_inf(recorded)"),
    )


def never_empty() -> CheckConstraint:
    """An empty period overlaps nothing, so it would slip through `no_overlap`."""
    return CheckConstraint("NOT isempty(valid) AND NOT isempty(recorded)", name="periods_not_empty")


def current(model: type[Bitemporal]) -> ColumnElement[bool]:
    """Rows that we hold true now, of all days."""
    return func.upper_inf(model.recorded)


def as_of(
    model: type[Bitemporal], on: date | ColumnElement[date], known_at: datetime | None = None
) -> ColumnElement[bool]:
    """Rows that hold on a day, as we know it now or as we knew it at `known_at`."""
    day = literal(on) if isinstance(on, date) else on
    return and_(model.valid.op("@>")(day), _known(model, known_at))


def during(
    model: type[Bitemporal], first: date, end: date | None, known_at: datetime | None = None
) -> ColumnElement[bool]:
    """Rows that hold on some day from `first` up to but not including `end`."""
    window = literal(Range(first, end), DATERANGE())
    return and_(model.valid.op("&&")(window), _known(model, known_at))


async def history(
    session: AnySession, model: type[M], owner: Mapping[str, Any], *, known_at: datetime | None = None
) -> Sequence[M]:
    """All states of an owner in the order of the days they hold."""
    query = select(model).where(*_owned(model, owner), _known(model, known_at)).order_by(func.lower(model.valid))
    return (await session.scalars(query)).all()


async def record(session: WriteSession, row: M, *, now: datetime) -> M:
    """Add a state in a period where the owner has none; the database refuses it where there is one."""
    row.recorded = Range(now, None)
    session.add(row)
    await session.flush()
    return row


async def amend(
    session: WriteSession,
    model: type[M],
    owner: Mapping[str, Any],
    changes: Mapping[str, Any],
    *,
    valid_from: date,
    valid_to: date | None = None,
    now: datetime,
) -> list[M]:
    """Change some attributes for the days from `valid_from` up to but not including `valid_to`.

    States that reach beyond the period keep their attributes outside it; days without a state stay without one.
    Gives the states of the period as they now are. Raises `NothingToAmendError` if it has none.
    """
    window = Range(valid_from, valid_to)
    overlapping = await _lock(session, model, owner, window)
    if not overlapping:
        raise NothingToAmendError(model.__name__)
    changing = [row for row in overlapping if _differs(row, changes)]
    pieces = [
        _Piece(row, part, changes if inside else {}, is_remainder=not inside, instead=row)
        for row in changing
        for part, inside in _split(row.valid, window)
    ]
    added = await _supersede(session, changing, pieces, now=now)
    kept = [row for row in overlapping if row not in changing]
    return sorted([*kept, *(row for row in added if row.valid.overlaps(window))], key=_first_day)


async def replace(session: WriteSession, row: M, owner: Sequence[str], *, now: datetime) -> M:
    """Make `row` the owner's one state in its period, whatever was held true there before."""
    model = type(row)
    overlapping = await _lock(session, model, {name: getattr(row, name) for name in owner}, row.valid)
    pieces = _outside(overlapping, row.valid, is_remainder=True)
    if overlapping:
        row.takes_the_place_of = overlapping[-1]
    await _supersede(session, overlapping, pieces, now=now, also=row)
    return row


async def end(
    session: WriteSession, model: type[M], owner: Mapping[str, Any], *, valid_from: date, now: datetime
) -> list[M]:
    """From that day on the owner has no state. Gives the states that were cut short."""
    window = Range(valid_from, None)
    overlapping = await _lock(session, model, owner, window)
    pieces = _outside(overlapping, window, is_remainder=False)
    return await _supersede(session, overlapping, pieces, now=now)


async def take_back(
    session: WriteSession, model: type[M], owner: Mapping[str, Any], *, recorded_at: datetime, now: datetime
) -> list[M]:
    """Undo what was recorded of the owner at exactly `recorded_at`: what was held true before is held true again.

    Gives the states that came back: copies, recorded from `now` on, for what was known in between stays known.
    The owner may be told by fewer attributes than `no_overlap` names: then all those owners at once. Nothing recorded
    then, or taken back already, is nothing to do. Raises `NewerStandsError` unless the same is held true now as right
    after that moment; what came later and was itself taken back is not in the way.
    """
    await _lock_owner(session, model, owner)
    last = recorded_at - _TICK
    query: Select[M] = (
        select(model)
        .where(*_owned(model, owner), or_(current(model), _known(model, recorded_at), _known(model, last)))
        .order_by(func.lower(model.valid))
        .execution_options(populate_existing=True)
    )
    rows = (await session.scalars(query)).all()
    before = {_content(row): row for row in rows if row.recorded.contains(last)}
    after = {_content(row) for row in rows if row.recorded.contains(recorded_at)}
    stands = {_content(row): row for row in rows if row.recorded.upper is None}
    if before.keys() in (after, stands.keys()):
        return []
    if stands.keys() != after:
        raise NewerStandsError(model.__name__)
    opened = [row for content, row in stands.items() if content not in before]
    back = [
        _Piece(row, row.valid, {}, False, instead=next((one for one in opened if one.valid.overlaps(row.valid)), None))
        for content, row in before.items()
        if content not in after
    ]
    return await _supersede(session, opened, back, now=max(now, recorded_at + _TICK))


@dataclass(frozen=True, slots=True)
class _Piece:
    """A row to come: the attributes of one that is closed, some of them changed, in some period."""

    of: Any
    valid: Range[date]
    changes: Mapping[str, Any]
    is_remainder: bool
    instead: Any
    """The row held true until now whose place it takes, if there is one."""


def _known(model: type[Bitemporal], known_at: datetime | None) -> ColumnElement[bool]:
    return current(model) if known_at is None else model.recorded.op("@>")(literal(known_at))


def _owned(model: type[Bitemporal], owner: Mapping[str, Any]) -> Iterable[ColumnElement[bool]]:
    return (getattr(model, name) == value for name, value in owner.items())


async def _lock_owner(session: WriteSession, model: type[Bitemporal], owner: Mapping[str, Any]) -> None:
    # Locking the rows is not enough: a second writer that waited for them would not see those the first one added.
    parts = [model.__name__, *(f"{name}={value}" for name, value in sorted(owner.items()))]
    number = int.from_bytes(fingerprint(*(part.encode() for part in parts))[:8], signed=True)
    await session.execute(select(func.pg_advisory_xact_lock(number)))


async def _lock(session: WriteSession, model: type[M], owner: Mapping[str, Any], window: Range[date]) -> Sequence[M]:
    await _lock_owner(session, model, owner)
    query: Select[M] = (
        select(model)
        .where(*_owned(model, owner), current(model), model.valid.op("&&")(literal(window, DATERANGE())))
        .order_by(func.lower(model.valid))
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(query)).all()


def _split(period: Range[date], window: Range[date]) -> list[tuple[Range[date], bool]]:
    """The parts of `period` before, inside and after `window`, and whether each is the one inside."""
    parts: list[tuple[Range[date], bool]] = []
    if window.lower is not None and (period.lower is None or period.lower < window.lower):
        parts.append((Range(period.lower, window.lower), False))
    parts.append((period.intersection(window), True))
    if window.upper is not None and (period.upper is None or period.upper > window.upper):
        parts.append((Range(window.upper, period.upper), False))
    return parts


def _outside(rows: Sequence[M], window: Range[date], *, is_remainder: bool) -> list[_Piece]:
    return [
        _Piece(row, part, {}, is_remainder, instead=row)
        for row in rows
        for part, inside in _split(row.valid, window)
        if not inside
    ]


def _differs(row: Bitemporal, changes: Mapping[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in changes.items())


def _first_day(row: Bitemporal) -> date:
    return row.valid.lower or date.min


async def _supersede(
    session: WriteSession, rows: Sequence[M], pieces: Sequence[_Piece], *, now: datetime, also: M | None = None
) -> list[M]:
    # A clock that stands still or goes back must not make a row that was never known.
    moment = max([now, *(row.recorded.lower + _TICK for row in rows if row.recorded.lower)])
    left = {id(piece.instead) for piece in pieces}
    for row in rows:
        row.is_replaced = id(row) in left or also is not None
        row.recorded = Range(row.recorded.lower, moment)
    await session.flush()  # closed before the new rows come, or they would overlap
    added: list[M] = [_copy(piece, moment) for piece in pieces]
    if also is not None:
        also.recorded = Range(moment, None)
        session.add(also)
    session.add_all(added)
    await session.flush()
    return added


def _values(row: Bitemporal) -> dict[str, Any]:
    return {
        attribute.key: getattr(row, attribute.key)
        for attribute in inspect(type(row)).column_attrs
        if not (column := attribute.columns[0]).primary_key and column.computed is None
    }


def _content(row: Bitemporal) -> str:
    """What a state says, whenever it was recorded."""
    return repr({name: value for name, value in _values(row).items() if name != "recorded"})


def _copy(piece: _Piece, moment: datetime) -> Any:
    values = {**_values(piece.of), **piece.changes, "valid": piece.valid, "recorded": Range(moment, None)}
    row = type(piece.of)(**values)
    row.takes_the_place_of = piece.instead
    row.is_remainder = piece.is_remainder
    return row
