"""HTTP of the work queue: checks, findings, pairs that may be one organisation."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api.quality.service import checks, duplicates, findings
from shared import clock, jobs
from shared.auth import Actor, Caller, requires
from shared.schemas.pages import Page
from shared.schemas.registry.quality import (
    CheckCreate,
    DuplicateDecide,
    DuplicateRead,
    DuplicatesQuery,
    FindingAcknowledge,
    FindingRead,
    FindingsQuery,
    RunRead,
    RunsQuery,
)
from shared.web import export, pages
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing, database_of

router = Router("/v1/data-quality", tags=["data-quality"])

FindingPath = Annotated[UUID, Path(description="A finding", examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"])]
PairPath = Annotated[UUID, Path(description="A pair", examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"])]
_RUNS = TypeAdapter(Page[RunRead])
_FINDINGS = TypeAdapter(Page[FindingRead])
_DUPLICATES = TypeAdapter(Page[DuplicateRead])
_COLUMNS = tuple(FindingRead.model_fields)
_CHUNK = 1000


@router.post(
    "/checks",
    summary="Check the data",
    description="Checks all values, or those of one indicator, against all rules, and looks for organisations that are "
    "registered twice. A job does it; findings that are seen no more are resolved. Every night it happens by itself.",
    status_code=202,
    response_model=RunRead,
    dependencies=[requires("registry:approve")],
)
async def ask_for_check(
    asked: CheckCreate, session: Writing, actor: Caller, response: Response, _key: IdempotencyKey = None
) -> dict[str, Any]:
    run = await checks.ask(session, actor, asked.indicator, now=clock.now())
    assert run.job_id is not None
    response.headers["Location"] = jobs.link(run.job_id)
    return checks.document(run)


@router.get(
    "/runs",
    summary="List checks",
    description="The checks that were made, newest first, each with its figures: the trend.",
    response_model=Page[RunRead],
    dependencies=[requires("registry:read")],
)
async def list_quality_runs(request: Request, session: Reading, query: Annotated[RunsQuery, Query()]) -> Response:
    of = query.model_dump(mode="json", exclude={"limit", "cursor", "count"})
    after = pages.start(request, query.cursor, of=of, length=1)
    rows = await checks.page(session, query, after=after, limit=query.limit)
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: (row["id"],))
    total = await checks.count(session, query) if query.count else None
    return pages.answer(request, _RUNS, items, next_cursor=next_cursor, total=total)


@router.get(
    "/findings",
    summary="List findings",
    description="Values that break rules, within the caller's reach, oldest first. As CSV, XLSX or NDJSON by `Accept`, "
    "then all of them.",
    response_model=Page[FindingRead],
    dependencies=[requires("registry:read")],
)
async def list_findings(
    request: Request, session: Reading, actor: Caller, query: Annotated[FindingsQuery, Query()]
) -> Response:
    format_ = export.wanted(request)
    if format_ != "json":
        return await export.respond(format_, _COLUMNS, _all(request, actor, query), filename="findings")
    of = {**query.model_dump(mode="json", exclude={"limit", "cursor", "count"}), "for": actor.principal}
    after = pages.start(request, query.cursor, of=of, length=1)
    now = clock.now()
    rows = await findings.page(session, query, actor=actor, now=now, after=after, limit=query.limit)
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: (row["id"],))
    total = await findings.count(session, query, actor=actor, now=now) if query.count else None
    return pages.answer(request, _FINDINGS, items, next_cursor=next_cursor, total=total)


@router.get(
    "/findings/{finding_id}",
    summary="Read a finding",
    description="One finding: the value, what was expected of it, and where it stands.",
    response_model=FindingRead,
    dependencies=[requires("registry:read")],
)
async def read_finding(session: Reading, actor: Caller, finding_id: FindingPath) -> dict[str, Any]:
    return await findings.get(session, actor, finding_id, now=clock.now())


@router.post(
    "/findings/{finding_id}/acknowledge",
    summary="Let a finding stand",
    description="The value was looked at and is right, with the reason. When it changes and still breaks the rule, the "
    "finding is open again; when it breaks it no more, it is resolved.",
    response_model=FindingRead,
    dependencies=[requires("registry:write")],
)
async def acknowledge_finding(
    asked: FindingAcknowledge, session: Writing, actor: Caller, finding_id: FindingPath, _key: IdempotencyKey = None
) -> dict[str, Any]:
    return await findings.acknowledge(session, actor, finding_id, reason=asked.reason, now=clock.now())


@router.post(
    "/findings/{finding_id}/reopen",
    summary="Put a finding back into the queue",
    description="What was acknowledged is open again.",
    response_model=FindingRead,
    dependencies=[requires("registry:write")],
)
async def reopen_finding(
    session: Writing, actor: Caller, finding_id: FindingPath, _key: IdempotencyKey = None
) -> dict[str, Any]:
    return await findings.reopen(session, actor, finding_id, now=clock.now())


@router.get(
    "/duplicates",
    summary="List pairs that may be one organisation",
    description="Records of one type in one area that bear the same number or nearly the same folded name, most alike "
    "first. Two that are certainly different are never asked about again.",
    response_model=Page[DuplicateRead],
    dependencies=[requires("registry:read")],
)
async def list_duplicates(request: Request, session: Reading, query: Annotated[DuplicatesQuery, Query()]) -> Response:
    of = query.model_dump(mode="json", exclude={"limit", "cursor", "count"})
    after = pages.start(request, query.cursor, of=of, length=2)
    now = clock.now()
    rows = await duplicates.page(session, query, now=now, after=after, limit=query.limit)
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: (-row["score"], row["id"]))
    total = await duplicates.count(session, query, now=now) if query.count else None
    return pages.answer(request, _DUPLICATES, items, next_cursor=next_cursor, total=total)


@router.get(
    "/duplicates/{pair_id}",
    summary="Read a pair that may be one organisation",
    description="One pair, what is alike, and what was decided.",
    response_model=DuplicateRead,
    dependencies=[requires("registry:read")],
)
async def read_duplicate(session: Reading, pair_id: PairPath) -> dict[str, Any]:
    return await duplicates.get(session, pair_id, now=clock.now())


@router.post(
    "/duplicates/{pair_id}/decision",
    summary="Decide whether two records are one organisation",
    description="`different`: never asked again. `same`: the answer says how one is merged into the other.",
    response_model=DuplicateRead,
    dependencies=[requires("registry:approve")],
)
async def decide_duplicate(
    asked: DuplicateDecide, session: Writing, actor: Caller, pair_id: PairPath, _key: IdempotencyKey = None
) -> dict[str, Any]:
    return await duplicates.decide(session, actor, pair_id, asked, now=clock.now())


async def _all(request: Request, actor: Actor, query: FindingsQuery) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    # In a session of its own, because the request's is closed before the answer is sent.
    after: tuple[Any] | None = None
    async with database_of(request).reading() as session:
        while True:
            rows = await findings.page(session, query, actor=actor, now=clock.now(), after=after, limit=_CHUNK)
            yield rows[:_CHUNK]
            if len(rows) <= _CHUNK:
                return
            after = (rows[_CHUNK - 1]["id"],)
