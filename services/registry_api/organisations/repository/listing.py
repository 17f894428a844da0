"""Lists of organisations: one statement for each shape of question, built once, filled with values each time."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    DateTime,
    Float,
    Integer,
    Label,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    func,
    null,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.types import NullType

from services.registry_api.areas import service as areas
from services.registry_api.organisations.models import Organisation, OrganisationState
from services.registry_api.organisations.queries import Word
from services.registry_api.organisations.repository import searching
from services.registry_api.organisations.repository.searching import WordShape
from shared.db import keyset
from shared.db.bitemporal import current
from shared.db.sessions import AnySession

SortField = Literal["relevance", "name", "number", "capacity", "distance", "registered"]
EARTH_RADIUS_KM = 6371.0088
_KM_PER_DEGREE = math.pi * EARTH_RADIUS_KM / 180
_ALL_ROUND = 360.0

_ATTRIBUTES = (
    "type",
    "kind",
    "status",
    "name_kk",
    "name_ru",
    "name_en",
    "short_name_kk",
    "short_name_ru",
    "short_name_en",
    "school_number",
    "ownership",
    "levels",
    "languages_of_instruction",
    "setting",
    "multigrade",
    "boarding",
    "selective",
    "shift_count",
    "design_capacity",
    "area_code",
    "latitude",
    "longitude",
    "head_held",
    "head_since",
    "programme_tags",
    "parent_id",
)
COLUMNS = ("id", "is_synthetic", *_ATTRIBUTES, "valid_from", "valid_until", "distance_km")
"""What a row of a list begins with."""
Listed = Sequence[Any]
_ONE_OF = ("type", "kind", "ownership", "setting", "status", "head_held")
FACETS: Mapping[str, str] = {
    "type": "type",
    "kind": "kind",
    "ownership": "ownership",
    "setting": "setting",
    "status": "status",
    "language": "languages_of_instruction",
    "area": "area_code",
    "shift": "shift_count",
    "programme": "programme_tags",
}
"""What can be counted, and the column it is counted by."""
_OF_SEVERAL = frozenset({"language", "programme"})


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is sorted."""

    fields: tuple[tuple[SortField, bool], ...]
    """Each with whether it is turned round."""
    russian: bool = False
    """By Russian names in place of Kazakh ones."""


@dataclass(frozen=True, slots=True)
class Among:
    """Organisations that another capability knows something of."""

    ids: Select[Any]
    """A part of the statement: their ids. Always the same object for the same question, values being bound."""
    values: Mapping[str, Any]
    tag: str | None = None
    """Whoever bears this programme tag is one of them too."""
    absent: bool = False
    """Whether the others are asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which organisations are asked for; what is None or empty does not matter."""

    on: date
    known_at: datetime | None = None
    words: tuple[Word, ...] = ()
    one_of: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Allowed values by column: type, kind, ownership, setting, status, head_held."""
    not_in_status: Sequence[str] = ()
    area: str | None = None
    """In this area or in one under it."""
    languages: Sequence[str] = ()
    programme: str | None = None
    shifts: Sequence[int] = ()
    least_capacity: int | None = None
    most_capacity: int | None = None
    parent_id: UUID | None = None
    among: tuple[Among, ...] = ()
    """All of these have to have it."""
    near: tuple[float, float] | None = None
    """Latitude and longitude."""
    radius_km: float = 0
    box: tuple[float, float, float, float] | None = None
    """West, south, east, north."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a statement depends on: everything but the values."""

    words: tuple[WordShape, ...]
    one_of: tuple[str, ...]
    flags: frozenset[str]
    among: tuple[tuple[Select[Any], str | None, bool], ...]


def _shape(wanted: Wanted) -> _Shape:
    present = {
        "known_at": wanted.known_at is not None,
        "not_in_status": bool(wanted.not_in_status),
        "area": wanted.area is not None,
        "languages": bool(wanted.languages),
        "programme": wanted.programme is not None,
        "shifts": bool(wanted.shifts),
        "least_capacity": wanted.least_capacity is not None,
        "most_capacity": wanted.most_capacity is not None,
        "parent_id": wanted.parent_id is not None,
        "near": wanted.near is not None,
        "box": wanted.box is not None,
    }
    return _Shape(
        words=searching.shape(wanted.words),
        one_of=tuple(name for name in _ONE_OF if wanted.one_of.get(name)),
        flags=frozenset(name for name, there in present.items() if there),
        among=tuple((one.ids, one.tag, one.absent) for one in wanted.among),
    )


