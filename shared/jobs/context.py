"""What a handler is given and what it gives back."""

from collections.abc import Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shared.db.engine import Database
from shared.db.sessions import Authorship, WriteSession
from shared.jobs import queue


@dataclass(frozen=True, slots=True)
class JobOutcome:
    """What came of a job that succeeded."""

    result: Mapping[str, Any] = field(default_factory=dict)
    """The result in short, ready for JSON."""
    location: str | None = None
    """The path of the full result."""


class JobCancelled(Exception):
    """Raised by a handler that stops because `JobContext.cancelled()` told it to."""


class JobLost(Exception):
    """This attempt no longer holds the job: another took it, or it has ended. Its transaction must not commit."""


class JobContext:
    """One attempt at one job.

    The effect of a job must happen once although an attempt may die at any moment and be repeated: write the effect
    and `finish_in` in one transaction, or make the effect idempotent.
    """

    def __init__(self, job: queue.Claimed, database: Database) -> None:
        self.job_id: UUID = job.id
        self.kind: str = job.kind
        self.arguments: Mapping[str, Any] = job.arguments
        self.attempt: int = job.attempts
        self.authorship: Authorship = job.authorship
        """Who asked for the job, and why."""
        self.database = database
        self.fraction = 0.0
        """The progress told so far."""
        self.finishing = False
        """Whether `finish_in` was called; the job may have ended although the handler has not."""
        self._stopping = False
        self._job = job

    def progress(self, fraction: float) -> None:
        """Say how much is done, 0 to 1; cheap, from any thread. It is written within about a second."""
        self.fraction = min(1.0, max(self.fraction, fraction))

    def cancelled(self) -> bool:
        """Whether to stop: cancellation was asked for, the process is ending, or the job is another's by now.

        Cheap, from any thread; a handler that sees it raises `JobCancelled`.
        """
        return self._stopping

    def stop(self) -> None:
        """Let `cancelled` tell the handler to stop; for the worker."""
        self._stopping = True

    def writing(self) -> AbstractAsyncContextManager[WriteSession]:
        """A transaction in the name of who asked for the job; the audit trail tells their reason too."""
        author = self.authorship
        return self.database.writing(author, reason=author.reason, request_id=author.request_id)

    async def finish_in(self, session: WriteSession, outcome: JobOutcome) -> None:
        """Mark the job as succeeded in the transaction of its effect; best as its last statement.

        Raises `JobLost` when this attempt no longer holds the job: the transaction then rolls back with its effect.
        """
        self.finishing = True
        if not await queue.succeed(
            session, self.job_id, self._job.lease, result=outcome.result, location=outcome.location
        ):
            raise JobLost


Handler = Callable[[JobContext], Coroutine[Any, Any, JobOutcome]]
"""Does one kind of job. A `Problem` it raises becomes the job's; any other exception is a fault of ours.

It runs on the event loop: what computes for long belongs in a thread or a process of its own, and not inside an open
transaction, which the server ends when it idles.
"""

Handlers = Mapping[str, Handler]
"""By kind of job."""
