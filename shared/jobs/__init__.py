"""Background work on PostgreSQL: asked for in the caller's transaction, done once in effect, whatever is killed."""

from shared.jobs.context import Handler, Handlers, JobCancelled, JobContext, JobLost, JobOutcome
from shared.jobs.errors import JobAbandoned, JobFinished, JobNotFound
from shared.jobs.queue import Job, Principal, cancel, cancellable, count, enqueue, find, get, link, visible
from shared.jobs.worker import Worker

__all__ = [
    "Handler",
    "Handlers",
    "Job",
    "JobAbandoned",
    "JobCancelled",
    "JobContext",
    "JobFinished",
    "JobLost",
    "JobNotFound",
    "JobOutcome",
    "Principal",
    "Worker",
    "cancel",
    "cancellable",
    "count",
    "enqueue",
    "find",
    "get",
    "link",
    "visible",
]
