"""HTTP of issuing."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Response

from services.training_api.dependencies import Key, answer_written
from services.training_api.issuing import service as issuing
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.training.certificates import CertificateCreate, CertificateRead
from shared.schemas.training.issuing import CohortCertificatesCreate, CohortCertificatesRead, ToIssueList
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/certificates", tags=["certificates"])
of_cohorts = Router("/v1/cohorts", tags=["certificates"])
routers: tuple[Router, ...] = (router, of_cohorts)
CohortId = Annotated[UUID, Path(description="The cohort", examples=["0198c0de-0000-7000-8000-000000000301"])]
_MANAGER = [requires("training:manage")]


@router.post(
    "",
    summary="Issue a certificate",
    description="Gives the document a completed enrolment has earned: a certificate for a pass, a reference of "
    "attendance without the final assessment. Numbers of a provider and year have no gaps. `counts_toward_norm` tells "
    "whether it counts towards the norm of upskilling, and `reason` why not.",
    status_code=201,
    response_model=CertificateRead,
    dependencies=_MANAGER,
)
async def issue_certificate(body: CertificateCreate, session: Writing, actor: Caller, _key: Key = None) -> Response:
    certificate = await issuing.issue(session, actor, body, now=clock.now())
    return answer_written(certificate, status=201, location=f"/v1/certificates/{certificate.number}")


@of_cohorts.get(
    "/{cohort_id}/certificates/to-issue",
    summary="List the certificates to sign",
    description="Who of the cohort earned a certificate or a reference of attendance that was not given yet, and what "
    "stands in the way.",
    response_model=ToIssueList,
    responses={404: {}},
    dependencies=_MANAGER,
)
async def list_certificates_to_issue(session: Reading, actor: Caller, cohort_id: CohortId) -> ToIssueList:
    return await issuing.to_issue(session, actor, cohort_id, now=clock.now())


@of_cohorts.post(
    "/{cohort_id}/certificates",
    summary="Issue the certificates of a cohort",
    description="Gives every document that was earned in the cohort and answers for each: its number, or why not. A "
    "dry run takes no number. What was given before is answered with `already_issued`, so it may be asked again.",
    response_model=CohortCertificatesRead,
    responses={404: {}},
    dependencies=_MANAGER,
)
async def issue_cohort_certificates(
    body: CohortCertificatesCreate, session: Writing, actor: Caller, cohort_id: CohortId, _key: Key = None
) -> CohortCertificatesRead:
    return await issuing.issue_all(session, actor, cohort_id, body, now=clock.now())
