"""training_api: who learns what, where, and with what result."""

from fastapi import FastAPI

from services.training_api import dependencies, worker
from services.training_api.allocations import work as allocation_work
from services.training_api.allocations.router import routers as allocations
from services.training_api.assessments.router import routers as assessments
from services.training_api.attendance.router import routers as attendance
from services.training_api.bulk_enrolments.router import routers as bulk_enrolments
from services.training_api.calendars.router import routers as calendars
from services.training_api.certificates.router import routers as certificates
from services.training_api.cohorts.router import routers as cohorts
from services.training_api.contracts.router import routers as contracts
from services.training_api.coverage.router import routers as coverage
from services.training_api.credentials.router import routers as credentials
from services.training_api.credentials.signing import issuer_from
from services.training_api.educators.router import batches as educator_batches
from services.training_api.educators.router import router as educators
from services.training_api.eligibility.router import routers as eligibility
from services.training_api.enrolments.router import routers as enrolments
from services.training_api.feedback.router import routers as feedback
from services.training_api.impact.router import routers as impact
from services.training_api.issuing.router import routers as issuing
from services.training_api.organisation_enrolments.router import routers as organisation_enrolments
from services.training_api.privacy.router import routers as privacy
from services.training_api.programmes.router import router as programmes
from services.training_api.providers.router import router as providers
from services.training_api.reasons.router import routers as reasons
from services.training_api.reports.router import routers as reports
from services.training_api.rooms.router import routers as rooms
from services.training_api.settings import TrainingSettings
from services.training_api.support.router import routers as support
from services.training_api.trainers.router import routers as trainers
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
    app.state.issuer = issuer_from(settings)
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
            {"name": "reasons", "description": "Why something was done: lists of reasons in versions"},
            {"name": "reservations", "description": "Seats kept for some until a day: pools and holds"},
            {"name": "rooms", "description": "Rooms in which sessions are held"},
            {"name": "trainers", "description": "Who teaches, and when"},
            {"name": "eligibility", "description": "Who may join, and why not"},
            {"name": "assessments", "description": "Tasks, scores, re-sits and the outcome"},
            {
                "name": "allocations",
                "description": "Many people, many venues, few seats: the best assignment, explained",
            },
            {"name": "attendance", "description": "Who was there, how long, and how that is known"},
            {"name": "calendars", "description": "Calendars of teachers, trainers and rooms"},
            {"name": "credentials", "description": "Documents that anybody can verify, with or without this service"},
            {"name": "feedback", "description": "What the course was worth, asked without names"},
            {"name": "support", "description": "What follows a course: mentor, visits, rubric, evidence"},
            {"name": "impact", "description": "What a course changed, against those who waited"},
            {"name": "privacy", "description": "What persons may ask for: who read their data, blocking, erasure"},
            {"name": "indicators", "description": "What the rating takes from here"},
            {"name": "reports", "description": "Who is covered"},
            {"name": "changes", "description": "What happened here, in order and without gaps"},
            {"name": "jobs", "description": "Long work: how far it is and what came of it"},
            {"name": "audit", "description": "Who changed what, when and why"},
            {"name": "health", "description": "Is the service up, and can it serve?"},
        ),
        routers=(
            *enrolments,
            *cohorts,
            educators,
            educator_batches,
            programmes,
            providers,
            *contracts,
            *organisation_enrolments,
            *certificates,
            *coverage,
            *reasons,
            *rooms,
            *trainers,
            *eligibility,
            *assessments,
            *allocations,
            *attendance,
            *calendars,
            *issuing,
            *credentials,
            *feedback,
            *support,
            *impact,
            *reports,
            *bulk_enrolments,
            *privacy,
            changes.router("training:read"),
            jobs.router(),
            audit.router(),
        ),
        tasks=(
            worker.follow_the_registry,
            worker.keep_regions,
            worker.end_offers,
            worker.watch_cohorts,
            worker.turn_feedback,
            worker.keep_certificates,
        ),
        handlers=lambda _: allocation_work.handlers(),
        prepare=_prepare,
        public_writes=("/v1/attendance-scans", "/v1/feedback", "/v1/verify"),
        larger_bodies={
            "/v1/allocations": 4_194_304,
            "/v1/bulk-enrolments": 4_194_304,
            "/v1/educator-batches": 4_194_304,
            "/v1/certificate-batches": 4_194_304,
        },
        longer_deadlines={
            "/v1/bulk-enrolments": 60.0,
            "/v1/educator-batches": 30.0,
            "/v1/certificate-batches": 30.0,
            "/v1/indicator-table": 30.0,
            "/v1/reports/impact": 30.0,
        },
    )
