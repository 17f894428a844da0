"""registry_api: who there is, what was agreed, what was measured."""

from fastapi import FastAPI

from services.registry_api import worker
from services.registry_api.areas.router import router as areas
from services.registry_api.clubs.router import routers as clubs
from services.registry_api.commitments.router import routers as commitments
from services.registry_api.construction.router import routers as construction
from services.registry_api.dashboard.router import routers as dashboard
from services.registry_api.derived.router import routers as derived
from services.registry_api.directives.router import routers as directives
from services.registry_api.events.router import routers as events
from services.registry_api.facilities.router import routers as facilities
from services.registry_api.finding.router import routers as finding
from services.registry_api.imports import work
from services.registry_api.imports.router import router as imports
from services.registry_api.indicators.router import router as indicators
from services.registry_api.memoranda.router import routers as memoranda
from services.registry_api.networks.router import routers as networks
from services.registry_api.observations.router import figures_router as figures
from services.registry_api.observations.router import router as observations
from services.registry_api.observations.router import table_router as observation_table
from services.registry_api.organisations.router import routers as organisations
from services.registry_api.places.router import routers as places
from services.registry_api.projects.router import routers as projects
from services.registry_api.quality import work as quality_work
from services.registry_api.quality.nightly import check_every_night
from services.registry_api.quality.router import routers as quality
from services.registry_api.reorganisations.router import routers as reorganisations
from services.registry_api.selections.router import routers as selections
from services.registry_api.settings import RegistrySettings, identifier_secret
from services.registry_api.targets.router import routers as targets
from shared.auth import Scope, tokens_from
from shared.clients.training import TrainingClient
from shared.settings import ServiceSettings, settings_for
from shared.web import audit, changes, jobs
from shared.web.app import Service, create_service_app

_DESCRIPTION = """\
Organisations keep one identity through every re-registration. Everything about them is kept for the days it was true
and for the time it was known, so any list can be asked for as of any day. Names are found in Kazakh, Russian and
English and listed in Kazakh order. Reading needs no token.
"""


def create_app(settings: ServiceSettings | None = None) -> FastAPI:
    """The application; settings come from the environment unless they are given."""
    told = settings or settings_for("registry", RegistrySettings)
    return create_service_app(told, _service(told))


def _service(settings: ServiceSettings) -> Service:
    return Service(
        package="registry_api",
        title="Bilim registry",
        summary="Education organisations, the areas they stand in, and what is measured of them.",
        description=_DESCRIPTION,
        tags=(
            {"name": "organisations", "description": "Who there is: identity, identifiers, history and search"},
            {"name": "areas", "description": "The classifier of administrative-territorial objects (KATO)"},
            {"name": "indicators", "description": "What is measured, and how exactly: versioned definitions"},
            {"name": "observations", "description": "What was measured, its revisions, and the table made of it"},
            {"name": "imports", "description": "Files in: recognised, checked row by row, applied whole, undone"},
            {"name": "reorganisations", "description": "Legal change as one event: previewed, applied whole, undone"},
            {"name": "networks", "description": "Leading schools, leagues, hub schools, operators, and who belongs"},
            {"name": "memoranda", "description": "Who agreed with whom on what, until when"},
            {"name": "commitments", "description": "What is owed under memoranda, with evidence and two lights"},
            {"name": "targets", "description": "What was promised in numbers, and how far it is"},
            {"name": "directives", "description": "What a conference or an order told to do, item by item"},
            {"name": "events", "description": "Plans of events, events and their sessions, the calendar"},
            {"name": "projects", "description": "Projects of schools, development plans, study visits"},
            {"name": "clubs", "description": "Clubs for children: who provides them and takes the voucher"},
            {"name": "construction", "description": "Schools to be built: stages, dates, funding, places"},
            {"name": "facilities", "description": "Standards of rooms and equipment, assessments, gaps"},
            {"name": "data-quality", "description": "Rules and findings, completeness, duplicates, approval, locks"},
            {"name": "reports", "description": "Answers on one page: the dashboard, shifts, places, what is due"},
            {"name": "selections", "description": "Selections of organisations saved under a name"},
            {"name": "changes", "description": "What happened here, in order and without gaps"},
            {"name": "jobs", "description": "Long work: how far it is and what came of it"},
            {"name": "audit", "description": "Who changed what, when and why"},
            {"name": "health", "description": "Is the service up, and can it serve?"},
        ),
        routers=(
            *finding,
            *organisations,
            areas,
            indicators,
            observations,
            observation_table,
            figures,
            imports,
            *reorganisations,
            *networks,
            *derived,
            *targets,
            *directives,
            *dashboard,
            *commitments,  # before memoranda: their calendar is no memorandum's id
            *memoranda,
            *events,
            *projects,
            *clubs,
            *construction,
            *places,
            *facilities,
            *quality,
            *selections,
            changes.router("registry:read"),
            jobs.router(),
            audit.router(),
        ),
        handlers=lambda _: {**work.handlers(identifier_secret(settings)), **quality_work.handlers()},
        tasks=(
            worker.announce_days,
            check_every_night,
        ),
        prepare=_prepare,
        longer_deadlines={"/v1/imports": 60.0, "/v1/observation-table": 30.0},
        larger_bodies={"/v1/imports": settings.import_limit_bytes, "/v1/memoranda/*/documents": 21 << 20},
    )


def _prepare(app: FastAPI) -> None:
    settings: ServiceSettings = app.state.settings
    tokens = tokens_from(settings, scopes=(Scope.TRAINING_READ,))
    app.state.training = TrainingClient(settings.training_url, tokens)
