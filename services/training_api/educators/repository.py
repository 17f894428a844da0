"""Every SQL statement about educators and their employments."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Table, Uuid, any_, func, insert, literal, select
from sqlalchemy.dialects.postgresql import Range, distinct_on
from sqlalchemy.orm import aliased

from services.training_api.educators.models import Consent, Educator, Employment, PersonStep
from services.training_api.organisations import service as organisations
from services.training_api.organisations.service import Reach
from shared import alphabet
from shared.db import bulk, keyset
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.educators import EducatorQuery
from shared.schemas.training.privacy import PersonState

KEYS = (keyset.Key(Educator.__table__.c.sort_key), keyset.Key(Educator.__table__.c.id))
Pair = tuple[Educator, Employment]


def period(hired_on: date, left_on: date | None) -> Range[date]:
    """The days of an employment, the day of leaving not among them."""
    return Range(hired_on, left_on)


def _table(model: type[Educator] | type[Employment]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _latest() -> Any:
    """The present employment of a person, or the last one."""
    latest = (
        select(Employment)
        .where(Employment.educator_id == Educator.id)
        .order_by(func.lower(Employment.period).desc())
        .limit(1)
        .lateral("latest")
    )
    return aliased(Employment, latest)


async def find(session: AnySession, educator_id: UUID) -> Pair | None:
    latest = _latest()
    query = select(Educator, latest).join(latest, Educator.id == latest.educator_id).where(Educator.id == educator_id)
    row = (await session.execute(query)).one_or_none()
    return None if row is None else (row[0], row[1])


async def find_many(session: AnySession, educator_ids: Collection[UUID]) -> list[Educator]:
    return list(await session.scalars(select(Educator).where(Educator.id.in_(educator_ids))))


async def hold(session: WriteSession, educator_id: UUID) -> Pair | None:
    """The same, with the person's row held, so that two enrolments of one person follow one another."""
    latest = _latest()
    query = select(Educator, latest).join(latest, Educator.id == latest.educator_id).where(Educator.id == educator_id)
    row = (await session.execute(query.with_for_update(key_share=True, of=Educator))).one_or_none()
    return None if row is None else (row[0], row[1])


async def hold_many(session: WriteSession, educator_ids: Collection[UUID]) -> list[Pair]:
    """The same for many, held in the order of their ids."""
    latest = _latest()
    query = select(Educator, latest).join(latest, Educator.id == latest.educator_id)
    query = query.where(Educator.id.in_(educator_ids)).order_by(Educator.id)
    rows = await session.execute(query.with_for_update(key_share=True, of=Educator))
    return [(row[0], row[1]) for row in rows]


async def pairs(session: AnySession, educator_ids: Collection[UUID]) -> list[Pair]:
    """Persons with their present or last employments, not held."""
    latest = _latest()
    query = select(Educator, latest).join(latest, Educator.id == latest.educator_id)
    rows = await session.execute(query.where(Educator.id.in_(educator_ids)))
    return [(row[0], row[1]) for row in rows]


