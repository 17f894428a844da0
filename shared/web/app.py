"""The factory of the three services: one description in, one FastAPI application out, and nothing at import."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

import structlog
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.middleware import Middleware
from starlette.routing import compile_path

from shared.auth import Authentication, verifier_from
from shared.db.engine import Database
from shared.db.listening import Listener
from shared.db.migrations import history
from shared.jobs import Handlers, Worker
from shared.observability import logs
from shared.observability.metrics import Metrics
from shared.observability.middleware import RequestContext, RequestMetrics
from shared.outbox import Stamper, Waiter
from shared.settings import ServiceSettings
from shared.web import docs, guard, health, idempotency, openapi, problems
from shared.web.cursors import Cursors
from shared.web.sealing import Seal

Task = Callable[[FastAPI], Awaitable[None]]
"""Work that goes on as long as the process does."""

_SCHEMA_CHECK_SECONDS = 3.0
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Service:
    """What makes one service different from the others."""

    package: str
    """Where it lives: `registry_api`."""
    title: str
    summary: str
    description: str
    tags: Sequence[Mapping[str, str]]
    """Name and description of each group of operations, in the order they are to be read."""
    routers: Sequence[APIRouter]
    handlers: Callable[[FastAPI], Handlers] = lambda _: {}
    """The kinds of job it carries out."""
    tasks: Sequence[Task] = ()
    """What else goes on in the background."""
    prepare: Callable[[FastAPI], None] = lambda _: None
    """Puts on `app.state` what the service's own dependencies look for there, such as clients of other services."""
    public_writes: tuple[str, ...] = ()
    """Paths that a stranger may POST to."""
    longer_deadlines: Mapping[str, float] = field(default_factory=dict)
    larger_bodies: Mapping[str, int] = field(default_factory=dict)
    long_polls: tuple[str, ...] = ("/v1/changes",)


class SchemaStale(RuntimeError):
    """The database is of another version than the code; migrate first (`make migrate`)."""


def create_service_app(settings: ServiceSettings, service: Service) -> FastAPI:
    """Build the application. Connects to nothing: the process is up without its database, and `/readyz` tells."""
    logs.configure(service.package, level=settings.log_level, form=settings.log_format)
    database = Database(
        settings.database_url.get_secret_value(),
        application_name=service.package,
        reader_url=settings.reader_url.get_secret_value() if settings.reader_url else None,
        read_lanes=settings.pool_size,
        write_lanes=settings.pool_size,
        pool_timeout=timedelta(seconds=settings.pool_timeout_seconds),
    )
    listener = Listener(database)
    metrics = Metrics(service.package)
    app = FastAPI(
        title=service.title,
        summary=service.summary,
        description=service.description,
        version="1.0.0",
        openapi_tags=[dict(tag) for tag in service.tags],
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=openapi.operation_id,
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
        lifespan=_lifespan(service),
        middleware=_walls(settings, service, metrics),
    )
    app.state.settings = settings
    app.state.database = database
    app.state.listener = listener
    app.state.metrics = metrics
    app.state.waiter = Waiter(database, listener)
    app.state.cursors = Cursors(settings.cursor_secret)
    app.state.kept_answers = Seal(settings.cursor_secret, purpose="kept answers")
    service.prepare(app)
    paths = (route.path for router in service.routers for route in router.routes if isinstance(route, APIRoute))
    app.state.fixed_paths = frozenset(path for path in paths if "{" not in path)
    for router in service.routers:
        app.include_router(router)
    app.include_router(health.router(_checks(app, service)))
    metrics.watch_pool("write", database.writer.pool)  # type: ignore[arg-type] # a QueuePool, which the type does not say
    metrics.watch_pool("read", database.reader.pool)  # type: ignore[arg-type]
    app.include_router(health.metrics_router(metrics))
    docs.install(app)
    openapi.install(app, public_writes=service.public_writes)
    problems.install(app, allowed=_allowed(app))
    return app


