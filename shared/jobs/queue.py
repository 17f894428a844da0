"""Every SQL statement about jobs: asking for one, taking it, and ending it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID, uuid4

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Interval,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    func,
    insert,
    null,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.db.sessions import AnySession, Authorship, WriteSession, authorship
from shared.ids import new_id
from shared.jobs.errors import JobFinished, JobNotFound
from shared.jobs.tables import jobs
from shared.schemas.jobs import JobStatus

CHANGED = "jobs_changed"
"""PostgreSQL notifies this channel when a job was asked for or is to be cancelled."""

_MASTER = "admin"
_OVERSEERS = frozenset({_MASTER, "auditor"})
"""Roles that see the jobs of others."""


class Principal(Protocol):
    """The part of an actor that owns jobs."""

    @property
    def principal(self) -> str: ...
    @property
    def roles(self) -> Collection[str]: ...


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands."""

    id: UUID
    kind: str
    status: JobStatus
    progress: float
    attempts: int
    cancel_requested: bool
    created_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    location: str | None
    result: dict[str, Any] | None
    problem: dict[str, Any] | None
    """As kept by `problems.stored`."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job that was taken, and the lease that proves it."""

    id: UUID
    kind: str
    arguments: dict[str, Any]
    authorship: Authorship
    attempts: int
    cancel_requested: bool
    lease: UUID


_PUBLIC = (
    jobs.c.id,
    jobs.c.kind,
    jobs.c.status,
    jobs.c.progress,
    jobs.c.attempts,
    jobs.c.cancel_requested,
    jobs.c.created_by,
    jobs.c.created_at,
    jobs.c.started_at,
    jobs.c.finished_at,
    jobs.c.location,
    jobs.c.result,
    jobs.c.problem,
)
_NOTIFY = select(func.pg_notify(CHANGED, ""))
_OPEN = (JobStatus.queued.value, JobStatus.running.value)

_GET = select(*_PUBLIC).where(jobs.c.id == bindparam("job_id"))

