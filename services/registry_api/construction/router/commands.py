"""HTTP of changing construction projects."""

from typing import Annotated

from fastapi import Body, Query, Request, Response

from services.registry_api.construction import service as construction
from services.registry_api.construction.router.reads import ProgrammePath
from services.registry_api.construction.router.rendering import ProjectPath, as_it_is
from services.registry_api.dependencies import IdentifierSecret
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.registry.construction import (
    ConstructionPeriod,
    ConstructionProjectBatch,
    ConstructionProjectCreate,
    ConstructionProjectRead,
    ConstructionProjectsMade,
    ConstructionProjectUpdate,
    ProjectOpen,
    StageChangeCreate,
)
from shared.schemas.registry.construction_history import (
    CostCreate,
    CostHistory,
    FactCreate,
    FactHistory,
    GateDateCreate,
    IdleReasonCreate,
    RiskCreate,
    RiskHistory,
    Timetable,
)
from shared.schemas.registry.construction_reports import ProgrammePlanCreate, ProgrammePlanRead
from shared.web import conditional
from shared.web.conditional import IfMatch
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Writing

router = Router("/v1/construction-projects", tags=["construction"])
batches = Router("/v1/construction-project-batches", tags=["construction"])
programmes = Router("/v1/construction-programmes", tags=["construction"])
_WRITER = [requires("registry:write")]


@router.post(
    "",
    summary="Enter a construction project",
    description="A project at its beginning, or with the gates it has passed already, each with its document: none can "
    "be left out. The caller must reach its area.",
    status_code=201,
    response_model=ConstructionProjectRead,
    dependencies=_WRITER,
)
async def enter_construction_project(
    request: Request, asked: ConstructionProjectCreate, session: Writing, actor: Caller, _key: IdempotencyKey = None
) -> Response:
    project_id = await construction.create(session, actor, asked, now=clock.now())
    return await as_it_is(request, session, project_id, status_code=201, location=True)


@batches.post(
    "",
    summary="Enter many construction projects",
    description="Up to 500 at once: all of them or, when one is refused, none.",
    status_code=201,
    dependencies=_WRITER,
)
async def enter_construction_projects(
    asked: ConstructionProjectBatch, session: Writing, actor: Caller, _key: IdempotencyKey = None
) -> ConstructionProjectsMade:
    return ConstructionProjectsMade(ids=await construction.create_many(session, actor, asked.projects, now=clock.now()))


@router.patch(
    "/{project_id}",
    summary="Change a construction project",
    description="A JSON Merge Patch that is true from `effective_from` (today) on; what was true before stays in the "
    "history. Stages, dates, costs and facts have commands of their own.",
    response_model=ConstructionProjectRead,
    dependencies=_WRITER,
)
async def change_construction_project(
    request: Request,
    session: Writing,
    actor: Caller,
    project_id: ProjectPath,
    patch: Annotated[ConstructionProjectUpdate, Body(media_type="application/merge-patch+json")],
    period: Annotated[ConstructionPeriod, Query()],
    _if_match: IfMatch = None,
) -> Response:
    now = clock.now()
    project = await construction.lock(session, actor, project_id, now=now)
    conditional.check_match(request, project.version)
    await construction.amend(session, actor, project, patch, effective_from=period.effective_from, now=now)
    return await as_it_is(request, session, project_id)


@router.post(
    "/{project_id}/stage-changes",
    summary="Move a construction project on",
    description="The next gate, with the document it asks for: land_decision, design_documentation, contract, "
    "construction_permit, acceptance_act, licence_annex. Or out of the line, with a reason; from a suspension it goes "
    "on where it stopped. A gate cannot be jumped (409 `stage_jump` names the steps that can be taken).",
    status_code=201,
    response_model=ConstructionProjectRead,
    dependencies=_WRITER,
)
async def change_construction_stage(
    request: Request,
    session: Writing,
    actor: Caller,
    project_id: ProjectPath,
    asked: StageChangeCreate,
    _key: IdempotencyKey = None,
) -> Response:
    now = clock.now()
    project = await construction.lock(session, actor, project_id, now=now)
    await construction.change_stage(session, project, asked, now=now)
    return await as_it_is(request, session, project_id, status_code=201)


