"""What a reorganisation does to organisations: several change in one event, and all of it can be taken back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.organisations import attributes, errors, repository
from services.registry_api.organisations.models import Organisation
from services.registry_api.organisations.repository import lineage
from services.registry_api.organisations.service.commands import move
from services.registry_api.organisations.service.telling import tell_many
from shared.auth import Actor, Scope
from shared.db.bitemporal import NewerStandsError
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.registry.organisation_words import OrganisationStatus

Portrait = Mapping[str, Any]
"""An organisation on a day: every attribute by its name, its status, and its identifiers as `identifiers.<scheme>`."""


async def hold(session: WriteSession, ids: Collection[UUID]) -> dict[UUID, Organisation]:
    """Those of `ids` that are organisations, for a change."""
    held = await lineage.lock_all(session, ids)
    seen = await lineage.portraits(session, list(held), on=date.min)
    return {id_: one for id_, one in held.items() if seen[id_]["status"] != OrganisationStatus.CREATED_IN_ERROR}


async def demand_all(session: AnySession, actor: Actor, ids: Collection[UUID], *, on: date) -> None:
    """Raise `OutOfReach` unless the lives of all of them, where they are on that day, are the caller's to decide."""
    codes = {portrait["area_code"] for portrait in (await lineage.portraits(session, ids, on=on)).values()}
    paths = await areas.paths(session, {code for code in codes if code is not None}, on=on)
    for code in codes:
        actor.demand(Scope.REGISTRY_WRITE, paths[code] if code is not None else None, None)


async def succeed(
    session: WriteSession,
    actor: Actor,
    organisation: Organisation,
    successors: Sequence[UUID],
    *,
    on: date,
    now: datetime,
) -> None:
    """From that day on the organisation is no more and the successors carry on."""
    await move(session, actor, organisation, OrganisationStatus.MERGED, on=on, now=now, successors=successors)


async def part_from(
    session: WriteSession, organisation: Organisation, successors: Sequence[UUID], *, on: date, now: datetime
) -> None:
    """From that day on the successors do a part of its work; it goes on beside them."""
    await lineage.succeed(session, organisation.id, successors, on=on, now=now)
    await repository.touch(session, organisation, now=now)


async def parts(session: AnySession, ids: Collection[UUID], *, since: date) -> list[UUID]:
    """Organisations that are a part of one of these on that day or later."""
    return await lineage.parts_since(session, ids, since=since) if ids else []


async def adopt(
    session: WriteSession, predecessors: Collection[UUID], heir: UUID, *, on: date, now: datetime
) -> list[UUID]:
    """What was a part of organisations that end is a part of the heir from that day on; which organisations these are.

    Parts that end as well stay as they are. Raises `ParentsInCircle` where the heir stands below such a part.
    """
    parts = [part for part in await lineage.parts_since(session, predecessors, since=on) if part not in predecessors]
    held = await lineage.lock_all(session, parts)
    for part, organisation in held.items():
        if part != heir and await repository.is_above(session, part, of=heir):
            raise errors.ParentsInCircle()
        for state in await repository.timeline(session, part):
            until = state.valid.upper
            if state.parent_id in predecessors and (until is None or until > on):
                await repository.amend(
                    session,
                    part,
                    {"parent_id": None if part == heir else heir},
                    valid_from=max(on, state.valid.lower or on),
                    valid_to=until,
                    now=now,
                )
        await repository.touch(session, organisation, now=now)
    await tell_many(session, [("organisation.changed", part) for part in held], now=now)
    return list(held)


async def portraits(session: AnySession, ids: Collection[UUID], *, on: date) -> dict[UUID, Portrait]:
    """What each of them is on a day or, failing that, when it is first known."""
    return {
        id_: attributes.flat(row) | {f"identifiers.{scheme}": value for scheme, value in row["identifiers"].items()}
        for id_, row in (await lineage.portraits(session, ids, on=on)).items()
    }


async def take_back(
    session: WriteSession,
    actor: Actor,
    touched: Collection[UUID],
    *,
    created: Collection[UUID],
    on: date,
    recorded_at: datetime,
    now: datetime,
) -> None:
    """Undo what was recorded of these organisations then; those it created were created in error.

    Raises `NothingToUndo` where something newer stands on it, `OutOfReach`.
    """
    held = await lineage.lock_all(session, touched)
    await demand_all(session, actor, touched, on=on)
    for id_, organisation in held.items():
        try:
            await lineage.take_back(session, id_, recorded_at=recorded_at, now=now)
        except NewerStandsError:
            raise errors.NothingToUndo() from None
        if id_ in created:
            await lineage.withdraw(session, id_, recorded_at=recorded_at, now=now)
        await repository.touch(session, organisation, now=now)
    kinds = {True: "organisation.deleted", False: "organisation.changed"}
    await tell_many(session, [(kinds[id_ in created], id_) for id_ in held], now=now)