def _walls(settings: ServiceSettings, service: Service, metrics: Metrics) -> list[Middleware]:
    """From the outside in; each costs under a microsecond or two."""
    deadlines = {"/v1/changes": 40.0, **service.longer_deadlines}
    return [
        Middleware(RequestContext),
        Middleware(RequestMetrics, metrics=metrics),
        Middleware(guard.LastResort),
        Middleware(guard.Deadline, seconds=settings.request_deadline_seconds, longer=deadlines),
        Middleware(guard.BodyCap, limit=settings.body_limit_bytes, larger=service.larger_bodies),
        Middleware(
            Authentication,
            verifier=verifier_from(settings),
            refuse=problems.refuse,
            public_writes=service.public_writes,
        ),
        Middleware(
            guard.Admission,
            reads=settings.reads_in_flight,
            writes=settings.writes_in_flight,
            unlimited=service.long_polls,
            metrics=metrics,
        ),
    ]


def _lifespan(service: Service) -> Callable[[FastAPI], Any]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database: Database = app.state.database
        listener: Listener = app.state.listener
        await _refuse_stale_schema(database, service.package)
        work: list[Awaitable[None]] = [
            listener.run(),
            Stamper(database, listener).run(),
            idempotency.forget_old_keys(database),
        ]
        handlers = service.handlers(app)
        if handlers:
            work.append(Worker(database, handlers, listener).run())
        work.extend(task(app) for task in service.tasks)
        running = [asyncio.ensure_future(one) for one in work]
        for task in running:
            task.add_done_callback(_tell_of_an_end)
        _set_aside_what_stays()
        try:
            yield
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            await database.close()

    return lifespan


@cache
def _set_aside_what_stays() -> None:
    """Spare the garbage collector what lives as long as the process: half a million objects of models and routes, whose
    tour stops everything for a quarter of a second whenever much is made at once. Once a process, not once an app.
    """
    gc.collect()
    gc.freeze()


def _tell_of_an_end(task: "asyncio.Future[None]") -> None:
    """Background work ends only when it is told to; anything else is a fault that someone has to see."""
    if not task.cancelled() and task.exception() is not None:
        _log.error("background_task_died", exc_info=task.exception())


async def _refuse_stale_schema(database: Database, package: str) -> None:
    """Stop at the start when the database is reachable and of another version; go on when it is away."""
    try:
        async with asyncio.timeout(_SCHEMA_CHECK_SECONDS):
            await _check_schema(database, package)
    except SchemaStale:
        raise
    except Exception as error:
        _log.warning("database_away_at_start", error=type(error).__name__)


async def _check_schema(database: Database, package: str) -> None:
    async with database.reading() as session:
        found = await history.current(session)
    expected = history.head(package)
    if found != expected:
        raise SchemaStale(f"{package}: the database is at {found}, the code at {expected}; run `make migrate`")


def _checks(app: FastAPI, service: Service) -> Mapping[str, health.Check]:
    database: Database = app.state.database

    async def schema() -> None:
        await _check_schema(database, service.package)

    return {"database": health.durable(database), "schema": schema}


def _allowed(app: FastAPI) -> Callable[[str], list[str]]:
    """The methods an address takes, over all routes that have its path: Starlette asks only the first."""
    known: list[tuple[Any, set[str]]] = []
    fixed: dict[str, set[str]] = {}

    def allowed(path: str) -> list[str]:
        if not known:
            for context in iter_route_contexts(app.routes):
                template, methods = getattr(context, "path", None), getattr(context, "methods", None)
                if template and methods:
                    known.append((compile_path(template)[0], set(methods)))
                    if "{" not in template:
                        fixed.setdefault(template, set()).update(methods)
        if path in fixed:
            return sorted(fixed[path])
        return sorted(set().union(*(methods for pattern, methods in known if pattern.match(path))))

    return allowed
