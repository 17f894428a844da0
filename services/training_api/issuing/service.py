"""What is done to give the documents that were earned."""

from datetime import datetime

from services.training_api.certificates import service as certificates
from services.training_api.certificates.errors import IssuedInFuture
from services.training_api.certificates.service import Document
from services.training_api.cohorts import service as cohorts
from services.training_api.enrolments import service as enrolments
from services.training_api.issuing import errors, rules
from services.training_api.programmes import service as programmes
from services.training_api.providers import service as providers
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.schemas.training.certificates import CertificateCreate, CertificateKind, CertificateRead


async def issue(session: WriteSession, actor: Actor, body: CertificateCreate, *, now: datetime) -> CertificateRead:
    """Give the document that a completed enrolment has earned, under the next number of its provider and year.

    Raises `EnrolmentUnknown`, `OutOfReach`, `AlreadyIssued`, `NotCompleted`, `ProgrammeNotApproved`,
    `IssuedTooEarly`, `IssuedInFuture`.
    """
    earned = await enrolments.earned(session, body.enrolment_id, pointer="/enrolment_id")
    run = await cohorts.run_of(session, earned.cohort_id)
    programme = await programmes.taught(session, run.programme_id)
    provider = await providers.demand(session, actor, programme.provider_id)
    number = await certificates.number_given(session, earned.id)
    if number is not None:
        raise errors.AlreadyIssued(number=number)
    kind = rules.KIND_OF.get(earned.status)
    if kind is None or earned.completed_on is None:
        raise errors.NotCompleted(status=earned.status)
    if kind is CertificateKind.CERTIFICATE and not programme.is_approved:
        raise errors.ProgrammeNotApproved
    today = day_in_kazakhstan(now)
    issued_on = body.issued_on or today
    if issued_on < earned.completed_on:
        raise errors.IssuedTooEarly(pointer="/issued_on")
    if issued_on > today:
        raise IssuedInFuture(pointer="/issued_on")
    document = Document(
        kind=kind,
        educator_id=earned.educator_id,
        organisation_id=earned.organisation_id,
        enrolment_id=earned.id,
        provider_id=provider.id,
        provider_code=provider.code,
        programme_id=programme.id,
        title=programme.name,
        academic_hours=programme.academic_hours,
        approved=programme.is_approved,
        issued_on=issued_on,
    )
    return await certificates.record(session, document, actor=actor.principal, now=now)
