"""HTTP of what proves a commitment: evidence, reports of progress, and the second reader of both."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api.commitments import service as commitments
from services.registry_api.commitments.router.one import CommitmentPath
from services.registry_api.commitments.service import CommitmentEvidence, CommitmentReport
from shared import clock
from shared.auth import Caller, requires
from shared.db.sessions import ReadSession
from shared.schemas.pages import Page
from shared.schemas.registry.commitment_progress import (
    EvidenceCreate,
    EvidenceRead,
    ProgressReportCreate,
    ProgressReportRead,
    ReviewCreate,
    ReviewedQuery,
)
from shared.schemas.registry.commitment_words import EVIDENCE_ID, REPORT_ID
from shared.web import pages
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/commitments", tags=["commitments"])
EvidencePath = Annotated[UUID, Path(description="The item of evidence", examples=[EVIDENCE_ID])]
ReportPath = Annotated[UUID, Path(description="The report", examples=[REPORT_ID])]

_EVIDENCE = TypeAdapter(Page[EvidenceRead])
_REPORTS = TypeAdapter(Page[ProgressReportRead])
_READER = [requires("registry:read")]
_WRITER = [requires("registry:write")]
_APPROVER = [requires("registry:approve")]


@router.post(
    "/{commitment_id}/evidence",
    summary="Hand in evidence",
    description="An https address, or the digest of a document of the memorandum. It counts once a second person has "
    "accepted it.",
    status_code=201,
    response_model=EvidenceRead,
    dependencies=_WRITER,
)
async def hand_in_evidence(
    response: Response,
    session: Writing,
    actor: Caller,
    commitment_id: CommitmentPath,
    asked: EvidenceCreate,
    _key: IdempotencyKey = None,
) -> EvidenceRead:
    commitment = await commitments.lock(session, commitment_id)
    row = await commitments.submit_evidence(session, actor, commitment, asked, now=clock.now())
    response.headers["Location"] = f"/v1/commitments/{commitment_id}/evidence"
    return EvidenceRead.model_validate(row)


@router.get(
    "/{commitment_id}/evidence",
    summary="List evidence",
    description="What was handed in, the newest first, and what the second reader said.",
    response_model=Page[EvidenceRead],
    dependencies=_READER,
)
async def list_evidence(
    request: Request, session: Reading, commitment_id: CommitmentPath, query: Annotated[ReviewedQuery, Query()]
) -> Response:
    return await _items(request, session, commitment_id, CommitmentEvidence, query, _EVIDENCE)


@router.post(
    "/{commitment_id}/evidence/{evidence_id}/review",
    summary="Review evidence",
    description="Accepts or rejects it, with the reason. It takes another person than the one who handed it in (409 "
    "`four_eyes_needed`).",
    response_model=EvidenceRead,
    dependencies=_APPROVER,
)
async def review_evidence(
    session: Writing,
    actor: Caller,
    commitment_id: CommitmentPath,
    evidence_id: EvidencePath,
    asked: ReviewCreate,
    _key: IdempotencyKey = None,
) -> EvidenceRead:
    commitment = await commitments.lock(session, commitment_id)
    row = await commitments.review(session, actor, commitment, CommitmentEvidence, evidence_id, asked, now=clock.now())
    return EvidenceRead.model_validate(row)


@router.post(
    "/{commitment_id}/progress",
    summary="Report progress",
    description="How far the commitment is on a day, with the value of what is measured. The delivery light follows "
    "once a second person has accepted it; that it was reported counts at once.",
    status_code=201,
    response_model=ProgressReportRead,
    dependencies=_WRITER,
)
async def report_progress(
    response: Response,
    session: Writing,
    actor: Caller,
    commitment_id: CommitmentPath,
    asked: ProgressReportCreate,
    _key: IdempotencyKey = None,
) -> ProgressReportRead:
    commitment = await commitments.lock(session, commitment_id)
    row = await commitments.report(session, actor, commitment, asked, now=clock.now())
    response.headers["Location"] = f"/v1/commitments/{commitment_id}/progress"
    return _report(row)


@router.get(
    "/{commitment_id}/progress",
    summary="List reports of progress",
    description="What was reported, the newest first, and what the second reader said.",
    response_model=Page[ProgressReportRead],
    dependencies=_READER,
)
async def list_progress(
    request: Request, session: Reading, commitment_id: CommitmentPath, query: Annotated[ReviewedQuery, Query()]
) -> Response:
    return await _items(request, session, commitment_id, CommitmentReport, query, _REPORTS)


@router.post(
    "/{commitment_id}/progress/{report_id}/review",
    summary="Review a report of progress",
    description="Accepts or rejects it, with the reason; by another person than the one who reported.",
    response_model=ProgressReportRead,
    dependencies=_APPROVER,
)
async def review_progress(
    session: Writing,
    actor: Caller,
    commitment_id: CommitmentPath,
    report_id: ReportPath,
    asked: ReviewCreate,
    _key: IdempotencyKey = None,
) -> ProgressReportRead:
    commitment = await commitments.lock(session, commitment_id)
    row = await commitments.review(session, actor, commitment, CommitmentReport, report_id, asked, now=clock.now())
    return _report(row)


def _report(row: CommitmentReport) -> ProgressReportRead:
    return ProgressReportRead.model_validate(row)


async def _items(
    request: Request,
    session: ReadSession,
    commitment_id: UUID,
    kind: type[CommitmentEvidence] | type[CommitmentReport],
    query: ReviewedQuery,
    page: TypeAdapter[Page[EvidenceRead]] | TypeAdapter[Page[ProgressReportRead]],
) -> Response:
    await commitments.steps(session, commitment_id)
    of = {"of": str(commitment_id), **query.model_dump(mode="json", exclude={"limit", "cursor", "count"})}
    after = pages.start(request, query.cursor, of=of, length=1)
    rows = await commitments.items(session, commitment_id, kind, query, after=after)
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: [str(row.id)])
    total = await commitments.count_items(session, commitment_id, kind, query) if query.count else None
    return pages.answer(request, page, items, next_cursor=next_cursor, total=total)
