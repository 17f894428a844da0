"""The rating engine as a FastAPI application."""

import asyncio

from fastapi import FastAPI

from services.rating_engine.appeals.router import routers as appeals
from services.rating_engine.attestations.router import routers as attestations
from services.rating_engine.audits.router import routers as audits
from services.rating_engine.bundles.router import routers as bundles
from services.rating_engine.comparisons.router import routers as comparisons
from services.rating_engine.dependencies import source_of
from services.rating_engine.diagnostics.router import routers as diagnostics
from services.rating_engine.goalposts.router import routers as goalposts
from services.rating_engine.methodologies.router import router as methodologies
from services.rating_engine.previews.router import routers as previews
from services.rating_engine.publications.router import organisations
from services.rating_engine.publications.router import router as publications
from services.rating_engine.runs import service as runs
from services.rating_engine.runs.router import router as run_routes
from services.rating_engine.simulations.router import router as simulations
from services.rating_engine.snapshots import service as snapshots
from services.rating_engine.snapshots.router import router as snapshot_routes
from services.rating_engine.surveys import service as voices
from services.rating_engine.surveys.router import BALLOTS_AT_ONCE
from services.rating_engine.surveys.router import routers as surveys
from services.rating_engine.worker import close_surveys, fail_forsaken_runs
from services.rating_engine.working_days.router import routers as working_days
from shared.auth import Scope, tokens_from
from shared.clients.registry import RegistryClient
from shared.clients.training import TrainingClient
from shared.jobs import Handlers, JobContext, JobOutcome
from shared.settings import ServiceSettings, settings_for
from shared.web import audit, changes, jobs
from shared.web.app import Service, create_service_app

_DESCRIPTION = """
The public rating of schools and colleges: a methodology is a document, agreed once and immutable; a run applies it to
a snapshot of what the registry and training said; a publication puts a run before the public with the explanation of
every score. The same document and the same data give the same bytes.
"""


def create_app(settings: ServiceSettings | None = None) -> FastAPI:
    """Build the rating engine; without `settings` they are read from the environment."""
    return create_service_app(
        settings or settings_for("rating"),
        Service(
            package="rating_engine",
            title="Bilim: rating engine",
            summary="The public rating: methodology, computation, publication, explanation",
            description=_DESCRIPTION,
            tags=[
                {"name": "publications", "description": "What the public reads"},
                {"name": "methodologies", "description": "How ratings are made"},
                {"name": "runs", "description": "Methodologies applied to snapshots"},
                {
                    "name": "appeals",
                    "description": "What organisations object to in their preview, and what was decided",
                },
                {"name": "comparisons", "description": "Two organisations, two editions, and what would be if"},
                {"name": "surveys", "description": "The public's voice, one ballot a token"},
                {"name": "attestations", "description": "The thresholds of the national attestation"},
                {"name": "simulations", "description": "The same core on given data; nothing is stored"},
                {"name": "jobs", "description": "Long work and how far it is"},
                {"name": "changes", "description": "What happened, in order"},
                {"name": "audit", "description": "Who changed what, and why"},
                {"name": "health", "description": "Is it up?"},
            ],
            routers=[
                publications,
                organisations,
                methodologies,
                run_routes,
                snapshot_routes,
                simulations,
                *goalposts,
                *diagnostics,
                *comparisons,
                *audits,
                *previews,
                *appeals,
                *working_days,
                *bundles,
                *attestations,
                *surveys,
                changes.router("rating:read"),
                jobs.router(),
                audit.router(),
            ],
            handlers=_handlers,
            tasks=(close_surveys, fail_forsaken_runs),
            prepare=_prepare,
            public_writes=("/v1/surveys/{survey_id}/ballots",),
            longer_deadlines={"/v1/publications": 60.0, "/v1/runs": 30.0, "/v1/simulations": 60.0},
            larger_bodies={"/v1/simulations": 32 << 20, "/v1/surveys/*/frame": 32 << 20},
        ),
    )


def _prepare(app: FastAPI) -> None:
    settings: ServiceSettings = app.state.settings
    tokens = tokens_from(settings, scopes=(Scope.REGISTRY_READ, Scope.TRAINING_READ))
    app.state.source = snapshots.Services(
        RegistryClient(settings.registry_url, tokens),
        TrainingClient(settings.training_url, tokens),
        voices.Published(app.state.database),
    )
    app.state.ballot_lane = asyncio.Semaphore(BALLOTS_AT_ONCE)


def _handlers(app: FastAPI) -> Handlers:
    async def carry_out(context: JobContext) -> JobOutcome:
        return await runs.carry_out(context, source_of(app))

    return {runs.JOB_KIND: carry_out, voices.JOB_KIND: voices.carry_out}
