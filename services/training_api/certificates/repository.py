"""Every SQL statement about certificates and the norm."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    DATE,
    ColumnElement,
    Select,
    Table,
    Uuid,
    and_,
    any_,
    cast,
    delete,
    false,
    func,
    literal,
    not_,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import Range, insert
from sqlalchemy.dialects.postgresql.ranges import MultiRange
from sqlalchemy.orm import aliased

from services.training_api.certificates.models import (
    Certificate,
    CertificateCounter,
    CertificateHolder,
    CertificateStep,
    NormRule,
)
from services.training_api.certificates.rules import LIST_FILL, LIST_LENGTH, VOIDING
from services.training_api.organisations import service as organisations
from services.training_api.organisations.service import Reach
from shared.db import bulk, keyset
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.certificates import (
    OWN_SOURCE,
    CertificateAction,
    CertificateKind,
    CertificateQuery,
    CertificateStatus,
)

_TABLE = Certificate.__table__
S = TypeVar("S", bound=Select[*tuple[Any, ...]])
_FORMER, _LATER = aliased(Certificate), aliased(Certificate)
_RUNNING = (CertificateStatus.ISSUED, CertificateStatus.SUSPENDED)
KEYS = (keyset.Key(_TABLE.c.issued_on, descending=True), keyset.Key(_TABLE.c.id, descending=True))


class Entry(NamedTuple):
    """A document, and the numbers of the one before it and the one after it."""

    certificate: Certificate
    supersedes: str | None
    superseded_by: str | None


def _entries() -> Select[Certificate, str, str]:
    return (
        select(Certificate, _FORMER.number, _LATER.number)
        .outerjoin(_FORMER, _FORMER.id == Certificate.supersedes_id)
        .outerjoin(_LATER, _LATER.supersedes_id == Certificate.id)
    )


async def numbers_given(session: AnySession, enrolment_ids: Collection[UUID]) -> dict[UUID, str]:
    """By enrolment, the number of the document that was not withdrawn."""
    query = select(Certificate.enrolment_id, Certificate.number).where(
        Certificate.enrolment_id.in_(enrolment_ids),
        Certificate.status.not_in((CertificateStatus.REVOKED, CertificateStatus.SUPERSEDED)),
    )
    return {row.enrolment_id: row.number for row in await session.execute(query)}


async def of_educators(session: AnySession, educator_ids: Collection[UUID], *, on: date) -> list[Certificate]:
    """The documents these persons had on that day and which held on it, the latest first."""
    query = select(Certificate).where(
        Certificate.educator_id == any_(literal(list(educator_ids), ARRAY(Uuid))),
        Certificate.issued_on <= on,
        ~Certificate.void.contains(cast(on, DATE)),
    )
    return list(await session.scalars(query.order_by(*keyset.order_by(KEYS))))


async def by_number(session: AnySession, number: str, *, source: str | None) -> Entry | None:
    """The document of that number; without a source ours, and if we gave no such number, another's."""
    query = _entries().where(Certificate.number == number)
    if source is not None:
        query = query.where(Certificate.source == source)
    ordered = query.order_by((Certificate.source == OWN_SOURCE).desc(), Certificate.source).limit(1)
    row = (await session.execute(ordered)).one_or_none()
    return None if row is None else Entry(*row)


async def by_id(session: AnySession, certificate_id: UUID) -> Entry:
    """A document that is known to be there."""
    return Entry(*(await session.execute(_entries().where(Certificate.id == certificate_id))).one())


async def by_ids(session: AnySession, certificate_ids: Collection[UUID]) -> dict[UUID, Entry]:
    """Documents by their ids."""
    found = await session.execute(_entries().where(Certificate.id.in_(certificate_ids)))
    return {row[0].id: Entry(*row) for row in found}


async def lock(session: WriteSession, certificate_id: UUID) -> Certificate | None:
    """The document as it is now, and as nobody else can change it until the transaction ends."""
    query = select(Certificate).where(Certificate.id == certificate_id).with_for_update(key_share=True)
    return await session.scalar(query.execution_options(populate_existing=True))


async def steps(session: AnySession, certificate_id: UUID) -> list[CertificateStep]:
    """What happened to a document, from the first."""
    query = select(CertificateStep).where(CertificateStep.certificate_id == certificate_id)
    return list(await session.scalars(query.order_by(CertificateStep.number)))


async def holder(session: AnySession, certificate_id: UUID) -> CertificateHolder | None:
    return await session.get(CertificateHolder, certificate_id)


async def forget_names(session: WriteSession, educator_id: UUID) -> int:
    """Delete the names on the documents of a person; how many."""
    of_person = select(Certificate.id).where(Certificate.educator_id == educator_id)
    gone = await session.execute(
        delete(CertificateHolder)
        .where(CertificateHolder.certificate_id.in_(of_person))
        .returning(CertificateHolder.certificate_id)
    )
    return len(gone.all())


async def lapsed(session: AnySession, *, today: date, limit: int) -> list[UUID]:
    """Documents that have run out and are not yet written down as expired, the longest so first."""
    query = select(Certificate.id).where(Certificate.valid_until <= today, Certificate.status.in_(_RUNNING))
    return list(await session.scalars(query.order_by(Certificate.valid_until).limit(limit)))


