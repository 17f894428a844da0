"""Long work on the wire: a job, how far it is, and what came of it."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Code, Instant, Out
from shared.schemas.pages import PageQuery
from shared.schemas.problems import ProblemDocument


class JobStatus(StrEnum):
    """The life of a job."""

    queued = "queued"
    running = "running"
    succeeded = "succeeded"
    failed = "failed"
    cancelled = "cancelled"


class JobRead(Out):
    """Work that goes on after the answer; ask for it again until `status` is succeeded, failed or cancelled."""

    id: UUID = Field(description="The job", examples=["01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"])
    kind: str = Field(max_length=100, description="What it does", examples=["import.apply"])
    status: JobStatus = Field(description="Where it stands", examples=["running"])
    progress: float = Field(ge=0, le=1, description="Share of the work that is done", examples=[0.4])
    attempts: int = Field(ge=0, description="How often it was begun; more than 1 after a crash", examples=[1])
    cancel_requested: bool = Field(description="Someone asked for it to stop", examples=[False])
    created_by: str | None = Field(max_length=300, description="Who asked for it", examples=["bilim-local#officer-17"])
    created_at: Instant = Field(description="When it was asked for", examples=["2026-09-01T09:00:00+05:00"])
    started_at: Instant | None = Field(description="When it was begun", examples=["2026-09-01T09:00:01+05:00"])
    finished_at: Instant | None = Field(description="When it ended", examples=["2026-09-01T09:00:09+05:00"])
    location: str | None = Field(max_length=2000, description="Where the result is", examples=["/v1/runs/01936f0e"])
    result: dict[str, Any] | None = Field(description="The result in short", examples=[{"applied": 5516}])
    problem: ProblemDocument | None = Field(description="Why it failed, in the reader's language")


class JobsQuery(PageQuery):
    """Which jobs, newest first."""

    kind: Code | None = Field(default=None, description="Only of this kind", examples=["import.apply"])
    status: JobStatus | None = Field(default=None, description="Only these", examples=["running"])
