"""HTTP of networks: definitions, operators, national figures, counts, coordinators."""

from typing import Annotated

from fastapi import Body, Path, Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api import rendering
from services.registry_api.networks import service as networks
from services.registry_api.networks.service import definition, stays
from shared import clock
from shared.auth import Caller, requires
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession
from shared.schemas.pages import Page
from shared.schemas.registry.memberships import (
    Coordinators,
    CoordinatorsQuery,
    CountQuery,
    Eligibility,
    EligibilityQuery,
    MembershipCount,
)
from shared.schemas.registry.networks import (
    FigureCreate,
    FigureHistory,
    KnownAtQuery,
    NetworkAsOfQuery,
    NetworkCode,
    NetworkCreate,
    NetworkRead,
    NetworksQuery,
    NetworkSummary,
    NetworkUpdate,
    OperatorCreate,
    OperatorHistory,
)
from shared.web import conditional, pages
from shared.web.conditional import IfMatch
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing

router = Router("/v1/networks", tags=["networks"])

NetworkPath = Annotated[NetworkCode, Path(description="The network's code", examples=["nis-leading-schools"])]
_PAGE = TypeAdapter(Page[NetworkSummary])
_NETWORK = TypeAdapter(NetworkRead)
_WRITER = [requires("registry:write")]


@router.get(
    "",
    summary="List networks",
    description="Networks in the order of their codes. Public. With `area`, those of that area or of one above it, "
    "and those of the whole country.",
    response_model=Page[NetworkSummary],
)
async def list_networks(request: Request, session: Reading, query: Annotated[NetworksQuery, Query()]) -> Response:
    today = day_in_kazakhstan(clock.now())
    of = query.model_dump(mode="json", exclude={"limit", "cursor", "count"})
    after = pages.start(request, query.cursor, of=of, length=1)
    rows = await definition.page(session, query, after=after, limit=query.limit, on=today)
    items, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: (row["code"],))
    total = await definition.count(session, query, on=today) if query.count else None
    return pages.answer(request, _PAGE, items, next_cursor=next_cursor, total=total)


@router.post(
    "",
    summary="Define a network",
    description="Defines a network with its rules. One of an area is defined by whoever reaches it, one of the whole "
    "country only by callers without bounds. Leading schools have a campus of NIS as mentor unless it is said "
    "otherwise.",
    status_code=201,
    response_model=NetworkRead,
    dependencies=_WRITER,
)
async def define_network(
    request: Request, asked: NetworkCreate, session: Writing, actor: Caller, _key: IdempotencyKey = None
) -> Response:
    network = await definition.define(session, actor, asked, now=clock.now())
    return await _as_it_is(request, session, network.code, created=True)


@router.get(
    "/{code}",
    summary="Read a network",
    description="A network with its rules, and with its operator of a day. Public.",
    response_model=NetworkRead,
    responses={304: {"description": "Not changed since it was read"}},
)
async def read_network(
    request: Request, session: Reading, code: NetworkPath, query: Annotated[NetworkAsOfQuery, Query()]
) -> Response:
    on = query.as_of or day_in_kazakhstan(clock.now())
    document = await definition.read(session, code, on=on, known_at=query.known_at)
    return rendering.answer(request, _NETWORK, document, version=document["version"])


@router.patch(
    "/{code}",
    summary="Change a network",
    description="A JSON Merge Patch of the definition. Memberships already granted keep the trace of the rules they "
    "were granted by; the new rules are asked at the next granting or renewal.",
    response_model=NetworkRead,
    dependencies=_WRITER,
)
async def change_network(
    request: Request,
    session: Writing,
    actor: Caller,
    code: NetworkPath,
    patch: Annotated[NetworkUpdate, Body(media_type="application/merge-patch+json")],
    _if_match: IfMatch = None,
) -> Response:
    network = await definition.lock(session, code)
    conditional.check_match(request, network.version)
    await definition.change(session, actor, network, patch, now=clock.now())
    return await _as_it_is(request, session, code)


