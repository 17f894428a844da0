"""training_api: who learns what, where, and with what result."""

from fastapi import FastAPI

from services.training_api import dependencies, worker
from services.training_api.certificates.router import routers as certificates
from services.training_api.cohorts.router import router as cohorts
from services.training_api.coverage.router import routers as coverage
from services.training_api.educators.router import batches as educator_batches
from services.training_api.educators.router import router as educators
from services.training_api.enrolments.router import routers as enrolments
from services.training_api.organisation_enrolments.router import routers as organisation_enrolments
from services.training_api.programmes.router import router as programmes
from services.training_api.providers.router import router as providers
from services.training_api.settings import TrainingSettings
from shared.auth import Scope, tokens_from
from shared.clients.registry import RegistryClient
from shared.settings import ServiceSettings, settings_for
from shared.web import audit, changes, jobs
from shared.web.app import Service, create_service_app

_DESCRIPTION = """\
Programmes are taught to cohorts at venues with seats. A seat is never sold twice: who finds none free waits in a list
that keeps the order of arrival, and a seat that comes free is offered to the first of it. Certificates are numbered
without gaps and tell whether they count towards the norm of upskilling. Names of persons are shown only to callers
who are responsible for them.
"""


def create_app(settings: ServiceSettings | None = None) -> FastAPI:
    """The application; settings come from the environment unless they are given."""
    return create_service_app(settings or settings_for("training", TrainingSettings), _service())


def _prepare(app: FastAPI) -> None:
    settings: ServiceSettings = app.state.settings
    dependencies.prepare(app)
    app.state.registry = RegistryClient(settings.registry_url, tokens_from(settings, scopes=[Scope.REGISTRY_READ]))


def _service() -> Service:
    return Service(
        package="training_api",
        title="Bilim training",
        summary="Programmes, cohorts, seats, enrolments, certificates: the upskilling of educators.",
        description=_DESCRIPTION,
        tags=(
            {"name": "providers", "description": "Organisations that give courses"},
            {"name": "programmes", "description": "What is taught, to whom, and when it counts as passed"},
            {"name": "cohorts", "description": "Runs of programmes: dates, venues, seats, sessions, waiting lists"},
            {"name": "educators", "description": "The people who learn; their names are personal data"},
            {"name": "enrolments", "description": "A person in a cohort, from the seat to the outcome"},
            {"name": "organisation enrolments", "description": "Organisations that take a programme as a team"},
            {"name": "certificates", "description": "What was earned, under which number; verification by anybody"},
            {
                "name": "norms",
                "description": "How often and how much educators must learn, in versions",
            },
            {"name": "indicators", "description": "What the rating takes from here"},
            {"name": "reports", "description": "Who is covered"},
            {"name": "changes", "description": "What happened here, in order and without gaps"},
            {"name": "jobs", "description": "Long work: how far it is and what came of it"},
            {"name": "audit", "description": "Who changed what, when and why"},
            {"name": "health", "description": "Is the service up, and can it serve?"},
        ),
        routers=(
            *enrolments,
            cohorts,
            educators,
            educator_batches,
            programmes,
            providers,
            *organisation_enrolments,
            *certificates,
            *coverage,
            changes.router("training:read"),
            jobs.router(),
            audit.router(),
        ),
        tasks=(worker.follow_the_registry, worker.end_offers),
        prepare=_prepare,
        larger_bodies={"/v1/educator-batches": 4_194_304, "/v1/certificate-batches": 4_194_304},
        longer_deadlines={"/v1/educator-batches": 30.0, "/v1/certificate-batches": 30.0, "/v1/indicator-table": 30.0},
    )
