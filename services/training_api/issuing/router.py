"""HTTP of issuing."""

from fastapi import Response

from services.training_api.dependencies import Key, answer_written
from services.training_api.issuing import service as issuing
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.training.certificates import CertificateCreate, CertificateRead
from shared.web.routing import Router
from shared.web.sessions import Writing

router = Router("/v1/certificates", tags=["certificates"])
routers: tuple[Router, ...] = (router,)
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
