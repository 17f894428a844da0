"""Entering a document of ours under its number, with the name it bears and its place in the status lists."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.training_api.certificates import repository, rules
from services.training_api.certificates.models import Certificate, CertificateHolder, CertificateStep
from services.training_api.certificates.rules import Norm
from services.training_api.certificates.service.norm import norms
from services.training_api.certificates.service.reading import read
from services.training_api.educators import service as educators
from services.training_api.educators.errors import EducatorNotFound
from services.training_api.educators.rules import HIDDEN
from shared import outbox
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.ids import new_id
from shared.schemas.base import TextOut
from shared.schemas.training.certificates import (
    OWN_SOURCE,
    CertificateAction,
    CertificateKind,
    CertificateRead,
    CertificateStatus,
)
from shared.schemas.training.educators import PersonName


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

    @property
    def held_from(self) -> date:
        """The first day on which it holds."""
        return self.given_on or self.issued_on

    @property
    def series(self) -> tuple[UUID, CertificateKind, int]:
        """What is counted together without gaps: provider, kind and year."""
        return self.provider_id, self.kind, self.held_from.year


async def record(session: WriteSession, document: Document, *, actor: str, now: datetime) -> CertificateRead:
    """Enter a document and answer it as its issuer sees it. Raises `EducatorNotFound`."""
    (made,) = await record_many(session, [document], actor=actor, now=now)
    return made


async def record_many(
    session: WriteSession, documents: Sequence[Document], *, actor: str, now: datetime
) -> list[CertificateRead]:
    """Enter documents under the next numbers of their provider, kind and year, in their order.

    Raises `EducatorNotFound`.
    """
    known = await norms(session)
    names = await educators.names(session, {document.educator_id for document in documents})
    if missing := {document.educator_id for document in documents} - names.keys():
        raise EducatorNotFound(educator_id=str(min(missing)))
    places = await repository.draw_places(session, len(documents))
    # Last, since who wants the next number waits from here until the end of the transaction.
    serials = await _serials(session, documents)
    made = [
        _certificate(document, serial, place, known, now)
        for document, serial, place in zip(documents, serials, places, strict=True)
    ]
    session.add_all(made)
    await session.flush()
    for certificate, document in zip(made, documents, strict=True):
        session.add(_first_step(certificate, document, actor, now))
        name = names[document.educator_id]
        if name not in HIDDEN.values():
            session.add(_holder(certificate, name))
    await session.flush()
    await outbox.add_many(session, [event_of(certificate, "certificate.issued") for certificate in made])
    entries = await repository.by_ids(session, [certificate.id for certificate in made])
    today = day_in_kazakhstan(now)
    return [read(entries[certificate.id], known, today=today) for certificate in made]


async def _serials(session: WriteSession, documents: Sequence[Document]) -> list[int]:
    """The next numbers of each document's provider, kind and year; the counters are taken in one order."""
    wanted = Counter(document.series for document in documents)
    next_: dict[tuple[UUID, CertificateKind, int], int] = {}
    for series in sorted(wanted, key=lambda one: (one[0], one[1].value, one[2])):
        provider_id, kind, year = series
        last = await repository.take_serials(
            session, provider_id=provider_id, kind=kind, year=year, how_many=wanted[series]
        )
        next_[series] = last - wanted[series] + 1
    found = []
    for document in documents:
        found.append(next_[document.series])
        next_[document.series] += 1
    return found


def _certificate(
    document: Document, serial: int, place: tuple[int, int], known: list[Norm], now: datetime
) -> Certificate:
    judged = rules.judge(
        known,
        kind=document.kind,
        academic_hours=document.academic_hours,
        approved=document.approved,
        issued_on=document.issued_on,
    )
    provider_id, kind, year = document.series
    return Certificate(
        id=new_id(),
        number=rules.number_of(document.provider_code, kind, year, serial),
        source=OWN_SOURCE,
        kind=kind,
        educator_id=document.educator_id,
        organisation_id=document.organisation_id,
        enrolment_id=document.enrolment_id,
        provider_id=provider_id,
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
        valid_until=judged.expires_on,
        void=repository.void_before(document.issued_on, document.held_from),
        supersedes_id=document.supersedes_id,
        status_list=place[0],
        status_position=place[1],
        created_at=now,
        updated_at=now,
    )


def _first_step(certificate: Certificate, document: Document, actor: str, now: datetime) -> CertificateStep:
    return CertificateStep(
        certificate_id=certificate.id,
        number=1,
        action=CertificateAction.ISSUE.value,
        from_status=None,
        to_status=CertificateStatus.ISSUED.value,
        actor=actor,
        effective_on=document.held_from,
        recorded_at=now,
    )


def _holder(certificate: Certificate, name: PersonName) -> CertificateHolder:
    spelt = {
        f"{part}_{language}": getattr(parts, part)
        for language, parts in (("kk", name.kk), ("ru", name.ru))
        if parts is not None
        for part in ("family", "given", "patronymic")
    }
    return CertificateHolder(certificate_id=certificate.id, **spelt)


async def tell(session: WriteSession, certificate: Certificate, kind: str) -> None:
    """Let others learn what became of a document."""
    await outbox.add(session, event_of(certificate, kind))


def event_of(certificate: Certificate, kind: str) -> outbox.Event:
    """What others learn of a document; nothing in it is about a person."""
    return outbox.Event(
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


async def forget(session: WriteSession, educator_id: UUID) -> int:
    """Erase the name from the documents of a person; how many bore it. The documents themselves stay."""
    return await repository.forget_names(session, educator_id)