async def workplaces(session: AnySession, educator_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The present or last workplace of each person."""
    query = (
        select(Employment.educator_id, Employment.organisation_id)
        .ext(distinct_on(Employment.educator_id))
        .where(Employment.educator_id.in_(educator_ids))
        .order_by(Employment.educator_id, func.lower(Employment.period).desc())
    )
    return {row.educator_id: row.organisation_id for row in await session.execute(query)}


def _staffed(reach: Reach, *, organisation_id: UUID | None, area: str | None, on: date) -> Select[tuple[UUID]]:
    column = _table(Employment).c.organisation_id
    query = select(column).where(Employment.period.contains(on), organisations.within(column, reach))
    if organisation_id is not None:
        query = query.where(column == organisation_id)
    if area is not None:
        query = query.where(organisations.within(column, Reach(areas=frozenset({area}))))
    return query.distinct()


async def staffed(
    session: AnySession,
    reach: Reach,
    *,
    organisation_id: UUID | None,
    area: str | None,
    on: date,
    after: UUID | None,
    limit: int,
) -> list[UUID]:
    """Workplaces where somebody is employed on the day, by their ids."""
    column = _table(Employment).c.organisation_id
    query = _staffed(reach, organisation_id=organisation_id, area=area, on=on)
    if after is not None:
        query = query.where(column > after)
    return list(await session.scalars(query.order_by(column).limit(limit + 1)))


async def count_staffed(
    session: AnySession, reach: Reach, *, organisation_id: UUID | None, area: str | None, on: date
) -> int:
    workplaces = _staffed(reach, organisation_id=organisation_id, area=area, on=on).subquery()
    return int(await session.scalar(select(func.count()).select_from(workplaces)) or 0)


async def staff_on(session: AnySession, organisation_ids: Collection[UUID], on: date) -> Sequence[Any]:
    """Everybody employed at these workplaces on the day whose data may be used, as rows of what joining depends on:
    people by the thousand would be slow as objects."""
    query = (
        select(
            Educator.id,
            Employment.organisation_id,
            Employment.role,
            Employment.subjects,
            func.upper(Employment.period).label("left_on"),
            Educator.category,
            Educator.teaching_since,
        )
        .join(Employment, Employment.educator_id == Educator.id)
        .where(
            Employment.organisation_id.in_(organisation_ids),
            Employment.period.contains(on),
            Educator.state == PersonState.ACTIVE,
        )
    )
    return (await session.execute(query)).all()


async def hired_first(session: AnySession, educator_ids: Collection[UUID]) -> dict[UUID, date]:
    """The first day of the first employment that is known of each person."""
    ids = literal(list(educator_ids), ARRAY(Uuid))
    query = (
        select(Employment.educator_id, func.min(func.lower(Employment.period)))
        .where(Employment.educator_id == any_(ids))
        .group_by(Employment.educator_id)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def hashes_known(session: AnySession, hashes: Collection[bytes]) -> set[bytes]:
    """Those of the hashes that belong to somebody."""
    if not hashes:
        return set()
    found = await session.scalars(select(Educator.iin_hash).where(Educator.iin_hash.in_(hashes)))
    return {value for value in found if value is not None}


async def of_hashes(session: AnySession, reach: Reach, hashes: Collection[bytes]) -> list[tuple[bytes, UUID]]:
    latest = _latest()
    query = select(Educator.iin_hash, Educator.id).join(latest, Educator.id == latest.educator_id)
    query = query.where(Educator.iin_hash.in_(hashes), organisations.within(latest.organisation_id, reach))
    return [(row[0], row[1]) for row in await session.execute(query) if row[0] is not None]


async def of_sort_keys(session: AnySession, reach: Reach, sort_keys: Collection[str]) -> list[tuple[str, UUID]]:
    """Those who are at work, by the name they are sorted under."""
    latest = _latest()
    query = select(Educator.sort_key, Educator.id).join(latest, Educator.id == latest.educator_id)
    query = query.where(
        Educator.sort_key.in_(sort_keys),
        Educator.state == PersonState.ACTIVE,
        func.upper_inf(latest.period),
        organisations.within(latest.organisation_id, reach),
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


def _matching(query: Select[Any], latest: Any, wanted: EducatorQuery, reach: Reach) -> Select[Any]:
    query = query.where(organisations.within(latest.organisation_id, reach))
    if wanted.organisation_id is not None:
        query = query.where(latest.organisation_id == wanted.organisation_id, func.upper_inf(latest.period))
    if wanted.role is not None:
        query = query.where(latest.role == wanted.role)
    if wanted.subject is not None:
        query = query.where(latest.subjects.any(wanted.subject))
    if wanted.q:  # a name that may not be shown is not found either
        query = query.where(Educator.state == PersonState.ACTIVE)
    for word in alphabet.search_tokens(wanted.q or ""):
        query = query.where(Educator.search_key.contains(word, autoescape=True))
    return query


async def page(session: AnySession, wanted: EducatorQuery, reach: Reach, *, after: Sequence[Any] | None) -> list[Pair]:
    latest = _latest()
    query = select(Educator, latest).join(latest, Educator.id == latest.educator_id)
    query = _matching(query, latest, wanted, reach)
    if after is not None:
        query = query.where(keyset.after(KEYS, after))
    rows = await session.execute(query.order_by(*keyset.order_by(KEYS)).limit(wanted.limit + 1))
    return [(row[0], row[1]) for row in rows]


async def count(session: AnySession, wanted: EducatorQuery, reach: Reach) -> int:
    latest = _latest()
    query = select(func.count()).select_from(Educator).join(latest, Educator.id == latest.educator_id)
    return int(await session.scalar(_matching(query, latest, wanted, reach)) or 0)


async def add_many(session: WriteSession, pairs: Sequence[Pair]) -> None:
    """Write many persons at once, past the recorder of the audit trail."""
    for model, rows in ((Educator, [pair[0] for pair in pairs]), (Employment, [pair[1] for pair in pairs])):
        table = _table(model)
        columns = [column.name for column in table.columns]
        await bulk.copy_rows(session, table, columns, ([getattr(row, name) for name in columns] for row in rows))


async def add_consents(
    session: WriteSession, educator_ids: Sequence[UUID], *, agreed: bool = True, actor: str, now: datetime
) -> None:
    """The next entry of each person's history of consent."""
    if not educator_ids:
        return
    last = (
        select(func.coalesce(func.max(Consent.number), 0))
        .where(Consent.educator_id == Educator.id)
        .correlate(Educator)
        .scalar_subquery()
    )
    rows = select(Educator.id, last + 1, literal(agreed), literal(actor), literal(now)).where(
        Educator.id.in_(educator_ids)
    )
    columns = ["educator_id", "number", "consent_public", "actor", "recorded_at"]
    await session.execute(insert(Consent).from_select(columns, rows))


async def consents(session: AnySession, educator_id: UUID) -> Sequence[Consent]:
    query = select(Consent).where(Consent.educator_id == educator_id).order_by(Consent.number)
    return (await session.scalars(query)).all()


async def steps(session: AnySession, educator_id: UUID) -> Sequence[PersonStep]:
    query = select(PersonStep).where(PersonStep.educator_id == educator_id).order_by(PersonStep.number)
    return (await session.scalars(query)).all()


async def next_step(session: WriteSession, educator_id: UUID) -> int:
    query = select(func.count()).select_from(PersonStep).where(PersonStep.educator_id == educator_id)
    return int(await session.scalar(query) or 0) + 1
