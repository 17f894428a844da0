"""Who follows organisations through a reorganisation: each room that keeps things of theirs, and the count of these."""

from collections import Counter
from collections.abc import Awaitable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from services.registry_api.commitments import service as commitments
from services.registry_api.facilities import carrying as facilities
from services.registry_api.networks import service as networks
from services.registry_api.observations import carrying as observations
from services.registry_api.organisations.succession import Carried, Succession, Undoing
from services.registry_api.reorganisations import errors
from services.registry_api.targets import service as targets
from shared.db.sessions import WriteSession
from shared.schemas.registry.reorganisations import CarriedOutcome


class _Carry(Protocol):
    def __call__(self, session: WriteSession, succession: Succession, *, now: datetime) -> Awaitable[list[Carried]]: ...


class _TakeBack(Protocol):
    def __call__(self, session: WriteSession, undoing: Undoing) -> Awaitable[None]: ...


class _Bound(Protocol):
    def __call__(self, session: WriteSession, organisation_ids: list[UUID], *, on: date) -> Awaitable[int]: ...


@dataclass(frozen=True, slots=True)
class _Carrier:
    """A room whose things follow a succession."""

    of: str
    carry: _Carry
    take_back: _TakeBack
    bound: _Bound


CARRIERS = (
    # Parties of memoranda, and through them and beside them commitments: what is owed, looked after and received.
    _Carrier("memoranda", commitments.carry, commitments.take_back, commitments.bound),
    _Carrier("memberships", networks.carry, networks.take_back, networks.bound),
    _Carrier("targets", targets.carry, targets.take_back, targets.bound),
    _Carrier("observations", observations.carry, observations.give_back, observations.bound),
    _Carrier("facilities", facilities.carry, facilities.take_back, facilities.bound),
)


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of all that bound the predecessors."""

    carried: list[Carried]
    totals: list[Mapping[str, str | int]]


async def follow(session: WriteSession, succession: Succession, *, now: datetime) -> Followed:
    """Let every room carry what is its own. Raises `NotConserved` if anything would be lost or doubled."""
    predecessors, on = list(succession.predecessors), succession.on
    everybody = [*predecessors, succession.successor]
    found = Followed([], [])
    for carrier in CARRIERS:
        theirs = await carrier.bound(session, predecessors, on=on)
        everything = await carrier.bound(session, everybody, on=on)
        carried = await carrier.carry(session, succession, now=now)
        became = Counter(one.outcome for one in carried)
        moved, ended, kept = (became[outcome.value] for outcome in CarriedOutcome)
        _demand_equal(carrier.of, theirs, moved + ended + kept)
        _demand_equal(carrier.of, kept, await carrier.bound(session, predecessors, on=on))
        _demand_equal(carrier.of, everything - ended, await carrier.bound(session, everybody, on=on))
        found.carried.extend(carried)
        found.totals.append({"of": carrier.of, "bound": theirs, "moved": moved, "ended": ended, "kept": kept})
    return found


async def stay(session: WriteSession, organisations: Collection[UUID], *, on: date) -> Followed:
    """Nobody carries on: what binds these organisations stays with them."""
    found = Followed([], [])
    for carrier in CARRIERS:
        theirs = await carrier.bound(session, list(organisations), on=on)
        found.totals.append({"of": carrier.of, "bound": theirs, "moved": 0, "ended": 0, "kept": theirs})
    return found


async def take_back(session: WriteSession, undoing: Undoing) -> None:
    """Let every room undo what it carried."""
    for carrier in CARRIERS:
        await carrier.take_back(session, undoing)


def _demand_equal(of: str, before: int, after: int) -> None:
    if before != after:
        raise errors.NotConserved(of=of, before=before, after=after)