_next = (
    select(jobs.c.id)
    .where(
        jobs.c.kind == func.any(bindparam("kinds", type_=ARRAY(Text))),
        or_(
            jobs.c.status == JobStatus.queued.value,
            and_(
                jobs.c.status == JobStatus.running.value,
                jobs.c.heartbeat_at < func.clock_timestamp() - bindparam("stale", type_=Interval),
                jobs.c.id != func.all(bindparam("mine", type_=ARRAY(Uuid))),
            ),
        ),
    )
    .order_by(jobs.c.created_at, jobs.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
    .scalar_subquery()
)
_CLAIM = (
    update(jobs)
    .where(jobs.c.id == _next)
    .values(
        status=JobStatus.running.value,
        lease=bindparam("new_lease"),
        heartbeat_at=func.clock_timestamp(),
        started_at=func.coalesce(jobs.c.started_at, func.clock_timestamp()),
        attempts=jobs.c.attempts + 1,
        progress=0,
    )
    .returning(jobs.c.id, jobs.c.kind, jobs.c.arguments, jobs.c.authorship, jobs.c.attempts, jobs.c.cancel_requested)
)

_BEAT = text(
    """
    WITH mine AS MATERIALIZED (
        SELECT jobs.id, jobs.cancel_requested, told.progress
        FROM jobs JOIN unnest(CAST(:leases AS uuid[]), CAST(:progress AS double precision[])) AS told (lease, progress)
            ON jobs.lease = told.lease
        WHERE jobs.id = ANY (CAST(:ids AS uuid[]))
    ), free AS MATERIALIZED (
        SELECT id FROM jobs WHERE id IN (SELECT id FROM mine) ORDER BY id FOR UPDATE SKIP LOCKED
    ), beaten AS (
        UPDATE jobs SET heartbeat_at = clock_timestamp(), progress = mine.progress
        FROM mine JOIN free USING (id)
        WHERE jobs.id = mine.id
    )
    SELECT id, cancel_requested FROM mine
    """
)
"""A row that is locked is just now being finished or cancelled; it needs no heartbeat and must not be waited for."""

_held = and_(jobs.c.id == bindparam("job_id"), jobs.c.lease == bindparam("held_lease"))
_END = (
    update(jobs)
    .where(_held)
    .values(
        status=bindparam("end", type_=Text),
        progress=case((bindparam("end", type_=Text) == JobStatus.succeeded.value, 1.0), else_=jobs.c.progress),
        result=bindparam("result", type_=JSONB(none_as_null=True)),
        location=bindparam("location", type_=Text),
        problem=bindparam("problem", type_=JSONB(none_as_null=True)),
        finished_at=func.clock_timestamp(),
        lease=null(),
        heartbeat_at=null(),
    )
    .returning(jobs.c.id)
)
_RELEASE = (
    update(jobs)
    .where(_held)
    .values(
        status=JobStatus.queued.value,
        lease=null(),
        heartbeat_at=null(),
        attempts=jobs.c.attempts - bindparam("uncounted", type_=Integer),
    )
    .returning(jobs.c.id)
)
_waits = jobs.c.status == JobStatus.queued.value
_CANCEL = (
    update(jobs)
    .where(jobs.c.id == bindparam("job_id"), jobs.c.status.in_(_OPEN))
    .values(
        cancel_requested=True,
        status=case((_waits, JobStatus.cancelled.value), else_=jobs.c.status),
        finished_at=case((_waits, func.clock_timestamp()), else_=null()),
    )
    .returning(*_PUBLIC)
)


def link(job_id: UUID) -> str:
    """The `Location` of a 202 answer."""
    return f"/v1/jobs/{job_id}"


async def enqueue(
    session: WriteSession, *, kind: str, arguments: Mapping[str, Any], now: datetime, actor: Principal | None = None
) -> UUID:
    """Ask for work in the caller's transaction; it begins after the commit, or never if there is none.

    Without `actor` the job belongs to the author of the session.
    """
    author = authorship(session)
    if actor is not None:
        author = Authorship(actor.principal, tuple(sorted(actor.roles)), author.reason, author.request_id)
    job_id = new_id()
    await session.execute(
        insert(jobs).values(
            id=job_id,
            kind=kind,
            arguments=dict(arguments),
            created_by=author.subject,
            authorship=asdict(author),
            created_at=now,
        )
    )
    await session.execute(_NOTIFY)
    return job_id


async def get(session: AnySession, job_id: UUID) -> Job:
    """The job, or `JobNotFound`."""
    row = (await session.execute(_GET, {"job_id": job_id})).mappings().one_or_none()
    if row is None:
        raise JobNotFound
    return _job(row)


def visible(job: Job, actor: Principal) -> bool:
    """Whether `actor` may see the job: its author, an admin or an auditor."""
    return job.created_by == actor.principal or not _OVERSEERS.isdisjoint(actor.roles)


def cancellable(job: Job, actor: Principal) -> bool:
    """Whether `actor` may stop the job: its author or an admin."""
    return job.created_by == actor.principal or _MASTER in actor.roles


async def find(
    session: AnySession,
    actor: Principal,
    *,
    kind: str | None = None,
    status: JobStatus | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> list[Job]:
    """The jobs that `actor` may see, newest first, from below the id `before`."""
    statement = select(*_PUBLIC).where(*_conditions(actor, kind, status)).order_by(jobs.c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(jobs.c.id < before)
    return [_job(row) for row in (await session.execute(statement)).mappings()]


async def count(
    session: AnySession, actor: Principal, *, kind: str | None = None, status: JobStatus | None = None
) -> int:
    """How many jobs `find` would give in all."""
    statement = select(func.count()).select_from(jobs).where(*_conditions(actor, kind, status))
    return int((await session.execute(statement)).scalar_one())


def _conditions(actor: Principal, kind: str | None, status: JobStatus | None) -> list[ColumnElement[bool]]:
    conditions = []
    if _OVERSEERS.isdisjoint(actor.roles):
        conditions.append(jobs.c.created_by == actor.principal)
    if kind is not None:
        conditions.append(jobs.c.kind == kind)
    if status is not None:
        conditions.append(jobs.c.status == status.value)
    return conditions


async def cancel(session: WriteSession, job_id: UUID) -> Job:
    """Cancel at once what has not begun; ask what is running to stop. `JobFinished` if it has ended otherwise."""
    row = (await session.execute(_CANCEL, {"job_id": job_id})).mappings().one_or_none()
    if row is None:
        job = await get(session, job_id)
        if job.status is not JobStatus.cancelled:
            raise JobFinished(status=job.status.value)
        return job
    await session.execute(_NOTIFY)
    return _job(row)


async def claim(
    session: WriteSession, *, kinds: Collection[str], stale: timedelta, mine: Collection[UUID]
) -> Claimed | None:
    """Take the oldest job of these kinds that waits, or whose worker has given no sign of life for `stale`.

    `mine` are the jobs this worker is busy with: a loop that was blocked for long must not take its own again.
    """
    lease = uuid4()
    row = (
        await session.execute(_CLAIM, {"kinds": list(kinds), "stale": stale, "mine": list(mine), "new_lease": lease})
    ).one_or_none()
    if row is None:
        return None
    author = Authorship(**{**row.authorship, "roles": tuple(row.authorship["roles"])})
    return Claimed(row.id, row.kind, row.arguments, author, row.attempts, row.cancel_requested, lease)


async def beat(session: WriteSession, held: Sequence[tuple[UUID, UUID, float]]) -> dict[UUID, bool]:
    """A sign of life for each `(id, lease, progress)`.

    Gives, for each job that is still held, whether it was asked to stop; those that are missing were lost.
    """
    rows = await session.execute(
        _BEAT,
        {
            "ids": [job_id for job_id, _, _ in held],
            "leases": [lease for _, lease, _ in held],
            "progress": [progress for _, _, progress in held],
        },
    )
    return {row.id: row.cancel_requested for row in rows}


async def succeed(
    session: WriteSession, job_id: UUID, lease: UUID, *, result: Mapping[str, Any], location: str | None
) -> bool:
    """End the job well; False if the lease is not valid any more."""
    return await _end(session, job_id, lease, JobStatus.succeeded, result=dict(result), location=location)


async def fail(session: WriteSession, job_id: UUID, lease: UUID, problem: Mapping[str, Any]) -> bool:
    """End the job with a problem; False if the lease is not valid any more."""
    return await _end(session, job_id, lease, JobStatus.failed, problem=dict(problem))


async def stop(session: WriteSession, job_id: UUID, lease: UUID) -> bool:
    """End the job as cancelled; False if the lease is not valid any more."""
    return await _end(session, job_id, lease, JobStatus.cancelled)


async def release(session: WriteSession, job_id: UUID, lease: UUID, *, counted: bool = True) -> bool:
    """Put the job back; an attempt that ended through no fault of its own is not counted.

    False if the lease is not valid any more.
    """
    given_back = await session.scalar(
        _RELEASE, {"job_id": job_id, "held_lease": lease, "uncounted": 0 if counted else 1}
    )
    if given_back is not None:
        await session.execute(_NOTIFY)
    return given_back is not None


async def _end(
    session: WriteSession,
    job_id: UUID,
    lease: UUID,
    status: JobStatus,
    *,
    result: dict[str, Any] | None = None,
    location: str | None = None,
    problem: dict[str, Any] | None = None,
) -> bool:
    ended = await session.scalar(
        _END,
        {
            "job_id": job_id,
            "held_lease": lease,
            "end": status.value,
            "result": result,
            "location": location,
            "problem": problem,
        },
    )
    return ended is not None


def _job(row: Any) -> Job:
    return Job(**{**row, "status": JobStatus(row["status"])})
