"""Parties that end: whoever carries on their work stands in their place, unless it is a party already."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from services.registry_api.memoranda import repository, rules
from services.registry_api.organisations.succession import Carried, Succession, Undoing
from shared.db.sessions import AnySession, WriteSession

Heirs = dict[UUID, tuple[str, UUID]]
"""What became of each party of a predecessor: `moved` or `ended`, and the party that stands for the successor."""


async def carry(session: WriteSession, succession: Succession, *, now: datetime) -> tuple[list[Carried], Heirs]:
    """What binds the predecessors from that day on binds the successor.

    A party keeps its identifier when another organisation takes its place, so what it owes and is owed stays with it.
    """
    predecessors = set(succession.predecessors)
    there = await repository.places(session, [*predecessors, succession.successor], since=succession.on)
    heirs = rules.successions(there, predecessors=predecessors, successor=succession.successor)
    owners = {place.party_id: place.organisation_id for place in there if place.organisation_id in predecessors}
    for party_id, (outcome, _) in heirs.items():
        if outcome == "ended":
            await repository.end_party(session, party_id, valid_from=succession.on, now=now)
        else:
            changes = {"organisation_id": succession.successor}
            await repository.amend_party(session, party_id, changes, valid_from=succession.on, now=now)
    carried = [Carried("party", party_id, owners[party_id], outcome) for party_id, (outcome, _) in heirs.items()]
    return carried, heirs


async def take_back(session: WriteSession, undoing: Undoing) -> None:
    """Undo what was carried. Raises `NewerStandsError` where something newer stands on it."""
    for party_id in await repository.recorded_at(session, undoing.recorded_at):
        await repository.take_back_party(session, party_id, recorded_at=undoing.recorded_at, now=undoing.now)


async def bound(session: AnySession, organisation_ids: Collection[UUID], *, on: date) -> dict[UUID, UUID]:
    """The parties that these organisations are on that day or later, and whose each is."""
    wanted = set(organisation_ids)
    there = await repository.places(session, wanted, since=on)
    return {place.party_id: place.organisation_id for place in there if place.organisation_id in wanted}
