"""What is done to give the documents that were earned."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from services.training_api.certificates import service as certificates
from services.training_api.certificates.errors import IssuedInFuture
from services.training_api.certificates.service import Document
from services.training_api.cohorts import service as cohorts
from services.training_api.enrolments import service as enrolments
from services.training_api.enrolments.service import Earned
from services.training_api.issuing import errors, rules
from services.training_api.programmes import service as programmes
from services.training_api.programmes.service import Taught
from services.training_api.providers import service as providers
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, WriteSession
from shared.errors import Problem
from shared.schemas.base import TextOut
from shared.schemas.training.certificates import CertificateCreate, CertificateKind, CertificateRead
from shared.schemas.training.issuing import (
    CohortCertificatesCreate,
    CohortCertificatesRead,
    IssueAnswer,
    IssueProblem,
    ToIssueList,
    ToIssueRead,
)
from shared.schemas.training.providers import ProviderRead


async def issue(session: WriteSession, actor: Actor, body: CertificateCreate, *, now: datetime) -> CertificateRead:
    """Give the document that a completed enrolment has earned, under the next number of its provider and year.

    Raises `EnrolmentUnknown`, `OutOfReach`, `AlreadyIssued`, `NotCompleted`, `ProgrammeNotApproved`,
    `IssuedTooEarly`, `IssuedInFuture`.
    """
    earned = await enrolments.earned(session, body.enrolment_id, pointer="/enrolment_id")
    programme, provider = await _course(session, actor, earned.cohort_id)
    number = await certificates.number_given(session, earned.id)
    today = day_in_kazakhstan(now)
    document = _document(earned, programme, provider, number, issued_on=body.issued_on or today, today=today)
    return await certificates.record(session, document, actor=actor.principal, now=now)


async def to_issue(session: AnySession, actor: Actor, cohort_id: UUID, *, now: datetime) -> ToIssueList:
    """Who of a cohort earned a document that was not given yet. Raises `CohortNotFound`, `OutOfReach`."""
    programme, provider = await _course(session, actor, cohort_id)
    earned, given = await _earned(session, cohort_id, lock=False)
    today = day_in_kazakhstan(now)
    items = []
    for one in earned:
        if one.id in given:
            continue
        problem = _problem_of(one, programme, provider, today)
        items.append(
            ToIssueRead.model_validate(
                {
                    "enrolment_id": one.id,
                    "educator_id": one.educator_id,
                    "organisation_id": one.organisation_id,
                    "kind": rules.KIND_OF[one.status],
                    "completed_on": one.completed_on,
                    "problem": problem and _told(problem),
                }
            )
        )
    return ToIssueList(items=items)


async def issue_all(
    session: WriteSession, actor: Actor, cohort_id: UUID, body: CohortCertificatesCreate, *, now: datetime
) -> CohortCertificatesRead:
    """Give every document that was earned in a cohort, and answer for each; a dry run gives none.

    Raises `CohortNotFound`, `OutOfReach`, `IssuedInFuture`.
    """
    programme, provider = await _course(session, actor, cohort_id)
    today = day_in_kazakhstan(now)
    issued_on = body.issued_on or today
    if issued_on > today:
        raise IssuedInFuture(pointer="/issued_on")
    earned, given = await _earned(session, cohort_id, lock=not body.dry_run)
    documents: list[Document] = []
    answers: list[tuple[Earned, Problem | None]] = []
    for one in earned:
        try:
            documents.append(_document(one, programme, provider, given.get(one.id), issued_on=issued_on, today=today))
            answers.append((one, None))
        except Problem as problem:
            answers.append((one, problem))
    made: Sequence[CertificateRead] = []
    if documents and not body.dry_run:
        made = await certificates.record_many(session, documents, actor=actor.principal, now=now)
    numbers: dict[UUID | None, str] = {certificate.enrolment_id: certificate.number for certificate in made}
    return CohortCertificatesRead(
        dry_run=body.dry_run,
        issued=len(documents),
        refused=len(answers) - len(documents),
        items=[
            IssueAnswer.model_validate(
                {
                    "enrolment_id": one.id,
                    "kind": rules.KIND_OF[one.status],
                    "number": numbers.get(one.id),
                    "problem": problem and _told(problem),
                }
            )
            for one, problem in answers
        ],
    )


async def _course(session: AnySession, actor: Actor, cohort_id: UUID) -> tuple[Taught, ProviderRead]:
    """The programme of a cohort and its provider, if the caller answers for it. Raises `OutOfReach`."""
    run = await cohorts.run_of(session, cohort_id)
    programme = await programmes.taught(session, run.programme_id)
    return programme, await providers.demand(session, actor, programme.provider_id)


async def _earned(session: AnySession, cohort_id: UUID, *, lock: bool) -> tuple[list[Earned], dict[UUID, str]]:
    """All who earned something, and the numbers of what was given."""
    earned = await enrolments.earned_in(session, cohort_id, lock=lock)
    return earned, await certificates.numbers_given(session, [one.id for one in earned])


def _document(
    earned: Earned, programme: Taught, provider: ProviderRead, number: str | None, *, issued_on: date, today: date
) -> Document:
    """What the document will say. Raises why it cannot be given."""
    if number is not None:
        raise errors.AlreadyIssued(number=number)
    kind = rules.KIND_OF.get(earned.status)
    if kind is None or earned.completed_on is None:
        raise errors.NotCompleted(status=earned.status)
    if kind is CertificateKind.CERTIFICATE and not programme.is_approved:
        raise errors.ProgrammeNotApproved
    if issued_on < earned.completed_on:
        raise errors.IssuedTooEarly(pointer="/issued_on")
    if issued_on > today:
        raise IssuedInFuture(pointer="/issued_on")
    return Document(
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


def _problem_of(earned: Earned, programme: Taught, provider: ProviderRead, today: date) -> Problem | None:
    try:
        _document(earned, programme, provider, None, issued_on=today, today=today)
    except Problem as problem:
        return problem
    return None


def _told(problem: Problem) -> IssueProblem:
    return IssueProblem(code=problem.code, message=TextOut(**problem.sentence()._asdict()))
