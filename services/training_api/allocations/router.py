"""HTTP of allocations."""

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import BaseModel, TypeAdapter

from services.training_api.allocations import service as allocations
from services.training_api.dependencies import Key, answer_list, answer_one, seen_by
from shared import clock, jobs
from shared.auth import Caller, requires
from shared.schemas.pages import Page
from shared.schemas.training.allocation_questions import AllocationCreate
from shared.schemas.training.allocations import (
    AllocationComparison,
    AllocationQuery,
    AllocationRead,
    AllocationSummary,
    PlacementQuery,
    PlacementRead,
    UnplacedQuery,
    UnplacedRead,
)
from shared.web import export
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing, database_of

router = Router("/v1/allocations", tags=["allocations"])
routers = (router,)
_PAGE = TypeAdapter(Page[AllocationSummary])
_PLACED = TypeAdapter(Page[PlacementRead])
_UNPLACED = TypeAdapter(Page[UnplacedRead])
_MANAGER = [requires("training:manage")]
_CHUNK = 200
_PLACED_COLUMNS = (
    *("educator_id", "organisation_id", "cohort_id", "venue_id", "pool_id", "rank", "km", "years_without"),
    *("district", "setting", "worth", "first_come_venue_id", "enrolment_id"),
)
_UNPLACED_COLUMNS = (
    *("educator_id", "organisation_id", "reason", "message_kk", "message_ru", "message_en", "facts", "short_by"),
    *("years_without", "district", "setting", "first_come_venue_id"),
)
AllocationPath = Annotated[UUID, Path(description="The allocation", examples=["0198c0de-0000-7000-8000-000000000d01"])]
Rows = list[tuple[Any, int]]


@router.post(
    "",
    summary="Ask for the best allocation",
    description="Many people, many venues, few seats: the best assignment by the objective stated here, level by "
    "level, with a proof of optimality or the gap, a reason for everybody not placed, and the same people first "
    "come, first served, beside it. Solved by a job; enrols nobody until it is applied. For who manages the provider's "
    "courses and may enrol the people.",
    status_code=202,
    response_model=AllocationRead,
    dependencies=_MANAGER,
)
async def ask_for_allocation(body: AllocationCreate, session: Writing, actor: Caller, _key: Key = None) -> Response:
    allocation = await allocations.ask(session, actor, body, now=clock.now())
    return _accepted(allocation, allocation.job_id)


@router.get(
    "",
    summary="List allocations",
    description="Those of the providers whose courses you manage, the newest first.",
    response_model=Page[AllocationSummary],
    dependencies=_MANAGER,
)
async def list_allocations(
    request: Request, session: Reading, actor: Caller, query: Annotated[AllocationQuery, Query()]
) -> Response:
    return await answer_list(
        request,
        query,
        _PAGE,
        of={"list": "allocations", **seen_by(actor)},
        parse=[UUID],
        fetch=lambda after: allocations.page(session, actor, query, after=after),
        count=lambda: allocations.count(session, actor, query),
        keys=lambda one: [one.id],
    )


@router.get(
    "/{allocation_id}",
    summary="Read an allocation",
    description="The question, the proof, the terms of the objective, seats and their prices, and the comparison with "
    "first come, first served.",
    response_model=AllocationRead,
    responses={304: {"description": "Not changed since it was read"}},
    dependencies=_MANAGER,
)
async def read_allocation(request: Request, session: Reading, actor: Caller, allocation_id: AllocationPath) -> Response:
    allocation = await allocations.get(session, actor, allocation_id)
    return answer_one(request, allocation, allocation.version)


@router.get(
    "/{allocation_id}/placements",
    summary="List who is placed where",
    description="Everybody placed, in the order of application, and why there: kilometres, rank among the wishes, "
    "pool, and the dearer wishes that were passed over. As CSV, XLSX or NDJSON by `Accept`, then all of them.",
    response_model=Page[PlacementRead],
    dependencies=_MANAGER,
)
async def list_placements(
    request: Request,
    session: Reading,
    actor: Caller,
    allocation_id: AllocationPath,
    query: Annotated[PlacementQuery, Query()],
) -> Response:
    format_ = export.wanted(request)
    if format_ != "json":
        await allocations.get(session, actor, allocation_id)
        wanted = query.model_copy(update={"limit": _CHUNK})
        rows = _all(
            request, lambda reading, after: allocations.placements(reading, actor, allocation_id, wanted, after=after)
        )
        return await export.respond(format_, _PLACED_COLUMNS, rows, filename="placements")
    return await answer_list(
        request,
        query,
        _PLACED,
        of={"list": "placements", "allocation": allocation_id, **seen_by(actor)},
        parse=[int],
        fetch=lambda after: allocations.placements(
            session, actor, allocation_id, query, after=after[0] if after else None
        ),
        count=lambda: allocations.count_answers(session, actor, allocation_id, query),
        keys=lambda row: [row[1]],
        item=lambda row: row[0],
    )


