"""HTTP of monthly counts of clubs."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api.clubs.repository.counts import Wanted
from services.registry_api.clubs.router.screening import WithoutChildren
from services.registry_api.clubs.service import counts
from services.registry_api.organisations.service import trusts
from shared import clock
from shared.auth import Actor, Caller, MaybeCaller, requires
from shared.schemas.pages import Page
from shared.schemas.registry.clubs import ClubCountBatch, ClubCountRead, ClubCountsQuery, ClubCountsTaken
from shared.web import export, pages
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing, database_of

router = Router("/v1/club-counts", tags=["clubs"])

_PAGE = TypeAdapter(Page[ClubCountRead])
_CHUNK = 1000
_COLUMNS = (
    *("month", "school_id", "school_name_kk", "school_name_ru", "provider_id", "direction"),
    *("children", "vouchers", "visits", "suppressed"),
)


@router.get(
    "",
    summary="List monthly counts of clubs",
    description="How many children of a school came to a club in a month, how many were paid for by a voucher. Public, "
    "without numbers that fewer than 5 children stand behind; callers with `registry:read` see all. As CSV, XLSX or "
    "NDJSON by `Accept`, then all of them.",
    response_model=Page[ClubCountRead],
)
async def list_club_counts(
    request: Request, session: Reading, actor: MaybeCaller, query: Annotated[ClubCountsQuery, Query()]
) -> Response:
    now = clock.now()
    wanted = await counts.wanted_by(session, query, now=now)
    format_ = export.wanted(request)
    if format_ != "json":
        return await export.respond(format_, _COLUMNS, _all(request, wanted, actor), filename="club-counts")
    of = {**query.model_dump(mode="json", exclude={"limit", "cursor", "count"}), "trusted": trusts(actor)}
    after = pages.start(request, query.cursor, of=of, length=2)
    rows = await counts.page(session, wanted, actor=actor, after=after, limit=query.limit, now=now)
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=_position)
    total = await counts.count(session, wanted) if query.count else None
    return pages.answer(
        request, _PAGE, items, next_cursor=next_cursor, total=total, headers={"Vary": "Accept, Authorization"}
    )


@router.post(
    "",
    summary="Hand in monthly counts of clubs",
    description="All of them or, if one is wrong, none; the same batch twice changes nothing, a later word on a month "
    "takes the place of the former. Counts only: a field that tells one child from another is refused as "
    "`field_not_accepted`.",
    status_code=201,
    response_model=ClubCountsTaken,
    dependencies=[requires("registry:write"), WithoutChildren],
)
async def record_club_counts(
    asked: ClubCountBatch, session: Writing, actor: Caller, response: Response, _key: IdempotencyKey = None
) -> ClubCountsTaken:
    taken = await counts.record(session, actor, asked.counts, now=clock.now())
    response.headers["Location"] = "/v1/club-counts"
    return ClubCountsTaken.model_validate(taken)


def _position(row: Mapping[str, Any]) -> list[Any]:
    return [f"{row['month']}-01", row["id"]]


async def _all(request: Request, wanted: Wanted, actor: Actor | None) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    # In a session of its own, because the request's is closed before the answer is sent.
    after: list[Any] | None = None
    async with database_of(request).reading() as session:
        while True:
            rows = await counts.page(session, wanted, actor=actor, after=after, limit=_CHUNK, now=clock.now())
            yield [_line(row) for row in rows[:_CHUNK]]
            if len(rows) <= _CHUNK:
                return
            after = _position(rows[_CHUNK - 1])


def _line(row: Mapping[str, Any]) -> Mapping[str, Any]:
    names = {f"school_name_{language}": text for language, text in row["school"]["name"].items()}
    return {**row, **names, "school_id": row["school"]["id"]}