@router.post(
    "/{project_id}/dates",
    summary="State the date of a gate",
    description="Foreseen, agreed or actual, as exact as it is known. Another date in place of one that stands needs a "
    "reason; the one before stays in the history.",
    status_code=201,
    dependencies=_WRITER,
)
async def state_gate_date(
    session: Writing, actor: Caller, project_id: ProjectPath, asked: GateDateCreate, _key: IdempotencyKey = None
) -> Timetable:
    now = clock.now()
    project = await construction.lock(session, actor, project_id, now=now)
    await construction.state_date(session, project, asked, now=now)
    return Timetable.model_validate({"gates": await construction.timetable(session, project_id, known_at=None)})


@router.post(
    "/{project_id}/costs",
    summary="State the cost of a construction project",
    description="Planned, contracted or spent, in tenge. Another sum in place of one that stands needs a reason; the "
    "one before stays in the history.",
    status_code=201,
    dependencies=_WRITER,
)
async def state_construction_cost(
    session: Writing, actor: Caller, project_id: ProjectPath, asked: CostCreate, _key: IdempotencyKey = None
) -> CostHistory:
    now = clock.now()
    project = await construction.lock(session, actor, project_id, now=now)
    await construction.state_cost(session, project, asked, now=now)
    return CostHistory.model_validate(await construction.costs(session, project_id, known_at=None))


@router.post(
    "/{project_id}/risks",
    summary="Judge a risk of a construction project",
    description="How great the risk in one of four areas is from a day on: low, medium, high or critical.",
    status_code=201,
    dependencies=_WRITER,
)
async def judge_construction_risk(
    session: Writing, actor: Caller, project_id: ProjectPath, asked: RiskCreate, _key: IdempotencyKey = None
) -> RiskHistory:
    now = clock.now()
    project = await construction.lock(session, actor, project_id, now=now)
    await construction.assess_risk(session, project, asked, now=now)
    return RiskHistory.model_validate({"items": await construction.risks(session, project_id, known_at=None)})


@router.post(
    "/{project_id}/facts",
    summary="State what is true of the building",
    description="Since when it is built, commissioned or operating; with `holds=false` since when it is so no longer. "
    "The gates commissioned and operating state theirs themselves.",
    status_code=201,
    dependencies=_WRITER,
)
async def state_construction_fact(
    session: Writing, actor: Caller, project_id: ProjectPath, asked: FactCreate, _key: IdempotencyKey = None
) -> FactHistory:
    now = clock.now()
    project = await construction.lock(session, actor, project_id, now=now)
    await construction.state_fact(session, project, asked, now=now)
    return FactHistory.model_validate({"items": await construction.facts(session, project_id, known_at=None)})


@router.post(
    "/{project_id}/idle-reasons",
    summary="Say why a school stands idle",
    description="Why a school that is built does not teach, from a day on.",
    status_code=201,
    response_model=ConstructionProjectRead,
    dependencies=_WRITER,
)
async def explain_idle_school(
    request: Request,
    session: Writing,
    actor: Caller,
    project_id: ProjectPath,
    asked: IdleReasonCreate,
    _key: IdempotencyKey = None,
) -> Response:
    now = clock.now()
    project = await construction.lock(session, actor, project_id, now=now)
    await construction.state_idle_reason(session, project, asked, now=now)
    return await as_it_is(request, session, project_id, status_code=201)


@router.post(
    "/{project_id}/open",
    summary="Open the school",
    description="One action: the project passes its last gate, the school enters the registry (or, with "
    "`organisation_id`, is there already), and the two lead to each other. What is not said of the school comes from "
    "the project.",
    status_code=201,
    response_model=ConstructionProjectRead,
    dependencies=_WRITER,
)
async def open_school(
    request: Request,
    session: Writing,
    actor: Caller,
    project_id: ProjectPath,
    asked: ProjectOpen,
    secret: IdentifierSecret,
    _key: IdempotencyKey = None,
) -> Response:
    now = clock.now()
    project = await construction.lock(session, actor, project_id, now=now)
    await construction.open_school(session, actor, project, asked, now=now, secret=secret)
    return await as_it_is(request, session, project_id, status_code=201)


@programmes.post(
    "/{programme}/plans",
    summary="Write down what was planned of a programme",
    description="What a source said of the programme as a whole: kept beside what others said, never in its place.",
    status_code=201,
    dependencies=_WRITER,
)
async def state_construction_plan(
    session: Writing, actor: Caller, programme: ProgrammePath, asked: ProgrammePlanCreate, _key: IdempotencyKey = None
) -> ProgrammePlanRead:
    return ProgrammePlanRead.model_validate(
        await construction.state_plan(session, actor, programme, asked, now=clock.now())
    )
