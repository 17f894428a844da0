"""What is done with certificates: recording, taking in those of others, verifying, and keeping the norm."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.training_api.batches import BatchRefused, fault
from services.training_api.certificates import errors, repository, rules
from services.training_api.certificates.models import Certificate, NormRule
from services.training_api.certificates.rules import Judgement, Norm
from services.training_api.educators import service as educators
from services.training_api.educators.errors import EducatorUnknown
from services.training_api.organisations import service as organisations
from services.training_api.programmes import service as programmes
from services.training_api.providers import service as providers
from shared import audit, outbox
from shared.auth import Actor, Scope
from shared.auth.errors import OutOfReach
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, WriteSession
from shared.errors import FieldError
from shared.ids import new_id
from shared.schemas.base import TextOut
from shared.schemas.training.certificates import (
    OWN_SOURCE,
    CertificateBatchCreate,
    CertificateKind,
    CertificateQuery,
    CertificateRead,
    NormRuleCreate,
    NormRuleRead,
    VerificationRead,
)

NORM = "pd-3y"
"""The norm of upskilling: once in three years."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a document of ours says when it is given."""

    kind: CertificateKind
    educator_id: UUID
    organisation_id: UUID
    enrolment_id: UUID
    provider_id: UUID
    provider_code: str
    programme_id: UUID
    title: TextOut
    academic_hours: int
    approved: bool
    issued_on: date


@dataclass(frozen=True, slots=True)
class Held:
    """A document a person has, as far as the rules of who may learn what go."""

    programme_code: str | None
    programme_id: UUID | None
    academic_hours: int
    issued_on: date
    kind: CertificateKind
    counts: bool
    """Whether it counts towards the norm on the day."""


async def number_given(session: AnySession, enrolment_id: UUID) -> str | None:
    """The number of the document this enrolment has earned already."""
    issued = await repository.of_enrolment(session, enrolment_id)
    return issued.number if issued is not None else None


async def record(session: WriteSession, document: Document, *, now: datetime) -> CertificateRead:
    """Enter a document of ours under the next number of its provider, kind and year."""
    year = document.issued_on.year
    serial = await repository.next_serial(session, provider_id=document.provider_id, kind=document.kind, year=year)
    certificate = Certificate(
        number=rules.number_of(document.provider_code, document.kind, year, serial),
        source=OWN_SOURCE,
        kind=document.kind,
        educator_id=document.educator_id,
        organisation_id=document.organisation_id,
        enrolment_id=document.enrolment_id,
        provider_id=document.provider_id,
        programme_id=document.programme_id,
        year=year,
        serial=serial,
        title_kk=document.title.kk,
        title_ru=document.title.ru,
        title_en=document.title.en,
        academic_hours=document.academic_hours,
        issued_on=document.issued_on,
        approved=document.approved,
        created_at=now,
        updated_at=now,
    )
    session.add(certificate)
    await session.flush()
    event = outbox.Event(
        kind="certificate.issued",
        subject="certificate",
        subject_id=certificate.id,
        data={
            "id": str(certificate.id),
            "number": certificate.number,
            "kind": certificate.kind.value,
            "enrolment_id": str(document.enrolment_id),
            "organisation_id": str(document.organisation_id),
            "programme_id": str(document.programme_id),
            "academic_hours": certificate.academic_hours,
            "issued_on": document.issued_on.isoformat(),
        },
    )
    await outbox.add(session, event)
    return _read(certificate, await norms(session))


async def held(session: AnySession, educator_id: UUID, *, on: date) -> list[Held]:
    """The documents a person had on that day, the latest first."""
    known = await norms(session)
    found = await repository.of_educator(session, educator_id, until=on)
    codes = await programmes.codes(session, {one.programme_id for one in found if one.programme_id is not None})
    documents = []
    for certificate in found:
        judged = _judge(certificate, known)
        documents.append(
            Held(
                programme_code=codes.get(certificate.programme_id) if certificate.programme_id else None,
                programme_id=certificate.programme_id,
                academic_hours=certificate.academic_hours,
                issued_on=certificate.issued_on,
                kind=certificate.kind,
                counts=judged.counts and (judged.expires_on is None or on < judged.expires_on),
            )
        )
    return documents


async def take_in_many(session: WriteSession, actor: Actor, body: CertificateBatchCreate, *, now: datetime) -> int:
    """Add certificates of other providers: all or, if one is wrong, none. Raises `BatchRefused`, `SourceReserved`."""
    if body.source == OWN_SOURCE:
        raise errors.SourceReserved(pointer="/source")
    rows = body.certificates
    workplaces = await educators.workplaces(session, {row.educator_id for row in rows})
    known = await organisations.find_many(session, set(workplaces.values()))
    there = await repository.numbers_known(session, source=body.source, numbers=[row.number for row in rows])
    today = day_in_kazakhstan(now)
    faults: list[FieldError] = []
    seen: set[str] = set()
    for number, row in enumerate(rows):
        workplace = known.get(workplaces[row.educator_id]) if row.educator_id in workplaces else None
        if workplace is None:
            faults.append(fault("certificates", number, "educator_id", EducatorUnknown()))
        elif not actor.reaches(workplace.area_path, workplace.id, scope=Scope.TRAINING_MANAGE):
            faults.append(fault("certificates", number, "educator_id", OutOfReach()))
        if row.number in there or row.number in seen:
            faults.append(fault("certificates", number, "number", errors.CertificateExists()))
        if row.issued_on > today:
            faults.append(fault("certificates", number, "issued_on", errors.IssuedInFuture()))
        seen.add(row.number)
    if faults:
        raise BatchRefused(faults)
    await repository.add_many(
        session,
        [
            {
                "id": new_id(),
                "number": row.number,
                "source": body.source,
                "kind": row.kind,
                "educator_id": row.educator_id,
                "organisation_id": workplaces[row.educator_id],
                "provider_name": body.provider_name,
                "title_kk": row.title.kk,
                "title_ru": row.title.ru,
                "title_en": row.title.en,
                "academic_hours": row.academic_hours,
                "issued_on": row.issued_on,
                "approved": row.approved,
                "version": 1,
                "created_at": now,
                "updated_at": now,
            }
            for row in rows
        ],
    )
    await audit.note(
        session, action="create", resource_type="certificate", resource_id="batch", rows=len(rows), source=body.source
    )
    return len(rows)


