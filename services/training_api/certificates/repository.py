"""Every SQL statement about certificates and the norm."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Table, func, select
from sqlalchemy.dialects.postgresql import Range, insert

from services.training_api.certificates.models import Certificate, CertificateCounter, NormRule
from services.training_api.organisations import service as organisations
from services.training_api.organisations.service import Reach
from shared.db import bulk, keyset
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.training.certificates import OWN_SOURCE, CertificateKind, CertificateQuery

_TABLE = Certificate.__table__
KEYS = (keyset.Key(_TABLE.c.issued_on, descending=True), keyset.Key(_TABLE.c.id, descending=True))


async def of_enrolment(session: AnySession, enrolment_id: UUID) -> Certificate | None:
    return await session.scalar(select(Certificate).where(Certificate.enrolment_id == enrolment_id))


async def of_educator(session: AnySession, educator_id: UUID, *, until: date) -> list[Certificate]:
    """The documents a person had on that day, the latest first."""
    query = select(Certificate).where(Certificate.educator_id == educator_id, Certificate.issued_on <= until)
    return list(await session.scalars(query.order_by(*keyset.order_by(KEYS))))


async def by_number(session: AnySession, number: str, *, source: str | None) -> Certificate | None:
    """The document of that number; without a source ours, and if we gave no such number, another's."""
    query = select(Certificate).where(Certificate.number == number)
    if source is not None:
        query = query.where(Certificate.source == source)
    return await session.scalar(query.order_by((Certificate.source == OWN_SOURCE).desc(), Certificate.source).limit(1))


async def next_serial(session: WriteSession, *, provider_id: UUID, kind: CertificateKind, year: int) -> int:
    """The next number of the provider's year. Whoever wants the one after waits until this transaction has ended,
    and gets this one if it is undone: so there are no gaps."""
    counted = (
        insert(CertificateCounter)
        .values(provider_id=provider_id, kind=kind, year=year, last=1)
        .on_conflict_do_update(
            index_elements=["provider_id", "kind", "year"], set_={"last": CertificateCounter.last + 1}
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


def _matching(query: Select[Any], wanted: CertificateQuery, reach: Reach) -> Select[Any]:
    conditions = {
        Certificate.educator_id: wanted.educator_id,
        Certificate.organisation_id: wanted.organisation_id,
        Certificate.kind: wanted.kind,
    }
    return query.where(
        organisations.within(_TABLE.c.organisation_id, reach),
        *(column == value for column, value in conditions.items() if value is not None),
    )


async def page(
    session: AnySession, wanted: CertificateQuery, reach: Reach, *, after: Sequence[Any] | None
) -> list[Certificate]:
    query = _matching(select(Certificate), wanted, reach)
    if after is not None:
        query = query.where(keyset.after(KEYS, after))
    return list(await session.scalars(query.order_by(*keyset.order_by(KEYS)).limit(wanted.limit + 1)))


async def count(session: AnySession, wanted: CertificateQuery, reach: Reach) -> int:
    return int(await session.scalar(_matching(select(func.count()).select_from(Certificate), wanted, reach)) or 0)


async def norms(session: AnySession, code: str, *, lock: bool = False) -> list[NormRule]:
    """All versions of a norm, from the first."""
    query = select(NormRule).where(NormRule.code == code).order_by(NormRule.number)
    return list(await session.scalars(query.with_for_update() if lock else query))


def period(first: date, end: date | None) -> Range[date]:
    """The days on which a rule is in force, the end not among them."""
    return Range(first, end)
