"""Pages that go on from the last row seen: the order, and the condition «behind that row»."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, SQLColumnExpression, UnaryExpression, and_, false, literal, or_, true, tuple_


@dataclass(frozen=True, slots=True)
class Key:
    """One column of a stable order. The last key of an order must be unique; nulls come last, whichever way."""

    column: SQLColumnExpression[Any]
    descending: bool = False
    nullable: bool = False


def order_by(keys: Sequence[Key]) -> list[UnaryExpression[Any]]:
    """The ORDER BY list that `after` continues."""
    return [_ordered(key) for key in keys]


def after(keys: Sequence[Key], values: Sequence[Any]) -> ColumnElement[bool]:
    """True for the rows behind the one whose keys had these `values`."""
    if not keys or len(keys) != len(values):
        raise ValueError("a position needs a value for each key of the order")
    if any(value is None and not key.nullable for key, value in zip(keys, values, strict=True)):
        raise ValueError("a key that is never null cannot have stopped at null")
    if len({key.descending for key in keys}) == 1 and not any(key.nullable for key in keys):
        return _row_comparison(keys, values)
    alternatives: list[ColumnElement[bool]] = []
    equal: list[ColumnElement[bool]] = []
    for key, value in zip(keys, values, strict=True):
        alternatives.append(and_(*equal, _behind(key, value)))
        equal.append(key.column.is_(None) if value is None else key.column == _bound(key, value))
    # The first key alone already bounds the scan of an index; the planner does not find that in the alternatives.
    return and_(or_(_behind(keys[0], values[0]), equal[0]), or_(*alternatives))


def _ordered(key: Key) -> UnaryExpression[Any]:
    if not key.descending:
        return key.column.asc()  # PostgreSQL puts nulls last by itself
    return key.column.desc().nulls_last() if key.nullable else key.column.desc()


def _row_comparison(keys: Sequence[Key], values: Sequence[Any]) -> ColumnElement[bool]:
    row = tuple_(*(key.column for key in keys))
    position = tuple_(*(_bound(key, value) for key, value in zip(keys, values, strict=True)))
    return row < position if keys[0].descending else row > position


def _behind(key: Key, value: Any) -> ColumnElement[bool]:
    if value is None:
        return false()
    beyond = key.column < _bound(key, value) if key.descending else key.column > _bound(key, value)
    return or_(beyond, key.column.is_(None)) if key.nullable else and_(true(), beyond)


def _bound(key: Key, value: Any) -> ColumnElement[Any]:
    # A mapped attribute has the type of its column too, but SQLAlchemy's annotations do not say so.
    return literal(value, cast(ColumnElement[Any], key.column).type)