@router.get(
    "/{code}/operators",
    summary="List the operators of a network",
    description="Who operated it from when to when, in the order of the days. Public.",
    response_model=OperatorHistory,
)
async def list_operators(
    session: Reading, code: NetworkPath, query: Annotated[KnownAtQuery, Query()]
) -> OperatorHistory:
    found = await definition.operators(session, code, known_at=query.known_at, now=clock.now())
    return OperatorHistory.model_validate(found)


@router.post(
    "/{code}/operators",
    summary="Appoint the operator of a network",
    description="From that day on it is operated by this organisation; who operated it before stays in the history.",
    status_code=201,
    response_model=NetworkRead,
    dependencies=_WRITER,
)
async def appoint_operator(
    request: Request,
    session: Writing,
    actor: Caller,
    code: NetworkPath,
    asked: OperatorCreate,
    _key: IdempotencyKey = None,
) -> Response:
    network = await definition.lock(session, code)
    await definition.appoint(session, actor, network, asked, now=clock.now())
    return await _as_it_is(request, session, code, created=True)


@router.get(
    "/{code}/national-figures",
    summary="List the national figures of a network",
    description="How many members it has in the whole country, as its sources said over time. Public.",
    response_model=FigureHistory,
)
async def list_national_figures(
    session: Reading, code: NetworkPath, query: Annotated[KnownAtQuery, Query()]
) -> FigureHistory:
    return FigureHistory.model_validate(await definition.figures(session, code, known_at=query.known_at))


@router.post(
    "/{code}/national-figures",
    summary="Tell a national figure of a network",
    description="How many members it has in the whole country as of a day; stands until a figure of a later day. "
    "Shares are told of the figure that stands on the day asked for.",
    status_code=201,
    response_model=FigureHistory,
    dependencies=_WRITER,
)
async def tell_national_figure(
    session: Writing,
    actor: Caller,
    response: Response,
    code: NetworkPath,
    asked: FigureCreate,
    _key: IdempotencyKey = None,
) -> FigureHistory:
    network = await definition.lock(session, code)
    await definition.tell_figure(session, actor, network, asked, now=clock.now())
    response.headers["Location"] = f"/v1/networks/{code}/national-figures"
    return FigureHistory.model_validate(await definition.figures(session, code, known_at=None))


@router.get(
    "/{code}/count",
    summary="Count the members of a network",
    description="How many organisations belong to it on a day, in an area and in a role; their share of the national "
    "figure that stands on that day; the same by the areas directly below. A membership that ended yesterday does not "
    "count today and does count as of the day before; coordinators count only with `role=coordinator`. Public.",
    response_model=MembershipCount,
)
async def count_members(session: Reading, code: NetworkPath, query: Annotated[CountQuery, Query()]) -> MembershipCount:
    on = query.as_of or day_in_kazakhstan(clock.now())
    return MembershipCount.model_validate(await networks.count(session, code, query, on=on))


@router.get(
    "/{code}/coordinators",
    summary="List the coordinators of a network",
    description="Who coordinates what on a day: regions, cities, districts. With `area`, those whose reach covers it. "
    "Public.",
    response_model=Coordinators,
)
async def list_coordinators(
    session: Reading, code: NetworkPath, query: Annotated[CoordinatorsQuery, Query()]
) -> Coordinators:
    on = query.as_of or day_in_kazakhstan(clock.now())
    return Coordinators.model_validate(await networks.coordinators(session, code, query, on=on))


@router.get(
    "/{code}/eligibility",
    summary="Weigh the rules of a network",
    description="Whether an organisation could be granted a membership on a day, rule by rule. Writes nothing.",
    response_model=Eligibility,
    dependencies=[requires("registry:read")],
)
async def weigh_eligibility(
    session: Reading, code: NetworkPath, query: Annotated[EligibilityQuery, Query()]
) -> Eligibility:
    on = query.as_of or day_in_kazakhstan(clock.now())
    return Eligibility.model_validate(await stays.eligibility(session, code, query, on=on))


async def _as_it_is(request: Request, session: AnySession, code: str, *, created: bool = False) -> Response:
    document = await definition.read(session, code, on=day_in_kazakhstan(clock.now()))
    return rendering.answer(
        request,
        _NETWORK,
        document,
        version=document["version"],
        status_code=201 if created else 200,
        headers={"Location": f"/v1/networks/{code}"} if created else {},
    )
