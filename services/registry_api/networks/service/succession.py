"""What becomes of memberships when organisations end and another carries on, and how that is taken back."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from services.registry_api.networks.models import Membership
from services.registry_api.networks.repository import memberships, writing
from services.registry_api.organisations.succession import Carried, Succession, Undoing
from shared.db.sessions import AnySession, WriteSession
from shared.ids import new_id


async def bound(session: AnySession, organisation_ids: Collection[UUID], *, on: date) -> int:
    """How many memberships these organisations have, or mentor, on that day or later."""
    rows = await memberships.of_organisations(session, organisation_ids, since=on)
    rows += await memberships.mentored_by(session, organisation_ids, since=on)
    return len({row.membership_id for row in rows})


async def carry(session: WriteSession, succession: Succession, *, now: datetime) -> list[Carried]:
    """End the memberships of the predecessors on the day; the successor has them from then on.

    It gets the same role, mentor and end, unless it belongs to that network in that role already or would be its own
    mentor: then the predecessor's membership ends and no other begins. Whom a predecessor mentored, the successor
    mentors.
    """
    on, heir, gone = succession.on, succession.successor, set(succession.predecessors) - {succession.successor}
    await _lock(session, gone, on)
    stays = await memberships.of_organisations(session, gone, since=on)
    there = {(row.network_id, row.role) for row in await memberships.of_organisations(session, [heir], since=on)}
    carried = []
    for membership_id, parts in _by_membership(stays):
        first = parts[0]
        mentors = {heir if part.mentor_id in gone else part.mentor_id for part in parts}
        moves = (first.network_id, first.role) not in there and heir not in mentors
        await writing.end(session, membership_id, on=on, reason=None, now=now)
        if moves:
            there.add((first.network_id, first.role))
            await writing.hand_on(session, parts, to=heir, stay=new_id(), on=on, now=now)
        carried.append(Carried("membership", membership_id, first.organisation_id, "moved" if moves else "ended"))
    mentored = await memberships.mentored_by(session, gone, since=on)
    for membership_id, parts in _by_membership([row for row in mentored if row.organisation_id not in gone]):
        former = parts[0].mentor_id or heir
        if parts[0].organisation_id == heir:
            await writing.end(session, membership_id, on=on, reason=None, now=now)
        else:
            await writing.hand_mentoring_on(session, parts, to=heir, on=on, now=now)
        outcome = "ended" if parts[0].organisation_id == heir else "moved"
        carried.append(Carried("membership", membership_id, former, outcome))
    return carried


async def take_back(session: WriteSession, undoing: Undoing) -> None:
    """Undo what `carry` or `admit_many` recorded at exactly that moment.

    Raises `NewerStandsError` where anything was recorded of these memberships since.
    """
    for membership_id in await memberships.recorded_at(session, undoing.recorded_at):
        await writing.take_back(session, membership_id, recorded_at=undoing.recorded_at, now=undoing.now)


async def _lock(session: WriteSession, gone: Collection[UUID], on: date) -> None:
    touched = await memberships.of_organisations(session, gone, since=on)
    touched += await memberships.mentored_by(session, gone, since=on)
    await writing.lock(session, *(row.network_id for row in touched))


def _by_membership(rows: Sequence[Membership]) -> list[tuple[UUID, list[Membership]]]:
    """Rows that come in the order of their memberships, membership by membership."""
    return [(key, list(parts)) for key, parts in groupby(rows, key=lambda row: row.membership_id)]
