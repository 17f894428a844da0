"""What happens to a document after it was given: each change of its state is one step."""

from datetime import date, datetime
from uuid import UUID

from services.training_api.certificates import errors, repository, rules
from services.training_api.certificates.models import Certificate, CertificateStep
from services.training_api.certificates.rules import CERTIFICATE
from services.training_api.certificates.service.norm import norms
from services.training_api.certificates.service.reading import read, title_of
from services.training_api.certificates.service.recording import Document, record, tell
from services.training_api.organisations import service as organisations
from services.training_api.providers import service as providers
from services.training_api.reasons import service as reasons
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.base import TextOut
from shared.schemas.training.certificates import (
    OWN_SOURCE,
    CertificateAction,
    CertificateCommand,
    CertificateRead,
    SupersedeCommand,
)
from shared.schemas.training.reasons import ReasonList

_SYSTEM = "system"
_RAN_OUT = "term_over"
_EVENTS = {
    CertificateAction.SUSPEND: "certificate.suspended",
    CertificateAction.REINSTATE: "certificate.reinstated",
    CertificateAction.REVOKE: "certificate.revoked",
    CertificateAction.SUPERSEDE: "certificate.superseded",
    CertificateAction.EXPIRE: "certificate.expired",
}


async def command(
    session: WriteSession,
    actor: Actor,
    number: str,
    action: CertificateAction,
    body: CertificateCommand,
    *,
    source: str | None,
    now: datetime,
) -> CertificateRead:
    """Suspend, reinstate or revoke a document.

    Raises `CertificateNotFound`, `OutOfReach`, `ActionNotAllowed`, `ReasonNeeded`, `ReasonUnknown`,
    `EffectiveTooEarly`, `EffectiveInFuture`.
    """
    certificate = await _claim(session, actor, number, source=source)
    await _move(session, actor, certificate, action, body, now=now)
    return await _answer(session, certificate, now)


async def supersede(
    session: WriteSession, actor: Actor, number: str, body: SupersedeCommand, *, now: datetime
) -> CertificateRead:
    """Give a new document in place of one with a mistake, under a number of its own; the new one is answered.

    It bears the date of the former, from which the norm counts, and holds from the day on which it was given.

    Raises as `command` does.
    """
    former = await _claim(session, actor, number, source=OWN_SOURCE)
    effective_on = await _move(session, actor, former, CertificateAction.SUPERSEDE, body, now=now)
    assert former.enrolment_id is not None
    assert former.provider_id is not None
    assert former.programme_id is not None
    document = Document(
        kind=former.kind,
        educator_id=former.educator_id,
        organisation_id=former.organisation_id,
        enrolment_id=former.enrolment_id,
        provider_id=former.provider_id,
        provider_code=(await providers.get(session, former.provider_id)).code,
        programme_id=former.programme_id,
        title=title_of(former) if body.title is None else TextOut(**body.title.model_dump()),
        academic_hours=body.academic_hours or former.academic_hours,
        approved=former.approved,
        issued_on=former.issued_on,
        supersedes_id=former.id,
        given_on=effective_on,
    )
    return await record(session, document, actor=actor.principal, now=now)


async def lapsed(session: AnySession, *, today: date, limit: int) -> list[UUID]:
    """Documents that have run out, and nobody has written it down yet."""
    return await repository.lapsed(session, today=today, limit=limit)


async def expire(session: WriteSession, certificate_id: UUID, *, now: datetime) -> bool:
    """Write down that a document has run out; whether it had."""
    certificate = await repository.lock(session, certificate_id)
    return certificate is not None and await _settle(session, certificate, now)


async def _claim(session: WriteSession, actor: Actor, number: str, *, source: str | None) -> Certificate:
    """The document, held until the transaction ends, if the caller answers for it: for ours the provider does."""
    entry = await repository.by_number(session, number, source=source)
    certificate = await repository.lock(session, entry.certificate.id) if entry is not None else None
    if certificate is None:
        raise errors.CertificateNotFound
    if certificate.provider_id is not None:
        await providers.demand(session, actor, certificate.provider_id)
    else:
        await organisations.demand(session, actor, Scope.TRAINING_MANAGE, certificate.organisation_id)
    return certificate


async def _settle(session: WriteSession, certificate: Certificate, now: datetime) -> bool:
    today = day_in_kazakhstan(now)
    status = rules.standing(certificate.status, certificate.valid_until, today)
    if status is certificate.status:
        return False
    assert certificate.valid_until is not None
    passed = await repository.steps(session, certificate.id)
    effective_on = max([certificate.valid_until, *(step.effective_on for step in passed)])
    body = CertificateCommand(reason_code=_RAN_OUT)
    await _write(session, certificate, CertificateAction.EXPIRE, _SYSTEM, body, effective_on, now=now)
    return True


async def _move(
    session: WriteSession,
    actor: Actor,
    certificate: Certificate,
    action: CertificateAction,
    body: CertificateCommand,
    *,
    now: datetime,
) -> date:
    """Take one step and tell of it; from which day."""
    today = day_in_kazakhstan(now)
    await _settle(session, certificate, now)
    move = CERTIFICATE.by_action[action]
    if not CERTIFICATE.allows(action, certificate.status):
        allowed = ", ".join(CERTIFICATE.commands(certificate.status)) or "—"
        raise errors.ActionNotAllowed(status=certificate.status.value, allowed_actions=allowed)
    effective_on = body.effective_on or today
    await reasons.check(session, ReasonList.CERTIFICATE, body.reason_code, on=effective_on, needed=move.needs_reason)
    passed = await repository.steps(session, certificate.id)
    earliest = max([certificate.issued_on, *(step.effective_on for step in passed)])
    if effective_on < earliest:
        raise errors.EffectiveTooEarly(pointer="/effective_on", earliest=earliest.isoformat())
    if effective_on > today:
        raise errors.EffectiveInFuture(pointer="/effective_on")
    await _write(session, certificate, action, actor.principal, body, effective_on, now=now)
    return effective_on


async def _write(
    session: WriteSession,
    certificate: Certificate,
    action: CertificateAction,
    who: str,
    body: CertificateCommand,
    effective_on: date,
    *,
    now: datetime,
) -> None:
    (after,) = CERTIFICATE.by_action[action].after
    session.add(
        CertificateStep(
            certificate_id=certificate.id,
            number=len(await repository.steps(session, certificate.id)) + 1,
            action=action.value,
            from_status=certificate.status.value,
            to_status=after.value,
            actor=who,
            reason_code=body.reason_code,
            comment=body.comment,
            evidence=[item.model_dump(mode="json") for item in body.evidence] if body.evidence else None,
            effective_on=effective_on,
            recorded_at=now,
        )
    )
    if after in rules.VOIDING:
        certificate.void = repository.void_from(certificate.void, effective_on)
    elif action is CertificateAction.REINSTATE:
        certificate.void = repository.held_from(certificate.void, effective_on)
    certificate.status = after
    certificate.updated_at = now
    await session.flush()
    await tell(session, certificate, _EVENTS[action])


async def _answer(session: WriteSession, certificate: Certificate, now: datetime) -> CertificateRead:
    entry = await repository.by_id(session, certificate.id)
    return read(entry, await norms(session), today=day_in_kazakhstan(now))