async def get(session: AnySession, actor: Actor, number: str, *, source: str | None = None) -> CertificateRead:
    """One certificate, if within the caller's reach; `CertificateNotFound` also for those out of reach."""
    reach = organisations.sight(actor)
    certificate = await repository.by_number(session, number, source=source)
    if certificate is None:
        raise errors.CertificateNotFound
    workplace = (await organisations.find_many(session, [certificate.organisation_id])).get(certificate.organisation_id)
    if not reach.covers(workplace.area_path if workplace else [], certificate.organisation_id):
        raise errors.CertificateNotFound
    return _read(certificate, await norms(session))


async def page(
    session: AnySession, actor: Actor, query: CertificateQuery, *, after: Sequence[Any] | None
) -> list[CertificateRead]:
    """Certificates within the caller's reach, the latest first."""
    known = await norms(session)
    found = await repository.page(session, query, organisations.sight(actor), after=after)
    return [_read(certificate, known) for certificate in found]


async def count(session: AnySession, actor: Actor, query: CertificateQuery) -> int:
    """How many there are."""
    return await repository.count(session, query, organisations.sight(actor))


async def verify(session: AnySession, number: str) -> VerificationRead:
    """What anybody may know of a document of ours. Raises `CertificateNotFound`."""
    certificate = await repository.by_number(session, number, source=OWN_SOURCE)
    if certificate is None or certificate.provider_id is None:
        raise errors.CertificateNotFound
    return VerificationRead(
        number=certificate.number,
        valid=True,
        kind=certificate.kind,
        holder=await educators.public_name(session, certificate.educator_id),
        title=_title(certificate),
        academic_hours=certificate.academic_hours,
        issued_on=certificate.issued_on,
        issued_by=(await providers.get(session, certificate.provider_id)).name,
    )


async def norms(session: AnySession) -> list[Norm]:
    """All versions of the norm, from the first."""
    return [_norm(rule) for rule in await repository.norms(session, NORM)]


async def norm_rules(session: AnySession) -> list[NormRuleRead]:
    """All versions of the norm with their legal ground."""
    return [_norm_read(rule) for rule in await repository.norms(session, NORM)]


async def amend_norm(session: WriteSession, actor: Actor, body: NormRuleCreate) -> NormRuleRead:
    """Write the next version of the norm, which ends the last one. For the whole country. Raises `RuleNotLater`."""
    actor.demand(Scope.TRAINING_MANAGE, None)
    last = (await repository.norms(session, NORM, lock=True))[-1]
    assert last.period.lower is not None
    if body.valid_from <= last.period.lower:
        raise errors.RuleNotLater(pointer="/valid_from")
    last.period = repository.period(last.period.lower, body.valid_from)
    await session.flush()
    rule = NormRule(
        code=NORM,
        number=last.number + 1,
        min_hours=body.min_hours,
        window_months=body.window_months,
        period=repository.period(body.valid_from, None),
        basis=body.basis,
    )
    session.add(rule)
    await session.flush()
    return _norm_read(rule)


def _title(certificate: Certificate) -> TextOut:
    return TextOut(kk=certificate.title_kk, ru=certificate.title_ru, en=certificate.title_en)


def _judge(certificate: Certificate, known: list[Norm]) -> Judgement:
    return rules.judge(
        known,
        kind=certificate.kind,
        academic_hours=certificate.academic_hours,
        approved=certificate.approved,
        issued_on=certificate.issued_on,
    )


def _read(certificate: Certificate, known: list[Norm]) -> CertificateRead:
    judged = _judge(certificate, known)
    return CertificateRead.model_validate(
        {
            "id": certificate.id,
            "number": certificate.number,
            "source": certificate.source,
            "kind": certificate.kind,
            "educator_id": certificate.educator_id,
            "organisation_id": certificate.organisation_id,
            "enrolment_id": certificate.enrolment_id,
            "programme_id": certificate.programme_id,
            "title": _title(certificate),
            "academic_hours": certificate.academic_hours,
            "issued_on": certificate.issued_on,
            "counts_toward_norm": judged.counts,
            "reason": judged.reason,
            "norm_rule": judged.rule,
            "expires_on": judged.expires_on,
        }
    )


def _norm(rule: NormRule) -> Norm:
    assert rule.period.lower is not None
    return Norm(rule.code, rule.number, rule.min_hours, rule.window_months, rule.period.lower, rule.period.upper)


def _norm_read(rule: NormRule) -> NormRuleRead:
    norm = _norm(rule)
    return NormRuleRead(
        code=norm.code,
        number=norm.number,
        min_hours=norm.min_hours,
        window_months=norm.window_months,
        valid_from=norm.valid_from,
        valid_until=norm.valid_until,
        basis=rule.basis,
    )
