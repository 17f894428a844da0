"""What binds organisations that end: parties of memoranda, what these owe, who looks after it, whom it serves."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api.commitments import repository
from services.registry_api.commitments.models import CommitmentState
from services.registry_api.commitments.repository import listing
from services.registry_api.memoranda import service as memoranda
from services.registry_api.organisations.succession import Carried, Succession, Undoing
from shared.db.sessions import AnySession, WriteSession

Tie = tuple[UUID, str, UUID]
"""A commitment, the way an organisation is tied to it (`obligor`, `owner`, `serves`), and the organisation."""


async def carry(session: WriteSession, succession: Succession, *, now: datetime) -> list[Carried]:
    """The successor stands where the predecessors stood, from the day on.

    As a party: under the same identifier, so what it owes goes with it; where the successor is a party already, the
    predecessor's party ends and what it owed is owed by the successor's. As the unit that looks after a commitment,
    or as an organisation it serves: in its place, once.
    """
    predecessors = set(succession.predecessors)
    theirs = await _ties(session, predecessors, on=succession.on)
    own = await _ties(session, [succession.successor], on=succession.on)
    parties = await memoranda.bound(session, predecessors, on=succession.on)
    states = await listing.touching(session, organisations=predecessors, parties=parties.keys(), since=succession.on)
    carried, heirs = await memoranda.carry(session, succession, now=now)
    for state in states:
        changes = _changes(state, predecessors, succession.successor, heirs)
        if any(getattr(state, name) != value for name, value in changes.items()):
            begins = max(succession.on, state.valid.lower or succession.on)
            await repository.amend(
                session, state.commitment_id, changes, valid_from=begins, valid_to=state.valid.upper, now=now
            )
    taken = {(commitment_id, way) for commitment_id, way, _ in own}
    for commitment_id, way, predecessor in sorted(theirs, key=str):
        outcome = "ended" if (commitment_id, way) in taken else "moved"
        taken.add((commitment_id, way))
        carried.append(Carried("commitment", commitment_id, predecessor, outcome))
    return carried


def _changes(
    state: CommitmentState, predecessors: Collection[UUID], successor: UUID, heirs: memoranda.Heirs
) -> dict[str, Any]:
    heir_of = {party_id: heir for party_id, (_, heir) in heirs.items()}
    obligor = heir_of.get(state.obligor, state.obligor)
    owed_to = dict.fromkeys(heir_of.get(one, one) for one in state.beneficiary_parties)
    served = dict.fromkeys(successor if one in predecessors else one for one in state.beneficiary_organisations)
    return {
        "obligor": obligor,
        "beneficiary_parties": [one for one in owed_to if one != obligor],
        "beneficiary_organisations": list(served),
        "owner": successor if state.owner in predecessors else state.owner,
    }


async def take_back(session: WriteSession, undoing: Undoing) -> None:
    """Undo what was carried. Raises `NewerStandsError` where something newer stands on it."""
    for commitment_id in await listing.recorded_at(session, undoing.recorded_at):
        await repository.take_back(session, commitment_id, recorded_at=undoing.recorded_at, now=undoing.now)
    await memoranda.take_back(session, undoing)


async def bound(session: AnySession, organisation_ids: Collection[UUID], *, on: date) -> int:
    """How many parties these organisations are, and ties to commitments they have, on that day or later."""
    parties = await memoranda.bound(session, organisation_ids, on=on)
    return len(parties) + len(await _ties(session, organisation_ids, on=on, parties=parties))


async def _ties(
    session: AnySession,
    organisation_ids: Collection[UUID],
    *,
    on: date,
    parties: Mapping[UUID, UUID] | None = None,
) -> set[Tie]:
    wanted = set(organisation_ids)
    whose = await memoranda.bound(session, wanted, on=on) if parties is None else parties
    states = await listing.touching(session, organisations=wanted, parties=whose.keys(), since=on)
    found: set[Tie] = set()
    for state in states:
        if state.obligor in whose:
            found.add((state.commitment_id, "obligor", whose[state.obligor]))
        if state.owner is not None and state.owner in wanted:
            found.add((state.commitment_id, "owner", state.owner))
        found |= {(state.commitment_id, "serves", one) for one in state.beneficiary_organisations if one in wanted}
    return found
