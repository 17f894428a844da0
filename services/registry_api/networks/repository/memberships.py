"""SQL statements about memberships: who belongs on a day, what a list shows, what stands in the way of another."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Select,
    String,
    Subquery,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    distinct,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from services.registry_api.networks.models import Membership, Network
from services.registry_api.networks.repository import brief_columns
from services.registry_api.networks.rules import EXPIRING_WITHIN_DAYS
from services.registry_api.organisations.facts import OrganisationState
from shared.db import bitemporal, keyset
from shared.db.bitemporal import as_of, current
from shared.db.sessions import AnySession

_SOON = timedelta(days=EXPIRING_WITHIN_DAYS)
GONE = ("closed", "merged", "created_in_error")
"""An organisation that is no more belongs to nothing, whatever its membership says."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which memberships are meant, seen from which day."""

    on: date
    known_at: datetime | None = None
    membership_id: UUID | None = None
    network: str | None = None
    """By its code; nobody belongs to a network that does not exist."""
    organisation_id: UUID | None = None
    mentor_id: UUID | None = None
    role: str | None = None
    areas: Sequence[str] | None = None
    status: str | None = None


_FIRST: ColumnElement[date] = type_coerce(func.lower(Membership.valid), Date)
_END: ColumnElement[date] = type_coerce(func.upper(Membership.valid), Date)


_DAY: ColumnElement[date] = bindparam("on", type_=Date)
_KNOWN_AT: ColumnElement[datetime] = bindparam("known_at", type_=DateTime(timezone=True))
_Shape = frozenset[str]
"""Which fields of `Wanted` are told: statements of one shape are built once and differ in values only."""


def _shape(wanted: Wanted) -> _Shape:
    return frozenset(field.name for field in fields(wanted) if getattr(wanted, field.name) is not None)


def _values(wanted: Wanted) -> dict[str, Any]:
    asked = {"active": ["active", "expiring"]}.get(wanted.status or "", [wanted.status])
    told = {field.name: getattr(wanted, field.name) for field in fields(wanted)}
    values = {name: value for name, value in told.items() if value is not None}
    soon = min(wanted.on, date.max - _SOON) + _SOON
    return values | {"soon": soon} | ({"status": asked} if wanted.status else {})


def _believed(model: Any, shape: _Shape) -> ColumnElement[bool]:
    return model.recorded.bool_op("@>")(_KNOWN_AT) if "known_at" in shape else func.upper_inf(model.recorded)


def _uuids(ids: Collection[UUID]) -> ColumnElement[Any]:
    return literal(list(ids), ARRAY(Uuid))


def _seen(shape: _Shape) -> Subquery:
    """Each membership once: the part that holds on the day, else the last before it, else the first behind it."""
    stay = Membership.membership_id
    holds = Membership.valid.bool_op("@>")(_DAY)
    endless = func.bool_or(func.upper_inf(Membership.valid)).over(partition_by=stay)
    begun = _DAY >= _FIRST
    nearest = case((begun, _FIRST - _DAY), else_=_DAY - _FIRST)
    conditions = [_believed(Membership, shape)]
    if "network" in shape:
        named = select(Network.id).where(Network.code == bindparam("network", type_=Text)).scalar_subquery()
        conditions.append(Membership.network_id == named)
    for name in sorted(shape & {"membership_id", "organisation_id", "role"}):
        column = Membership.__table__.c[name]
        conditions.append(column == bindparam(name, type_=column.type))
    query = select(
        *(column for column in Membership.__table__.c if column.key not in ("valid", "recorded")),
        holds.label("holds"),
        func.lower(Membership.recorded).label("recorded_at"),
        func.min(_FIRST).over(partition_by=stay).label("valid_from"),
        case((endless, null()), else_=func.max(_END).over(partition_by=stay)).label("valid_to"),
        func.row_number().over(partition_by=stay, order_by=(holds.desc(), begun.desc(), nearest.desc())).label("turn"),
    )
    return query.where(*conditions).subquery("seen")