def _values(wanted: Wanted) -> dict[str, Any]:
    values: dict[str, Any] = {
        "on": wanted.on,
        "known_at": wanted.known_at,
        "not_in_status": list(wanted.not_in_status),
        "area": wanted.area,
        "languages": list(wanted.languages),
        "programme": [wanted.programme],
        "shifts": list(wanted.shifts),
        "least_capacity": wanted.least_capacity,
        "most_capacity": wanted.most_capacity,
        "parent_id": wanted.parent_id,
        **searching.values(wanted.words),
    }
    for one in wanted.among:
        values |= one.values
    values |= {f"one_of_{name}": list(allowed) for name, allowed in wanted.one_of.items() if allowed}
    if wanted.near is not None:
        latitude, longitude = wanted.near
        height = wanted.radius_km / _KM_PER_DEGREE
        shrunk = math.cos(math.radians(min(89.9, abs(latitude) + height)))
        width = min(_ALL_ROUND, height / shrunk)
        values |= {
            "latitude": latitude,
            "longitude": longitude,
            "radius_km": wanted.radius_km,
            "near_south": latitude - height,
            "near_north": latitude + height,
            "near_west": longitude - width,
            "near_east": longitude + width,
        }
    if wanted.box is not None:
        values |= dict(zip(("west", "south", "east", "north"), wanted.box, strict=True))
    return values


def _distance() -> ColumnElement[float]:
    """Kilometres along the great circle (haversine)."""
    latitude, longitude = bindparam("latitude", type_=Float), bindparam("longitude", type_=Float)
    half_height = func.radians(OrganisationState.latitude - latitude) / 2
    half_width = func.radians(OrganisationState.longitude - longitude) / 2
    squared = func.power(func.sin(half_height), 2) + func.cos(func.radians(latitude)) * func.cos(
        func.radians(OrganisationState.latitude)
    ) * func.power(func.sin(half_width), 2)
    return cast(2 * EARTH_RADIUS_KM * func.asin(func.sqrt(func.least(1.0, squared))), Float)


def _list_of(name: str) -> ColumnElement[Any]:
    return bindparam(name, type_=ARRAY(Text))


def _conditions(shape: _Shape) -> list[ColumnElement[bool]]:
    state = OrganisationState
    found: list[ColumnElement[bool]] = [state.valid.op("@>")(bindparam("on", type_=Date))]
    if "known_at" in shape.flags:
        found.append(state.recorded.op("@>")(bindparam("known_at", type_=DateTime(timezone=True))))
    else:
        found.append(current(state))
    found.extend(searching.conditions(shape.words, known="known_at" in shape.flags))
    found.extend(getattr(state, name) == func.any(_list_of(f"one_of_{name}")) for name in shape.one_of)
    if "not_in_status" in shape.flags:
        found.append(state.status != func.all(_list_of("not_in_status")))
    if "area" in shape.flags:
        inside = areas.under_code(known="known_at" in shape.flags)
        found.append(state.area_code == func.any(func.array(inside.scalar_subquery())))
    if "languages" in shape.flags:
        found.append(state.languages_of_instruction.op("&&")(_list_of("languages")))
    if "programme" in shape.flags:
        found.append(state.programme_tags.op("@>")(_list_of("programme")))
    if "shifts" in shape.flags:
        found.append(state.shift_count == func.any(bindparam("shifts", type_=ARRAY(Integer))))
    if "least_capacity" in shape.flags:
        found.append(state.design_capacity >= bindparam("least_capacity", type_=Integer))
    if "most_capacity" in shape.flags:
        found.append(state.design_capacity <= bindparam("most_capacity", type_=Integer))
    for ids, tag, absent in shape.among:
        one_of_them = state.organisation_id == func.any(func.array(ids.scalar_subquery()))
        if tag is not None:
            one_of_them = or_(one_of_them, state.programme_tags.op("@>")(cast([tag], ARRAY(Text))))
        found.append(~one_of_them if absent else one_of_them)
    if "parent_id" in shape.flags:
        found.append(state.parent_id == bindparam("parent_id", type_=Uuid))
    if "near" in shape.flags:
        found.append(state.latitude.between(_degrees("near_south"), _degrees("near_north")))
        turned = (state.longitude + turn for turn in (0.0, _ALL_ROUND, -_ALL_ROUND))
        found.append(or_(*(there.between(_degrees("near_west"), _degrees("near_east")) for there in turned)))
        found.append(_distance() <= _degrees("radius_km"))
    if "box" in shape.flags:
        found.append(state.latitude.between(_degrees("south"), _degrees("north")))
        west, east = state.longitude >= _degrees("west"), state.longitude <= _degrees("east")
        over_the_date_line = and_(_degrees("west") > _degrees("east"), or_(west, east))
        found.append(or_(and_(west, east), over_the_date_line))
    return found


def _degrees(name: str) -> ColumnElement[float]:
    return bindparam(name, type_=Float)


