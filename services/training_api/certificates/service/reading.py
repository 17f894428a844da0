"""Reading documents: within the reach of a caller, by anybody who has the number, and by other capabilities."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.training_api.certificates import errors, repository, rules
from services.training_api.certificates.models import Certificate, CertificateHolder, CertificateStep
from services.training_api.certificates.repository import Entry
from services.training_api.certificates.rules import CERTIFICATE, Judgement, Norm
from services.training_api.certificates.service.norm import norms
from services.training_api.educators import service as educators
from services.training_api.organisations import service as organisations
from services.training_api.programmes import service as programmes
from services.training_api.providers import service as providers
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession
from shared.schemas.actions import RefusedAction
from shared.schemas.base import TextOut
from shared.schemas.training.certificates import (
    OWN_SOURCE,
    CertificateKind,
    CertificateQuery,
    CertificateRead,
    CertificateStatus,
    CertificateStepRead,
    VerificationRead,
)
from shared.schemas.training.educators import NameParts, PersonName


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


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything that is said on a document of ours, for those who print and sign it."""

    id: UUID
    number: str
    kind: CertificateKind
    educator_id: UUID
    organisation_id: UUID
    provider_id: UUID
    programme_id: UUID
    title: TextOut
    academic_hours: int
    issued_on: date
    valid_until: date | None
    status: CertificateStatus
    superseded_by: str | None
    supersedes: str | None
    status_list: int
    status_position: int
    created_at: datetime
    name: PersonName | None
    """As it was when the document was given; None once it was erased."""


async def get(
    session: AnySession, actor: Actor, number: str, *, source: str | None, on: date, now: datetime
) -> CertificateRead:
    """One certificate as it stands on a day, if within reach; `CertificateNotFound` also for those out of reach."""
    entry = await seen(session, actor, number, source=source)
    passed = await repository.steps(session, entry.certificate.id)
    return read(entry, await norms(session), today=day_in_kazakhstan(now), on=on, passed=passed)


async def steps(session: AnySession, actor: Actor, number: str, *, source: str | None) -> list[CertificateStepRead]:
    """Everything that happened to a document, from the first. Raises `CertificateNotFound`."""
    entry = await seen(session, actor, number, source=source)
    found = await repository.steps(session, entry.certificate.id)
    return [
        CertificateStepRead.model_validate(
            {
                **{name: getattr(step, name) for name in CertificateStepRead.model_fields},
                "evidence": step.evidence or [],
            }
        )
        for step in found
    ]


async def page(
    session: AnySession, actor: Actor, query: CertificateQuery, *, after: Sequence[Any] | None, now: datetime
) -> list[CertificateRead]:
    """Certificates within the caller's reach, the latest first, as they stand today."""
    known, today = await norms(session), day_in_kazakhstan(now)
    found = await repository.page(session, query, organisations.sight(actor), after=after, today=today)
    return [read(entry, known, today=today) for entry in found]


async def count(session: AnySession, actor: Actor, query: CertificateQuery, *, now: datetime) -> int:
    """How many there are."""
    return await repository.count(session, query, organisations.sight(actor), today=day_in_kazakhstan(now))


async def verify(session: AnySession, number: str, *, on: date) -> VerificationRead:
    """What anybody may know of a document of ours, as it stands on a day. Raises `CertificateNotFound`."""
    entry = await repository.by_number(session, number, source=OWN_SOURCE)
    if entry is None:
        raise errors.CertificateNotFound
    certificate = entry.certificate
    assert certificate.provider_id is not None  # as the database demands of ours
    passed = await repository.steps(session, certificate.id)
    status = rules.state_on(passed, issued_on=certificate.issued_on, valid_until=certificate.valid_until, on=on)
    return VerificationRead(
        number=certificate.number,
        valid=status is CertificateStatus.ISSUED,
        status=status,
        as_of=on,
        valid_until=certificate.valid_until,
        superseded_by=entry.superseded_by if status is CertificateStatus.SUPERSEDED else None,
        kind=certificate.kind,
        holder=await educators.public_name(session, certificate.educator_id),
        title=title_of(certificate),
        academic_hours=certificate.academic_hours,
        issued_on=certificate.issued_on,
        issued_by=(await providers.get(session, certificate.provider_id)).name,
    )


async def held(session: AnySession, educator_id: UUID, *, on: date) -> list[Held]:
    """The documents a person had on that day, the latest first; not those that did not hold on it."""
    return (await held_by(session, [educator_id], on=on)).get(educator_id, [])


async def held_by(session: AnySession, educator_ids: Collection[UUID], *, on: date) -> dict[UUID, list[Held]]:
    """The same for many persons; who had none is not among them."""
    known = await norms(session)
    found = await repository.of_educators(session, educator_ids, on=on)
    codes = await programmes.codes(session, {one.programme_id for one in found if one.programme_id is not None})
    held: dict[UUID, list[Held]] = {}
    for certificate in found:
        held.setdefault(certificate.educator_id, []).append(
            Held(
                programme_code=codes.get(certificate.programme_id) if certificate.programme_id else None,
                programme_id=certificate.programme_id,
                academic_hours=certificate.academic_hours,
                issued_on=certificate.issued_on,
                kind=certificate.kind,
                counts=rules.judge_on(_judge(certificate, known), CertificateStatus.ISSUED, on).counts,
            )
        )
    return held