@dataclass(frozen=True, slots=True)
class _Statement:
    query: Select[Any]
    keys: tuple[keyset.Key, ...]


@lru_cache(maxsize=256)
def _listing(shape: _Shape) -> _Statement:
    seen = _seen(shape)
    member, mentor = aliased(OrganisationState, name="member"), aliased(OrganisationState, name="mentor")
    status = case(
        (member.status.in_(GONE), "ended"),
        (and_(seen.c.holds, seen.c.valid_to <= bindparam("soon", type_=Date)), "expiring"),
        (seen.c.holds, "active"),
        (seen.c.valid_from > _DAY, "upcoming"),
        else_="ended",
    )
    # What is no longer there on the day has no name of that day, but the list must still name it: hence outer joins.
    query: Select[Any] = (
        select(
            seen,
            Network.code.label("network"),
            status.label("status"),
            member.sort_kk.label("sort_kk"),
            *brief_columns(member, "member_"),
            *brief_columns(mentor, "mentor_"),
        )
        .join(Network, Network.id == seen.c.network_id)
        .join(member, _stands(member, seen.c.organisation_id, shape), isouter=True)
        .join(mentor, _stands(mentor, seen.c.mentor_id, shape), isouter=True)
        .where(seen.c.turn == 1)
    )
    if "mentor_id" in shape:
        query = query.where(seen.c.mentor_id == bindparam("mentor_id", type_=Uuid))
    if "areas" in shape:
        query = query.where(member.area_code == func.any(bindparam("areas", type_=ARRAY(String(9)))))
    if "status" in shape:
        query = query.where(status == func.any(bindparam("status", type_=ARRAY(Text))))
    return _Statement(query, (keyset.Key(member.sort_kk.expression, nullable=True), keyset.Key(seen.c.membership_id)))


def _stands(state: Any, owner: ColumnElement[UUID], shape: _Shape) -> ColumnElement[bool]:
    return and_(state.organisation_id == owner, state.valid.bool_op("@>")(_DAY), _believed(state, shape))


async def page(
    session: AnySession, wanted: Wanted, *, after: Sequence[Any] | None, limit: int
) -> list[Mapping[str, Any]]:
    """Memberships in the Kazakh order of the members' names."""
    statement = _listing(_shape(wanted))
    query = statement.query.order_by(*keyset.order_by(statement.keys)).limit(limit)
    if after is not None:
        query = query.where(keyset.after(statement.keys, [after[0], UUID(str(after[1]))]))
    return [dict(row) for row in (await session.execute(query, _values(wanted))).mappings()]


async def one(
    session: AnySession, membership_id: UUID, *, on: date, known_at: datetime | None
) -> Mapping[str, Any] | None:
    """One membership, seen from a day."""
    wanted = Wanted(on=on, known_at=known_at, membership_id=membership_id)
    row = (await session.execute(_listing(_shape(wanted)).query, _values(wanted))).mappings().one_or_none()
    return None if row is None else dict(row)


async def count(session: AnySession, wanted: Wanted) -> int:
    """How many the list has."""
    listed = _listing(_shape(wanted)).query.subquery()
    return await session.scalar(select(func.count()).select_from(listed), _values(wanted)) or 0


def _belonging(network_ids: Collection[UUID], role: str | None, on: date, known_at: datetime | None) -> Select[Any]:
    query: Select[Any] = (
        select()
        .select_from(Membership)
        .join(
            OrganisationState,
            and_(
                OrganisationState.organisation_id == Membership.organisation_id,
                as_of(OrganisationState, on, known_at),
            ),
            isouter=True,
        )
        .where(
            Membership.network_id == func.any(_uuids(network_ids)),
            as_of(Membership, on, known_at),
            or_(OrganisationState.status.is_(None), OrganisationState.status.not_in(GONE)),
        )
    )
    # Who runs a network is no member of it, so coordinators count only when they are asked for.
    return query.where(Membership.role != "coordinator" if role is None else Membership.role == role)