@lru_cache(maxsize=512)
def _keys(order: Order, words: tuple[WordShape, ...]) -> tuple[keyset.Key, ...]:
    columns: Mapping[SortField, tuple[ColumnElement[Any], bool]] = {
        "relevance": (searching.relevance(words), False),
        "name": (OrganisationState.__table__.c["sort_ru" if order.russian else "sort_kk"], False),
        "number": (OrganisationState.__table__.c.school_number, True),
        "capacity": (OrganisationState.__table__.c.design_capacity, True),
        "distance": (_distance(), False),
    }
    keys = [
        keyset.Key(columns[name][0], descending=turned, nullable=columns[name][1])
        for name, turned in order.fields
        if name in columns
    ]
    last = next((turned for name, turned in order.fields if name == "registered"), None)
    # Identifiers are ordered by the time they were made. The last key turns with the others, so that an index serves.
    turned = last if last is not None else bool(keys) and all(key.descending for key in keys)
    return (*keys, keyset.Key(OrganisationState.__table__.c.organisation_id, descending=turned))


def _sort_columns(keys: Sequence[keyset.Key]) -> list[Label[Any]]:
    return [key.column.label(f"key_{place}") for place, key in enumerate(keys)]


def _as_it_comes(column: Any) -> Any:
    """Lists are lists already when the driver gives them; SQLAlchemy would copy each, at a fifth of a page's cost."""
    return type_coerce(column, NullType()).label(column.key) if isinstance(column.type, ARRAY) else column


@lru_cache(maxsize=512)
def _page_statement(shape: _Shape, order: Order) -> Select[Any]:
    state = OrganisationState
    keys = _keys(order, shape.words)
    # A subquery in place of a join: PostgreSQL asks it after sorting and cutting, for the rows of the page only.
    is_synthetic = select(Organisation.is_synthetic).where(Organisation.id == state.organisation_id).scalar_subquery()
    distance = _distance() if "near" in shape.flags else cast(null(), Float)
    columns: list[Any] = [
        # As text already: JSON would ask of each of the driver's own kind of UUID what it is.
        cast(state.organisation_id, Text).label("id"),
        is_synthetic.label("is_synthetic"),
        *(_as_it_comes(getattr(state, name)) for name in _ATTRIBUTES),
        func.lower(state.valid).label("valid_from"),
        func.upper(state.valid).label("valid_until"),
        distance.label("distance_km"),
        *_sort_columns(keys),
    ]
    return (
        select(*columns)
        .where(*_conditions(shape))
        .order_by(*keyset.order_by(keys))
        .limit(bindparam("limit", literal_execute=True, type_=Integer))
    )


@lru_cache(maxsize=512)
def _count_statement(shape: _Shape) -> Select[Any]:
    return select(func.count()).select_from(OrganisationState).where(*_conditions(shape))


@lru_cache(maxsize=512)
def _facet_statement(shape: _Shape, facet: str) -> Select[Any]:
    column = OrganisationState.__table__.c[FACETS[facet]]
    value: ColumnElement[Any] = func.unnest(column) if facet in _OF_SEVERAL else cast(column, Text)
    counted = select(value.label("value"), func.count().label("count")).where(*_conditions(shape))
    return counted.group_by(value).order_by(func.count().desc(), value)


async def page(
    session: AnySession, wanted: Wanted, order: Order, *, after: Sequence[Any] | None, limit: int
) -> Sequence[Listed]:
    """Organisations in order, one more than `limit` if there are more.

    Rows as the driver gives them, in the order of `COLUMNS` and then the keys of the order: objects or dictionaries
    of fifty rows cost as much as all else that is done for a page.
    """
    query = _page_statement(_shape(wanted), order)
    if after is not None:
        *others, last = after
        keys = _keys(order, searching.shape(wanted.words))
        query = query.where(keyset.after(keys, [*others, UUID(str(last))]))
    connection = await session.connection()
    result = await connection.execute(query, {**_values(wanted), "limit": limit + 1})
    rows: Sequence[Listed] = result.all()
    return rows


def position(row: Listed) -> Sequence[Any]:
    """Where a list goes on after this row."""
    return row[len(COLUMNS) :]


def depth(order: Order) -> int:
    """How many keys a position in this order has."""
    return len(_keys(order, ()))


async def count(session: AnySession, wanted: Wanted) -> int:
    """How many there are."""
    return int(await session.scalar(_count_statement(_shape(wanted)), _values(wanted)) or 0)


async def facet(session: AnySession, wanted: Wanted, name: str) -> list[dict[str, Any]]:
    """How many there are of each value, the most frequent first."""
    rows = await session.execute(_facet_statement(_shape(wanted), name), _values(wanted))
    return [dict(row) for row in rows.mappings()]
