"""`/v1/jobs`: how far long work is, what came of it, and how to stop it."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request
from pydantic import TypeAdapter
from starlette.responses import Response

from shared import jobs
from shared.auth import Caller
from shared.auth.errors import OutOfReach
from shared.jobs import Job, JobNotFound, problems
from shared.schemas.jobs import JobRead, JobsQuery, JobStatus
from shared.schemas.pages import Page
from shared.web import conditional, languages, pages
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

JobPath = Annotated[UUID, Path(description="The job", examples=["01a20034-2d1f-7238-8589-c14d05c24fbf"])]
_PAGE = TypeAdapter(Page[JobRead])
_RETRY_SECONDS = "1"


def router() -> Router:
    """The jobs of a service: each caller's own; all of them for admins and auditors."""
    found = Router("/v1/jobs", tags=["jobs"])

    @found.get("", response_model=Page[JobRead], summary="List jobs, newest first")
    async def list_jobs(
        request: Request, session: Reading, actor: Caller, query: Annotated[JobsQuery, Query()]
    ) -> Response:
        """The caller's own jobs; all jobs for admins and auditors."""
        of = {"list": "jobs", "kind": query.kind, "status": query.status}
        start = pages.start(request, query.cursor, of=of, length=1)
        rows = await jobs.find(
            session,
            actor,
            kind=query.kind,
            status=query.status,
            before=UUID(str(start[0])) if start else None,
            limit=query.limit + 1,
        )
        total = await jobs.count(session, actor, kind=query.kind, status=query.status) if query.count else None
        page, cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda job: [job.id])
        items = [_read(request, job) for job in page]
        return pages.answer(request, _PAGE, items, next_cursor=cursor, total=total)

    @found.get("/{job_id}", response_model=JobRead, summary="See how far a job is")
    async def read_job(request: Request, session: Reading, actor: Caller, job_id: JobPath) -> Response:
        """`Retry-After` tells when to ask again while the job is not over."""
        job = await jobs.get(session, job_id)
        if not jobs.visible(job, actor):
            raise JobNotFound
        return _answer(request, job)

    @found.post("/{job_id}/cancel", response_model=JobRead, summary="Stop a job")
    async def cancel_job(request: Request, session: Writing, actor: Caller, job_id: JobPath) -> Response:
        """A job that waits is cancelled at once; one that runs is asked to stop, which it may do a little later."""
        job = await jobs.get(session, job_id)
        if not jobs.visible(job, actor):
            raise JobNotFound
        if not jobs.cancellable(job, actor):
            raise OutOfReach
        return _answer(request, await jobs.cancel(session, job_id))

    return found


def _read(request: Request, job: Job) -> JobRead:
    problem = problems.shown(job.problem, languages.of_scope_headers(request.scope["headers"])) if job.problem else None
    return JobRead.model_validate({**asdict(job), "problem": problem})


def _answer(request: Request, job: Job) -> Response:
    language = languages.of_scope_headers(request.scope["headers"])
    tag = conditional.etag(job.status, job.progress, job.attempts, job.cancel_requested, language)
    if request.method == "GET" and conditional.is_unchanged(request, tag):
        return conditional.not_modified(tag)
    headers = {"ETag": tag, "Vary": "Accept-Language"}
    if job.status in (JobStatus.queued, JobStatus.running):
        headers["Retry-After"] = _RETRY_SECONDS
    return Response(_read(request, job).model_dump_json(), media_type="application/json", headers=headers)