async def by_area(
    session: AnySession, network_ids: Collection[UUID], *, role: str | None, on: date, known_at: datetime | None
) -> dict[str | None, int]:
    """How many organisations belong on a day, by the area they stand in; one in two roles is one."""
    place = OrganisationState.area_code
    query = _belonging(network_ids, role, on, known_at).add_columns(
        place, func.count(distinct(Membership.organisation_id))
    )
    return {row[0]: row[1] for row in await session.execute(query.group_by(place))}


async def members(
    session: AnySession,
    network_ids: Collection[UUID],
    *,
    role: str | None,
    areas: Sequence[str] | None,
    on: date,
    known_at: datetime | None,
) -> list[UUID]:
    """The organisations that belong on a day, in ascending order."""
    query = _belonging(network_ids, role, on, known_at).add_columns(Membership.organisation_id).distinct()
    if areas is not None:
        query = query.where(OrganisationState.area_code == func.any(literal(list(areas), ARRAY(String(9)))))
    return list(await session.scalars(query.order_by(Membership.organisation_id)))


async def network_of(session: AnySession, membership_id: UUID) -> Network | None:
    """The network a membership is of."""
    found = select(Membership.network_id).where(Membership.membership_id == membership_id).limit(1).scalar_subquery()
    return (await session.scalars(select(Network).where(Network.id == found))).one_or_none()


async def coordinators(
    session: AnySession,
    network_id: UUID,
    *,
    reaches: Sequence[str] | None,
    on: date,
    known_at: datetime | None,
) -> list[Mapping[str, Any]]:
    """Who coordinates on a day, by the code of what they coordinate; with `reaches`, only over those areas."""
    query = (
        _belonging([network_id], "coordinator", on, known_at)
        .add_columns(
            Membership.membership_id,
            Membership.organisation_id,
            Membership.area_code.label("reach"),
            *brief_columns(OrganisationState),
        )
        .order_by(Membership.area_code, Membership.membership_id)
    )
    if reaches is not None:
        query = query.where(Membership.area_code == func.any(literal(list(reaches), ARRAY(String(9)))))
    return [dict(row) for row in (await session.execute(query)).mappings()]


async def periods(session: AnySession, membership_id: UUID, *, known_at: datetime | None = None) -> list[Membership]:
    """The parts of a membership in the order of their days."""
    owner = {"membership_id": membership_id}
    return list(await bitemporal.history(session, Membership, owner, known_at=known_at))


async def standing(session: AnySession, stays: Collection[tuple[UUID, UUID, str]]) -> list[Membership]:
    """What is held true of these members: network, organisation and role, of all days."""
    if not stays:
        return []
    query = select(Membership).where(
        current(Membership),
        Membership.organisation_id == func.any(_uuids({organisation for _, organisation, _ in stays})),
        tuple_(Membership.network_id, Membership.organisation_id, Membership.role).in_(list(stays)),
    )
    return list(await session.scalars(query.order_by(func.lower(Membership.valid))))


async def of_organisations(session: AnySession, ids: Collection[UUID], *, since: date) -> list[Membership]:
    """What is held true of these organisations on some day from `since` on."""
    query = select(Membership).where(
        current(Membership),
        Membership.organisation_id == func.any(_uuids(ids)),
        func.coalesce(_END, date.max) > since,
    )
    return list(await session.scalars(query.order_by(Membership.membership_id, func.lower(Membership.valid))))


async def mentored_by(session: AnySession, ids: Collection[UUID], *, since: date) -> list[Membership]:
    """Memberships these organisations mentor on some day from `since` on."""
    query = select(Membership).where(
        current(Membership),
        Membership.mentor_id == func.any(_uuids(ids)),
        func.coalesce(_END, date.max) > since,
    )
    return list(await session.scalars(query.order_by(Membership.membership_id, func.lower(Membership.valid))))


async def recorded_at(session: AnySession, moment: datetime) -> list[UUID]:
    """The memberships of which something was written at exactly this moment."""
    query = select(Membership.membership_id).where(
        or_(func.lower(Membership.recorded) == moment, func.upper(Membership.recorded) == moment)
    )
    return sorted(set(await session.scalars(query)))
