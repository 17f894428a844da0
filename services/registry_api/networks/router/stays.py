"""HTTP of memberships: granted, listed, renewed, given another mentor, ended."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import TypeAdapter

from services.registry_api import rendering
from services.registry_api.networks import service as networks
from services.registry_api.networks.router.definitions import NetworkPath
from services.registry_api.networks.service import stays
from shared import clock
from shared.auth import Caller, MaybeCaller, requires
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, ReadSession
from shared.schemas.pages import Page
from shared.schemas.registry.memberships import (
    MembershipCreate,
    MembershipEnd,
    MembershipFilters,
    MembershipRead,
    MembershipRenew,
    MembershipRow,
    MembershipsQuery,
    MembershipSummary,
    MentorChange,
)
from shared.schemas.registry.networks import NetworkAsOfQuery
from shared.web import conditional, export, pages
from shared.web.conditional import IfMatch
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Reading, Writing, database_of

of_network = Router("/v1/networks", tags=["networks"])
router = Router("/v1/memberships", tags=["networks"])

MembershipPath = Annotated[UUID, Path(description="The membership", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4603"])]
_PAGE = TypeAdapter(Page[MembershipSummary])
_MEMBERSHIP = TypeAdapter(MembershipRead)
_WRITER = [requires("registry:write")]
_CHUNK = 1000
_COLUMNS = (
    *("id", "network", "organisation_id", "name_kk", "name_ru", "name_en", "organisation_area", "role", "mentor_id"),
    *("area", "status", "valid_from", "valid_to", "granted_by", "ended_reason"),
)


@of_network.get(
    "/{code}/memberships",
    summary="List the memberships of a network",
    description="Who belongs to it, seen from a day, in the Kazakh order of names; those that ended or are yet to "
    "begin too, unless `status` says otherwise. Public. As CSV, XLSX or NDJSON by `Accept`, then all of them.",
    response_model=Page[MembershipSummary],
)
async def list_network_memberships(
    request: Request, session: Reading, code: NetworkPath, query: Annotated[MembershipFilters, Query()]
) -> Response:
    return await _list(request, session, query, code)


@of_network.post(
    "/{code}/memberships",
    summary="Grant a membership",
    description="Weighs the rules of the network for that day and keeps how each was met. A rule that is not met "
    "refuses (409) unless `override` says why it is granted all the same. Where the network has mentors, there is "
    "exactly one at any time. The caller must reach the area of the organisation; a school does not admit itself.",
    status_code=201,
    response_model=MembershipRead,
    dependencies=_WRITER,
)
async def grant_membership(
    request: Request,
    session: Writing,
    actor: Caller,
    code: NetworkPath,
    asked: MembershipCreate,
    _key: IdempotencyKey = None,
) -> Response:
    await stays.require_network(session, code)
    row = MembershipRow.model_validate({**asked.model_dump(exclude_unset=True), "network": code})
    membership_id = await networks.admit(session, actor, row, clock.now())
    return await _as_it_is(request, session, membership_id, created=True)


@router.get(
    "",
    summary="List memberships",
    description="Who belongs to which network, seen from a day: with `organisation_id`, all of one organisation; with "
    "`mentor_id`, all that it mentors. Public. As CSV, XLSX or NDJSON by `Accept`, then all of them.",
    response_model=Page[MembershipSummary],
)
async def list_memberships(request: Request, session: Reading, query: Annotated[MembershipsQuery, Query()]) -> Response:
    return await _list(request, session, query, query.network)


@router.get(
    "/{membership_id}",
    summary="Read a membership",
    description="A membership seen from a day, with the trace of its rules and its periods. Public; the values the "
    "rules found are shown with `registry:read`.",
    response_model=MembershipRead,
    responses={304: {"description": "Not changed since it was read"}},
)
async def read_membership(
    request: Request,
    session: Reading,
    actor: MaybeCaller,
    membership_id: MembershipPath,
    query: Annotated[NetworkAsOfQuery, Query()],
) -> Response:
    trusted = actor is not None and actor.has("registry:read")
    on = query.as_of or day_in_kazakhstan(clock.now())
    seen = await stays.read(session, membership_id, on=on, known_at=query.known_at, trusted=trusted)
    return rendering.answer(request, _MEMBERSHIP, seen.document, version=seen.version)


@router.post(
    "/{membership_id}/renew",
    summary="Renew a membership",
    description="Lets it hold longer, without a gap, by default one term of the network. The rules are weighed anew "
    "upon the facts of today.",
    response_model=MembershipRead,
    dependencies=_WRITER,
)
async def renew_membership(
    request: Request,
    session: Writing,
    actor: Caller,
    membership_id: MembershipPath,
    asked: MembershipRenew,
    _key: IdempotencyKey = None,
    _if_match: IfMatch = None,
) -> Response:
    now = clock.now()
    stay = await stays.hold(session, actor, membership_id, now=now)
    conditional.check_match(request, stay.version)
    await stays.renew(session, stay, asked, now=now)
    return await _as_it_is(request, session, membership_id)


@router.post(
    "/{membership_id}/mentor",
    summary="Give a member another mentor",
    description="From that day on it has this mentor; until then it had the former one.",
    response_model=MembershipRead,
    dependencies=_WRITER,
)
async def change_mentor(
    request: Request,
    session: Writing,
    actor: Caller,
    membership_id: MembershipPath,
    asked: MentorChange,
    _key: IdempotencyKey = None,
    _if_match: IfMatch = None,
) -> Response:
    now = clock.now()
    stay = await stays.hold(session, actor, membership_id, now=now)
    conditional.check_match(request, stay.version)
    await stays.give_mentor(session, stay, asked, now=now)
    return await _as_it_is(request, session, membership_id)


@router.post(
    "/{membership_id}/end",
    summary="End a membership",
    description="From that day on it holds no more; what it was before stays. A reason is needed.",
    response_model=MembershipRead,
    dependencies=_WRITER,
)
async def end_membership(
    request: Request,
    session: Writing,
    actor: Caller,
    membership_id: MembershipPath,
    asked: MembershipEnd,
    _key: IdempotencyKey = None,
    _if_match: IfMatch = None,
) -> Response:
    now = clock.now()
    stay = await stays.hold(session, actor, membership_id, now=now)
    conditional.check_match(request, stay.version)
    await stays.end(session, stay, asked, now=now)
    return await _as_it_is(request, session, membership_id)


async def _as_it_is(request: Request, session: AnySession, membership_id: UUID, *, created: bool = False) -> Response:
    seen = await stays.read(session, membership_id, on=day_in_kazakhstan(clock.now()))
    return rendering.answer(
        request,
        _MEMBERSHIP,
        seen.document,
        version=seen.version,
        status_code=201 if created else 200,
        headers={"Location": f"/v1/memberships/{membership_id}"} if created else {},
    )


async def _list(request: Request, session: ReadSession, query: MembershipFilters, network: str | None) -> Response:
    on = query.as_of or day_in_kazakhstan(clock.now())
    wanted = await stays.wanted(session, query, network, on=on)
    format_ = export.wanted(request)
    if format_ != "json":
        return await export.respond(format_, _COLUMNS, _all(request, wanted), filename="memberships")
    of = {**query.model_dump(mode="json", exclude={"limit", "cursor", "count"}), "network": network, "on": str(on)}
    after = pages.start(request, query.cursor, of=of, length=2)
    rows = await stays.page(session, wanted, after=after, limit=query.limit)
    if not rows and "code" in request.path_params:  # a list of what does not exist is not an empty list
        await stays.require_network(session, request.path_params["code"])
    cut, next_cursor = pages.cut(request, rows, limit=query.limit, of=of, keys=lambda row: row[1])
    total = await stays.count(session, wanted) if query.count else None
    return pages.answer(
        request,
        _PAGE,
        [document for document, _ in cut],
        next_cursor=next_cursor,
        total=total,
        headers={"Vary": "Accept"},
    )


async def _all(request: Request, wanted: stays.Wanted) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    # In a session of its own, because the request's is closed before the answer is sent.
    after: list[Any] | None = None
    async with database_of(request).reading() as session:
        while True:
            rows = await stays.page(session, wanted, after=after, limit=_CHUNK)
            yield [_line(document) for document, _ in rows[:_CHUNK]]
            if len(rows) <= _CHUNK:
                return
            after = rows[_CHUNK - 1][1]


def _line(document: Mapping[str, Any]) -> dict[str, Any]:
    member, mentor = document["organisation"], document["mentor"]
    names = {f"name_{language}": (member["name"] or {}).get(language) for language in ("kk", "ru", "en")}
    line = {**document, **names, "organisation_id": member["id"], "organisation_area": member["area"]}
    line["mentor_id"] = mentor["id"] if mentor else None
    return {column: str(line[column]) if isinstance(line[column], UUID) else line[column] for column in _COLUMNS}
