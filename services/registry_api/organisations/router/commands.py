"""HTTP of changing organisations."""

from typing import Annotated
from uuid import UUID

from fastapi import Body, Query, Request, Response

from services.registry_api.dependencies import IdentifierSecret
from services.registry_api.organisations import service as organisations
from services.registry_api.organisations.router.rendering import OrganisationPath, answer
from shared import clock
from shared.auth import Actor, Caller, requires
from shared.db.sessions import WriteSession
from shared.schemas.registry.organisation_words import OrganisationStatus
from shared.schemas.registry.organisations import (
    IdentifierCreate,
    OrganisationClose,
    OrganisationCreate,
    OrganisationRead,
    OrganisationReopen,
    OrganisationTransition,
    OrganisationUpdate,
    PatchPeriod,
)
from shared.web import conditional
from shared.web.conditional import IfMatch
from shared.web.idempotency import IdempotencyKey
from shared.web.routing import Router
from shared.web.sessions import Writing

router = Router("/v1/organisations", tags=["organisations"])

_WRITER = [requires("registry:write")]


@router.post(
    "",
    summary="Register an organisation",
    description="Enters an organisation with its first state and its identifiers. The caller must reach its area.",
    status_code=201,
    response_model=OrganisationRead,
    dependencies=_WRITER,
)
async def register_organisation(
    request: Request,
    asked: OrganisationCreate,
    session: Writing,
    actor: Caller,
    secret: IdentifierSecret,
    _key: IdempotencyKey = None,
) -> Response:
    organisation_id = await organisations.register(session, actor, asked, now=clock.now(), secret=secret)
    return await _as_it_is(request, session, actor, organisation_id, created=True)


@router.patch(
    "/{organisation_id}",
    summary="Change an organisation",
    description="A JSON Merge Patch that is true from `effective_from` (today) on. What was true before stays in the "
    "history. To correct a mistake, give the first day of the state that is wrong. Status and identifiers have "
    "commands of their own.",
    response_model=OrganisationRead,
    responses={410: {}},
    dependencies=_WRITER,
)
async def change_organisation(
    request: Request,
    session: Writing,
    actor: Caller,
    organisation_id: OrganisationPath,
    patch: Annotated[OrganisationUpdate, Body(media_type="application/merge-patch+json")],
    period: Annotated[PatchPeriod, Query()],
    _if_match: IfMatch = None,
) -> Response:
    organisation = await organisations.lock(session, organisation_id)
    conditional.check_match(request, organisation.version)
    await organisations.amend(
        session,
        actor,
        organisation,
        patch,
        effective_from=period.effective_from,
        effective_until=period.effective_until,
        now=clock.now(),
    )
    return await _as_it_is(request, session, actor, organisation_id)


@router.delete(
    "/{organisation_id}",
    summary="Withdraw an organisation made in error",
    description="Says that the record was a mistake: it disappears from all lists, its identifiers are free again, its "
    "history stays. An organisation that once worked is closed, not deleted.",
    status_code=204,
    responses={410: {}},
    dependencies=_WRITER,
)
async def withdraw_organisation(
    request: Request, session: Writing, actor: Caller, organisation_id: OrganisationPath, _if_match: IfMatch = None
) -> None:
    organisation = await organisations.lock(session, organisation_id)
    conditional.check_match(request, organisation.version)
    await organisations.withdraw(session, actor, organisation, now=clock.now())


@router.post(
    "/{organisation_id}/close",
    summary="Close an organisation",
    description="From that day on it is closed or, with successors, merged into them. This sets the record of one "
    "organisation right and leaves alone what is bound to it: memberships, memoranda, targets and observations follow "
    "a successor through `/v1/reorganisations`.",
    response_model=OrganisationRead,
    responses={410: {}},
    dependencies=_WRITER,
)
async def close_organisation(
    request: Request,
    session: Writing,
    actor: Caller,
    organisation_id: OrganisationPath,
    asked: OrganisationClose,
    _key: IdempotencyKey = None,
) -> Response:
    organisation = await organisations.lock(session, organisation_id)
    wanted = OrganisationStatus.MERGED if asked.successors else OrganisationStatus.CLOSED
    await organisations.move(
        session, actor, organisation, wanted, on=asked.on, now=clock.now(), successors=asked.successors
    )
    return await _as_it_is(request, session, actor, organisation_id)


@router.post(
    "/{organisation_id}/reopen",
    summary="Reopen an organisation",
    description="From that day on an organisation that was closed, suspended or closing works again.",
    response_model=OrganisationRead,
    responses={410: {}},
    dependencies=_WRITER,
)
async def reopen_organisation(
    request: Request,
    session: Writing,
    actor: Caller,
    organisation_id: OrganisationPath,
    asked: OrganisationReopen,
    _key: IdempotencyKey = None,
) -> Response:
    organisation = await organisations.lock(session, organisation_id)
    await organisations.reopen(session, actor, organisation, on=asked.on, now=clock.now())
    return await _as_it_is(request, session, actor, organisation_id)


@router.post(
    "/{organisation_id}/transitions",
    summary="Take the next step in the life of an organisation",
    description="From a proposal to the opening, into suspension and out of it. Steps that do not follow are refused "
    "with those that do.",
    response_model=OrganisationRead,
    responses={410: {}},
    dependencies=_WRITER,
)
async def move_organisation(
    request: Request,
    session: Writing,
    actor: Caller,
    organisation_id: OrganisationPath,
    asked: OrganisationTransition,
    _key: IdempotencyKey = None,
) -> Response:
    organisation = await organisations.lock(session, organisation_id)
    await organisations.move(session, actor, organisation, asked.to, on=asked.on, now=clock.now())
    return await _as_it_is(request, session, actor, organisation_id)


@router.post(
    "/{organisation_id}/identifiers",
    summary="Give an organisation an identifier",
    description="Registers it anew under a scheme: from that day on its former identifier of that scheme is history "
    "and still leads to it. Giving it what it has already changes nothing.",
    status_code=201,
    response_model=OrganisationRead,
    responses={410: {}},
    dependencies=_WRITER,
)
async def give_identifier(
    request: Request,
    session: Writing,
    actor: Caller,
    organisation_id: OrganisationPath,
    asked: IdentifierCreate,
    secret: IdentifierSecret,
    _key: IdempotencyKey = None,
) -> Response:
    organisation = await organisations.lock(session, organisation_id)
    await organisations.give_identifier(session, actor, organisation, asked, now=clock.now(), secret=secret)
    return await _as_it_is(request, session, actor, organisation_id, created=True)


async def _as_it_is(
    request: Request, session: WriteSession, actor: Actor, organisation_id: UUID, *, created: bool = False
) -> Response:
    seen = await organisations.get(session, organisation_id, actor=actor, now=clock.now())
    headers = {"Location": f"/v1/organisations/{organisation_id}"} if created else {}
    return answer(request, seen, status_code=201 if created else 200, headers=headers)
