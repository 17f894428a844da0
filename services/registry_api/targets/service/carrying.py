"""Targets of organisations that end: they bind whoever carries on, and come back when the event is taken back."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from services.registry_api.organisations.succession import Carried, Succession, Undoing
from services.registry_api.targets import repository
from services.registry_api.targets.models import TargetState
from shared.db import bitemporal
from shared.db.sessions import AnySession, WriteSession


async def carry(session: WriteSession, succession: Succession, *, now: datetime) -> list[Carried]:
    """From the day on the targets of predecessors are the successor's.

    It keeps those of its own: where both say something for one indicator, both stand and their conflict is shown,
    and of two authoritative ones that of the successor stays the one to go by.
    """
    carried = []
    found = await repository.of_organisations(session, succession.predecessors, on=succession.on)
    first = {state.target_id: state for state in reversed(found)}
    for state in first.values():
        target = await repository.lock(session, state.target_id)
        if target is None or state.organisation_id is None:
            continue
        since = max(succession.on, state.valid.lower or succession.on)
        moved = {"organisation_id": succession.successor, "scope_key": str(succession.successor)}
        subject = {"indicator_code": state.indicator_code, "scope_key": moved["scope_key"], "due": state.due}
        await repository.lock_subject(session, state.indicator_code, str(succession.successor))
        rival = await repository.to_go_by(session, subject, since=since, besides=state.target_id)
        changes = {**moved, "authoritative": state.authoritative and rival is None}
        await repository.amend(session, target, changes, since=since, now=now)
        carried.append(Carried("target", state.target_id, state.organisation_id, "moved"))
    return carried


async def take_back(session: WriteSession, undoing: Undoing) -> None:
    """Undo what a reorganisation did to targets. Raises `NewerStandsError`."""
    for target_id in await repository.recorded_at(session, undoing.recorded_at):
        target = await repository.lock(session, target_id)
        assert target is not None
        await bitemporal.take_back(
            session, TargetState, {"target_id": target_id}, recorded_at=undoing.recorded_at, now=undoing.now
        )
        target.updated_at = undoing.now
    await session.flush()


async def bound(session: AnySession, organisation_ids: Collection[UUID], *, on: date) -> int:
    """How many targets stand for these organisations on a day or later."""
    found = await repository.of_organisations(session, organisation_ids, on=on)
    return len({state.target_id for state in found})
