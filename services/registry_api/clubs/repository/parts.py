"""Clubs of schools: as a part of the statements of other capabilities, and those of one school."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, bindparam, literal, or_, select

from services.registry_api.clubs.models import ClubCount, ClubProvider
from shared.db.sessions import AnySession


@lru_cache(maxsize=1)
def taking_vouchers() -> Select[Any]:
    """Organisations that provide clubs for the voucher on the day bound as `on`, or in which such clubs were held."""
    on: ColumnElement[date] = bindparam("on", type_=Date)
    takes = (ClubProvider.accepts_social_wallet, *_at_work(on))
    own = select(ClubProvider.organisation_id).where(ClubProvider.organisation_id.is_not(None), *takes)
    held = select(ClubCount.school_id).join(ClubProvider, ClubProvider.id == ClubCount.provider_id)
    found = own.union(held.where(*takes, ClubCount.month <= on)).subquery()
    return select(found.c[0])


async def of_school(session: AnySession, organisation_id: UUID, *, on: date, limit: int) -> Sequence[ClubProvider]:
    """Providers that are this organisation or have held clubs in it, and that work on a day, by name."""
    held = select(ClubCount.provider_id).where(ClubCount.school_id == organisation_id, ClubCount.month <= on)
    query = (
        select(ClubProvider)
        .where(or_(ClubProvider.organisation_id == organisation_id, ClubProvider.id.in_(held)), *_at_work(literal(on)))
        .order_by(ClubProvider.accepts_social_wallet.desc(), ClubProvider.sort_key, ClubProvider.id)
        .limit(limit)
    )
    return (await session.scalars(query)).all()


def _at_work(on: ColumnElement[date]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        or_(ClubProvider.works_from.is_(None), ClubProvider.works_from <= on),
        or_(ClubProvider.works_until.is_(None), ClubProvider.works_until >= on),
    )