async def number_given(session: AnySession, enrolment_id: UUID) -> str | None:
    """The number of the document this enrolment has earned already, if that was not withdrawn."""
    return (await repository.numbers_given(session, [enrolment_id])).get(enrolment_id)


async def numbers_given(session: AnySession, enrolment_ids: Collection[UUID]) -> dict[UUID, str]:
    """The same for many enrolments."""
    return await repository.numbers_given(session, enrolment_ids) if enrolment_ids else {}


async def paper(session: AnySession, actor: Actor, number: str, *, now: datetime) -> Paper:
    """What a document of ours says, for a caller within reach of the workplace. Raises `CertificateNotFound`."""
    entry = await seen(session, actor, number, source=OWN_SOURCE)
    return _paper(entry, await repository.holder(session, entry.certificate.id), now)


async def paper_by_id(session: AnySession, certificate_id: UUID, *, now: datetime) -> Paper:
    """The same without asking who reads it: for comparing a file with what the register says."""
    entry = await repository.by_id(session, certificate_id)
    return _paper(entry, await repository.holder(session, certificate_id), now)


async def voided(session: AnySession, list_: int) -> tuple[list[tuple[int, CertificateStatus]], datetime | None] | None:
    """Bits of a status list whose documents do not hold, and when that last changed; None if there is no such list."""
    if list_ > await repository.lists_begun(session):
        return None
    return await repository.voided(session, list_), await repository.last_change(session, list_)


async def seen(session: AnySession, actor: Actor, number: str, *, source: str | None) -> Entry:
    """A document by its number, if the caller may know of it. Raises `CertificateNotFound`."""
    reach = organisations.sight(actor)
    entry = await repository.by_number(session, number, source=source)
    if entry is None:
        raise errors.CertificateNotFound
    workplace_id = entry.certificate.organisation_id
    workplace = (await organisations.find_many(session, [workplace_id])).get(workplace_id)
    if not reach.covers(workplace.area_path if workplace else [], workplace_id):
        raise errors.CertificateNotFound
    return entry


def read(
    entry: Entry,
    known: list[Norm],
    *,
    today: date,
    on: date | None = None,
    passed: Sequence[CertificateStep] | None = None,
) -> CertificateRead:
    """A document as callers see it: as it stands today, or by the steps that it `passed`, on another day."""
    certificate = entry.certificate
    now = rules.standing(certificate.status, certificate.valid_until, today)
    day = on or today
    then: CertificateStatus | None = now
    if passed is not None:
        then = rules.state_on(passed, issued_on=certificate.issued_on, valid_until=certificate.valid_until, on=day)
    judged = rules.judge_on(_judge(certificate, known), then, day)
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
            "title": title_of(certificate),
            "academic_hours": certificate.academic_hours,
            "issued_on": certificate.issued_on,
            "status": then,
            "valid_until": certificate.valid_until,
            "supersedes": entry.supersedes,
            "superseded_by": entry.superseded_by if then is CertificateStatus.SUPERSEDED else None,
            "counts_toward_norm": judged.counts,
            "reason": judged.reason,
            "norm_rule": judged.rule,
            "expires_on": judged.expires_on,
            "allowed_actions": CERTIFICATE.commands(now),
            "refused_actions": [
                RefusedAction(action=one.action, code=one.code, message=TextOut(**one.message._asdict()))
                for one in CERTIFICATE.refusals(now)
            ],
        }
    )


def title_of(certificate: Certificate) -> TextOut:
    """What was learned."""
    return TextOut(kk=certificate.title_kk, ru=certificate.title_ru, en=certificate.title_en)


def _judge(certificate: Certificate, known: list[Norm]) -> Judgement:
    return rules.judge(
        known,
        kind=certificate.kind,
        academic_hours=certificate.academic_hours,
        approved=certificate.approved,
        issued_on=certificate.issued_on,
    )


def _paper(entry: Entry, holder: CertificateHolder | None, now: datetime) -> Paper:
    certificate = entry.certificate
    assert certificate.provider_id is not None
    assert certificate.programme_id is not None
    assert certificate.status_list is not None
    assert certificate.status_position is not None
    return Paper(
        id=certificate.id,
        number=certificate.number,
        kind=certificate.kind,
        educator_id=certificate.educator_id,
        organisation_id=certificate.organisation_id,
        provider_id=certificate.provider_id,
        programme_id=certificate.programme_id,
        title=title_of(certificate),
        academic_hours=certificate.academic_hours,
        issued_on=certificate.issued_on,
        valid_until=certificate.valid_until,
        status=rules.standing(certificate.status, certificate.valid_until, day_in_kazakhstan(now)),
        superseded_by=entry.superseded_by,
        supersedes=entry.supersedes,
        status_list=certificate.status_list,
        status_position=certificate.status_position,
        created_at=certificate.created_at,
        name=_name(holder),
    )


def _name(holder: CertificateHolder | None) -> PersonName | None:
    if holder is None:
        return None

    def parts(language: str) -> NameParts | None:
        family, given = getattr(holder, f"family_{language}"), getattr(holder, f"given_{language}")
        if family is None or given is None:
            return None
        return NameParts(family=family, given=given, patronymic=getattr(holder, f"patronymic_{language}"))

    return PersonName(kk=parts("kk"), ru=parts("ru"))
