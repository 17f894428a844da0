"""Entering a document of ours under its number, with the name it bears and its place in the status lists."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.training_api.certificates import repository, rules
from services.training_api.certificates.models import Certificate, CertificateHolder, CertificateStep
from services.training_api.certificates.service.norm import norms
from services.training_api.certificates.service.reading import read
from services.training_api.educators import service as educators
from shared import outbox
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.schemas.base import TextOut
from shared.schemas.training.certificates import (
    OWN_SOURCE,
    CertificateAction,
    CertificateKind,
    CertificateRead,
    CertificateStatus,
)


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
    supersedes_id: UUID | None = None
    """The document it stands in place of."""
    given_on: date | None = None
    """When it was given, if that is not its date: one that supersedes another bears the date of the former."""


async def record(session: WriteSession, document: Document, *, actor: str, now: datetime) -> CertificateRead:
    """Enter a document and answer it as its issuer sees it. Raises `EducatorNotFound`."""
    certificate = await enter(session, document, actor=actor, now=now)
    entry = await repository.by_id(session, certificate.id)
    return read(entry, await norms(session), today=day_in_kazakhstan(now))


async def enter(session: WriteSession, document: Document, *, actor: str, now: datetime) -> Certificate:
    """Enter it under the next number of its provider, kind and year. Raises `EducatorNotFound`."""
    name = await educators.name(session, document.educator_id)
    given_on = document.given_on or document.issued_on
    year = given_on.year
    list_, position = await repository.draw_place(session)
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
        status=CertificateStatus.ISSUED,
        valid_until=await _term(session, document),
        void=repository.void_before(document.issued_on, given_on),
        supersedes_id=document.supersedes_id,
        status_list=list_,
        status_position=position,
        created_at=now,
        updated_at=now,
    )
    session.add(certificate)
    await session.flush()
    session.add(
        CertificateStep(
            certificate_id=certificate.id,
            number=1,
            action=CertificateAction.ISSUE.value,
            from_status=None,
            to_status=CertificateStatus.ISSUED.value,
            actor=actor,
            effective_on=given_on,
            recorded_at=now,
        )
    )
    spelt = {
        f"{part}_{language}": getattr(parts, part)
        for language, parts in (("kk", name.kk), ("ru", name.ru))
        if parts is not None
        for part in ("family", "given", "patronymic")
    }
    session.add(CertificateHolder(certificate_id=certificate.id, **spelt))
    await session.flush()
    await tell(session, certificate, "certificate.issued")
    return certificate


async def tell(session: WriteSession, certificate: Certificate, kind: str) -> None:
    """Let others learn what became of a document; nothing in it is about a person."""
    event = outbox.Event(
        kind=kind,
        subject="certificate",
        subject_id=certificate.id,
        data={
            "id": str(certificate.id),
            "number": certificate.number,
            "source": certificate.source,
            "kind": certificate.kind.value,
            "status": certificate.status.value,
            "enrolment_id": str(certificate.enrolment_id) if certificate.enrolment_id else None,
            "organisation_id": str(certificate.organisation_id),
            "programme_id": str(certificate.programme_id) if certificate.programme_id else None,
            "academic_hours": certificate.academic_hours,
            "issued_on": certificate.issued_on.isoformat(),
            "valid_until": certificate.valid_until.isoformat() if certificate.valid_until else None,
        },
    )
    await outbox.add(session, event)


async def forget(session: WriteSession, educator_id: UUID) -> int:
    """Erase the name from the documents of a person; how many bore it. The documents themselves stay."""
    return await repository.forget_names(session, educator_id)


async def _term(session: WriteSession, document: Document) -> date | None:
    """The day from which the norm no longer counts it; None if it never does."""
    judged = rules.judge(
        await norms(session),
        kind=document.kind,
        academic_hours=document.academic_hours,
        approved=document.approved,
        issued_on=document.issued_on,
    )
    return judged.expires_on
