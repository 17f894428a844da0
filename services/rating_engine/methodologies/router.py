"""`/v1/methodologies`: HTTP only."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.rating_engine.dependencies import Catalogue
from services.rating_engine.methodologies import documents, service
from services.rating_engine.methodologies.models import Methodology
from shared import clock
from shared.auth import requires
from shared.schemas.pages import Page
from shared.schemas.rating.methodologies import (
    Agreement,
    AgreementWithAudit,
    MethodologyDifference,
    MethodologyQuery,
    MethodologyRead,
    MethodologySummary,
)
from shared.schemas.rating.methodology import MethodologyDocument
from shared.web import conditional, pages
from shared.web.conditional import IfMatch
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/methodologies", tags=["methodologies"])
MethodologyPath = Annotated[
    UUID, Path(description="The version of the methodology", examples=["01a20034-2d1f-7898-9107-6c99dd5368c3"])
]
_PAGE = TypeAdapter(Page[MethodologySummary])


@router.post(
    "",
    status_code=201,
    summary="Write down a methodology",
    dependencies=[requires("rating:run")],
)
async def create_methodology(
    document: MethodologyDocument,
    catalogue: Catalogue,
    session: Writing,
    response: Response,
    key: IdempotencyKey = None,
) -> MethodologyRead:
    """A draft: the next edition of its code. A document that could not be computed is refused here, with every reason
    and its place: negative weights, empty nodes, unknown indicators, means over a scale that goes below zero."""
    documents.read(document)
    service.check_indicators(document, catalogue)
    methodology = await service.draft(session, document, now=clock.now())
    response.headers["Location"] = f"/v1/methodologies/{methodology.id}"
    return _read(methodology, response)


@router.get("", response_model=Page[MethodologySummary], summary="List methodologies")
async def list_methodologies(
    request: Request, query: Annotated[MethodologyQuery, Query()], session: Reading
) -> Response:
    """All versions, by code, the latest edition first."""
    of = {"list": "methodologies", "code": query.code, "status": query.status, "origin": query.origin}
    after = pages.start(request, query.cursor, of=of, length=2)
    rows = await service.page(
        session, code=query.code, status=query.status, origin=query.origin, after=after, limit=query.limit + 1
    )
    page, cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: [row.code, row.edition])
    return pages.answer(request, _PAGE, page, next_cursor=cursor)


@router.get("/{methodology_id}", response_model=MethodologyRead, summary="Read a methodology")
async def get_methodology(
    methodology_id: MethodologyPath, request: Request, session: Reading, response: Response
) -> object:
    """One version with its document."""
    methodology = await service.get(session, methodology_id)
    tag = conditional.etag(methodology.version)
    if conditional.is_unchanged(request, tag):
        return conditional.not_modified(tag)
    return _read(methodology, response)


@router.put("/{methodology_id}", summary="Replace a draft", dependencies=[requires("rating:run")])
async def replace_methodology(
    methodology_id: MethodologyPath,
    document: MethodologyDocument,
    catalogue: Catalogue,
    request: Request,
    session: Writing,
    response: Response,
    if_match: IfMatch = None,
) -> MethodologyRead:
    """Another document for a draft; an agreed version is answered with 409."""
    documents.read(document)
    service.check_indicators(document, catalogue)
    methodology = await service.get_for_change(session, methodology_id)
    conditional.check_match(request, methodology.version)
    return _read(await service.redraft(session, methodology, document, now=clock.now()), response)


@router.post(
    "/{methodology_id}/agree",
    summary="Agree a methodology",
    dependencies=[requires("rating:publish")],
    responses={409: {}},
)
async def agree_methodology(
    methodology_id: MethodologyPath,
    body: AgreementWithAudit,
    session: Writing,
    response: Response,
    key: IdempotencyKey = None,
) -> MethodologyRead:
    """From now on the version is immutable, and its runs may be published. Without an audit of exactly this document it
    is refused with `audit_missing`: run the draft, attach the audit of the run, then agree. Findings of the audit that
    `stops` need an answer in `accepted_findings`."""
    methodology = await service.get_for_change(session, methodology_id)
    agreed = await service.agree(
        session, methodology, basis=body.basis, accepted_findings=body.accepted_findings, now=clock.now()
    )
    return _read(agreed, response)


@router.post("/{methodology_id}/retire", summary="Retire a methodology", dependencies=[requires("rating:publish")])
async def retire_methodology(
    methodology_id: MethodologyPath, body: Agreement, session: Writing, response: Response, key: IdempotencyKey = None
) -> MethodologyRead:
    """No new run uses the version; what was published by it stays."""
    methodology = await service.get_for_change(session, methodology_id)
    return _read(await service.retire(session, methodology, basis=body.basis, now=clock.now()), response)


@router.get("/{methodology_id}/diff/{other_id}", summary="Compare two methodologies")
async def compare_methodologies(
    methodology_id: MethodologyPath, other_id: MethodologyPath, session: Reading
) -> MethodologyDifference:
    """Every place in which two versions differ, and what happened to the tree: what was added, removed, moved, weighed
    or computed differently."""
    return service.difference(await service.get(session, methodology_id), await service.get(session, other_id))


def _read(methodology: Methodology, response: Response) -> MethodologyRead:
    response.headers["ETag"] = conditional.etag(methodology.version)
    return MethodologyRead.model_validate(methodology)
