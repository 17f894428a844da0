"""HTTP of what is due, and of what nothing was heard."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api.commitments import service as commitments
from shared import clock
from shared.auth import requires
from shared.schemas.pages import Page
from shared.schemas.registry.commitments import CommitmentDue, CommitmentsDueQuery, QuietMemorandum, QuietQuery
from shared.web import export, pages
from shared.web.routing import Router
from shared.web.sessions import Reading, database_of

router = Router("/v1/reports", tags=["reports"])

_DUE = TypeAdapter(Page[CommitmentDue])
_QUIET = TypeAdapter(Page[QuietMemorandum])
_COLUMNS = (
    *("id", "memorandum_id", "obligor", "text_kk", "text_ru", "due", "due_latest", "days_left", "status", "delivery"),
    *("owner", "owner_role", "evidence_count"),
)
_CHUNK = 500
_READER = [requires("registry:read")]


@router.get(
    "/commitments-due",
    summary="List commitments that are due",
    description="Open commitments of memoranda in force that have to be kept up to a day (in the next 30 days), those "
    "that are over first; `without_evidence` leaves those for which nothing was accepted. As CSV, XLSX or NDJSON by "
    "`Accept`, then all of them.",
    response_model=Page[CommitmentDue],
    dependencies=_READER,
)
async def list_commitments_due(
    request: Request, session: Reading, query: Annotated[CommitmentsDueQuery, Query()]
) -> Response:
    format_ = export.wanted(request)
    if format_ != "json":
        return await export.respond(format_, _COLUMNS, _all(request, query), filename="commitments-due")
    now = clock.now()
    of = query.model_dump(mode="json", exclude={"limit", "cursor", "count"})
    after = pages.start(request, query.cursor, of=of, length=2)
    wanted = await commitments.wanted_due(session, query, now=now)
    found = await commitments.due_page(session, wanted, after=after, limit=query.limit)
    items, next_cursor = pages.cut(request, found.documents, limit=query.limit, of=of, keys=_position)
    total = await commitments.count(session, wanted) if query.count else None
    return pages.answer(request, _DUE, items, next_cursor=next_cursor, total=total, headers={"Vary": "Accept"})


@router.get(
    "/memoranda-without-progress",
    summary="List memoranda without progress",
    description="Memoranda in force for longer than so many days under which neither progress nor evidence was "
    "accepted in that time, the longest quiet first.",
    response_model=Page[QuietMemorandum],
    dependencies=_READER,
)
async def list_memoranda_without_progress(
    request: Request, session: Reading, query: Annotated[QuietQuery, Query()]
) -> Response:
    of = query.model_dump(mode="json", exclude={"limit", "cursor", "count"})
    after = pages.start(request, query.cursor, of=of, length=1)
    found = await commitments.quiet(session, query, now=clock.now())
    begin = _behind(found, str(after[0])) if after else 0
    rows = found[begin : begin + query.limit + 1]
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: [str(row["id"])])
    total = len(found) if query.count else None
    return pages.answer(request, _QUIET, items, next_cursor=next_cursor, total=total)


def _behind(rows: Sequence[Mapping[str, Any]], last: str) -> int:
    return next((place + 1 for place, row in enumerate(rows) if str(row["id"]) == last), len(rows))


def _position(row: Mapping[str, Any]) -> list[str]:
    return [row["due_latest"].isoformat(), str(row["id"])]


async def _all(request: Request, query: CommitmentsDueQuery) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    # In a session of its own, because the request's is closed before the answer is sent.
    after: list[str] | None = None
    async with database_of(request).reading() as session:
        wanted = await commitments.wanted_due(session, query, now=clock.now())
        while True:
            found = await commitments.due_page(session, wanted, after=after, limit=_CHUNK)
            yield [_line(row) for row in found.documents[:_CHUNK]]
            if len(found.documents) <= _CHUNK:
                return
            after = _position(found.documents[_CHUNK - 1])


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in _COLUMNS if name in row},
        **{f"text_{code}": text for code, text in row["text"].items()},
        "obligor": next((text for text in row["obligor"]["name"].values() if text), ""),
        "due_latest": row["due_latest"].isoformat(),
    }
