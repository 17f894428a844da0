"""HTTP of projects."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Body, Path, Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api.projects.repository.projects import Wanted
from services.registry_api.projects.service import parts, projects
from services.registry_api.rendering import answer
from shared import clock
from shared.auth import Caller, requires
from shared.db.sessions import WriteSession
from shared.schemas.pages import Page, PageQuery
from shared.schemas.registry.projects import (
    ProjectCreate,
    ProjectItemCreate,
    ProjectItemRead,
    ProjectLinkCreate,
    ProjectRead,
    ProjectsQuery,
    ProjectSummary,
    ProjectTransition,
    ProjectUpdate,
)
from shared.web import conditional, export, pages
from shared.web.conditional import IfMatch
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing, database_of

router = Router("/v1/projects", tags=["projects"])

ProjectPath = Annotated[UUID, Path(description="The project", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4901"])]
_PAGE = TypeAdapter(Page[ProjectSummary])
_ITEMS = TypeAdapter(Page[ProjectItemRead])
_PROJECT = TypeAdapter(ProjectRead)
_WRITER = [requires("registry:write")]
_CHUNK = 1000
_COLUMNS = (
    *(
        "id",
        "level",
        "kind",
        "title_kk",
        "title_ru",
        "title_en",
        "status",
        "owner_id",
        "owner_name_kk",
        "owner_name_ru",
    ),
    *("area", "parent_id", "items_planned", "item_count", "starts_on", "ends_on"),
)


@router.get(
    "",
    summary="List projects",
    description="Projects and programmes, the latest entered first; `under` gives all that belongs to a programme, "
    "however far below. Public. As CSV, XLSX or NDJSON by `Accept`, then all of them.",
    response_model=Page[ProjectSummary],
)
async def list_projects(request: Request, session: Reading, query: Annotated[ProjectsQuery, Query()]) -> Response:
    now = clock.now()
    wanted = await projects.wanted_by(session, query, now=now)
    format_ = export.wanted(request)
    if format_ != "json":
        return await export.respond(format_, _COLUMNS, _all(request, wanted), filename="projects")
    of = query.model_dump(mode="json", exclude={"limit", "cursor", "count"})
    after = pages.start(request, query.cursor, of=of, length=1)
    rows = await projects.page(session, wanted, after=after, limit=query.limit, now=now)
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: [row["id"]])
    total = await projects.count(session, wanted) if query.count else None
    return pages.answer(
        request, _PAGE, items, next_cursor=next_cursor, total=total, headers={"Vary": "Accept, Authorization"}
    )


@router.post(
    "",
    summary="Draft a project",
    description="Enters a project, or a programme that others belong to, as a draft. It becomes active once it has an "
    "owner, a goal and at least one stakeholder.",
    status_code=201,
    response_model=ProjectRead,
    dependencies=_WRITER,
)
async def draft_project(
    request: Request, asked: ProjectCreate, session: Writing, actor: Caller, _key: IdempotencyKey = None
) -> Response:
    project_id = await projects.draft(session, actor, asked, now=clock.now())
    return await _as_it_is(request, session, project_id, created=True)


@router.get(
    "/{project_id}",
    summary="Read a project",
    description="A project with its stakeholders and links, the programmes it belongs to and its region. Public.",
    response_model=ProjectRead,
    responses={304: {"description": "Not changed since it was read"}},
)
async def get_project(request: Request, session: Reading, project_id: ProjectPath) -> Response:
    seen = await projects.get(session, project_id, now=clock.now())
    return answer(request, _PROJECT, seen.document, version=seen.version)


@router.patch(
    "/{project_id}",
    summary="Change a project",
    description="A JSON Merge Patch; stakeholders and `link_hosts` are replaced as whole lists. An active project "
    "keeps its owner, its goal and a stakeholder.",
    response_model=ProjectRead,
    dependencies=_WRITER,
)
async def change_project(
    request: Request,
    session: Writing,
    actor: Caller,
    project_id: ProjectPath,
    patch: Annotated[ProjectUpdate, Body(media_type="application/merge-patch+json")],
    _if_match: IfMatch = None,
) -> Response:
    project = await projects.lock(session, project_id)
    conditional.check_match(request, project.version)
    await projects.change(session, actor, project, patch, now=clock.now())
    return await _as_it_is(request, session, project_id)


@router.post(
    "/{project_id}/transitions",
    summary="Take the next step in the life of a project",
    description="From draft to active, then completed or stopped. Active needs an owner, a goal and a stakeholder; "
    "stopped needs a reason.",
    response_model=ProjectRead,
    dependencies=_WRITER,
)
async def move_project(
    request: Request,
    session: Writing,
    actor: Caller,
    project_id: ProjectPath,
    asked: ProjectTransition,
    _key: IdempotencyKey = None,
) -> Response:
    project = await projects.lock(session, project_id)
    await projects.move(session, actor, project, asked, now=clock.now())
    return await _as_it_is(request, session, project_id)


@router.get(
    "/{project_id}/items",
    summary="List the items of a project",
    description="What it is made of, by number. Public.",
    response_model=Page[ProjectItemRead],
)
async def list_project_items(
    request: Request, session: Reading, project_id: ProjectPath, query: Annotated[PageQuery, Query()]
) -> Response:
    of = {"project": str(project_id)}
    after = pages.start(request, query.cursor, of=of, length=1)
    rows = await parts.items(session, project_id, after=after, limit=query.limit)
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: [row["number"]])
    total = await parts.item_count(session, project_id) if query.count else None
    return pages.answer(request, _ITEMS, items, next_cursor=next_cursor, total=total)


@router.post(
    "/{project_id}/items",
    summary="Add an item to a project",
    description="Adds one thing it is made of. Refused when as many are there as were planned (`items_planned`).",
    status_code=201,
    response_model=ProjectItemRead,
    dependencies=_WRITER,
)
async def add_project_item(
    session: Writing,
    actor: Caller,
    response: Response,
    project_id: ProjectPath,
    asked: ProjectItemCreate,
    _key: IdempotencyKey = None,
) -> ProjectItemRead:
    project = await projects.lock(session, project_id)
    added = await parts.add_item(session, actor, project, asked, now=clock.now())
    response.headers["Location"] = f"/v1/projects/{project_id}/items"
    return ProjectItemRead.model_validate(added)


@router.delete(
    "/{project_id}/items/{item_id}",
    summary="Take an item out of a project",
    description="The other items keep their numbers. `If-Match` names the version of the project.",
    status_code=204,
    dependencies=_WRITER,
)
async def remove_project_item(
    request: Request,
    session: Writing,
    actor: Caller,
    project_id: ProjectPath,
    item_id: Annotated[UUID, Path(description="The item", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4902"])],
    _if_match: IfMatch = None,
) -> None:
    project = await projects.lock(session, project_id)
    conditional.check_match(request, project.version)
    await parts.remove_item(session, actor, project, item_id, now=clock.now())


@router.post(
    "/{project_id}/links",
    summary="Link a project to a resource",
    description="Only https, and only to sites of the country's list or of `link_hosts` of the project and of the "
    "programmes above it.",
    status_code=201,
    response_model=ProjectRead,
    dependencies=_WRITER,
)
async def add_project_link(
    request: Request,
    session: Writing,
    actor: Caller,
    project_id: ProjectPath,
    asked: ProjectLinkCreate,
    _key: IdempotencyKey = None,
) -> Response:
    project = await projects.lock(session, project_id)
    await parts.add_link(session, actor, project, asked, now=clock.now())
    return await _as_it_is(request, session, project_id, created=True)


@router.delete(
    "/{project_id}/links/{link_id}",
    summary="Take a link out of a project",
    description="`If-Match` names the version of the project.",
    status_code=204,
    dependencies=_WRITER,
)
async def remove_project_link(
    request: Request,
    session: Writing,
    actor: Caller,
    project_id: ProjectPath,
    link_id: Annotated[UUID, Path(description="The link", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4903"])],
    _if_match: IfMatch = None,
) -> None:
    project = await projects.lock(session, project_id)
    conditional.check_match(request, project.version)
    await parts.remove_link(session, actor, project, link_id, now=clock.now())


async def _as_it_is(request: Request, session: WriteSession, project_id: UUID, *, created: bool = False) -> Response:
    seen = await projects.get(session, project_id, now=clock.now())
    return answer(
        request,
        _PROJECT,
        seen.document,
        version=seen.version,
        status_code=201 if created else 200,
        headers={"Location": f"/v1/projects/{project_id}"} if created else None,
    )


async def _all(request: Request, wanted: Wanted) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    # In a session of its own, because the request's is closed before the answer is sent.
    after: list[Any] | None = None
    async with database_of(request).reading() as session:
        while True:
            rows = await projects.page(session, wanted, after=after, limit=_CHUNK, now=clock.now())
            yield [_line(row) for row in rows[:_CHUNK]]
            if len(rows) <= _CHUNK:
                return
            after = [rows[_CHUNK - 1]["id"]]


def _line(summary: Mapping[str, Any]) -> Mapping[str, Any]:
    owner = summary["owner"] or {"id": None, "name": {}}
    told = {f"title_{language}": text for language, text in (summary["title"] or {}).items()}
    told |= {f"owner_name_{language}": text for language, text in owner["name"].items()}
    return {**summary, **told, "owner_id": owner["id"]}
