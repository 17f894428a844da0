"""`/v1/methodologies/{id}/audit`: HTTP only."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response

from services.rating_engine.audits import service
from shared import clock
from shared.auth import requires
from shared.schemas.rating.audits import AuditCreate, AuditQuery, MethodologyAuditRead
from shared.web import conditional
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/methodologies", tags=["methodologies"])
routers: tuple[Router, ...] = (router,)
MethodologyPath = Annotated[
    UUID, Path(description="The version of the methodology", examples=["01a20034-2d1f-7898-9107-6c99dd5368c3"])
]


@router.post(
    "/{methodology_id}/audit",
    status_code=201,
    summary="Audit a methodology",
    dependencies=[requires("rating:run")],
    responses={409: {}},
)
async def audit_methodology(
    methodology_id: MethodologyPath,
    body: AuditCreate,
    session: Writing,
    response: Response,
    key: IdempotencyKey = None,
) -> MethodologyAuditRead:
    """Whether the parts of a version hang together on the data of a run of it: correlations, alpha, influence against
    weight, constant and redundant indicators, size and intake, and how each of the ten steps of the handbook is
    answered. The run must have been made of the present document. The audit is kept with the version and never
    changes; a version is agreed only with one."""
    audit = await service.attach(session, methodology_id, body.run_id, now=clock.now())
    response.headers["Location"] = f"/v1/methodologies/{methodology_id}/audit?digest={audit.digest}"
    response.headers["ETag"] = conditional.etag(audit.digest, audit.is_current)
    return audit


@router.get("/{methodology_id}/audit", response_model=MethodologyAuditRead, summary="Read the audit of a methodology")
async def read_methodology_audit(
    methodology_id: MethodologyPath,
    request: Request,
    query: Annotated[AuditQuery, Query()],
    session: Reading,
    response: Response,
) -> object:
    """The last audit of a version, or the one with the digest asked for."""
    audit = await service.read(session, methodology_id, digest=query.digest)
    tag = conditional.etag(audit.digest, audit.is_current)
    if conditional.is_unchanged(request, tag):
        return conditional.not_modified(tag)
    response.headers["ETag"] = tag
    return audit
