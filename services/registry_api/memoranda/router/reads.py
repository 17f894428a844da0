"""HTTP of reading memoranda."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api import rendering
from services.registry_api.memoranda import service as memoranda
from shared import clock
from shared.auth import Actor, MaybeCaller, requires
from shared.schemas.pages import Page
from shared.schemas.registry.memoranda import (
    MemorandumQuery,
    MemorandumRead,
    MemorandumSummary,
    MemorandumTransitionList,
)
from shared.schemas.registry.memorandum_texts import AmendmentList, ConsolidatedText
from shared.schemas.registry.memorandum_words import MEMORANDUM_ID
from shared.schemas.registry.organisation_lists import AsOfQuery
from shared.web import conditional, export, pages
from shared.web.routing import Router
from shared.web.sessions import Reading, database_of

router = Router("/v1/memoranda", tags=["memoranda"])
MemorandumPath = Annotated[UUID, Path(description="The memorandum", examples=[MEMORANDUM_ID])]

_PAGE = TypeAdapter(Page[MemorandumSummary])
_MEMORANDUM = TypeAdapter(MemorandumRead)
_COLUMNS = (
    *("id", "title_kk", "title_ru", "title_en", "kinds", "status", "status_since", "parties", "signed_on"),
    *("signed_on_precision", "starts_on", "ends_on", "renewal", "next_action", "next_action_on", "area"),
)
_CHUNK = 500
_READER = [requires("registry:read")]


@router.get(
    "",
    summary="List memoranda",
    description="Memoranda as of any day, the newest first; `party` finds those of an organisation and of its "
    "sub-units. Public as far as they were concluded; drafts are shown with `registry:read`. As CSV, XLSX or NDJSON "
    "by `Accept`, then all of them.",
    response_model=Page[MemorandumSummary],
)
async def list_memoranda(
    request: Request, session: Reading, actor: MaybeCaller, query: Annotated[MemorandumQuery, Query()]
) -> Response:
    format_ = export.wanted(request)
    if format_ != "json":
        return await export.respond(format_, _COLUMNS, _all(request, query, actor), filename="memoranda")
    wanted = await memoranda.wanted(session, query, actor=actor, now=clock.now())
    of = query.model_dump(mode="json", exclude={"limit", "cursor", "count"})
    after = pages.start(request, query.cursor, of=of, length=1)
    rows = await memoranda.page(session, wanted, actor=actor, after=after, limit=query.limit)
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: [str(row["id"])])
    total = await memoranda.count(session, wanted) if query.count else None
    return pages.answer(request, _PAGE, items, next_cursor=next_cursor, total=total, headers={"Vary": "Accept"})


# Only what looks like an identifier: `/v1/memoranda/calendar.ics` is another resource, with methods of its own.
@router.get(
    "/{memorandum_id:uuid}",
    summary="Read a memorandum",
    description="A memorandum as it stands today, or as it stood on a day, as it is known now or was known at a "
    "moment. Public once it was concluded; with `registry:read` also drafts, what can be done next and why not.",
    response_model=MemorandumRead,
    responses={304: {"description": "Not changed since it was read"}},
)
async def get_memorandum(
    request: Request,
    session: Reading,
    actor: MaybeCaller,
    memorandum_id: MemorandumPath,
    query: Annotated[AsOfQuery, Query()],
) -> Response:
    seen = await memoranda.get(
        session, memorandum_id, actor=actor, now=clock.now(), as_of=query.as_of, known_at=query.known_at
    )
    return answer(request, seen)


@router.get(
    "/{memorandum_id}/transitions",
    summary="List the steps of a memorandum",
    description="Every step with who took it, why, and from which day it holds.",
    dependencies=_READER,
)
async def list_memorandum_transitions(session: Reading, memorandum_id: MemorandumPath) -> MemorandumTransitionList:
    return MemorandumTransitionList.model_validate({"items": await memoranda.steps(session, memorandum_id)})


@router.get(
    "/{memorandum_id}/text",
    summary="Read the consolidated text of a memorandum",
    description="Its clauses with all amendments up to the day; each names the amendment that gave it its wording.",
    response_model=ConsolidatedText,
    responses={304: {"description": "Not changed since it was read"}},
    dependencies=_READER,
)
async def read_memorandum_text(
    request: Request,
    session: Reading,
    actor: MaybeCaller,
    memorandum_id: MemorandumPath,
    query: Annotated[AsOfQuery, Query()],
) -> Response:
    text = await memoranda.consolidated(
        session, memorandum_id, actor=actor, now=clock.now(), as_of=query.as_of, known_at=query.known_at
    )
    found = ConsolidatedText.model_validate(text)
    tag = conditional.etag(found.digest.removeprefix("sha256:")[:32], found.as_of.isoformat())
    if conditional.is_unchanged(request, tag):
        return conditional.not_modified(tag)
    return Response(found.model_dump_json(), media_type="application/json", headers={"ETag": tag})


@router.get(
    "/{memorandum_id}/amendments",
    summary="List the amendments of a memorandum",
    description="In the order they take effect, with what becomes of each clause.",
    dependencies=_READER,
)
async def list_amendments(session: Reading, actor: MaybeCaller, memorandum_id: MemorandumPath) -> AmendmentList:
    found = await memoranda.amendments(session, memorandum_id, actor=actor, now=clock.now())
    return AmendmentList.model_validate({"items": found})


def answer(
    request: Request,
    seen: memoranda.Seen,
    *,
    status_code: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The memorandum, or 304 when the caller has this very representation."""
    return rendering.answer(
        request, _MEMORANDUM, seen.document, version=seen.version, status_code=status_code, headers=headers
    )


async def _all(
    request: Request, query: MemorandumQuery, actor: Actor | None
) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    # In a session of its own, because the request's is closed before the answer is sent.
    after: list[Any] | None = None
    async with database_of(request).reading() as session:
        wanted = await memoranda.wanted(session, query, actor=actor, now=clock.now())
        while True:
            rows = await memoranda.page(session, wanted, actor=actor, after=after, limit=_CHUNK)
            yield [_line(row) for row in rows[:_CHUNK]]
            if len(rows) <= _CHUNK:
                return
            after = [rows[_CHUNK - 1]["id"]]


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    coming = row["next_action"]
    return {
        **{name: row[name] for name in _COLUMNS if name in row},
        **{f"title_{code}": text for code, text in row["title"].items()},
        "id": str(row["id"]),
        "parties": [next((text for text in one["name"].values() if text), "") for one in row["parties"]],
        "next_action": coming["kind"] if coming else None,
        "next_action_on": _iso(coming["on"]) if coming else None,
    }


def _iso(day: date) -> str:
    return day.isoformat()
