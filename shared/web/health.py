"""`/livez`: the process is up, with or without its database. `/readyz`: it can serve, and if not, why."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter
from pydantic import Field
from sqlalchemy import text
from starlette.responses import Response

from shared.db.engine import Database
from shared.errors import Problem, Text
from shared.observability.metrics import CONTENT_TYPE, Metrics
from shared.schemas.base import Out
from shared.web.routing import Router

Check = Callable[[], Awaitable[None]]
"""Returns when all is well and raises when not."""

_SECONDS = 2.0


class NotReady(Problem):
    """The service runs, but something it needs does not; `context` names each check and what it says."""

    code = "not_ready"
    status = 503
    title = Text(kk="Қызмет әзірге дайын емес", ru="Служба пока не готова", en="The service is not ready yet")


class Alive(Out):
    """The process answers."""

    status: str = Field(default="alive", max_length=10, description="Always `alive`", examples=["alive"])


class Ready(Out):
    """Everything the service needs is there."""

    status: str = Field(default="ready", max_length=10, description="Always `ready`", examples=["ready"])


def router(checks: Mapping[str, Check]) -> APIRouter:
    """The two addresses; `checks` are asked at once and each has two seconds."""
    routes = Router("", tags=["health"])

    @routes.get("/livez", summary="Is the process up?", operation_id="getLiveness")
    async def livez() -> Alive:
        """Answers as long as the process does; touches nothing else."""
        return Alive()

    @routes.get("/readyz", summary="Can the service serve?", operation_id="getReadiness")
    async def readyz() -> Ready:
        """Asks the database, its schema and its durability settings."""
        findings = await asyncio.gather(*(_ask(check) for check in checks.values()))
        if any(finding is not None for finding in findings):
            problem = NotReady()
            problem.values.update({name: finding or "ok" for name, finding in zip(checks, findings, strict=True)})
            raise problem
        return Ready()

    return routes


def metrics_router(metrics: Metrics) -> APIRouter:
    """`/metrics` for Prometheus, outside the document: it is for machines on the inner network."""
    routes = APIRouter()

    @routes.get("/metrics", include_in_schema=False)
    async def read_metrics() -> Response:
        return Response(metrics.render(), media_type=CONTENT_TYPE)

    return routes


async def _ask(check: Check) -> str | None:
    try:
        async with asyncio.timeout(_SECONDS):
            await check()
    except Exception as error:  # whatever is wrong, the answer is that it is
        return type(error).__name__
    return None


def durable(database: Database) -> Check:
    """The server keeps what it acknowledges: fsync, full_page_writes and synchronous_commit are on."""

    async def check() -> None:
        async with database.reading() as session:
            row = (await session.execute(_DURABILITY)).one()
        if not all(row):
            raise NotDurable

    return check


class NotDurable(Exception):
    """The database may lose what it has acknowledged."""


_DURABILITY = text(
    "SELECT current_setting('fsync') = 'on', current_setting('full_page_writes') = 'on', "
    "current_setting('synchronous_commit') <> 'off'"
)
