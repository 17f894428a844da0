"""HTTP of reservations: pools of seats kept for some, and seats held for one organisation."""

from typing import Annotated
from uuid import UUID

from fastapi import Body, Path, Request, Response

from services.training_api.dependencies import Key, answer_one, answer_written
from services.training_api.enrolments import service as enrolments
from services.training_api.enrolments.router.cohort import CohortPath
from shared import clock
from shared.auth import Caller, requires
from shared.schemas.training.reservations import HoldCreate, PoolCreate, PoolRead, PoolReport, PoolUpdate
from shared.web import conditional
from shared.web.conditional import IfMatch
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/cohorts", tags=["reservations"])
_MANAGER = [requires("training:manage")]
PoolPath = Annotated[UUID, Path(description="The pool", examples=["0198c0de-0000-7000-8000-000000000351"])]


@router.get(
    "/{cohort_id}/pools",
    summary="Report pools",
    description="Whether the seats of a cohort went where they were meant to go: of each pool how many seats it was "
    "given, how many of them are taken and free, and how many of those who wait it is for. Public: numbers only.",
)
async def report_pools(session: Reading, cohort_id: CohortPath) -> PoolReport:
    return await enrolments.pool_report(session, cohort_id)


@router.post(
    "/{cohort_id}/pools",
    summary="Keep seats for some",
    description="Keeps free seats of a venue, or of all venues by their free seats, for people of a school, an area, a "
    "qualification category, a language of instruction or a subject. Such a person gets a seat of the narrowest pool "
    "that has one, and else one for anybody. On the day of release what is left goes to the waiting list.",
    status_code=201,
    response_model=PoolRead,
    dependencies=_MANAGER,
)
async def add_pool(
    body: PoolCreate, session: Writing, actor: Caller, cohort_id: CohortPath, _key: Key = None
) -> Response:
    return _made(await enrolments.add_pool(session, actor, cohort_id, body, now=clock.now()))


@router.post(
    "/{cohort_id}/holds",
    summary="Hold seats for an organisation",
    description="Keeps free seats for one organisation until it has named its people, at the latest until the "
    "deadline; what is left then goes to the waiting list.",
    status_code=201,
    response_model=PoolRead,
    dependencies=_MANAGER,
)
async def hold_seats(
    body: HoldCreate, session: Writing, actor: Caller, cohort_id: CohortPath, _key: Key = None
) -> Response:
    return _made(await enrolments.hold(session, actor, cohort_id, body, now=clock.now()))


@router.get(
    "/{cohort_id}/pools/{pool_id}",
    summary="Read a pool",
    description="One pool, and what became of its seats. Public: numbers only.",
    response_model=PoolRead,
    responses={304: {"description": "Not changed since it was read"}},
)
async def read_pool(request: Request, session: Reading, cohort_id: CohortPath, pool_id: PoolPath) -> Response:
    pool = await enrolments.one_pool(session, cohort_id, pool_id)
    # What is taken and who waits changes without the pool itself.
    return answer_one(request, pool, pool.version, pool.taken, pool.free, pool.waiting)


@router.patch(
    "/{cohort_id}/pools/{pool_id}",
    summary="Change a pool",
    description="Changes what the patch names. More seats come from those for anybody, fewer go to the waiting list; "
    "seats that are taken stay.",
    response_model=PoolRead,
    dependencies=_MANAGER,
)
async def change_pool(
    request: Request,
    session: Writing,
    actor: Caller,
    cohort_id: CohortPath,
    pool_id: PoolPath,
    patch: Annotated[PoolUpdate, Body(media_type="application/merge-patch+json")],
    _if_match: IfMatch = None,
) -> Response:
    pool = await enrolments.change_pool(
        session,
        actor,
        cohort_id,
        pool_id,
        patch,
        check=lambda version: conditional.check_match(request, version),
        now=clock.now(),
    )
    return answer_written(pool, version=pool.version)


@router.post(
    "/{cohort_id}/pools/{pool_id}/release",
    summary="Release a pool",
    description="From now on its seats are for anybody; those that are free go to the waiting list.",
    response_model=PoolRead,
    dependencies=_MANAGER,
)
async def release_pool(
    session: Writing, actor: Caller, cohort_id: CohortPath, pool_id: PoolPath, _key: Key = None
) -> Response:
    pool = await enrolments.release_pool(session, actor, cohort_id, pool_id, now=clock.now())
    return answer_written(pool, version=pool.version)


def _made(pool: PoolRead) -> Response:
    location = f"/v1/cohorts/{pool.cohort_id}/pools/{pool.id}"
    return answer_written(pool, status=201, location=location, version=pool.version)
