"""HTTP of events."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Body, Path, Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api.events import service as events
from services.registry_api.events.repository import Wanted
from services.registry_api.rendering import answer
from shared import clock
from shared.auth import Actor, Caller, MaybeCaller, requires
from shared.db.sessions import WriteSession
from shared.schemas.pages import Page
from shared.schemas.registry.events import (
    EventCreate,
    EventRead,
    EventsQuery,
    EventSummary,
    EventTransition,
    EventUpdate,
)
from shared.web import conditional, export, pages
from shared.web.conditional import IfMatch
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing, database_of

router = Router("/v1/events", tags=["events"])

EventPath = Annotated[UUID, Path(description="The event", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4701"])]
_PAGE = TypeAdapter(Page[EventSummary])
_EVENT = TypeAdapter(EventRead)
_WRITER = [requires("registry:write")]
_CHUNK = 1000
_COLUMNS = (
    *("id", "kind", "title_kk", "title_ru", "title_en", "host_id", "host_name_kk", "host_name_ru", "area", "network"),
    *("when", "earliest", "latest", "precision", "duration_days", "status", "status_reason", "audience"),
    *("session_count", "people", "plan_item_id"),
)


@router.get(
    "",
    summary="List events",
    description="Events by their days: an imprecise date stands where its first possible day would. Found by words and "
    "numbers of titles and of hosts, by place, kind, days, audience and who takes part. Public. As CSV, XLSX or NDJSON "
    "by `Accept`, then all of them.",
    response_model=Page[EventSummary],
)
async def list_events(request: Request, session: Reading, query: Annotated[EventsQuery, Query()]) -> Response:
    now = clock.now()
    wanted = await events.wanted_by(session, query, now=now)
    turned = query.sort == "-when"
    format_ = export.wanted(request)
    if format_ != "json":
        return await export.respond(format_, _COLUMNS, _all(request, wanted, turned=turned), filename="events")
    of = query.model_dump(mode="json", exclude={"limit", "cursor", "count"})
    after = pages.start(request, query.cursor, of=of, length=3)
    rows = await events.page(session, wanted, turned=turned, after=after, limit=query.limit, now=now)
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=events.position)
    total = await events.count(session, wanted) if query.count else None
    return pages.answer(
        request, _PAGE, items, next_cursor=next_cursor, total=total, headers={"Vary": "Accept, Authorization"}
    )


@router.post(
    "",
    summary="Enter an event",
    description="Enters an event that is planned or, after the fact, was held. Its date may be as inexact as it is "
    "known. The caller must reach both where it is held and who hosts it.",
    status_code=201,
    response_model=EventRead,
    dependencies=_WRITER,
)
async def enter_event(
    request: Request, asked: EventCreate, session: Writing, actor: Caller, _key: IdempotencyKey = None
) -> Response:
    event_id = await events.enter(session, actor, asked, now=clock.now())
    return await _as_it_is(request, session, actor, event_id, created=True)


@router.get(
    "/{event_id}",
    summary="Read an event",
    description="An event with its sessions and delegations. Public; notes of those who prepare it with "
    "`registry:read`.",
    response_model=EventRead,
    responses={304: {"description": "Not changed since it was read"}},
)
async def get_event(request: Request, session: Reading, actor: MaybeCaller, event_id: EventPath) -> Response:
    seen = await events.get(session, event_id, actor=actor, now=clock.now())
    return answer(request, _EVENT, seen.document, version=seen.version)


@router.patch(
    "/{event_id}",
    summary="Change an event",
    description="A JSON Merge Patch; sessions and delegations are replaced as whole lists. Status has a command of its "
    "own. Who subscribed to the calendar learns of a change of name, day, place or status.",
    response_model=EventRead,
    dependencies=_WRITER,
)
async def change_event(
    request: Request,
    session: Writing,
    actor: Caller,
    event_id: EventPath,
    patch: Annotated[EventUpdate, Body(media_type="application/merge-patch+json")],
    _if_match: IfMatch = None,
) -> Response:
    event = await events.lock(session, event_id)
    conditional.check_match(request, event.version)
    await events.change(session, actor, event, patch, now=clock.now())
    return await _as_it_is(request, session, actor, event_id)


@router.post(
    "/{event_id}/transitions",
    summary="Take the next step in the life of an event",
    description="Held, cancelled or postponed, and planned again. Cancelling and postponing need a reason; what is "
    "still to come cannot have been held. A new date may be told along with the step.",
    response_model=EventRead,
    dependencies=_WRITER,
)
async def move_event(
    request: Request,
    session: Writing,
    actor: Caller,
    event_id: EventPath,
    asked: EventTransition,
    _key: IdempotencyKey = None,
) -> Response:
    event = await events.lock(session, event_id)
    await events.move(session, actor, event, asked, now=clock.now())
    return await _as_it_is(request, session, actor, event_id)


async def _as_it_is(
    request: Request, session: WriteSession, actor: Actor, event_id: UUID, *, created: bool = False
) -> Response:
    seen = await events.get(session, event_id, actor=actor, now=clock.now())
    return answer(
        request,
        _EVENT,
        seen.document,
        version=seen.version,
        status_code=201 if created else 200,
        headers={"Location": f"/v1/events/{event_id}"} if created else None,
    )


async def _all(request: Request, wanted: Wanted, *, turned: bool) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    # In a session of its own, because the request's is closed before the answer is sent.
    after: list[Any] | None = None
    async with database_of(request).reading() as session:
        while True:
            rows = await events.page(session, wanted, turned=turned, after=after, limit=_CHUNK, now=clock.now())
            yield [_line(row) for row in rows[:_CHUNK]]
            if len(rows) <= _CHUNK:
                return
            after = events.position(rows[_CHUNK - 1])


def _line(summary: Mapping[str, Any]) -> Mapping[str, Any]:
    host = summary["host"] or {"id": None, "name": {}}
    told = {f"title_{language}": text for language, text in (summary["title"] or {}).items()}
    told |= {f"host_name_{language}": text for language, text in host["name"].items()}
    return {**summary, **told, "host_id": host["id"]}
