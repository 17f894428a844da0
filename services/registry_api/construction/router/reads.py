"""HTTP of reading construction projects, and of what is counted over them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api.areas import service as areas
from services.registry_api.construction import service as construction
from services.registry_api.construction.router.rendering import ProjectPath, answer
from services.registry_api.construction.service import Wanted
from shared import clock
from shared.auth import requires
from shared.clock import day_in_kazakhstan
from shared.db.sessions import ReadSession
from shared.schemas.base import Code
from shared.schemas.pages import Page
from shared.schemas.registry.construction import ConstructionProjectQuery, ConstructionProjectRead
from shared.schemas.registry.construction_history import (
    CostHistory,
    FactHistory,
    RiskHistory,
    StageHistory,
    Timetable,
    TrailQuery,
)
from shared.schemas.registry.construction_reports import (
    ExportQuery,
    IdleQuery,
    IdleRead,
    Oc4idsPackage,
    ProgrammePlanHistory,
    ProjectTotals,
    Slips,
    SlipsQuery,
    TotalsQuery,
)
from shared.schemas.registry.organisation_lists import AsOfQuery, HistoryQuery
from shared.web import export, pages
from shared.web.routing import Router
from shared.web.sessions import Reading, database_of

router = Router("/v1/construction-projects", tags=["construction"])
programmes = Router("/v1/construction-programmes", tags=["construction"])

ProgrammePath = Annotated[Code, Path(description="The programme", examples=["keleshek"])]
_PAGE = TypeAdapter(Page[ConstructionProjectRead])
_IDLE = TypeAdapter(Page[IdleRead])
_CHUNK = 500
_COLUMNS = (
    *("id", "reference", "name_kk", "name_ru", "name_en", "programme", "area", "setting", "design_capacity"),
    *("stage", "stage_since", "built_on", "commissioned_on", "operating_on", "opens_on", "idle", "idle_reason"),
    *("funding", "organisation_id", "is_synthetic"),
)
_IDLE_COLUMNS = (
    *("id", "reference", "name_kk", "name_ru", "name_en", "area", "design_capacity", "built_on", "commissioned_on"),
    *("idle_days", "reason"),
)
_READER = [requires("registry:read")]


@router.get(
    "",
    summary="List construction projects",
    description="Projects as they stand on a day, as it is known now or was known at a moment. Public. As CSV, XLSX or "
    "NDJSON by `Accept`, then all of them.",
    response_model=Page[ConstructionProjectRead],
)
async def list_construction_projects(
    request: Request, session: Reading, query: Annotated[ConstructionProjectQuery, Query()]
) -> Response:
    wanted = await _wanted(session, query)
    format_ = export.wanted(request)
    if format_ != "json":
        return await export.respond(format_, _COLUMNS, _all(request, wanted), filename="construction-projects")
    of = query.model_dump(mode="json", exclude={"limit", "cursor", "count"})
    after = pages.start(request, query.cursor, of=of, length=1)
    rows = await construction.page(session, wanted, after=UUID(str(after[0])) if after else None, limit=query.limit)
    cut, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=_position)
    total = await construction.count(session, wanted) if query.count else None
    return pages.answer(request, _PAGE, cut, next_cursor=next_cursor, total=total)


@router.get(
    "/totals",
    summary="Count construction projects",
    description="How many, for how many pupils, where and how far, on a day: every region is there, with zeros where "
    "nothing is built. Built, commissioned and operating are three facts and are counted apart; places are not pupils. "
    "What sources said of the programme stands beside our own count. Public.",
)
async def count_construction_projects(session: Reading, query: Annotated[TotalsQuery, Query()]) -> ProjectTotals:
    return ProjectTotals.model_validate(await construction.totals(session, await _wanted(session, query)))


@router.get(
    "/idle",
    summary="List schools that stand idle",
    description="Built and not teaching on a day, each with the reason: `unknown` where nobody gave one. Public. As "
    "CSV, XLSX or NDJSON by `Accept`.",
    response_model=Page[IdleRead],
)
async def list_idle_schools(request: Request, session: Reading, query: Annotated[IdleQuery, Query()]) -> Response:
    wanted = await _wanted(session, query)
    format_ = export.wanted(request)
    if format_ != "json":
        return await export.respond(format_, _IDLE_COLUMNS, _all(request, wanted, idle=True), filename="idle-schools")
    of = query.model_dump(mode="json", exclude={"limit", "cursor", "count"})
    after = pages.start(request, query.cursor, of=of, length=1)
    rows = await construction.idle(session, wanted, after=UUID(str(after[0])) if after else None, limit=query.limit)
    cut, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=_position)
    total = await construction.count(session, replace(wanted, idle=True)) if query.count else None
    return pages.answer(request, _IDLE, cut, next_cursor=next_cursor, total=total)


@router.get(
    "/slips",
    summary="Read how late gates were passed",
    description="The reference class of a promise: of the projects that had agreed on a date for a gate and have "
    "passed it, how many days later that was (median, and what one in five exceeded), and the reasons given for "
    "moving the date.",
    dependencies=_READER,
)
async def read_construction_slips(session: Reading, query: Annotated[SlipsQuery, Query()]) -> Slips:
    return Slips.model_validate(await construction.slips(session, await _wanted(session, query), query.gate.value))


@router.get(
    "/oc4ids",
    summary="Export construction projects in OC4IDS",
    description="A project package of the Open Contracting for Infrastructure Data Standard 0.9. Sums are numbers and "
    "days are moments there, as the standard has it. A package holds up to `limit` projects; `next` leads on. Public.",
)
async def export_construction_projects(
    request: Request, session: Reading, query: Annotated[ExportQuery, Query()]
) -> Oc4idsPackage:
    wanted = await _wanted(session, query)
    projects, following = await construction.package(session, wanted, after=query.after, limit=query.limit)
    return Oc4idsPackage(
        uri=str(request.url),
        version="0.9",
        publishedDate=clock.now(),
        publisher={"name": "Bilim registry"},
        projects=projects,
        next=following,
    )


@router.get(
    "/{project_id}",
    summary="Read a construction project",
    description="A project as it stands on a day, as it is known now or was known at a moment. Public.",
    response_model=ConstructionProjectRead,
    responses={304: {"description": "Not changed since it was read"}},
)
async def read_construction_project(
    request: Request, session: Reading, project_id: ProjectPath, query: Annotated[AsOfQuery, Query()]
) -> Response:
    on = query.as_of or day_in_kazakhstan(clock.now())
    return answer(request, await construction.get(session, project_id, on=on, known_at=query.known_at))


@router.get(
    "/{project_id}/stage-changes",
    summary="Read the steps of a construction project",
    description="Every step with its day, documents and reasons, in their order. Public.",
)
async def read_stage_changes(session: Reading, project_id: ProjectPath) -> StageHistory:
    return StageHistory.model_validate({"items": await construction.steps(session, project_id)})


@router.get(
    "/{project_id}/dates",
    summary="Read the dates of a construction project",
    description="Gate by gate: the first agreed date, the last foreseen one, the actual one, the slip between them in "
    "days, and every statement with the reason for which it moved. Public.",
)
async def read_gate_dates(
    session: Reading, project_id: ProjectPath, query: Annotated[TrailQuery, Query()]
) -> Timetable:
    found = await construction.timetable(session, project_id, known_at=query.known_at)
    return Timetable.model_validate({"gates": found})


@router.get(
    "/{project_id}/costs",
    summary="Read the cost of a construction project",
    description="What is planned, contracted and spent, and every change with its reason. Public.",
)
async def read_construction_costs(
    session: Reading, project_id: ProjectPath, query: Annotated[TrailQuery, Query()]
) -> CostHistory:
    found = await construction.costs(session, project_id, known_at=query.known_at)
    return CostHistory.model_validate(found)


@router.get(
    "/{project_id}/risks",
    summary="Read the risks of a construction project",
    description="Four areas, each with its level from one day to another; with `superseded=true` also what was "
    "believed before.",
    dependencies=_READER,
)
async def read_construction_risks(
    session: Reading, project_id: ProjectPath, query: Annotated[HistoryQuery, Query()]
) -> RiskHistory:
    found = await construction.risks(session, project_id, known_at=query.known_at, superseded=query.superseded)
    return RiskHistory.model_validate({"items": found})


@router.get(
    "/{project_id}/facts",
    summary="Read what is true of the building",
    description="Built, commissioned, operating: three facts, each with its days; with `superseded=true` also what was "
    "believed before. Public.",
)
async def read_construction_facts(
    session: Reading, project_id: ProjectPath, query: Annotated[HistoryQuery, Query()]
) -> FactHistory:
    found = await construction.facts(session, project_id, known_at=query.known_at, superseded=query.superseded)
    return FactHistory.model_validate({"items": found})


@programmes.get(
    "/{programme}/plans",
    summary="Read what was planned of a programme",
    description="What each source said of the programme as a whole, and when: later words supersede earlier ones and "
    "never overwrite them. Public.",
)
async def read_construction_plans(
    session: Reading, programme: ProgrammePath, query: Annotated[TrailQuery, Query()]
) -> ProgrammePlanHistory:
    return ProgrammePlanHistory.model_validate(
        {"items": await construction.plans(session, programme, known_at=query.known_at)}
    )


async def _wanted(session: ReadSession, query: ConstructionProjectQuery | TotalsQuery | IdleQuery) -> Wanted:
    on = query.as_of or day_in_kazakhstan(clock.now())
    inside = None
    if query.area is not None:
        inside = await areas.codes_under(session, query.area, on=on, known_at=query.known_at)
    wanted = Wanted(on=on, known_at=query.known_at, programme=query.programme, areas=inside)
    if isinstance(query, IdleQuery):
        return wanted
    wanted = replace(wanted, funding=query.funding.value if query.funding else None)
    if isinstance(query, TotalsQuery):
        return wanted
    return replace(
        wanted,
        stages=[stage.value for stage in query.stage] or None,
        settings=[setting.value for setting in query.setting] or None,
        idle=query.idle,
    )


def _position(row: Mapping[str, Any]) -> tuple[str]:
    return (str(row["id"]),)


async def _all(request: Request, wanted: Wanted, *, idle: bool = False) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    # In a session of its own, because the request's is closed before the answer is sent.
    after: UUID | None = None
    read = construction.idle if idle else construction.page
    async with database_of(request).reading() as session:
        while True:
            rows = await read(session, wanted, after=after, limit=_CHUNK)
            yield [_line(row) for row in rows[:_CHUNK]]
            if len(rows) <= _CHUNK:
                return
            after = rows[_CHUNK - 1]["id"]


def _line(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**row, **{f"name_{language}": text for language, text in row["name"].items()}}