async def draw_places(session: WriteSession, how_many: int) -> list[tuple[int, int]]:
    """Free places in the status lists, drawn by lot: each a list and a position in it; by one transaction at a time."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("certificates.status_places", 0))))
    list_ = await lists_begun(session)
    used = int(await session.scalar(select(func.count()).where(Certificate.status_list == list_)) or 0)
    found: list[tuple[int, int]] = []
    while len(found) < how_many:
        if used >= LIST_FILL:
            list_, used = list_ + 1, 0
        drawn = {secrets.randbelow(LIST_LENGTH) for _ in range(min(how_many - len(found), LIST_FILL - used))}
        drawn -= {place for one, place in found if one == list_}
        taken = select(Certificate.status_position).where(
            Certificate.status_list == list_, Certificate.status_position.in_(drawn)
        )
        free = drawn - set(await session.scalars(taken))
        found.extend((list_, place) for place in free)
        used += len(free)
    return found


async def lists_begun(session: AnySession) -> int:
    """The number of the last status list that has a document."""
    return int(await session.scalar(select(func.coalesce(func.max(Certificate.status_list), 1))) or 1)


async def voided(session: AnySession, list_: int) -> list[tuple[int, CertificateStatus]]:
    """The places of a list whose documents are suspended, revoked or superseded."""
    query = select(Certificate.status_position, Certificate.status).where(
        Certificate.status_list == list_, Certificate.status.in_(sorted(VOIDING))
    )
    found = await session.execute(query.order_by(Certificate.status_position))
    return [(row[0], row[1]) for row in found if row[0] is not None]


async def last_change(session: AnySession, list_: int) -> datetime | None:
    """When a document of the list was last suspended, reinstated, revoked or superseded."""
    changing = (CertificateAction.ISSUE.value, CertificateAction.EXPIRE.value)
    query = (
        select(func.max(CertificateStep.recorded_at))
        .join(Certificate, Certificate.id == CertificateStep.certificate_id)
        .where(Certificate.status_list == list_, CertificateStep.action.not_in(changing))
    )
    return await session.scalar(query)


async def take_serials(
    session: WriteSession, *, provider_id: UUID, kind: CertificateKind, year: int, how_many: int
) -> int:
    """The last of the next numbers of the provider's year. Whoever wants the ones after waits until this transaction
    has ended, and gets these if it is undone: so there are no gaps."""
    counted = (
        insert(CertificateCounter)
        .values(provider_id=provider_id, kind=kind, year=year, last=how_many)
        .on_conflict_do_update(
            index_elements=["provider_id", "kind", "year"], set_={"last": CertificateCounter.last + how_many}
        )
        .returning(CertificateCounter.last)
    )
    return int((await session.execute(counted)).scalar_one())


async def numbers_known(session: AnySession, *, source: str, numbers: Collection[str]) -> set[str]:
    query = select(Certificate.number).where(Certificate.source == source, Certificate.number.in_(numbers))
    return set(await session.scalars(query))


async def add_many(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write many certificates at once, past the recorder of the audit trail."""
    assert isinstance(_TABLE, Table)
    columns = list(rows[0])
    await bulk.copy_rows(session, _TABLE, columns, ([row[name] for name in columns] for row in rows))


def _matching(query: S, wanted: CertificateQuery, reach: Reach, today: date) -> S:
    conditions = {
        Certificate.educator_id: wanted.educator_id,
        Certificate.organisation_id: wanted.organisation_id,
        Certificate.kind: wanted.kind,
    }
    if wanted.status is not None:
        query = query.where(_stands(wanted.status, today))
    return query.where(
        organisations.within(_TABLE.c.organisation_id, reach),
        *(column == value for column, value in conditions.items() if value is not None),
    )


def _stands(status: CertificateStatus, today: date) -> ColumnElement[bool]:
    """Documents in this state as the calendar has it."""
    ran_out = and_(Certificate.status.in_(_RUNNING), func.coalesce(Certificate.valid_until <= today, false()))
    if status is CertificateStatus.EXPIRED:
        return or_(Certificate.status == status, ran_out)
    return and_(Certificate.status == status, not_(ran_out))


async def page(
    session: AnySession, wanted: CertificateQuery, reach: Reach, *, after: Sequence[Any] | None, today: date
) -> list[Entry]:
    query = _matching(_entries(), wanted, reach, today)
    if after is not None:
        query = query.where(keyset.after(KEYS, after))
    found = await session.execute(query.order_by(*keyset.order_by(KEYS)).limit(wanted.limit + 1))
    return [Entry(*row) for row in found]


async def count(session: AnySession, wanted: CertificateQuery, reach: Reach, *, today: date) -> int:
    query = _matching(select(func.count()).select_from(Certificate), wanted, reach, today)
    return int(await session.scalar(query) or 0)


async def norms(session: AnySession, code: str, *, lock: bool = False) -> list[NormRule]:
    """All versions of a norm, from the first."""
    query = select(NormRule).where(NormRule.code == code).order_by(NormRule.number)
    return list(await session.scalars(query.with_for_update() if lock else query))


def void_from(void: MultiRange[date], day: date) -> MultiRange[date]:
    """The same days, and all from this one on."""
    open_already = any(one.upper is None for one in void)
    return void if open_already else MultiRange([*void, Range(day, None)])


def held_from(void: MultiRange[date], day: date) -> MultiRange[date]:
    """The same days up to this one."""
    ended = (one if one.upper is not None else Range(one.lower, day) for one in void)
    return MultiRange([one for one in ended if one.lower != one.upper])


def void_before(first: date, day: date) -> MultiRange[date]:
    """The days from the first to the last before this one."""
    return MultiRange([Range(first, day)] if first < day else [])


def period(first: date, end: date | None) -> Range[date]:
    """The days on which a rule is in force, the end not among them."""
    return Range(first, end)