@router.get(
    "/{allocation_id}/unplaced",
    summary="List who is not placed, and why",
    description="Everybody not placed, in the order of application, with the reason and the facts it rests on: the "
    "rule that failed, the other booking, the nearest venue, the full venues with what a seat was worth there. As CSV, "
    "XLSX or NDJSON by `Accept`, then all of them.",
    response_model=Page[UnplacedRead],
    dependencies=_MANAGER,
)
async def list_unplaced(
    request: Request,
    session: Reading,
    actor: Caller,
    allocation_id: AllocationPath,
    query: Annotated[UnplacedQuery, Query()],
) -> Response:
    format_ = export.wanted(request)
    if format_ != "json":
        await allocations.get(session, actor, allocation_id)
        wanted = query.model_copy(update={"limit": _CHUNK})
        rows = _all(
            request, lambda reading, after: allocations.unplaced(reading, actor, allocation_id, wanted, after=after)
        )
        return await export.respond(format_, _UNPLACED_COLUMNS, rows, filename="unplaced")
    return await answer_list(
        request,
        query,
        _UNPLACED,
        of={"list": "unplaced", "allocation": allocation_id, **seen_by(actor)},
        parse=[int],
        fetch=lambda after: allocations.unplaced(
            session, actor, allocation_id, query, after=after[0] if after else None
        ),
        count=lambda: allocations.count_answers(session, actor, allocation_id, query),
        keys=lambda row: [row[1]],
        item=lambda row: row[0],
    )


@router.post(
    "/{allocation_id}/apply",
    summary="Apply an allocation",
    description="Gives every person placed the seat, by a job and in one transaction: all or nobody. Refused where "
    "seats or people have changed since it was solved, naming what changed.",
    status_code=202,
    response_model=AllocationRead,
    dependencies=_MANAGER,
)
async def apply_allocation(
    session: Writing, actor: Caller, allocation_id: AllocationPath, _key: Key = None
) -> Response:
    allocation = await allocations.apply(session, actor, allocation_id, now=clock.now())
    assert allocation.apply_job_id is not None
    return _accepted(allocation, allocation.apply_job_id)


@router.get(
    "/{allocation_id}/compare/{other_id}",
    summary="Compare two allocations",
    description="What if: the numbers of two solved allocations side by side, and how many people are placed by one "
    "alone or move to another venue.",
    response_model=AllocationComparison,
    dependencies=_MANAGER,
)
async def compare_allocations(
    session: Reading,
    actor: Caller,
    allocation_id: AllocationPath,
    other_id: Annotated[UUID, Path(description="The other one", examples=["0198c0de-0000-7000-8000-000000000d02"])],
) -> AllocationComparison:
    return await allocations.compare(session, actor, allocation_id, other_id)


def _first(after: Sequence[Any] | None) -> int | None:
    return int(after[0]) if after else None


def _accepted(allocation: AllocationRead, job_id: UUID) -> Response:
    headers = {"Location": jobs.link(job_id), "Content-Location": f"/v1/allocations/{allocation.id}"}
    return Response(allocation.model_dump_json(), status_code=202, media_type="application/json", headers=headers)


async def _all(
    request: Request, fetch: Callable[[Any, int | None], Coroutine[Any, Any, Rows]]
) -> AsyncIterator[list[Mapping[str, Any]]]:
    async with database_of(request).reading() as session:
        after: int | None = None
        while found := await fetch(session, after):
            yield [_flat(row) for row, _ in found[:_CHUNK]]
            if len(found) <= _CHUNK:
                return
            after = found[_CHUNK - 1][1]


def _flat(row: BaseModel) -> dict[str, Any]:
    document = row.model_dump(mode="json", exclude={"passed_over", "full_venues"})
    words = document.pop("message", None) or {}
    return document | {f"message_{language}": text for language, text in words.items()}
