"""What is done with memberships once they are granted: looked at, renewed, given another mentor, ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.networks import errors, rules
from services.registry_api.networks.models import Membership, Network
from services.registry_api.networks.repository import memberships, writing
from services.registry_api.networks.repository.memberships import Wanted
from services.registry_api.networks.service import admission, views
from services.registry_api.networks.service.definition import get
from services.registry_api.organisations.service import scope as organisations
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, WriteSession
from shared.schemas.registry.memberships import (
    EligibilityQuery,
    GrantedBy,
    MembershipEnd,
    MembershipFilters,
    MembershipRenew,
    MentorChange,
)
from shared.schemas.registry.networks import MembershipRole

__all__ = [
    "Seen",
    "Stay",
    "Wanted",
    "count",
    "eligibility",
    "end",
    "give_mentor",
    "hold",
    "page",
    "read",
    "renew",
    "require_network",
    "wanted",
]


@dataclass(frozen=True, slots=True)
class Seen:
    """A membership as it is shown, and what a change of it has to name."""

    document: dict[str, Any]
    version: int


@dataclass(frozen=True, slots=True)
class Stay:
    """A membership held for a change: nobody else changes its network's memberships until the transaction ends."""

    network: Network
    periods: list[Membership]

    @property
    def last(self) -> Membership:
        return self.periods[-1]

    @property
    def first_day(self) -> date:
        return self.periods[0].valid.lower or date.min

    @property
    def version(self) -> int:
        return _version(self.periods)


async def read(
    session: AnySession, membership_id: UUID, *, on: date, known_at: datetime | None = None, trusted: bool = True
) -> Seen:
    """A membership seen from a day, with its periods; strangers see whether a rule was met, not the value it found.

    Raises `MembershipNotFound`.
    """
    row = await memberships.one(session, membership_id, on=on, known_at=known_at)
    if row is None:
        raise errors.MembershipNotFound()
    parts = await memberships.periods(session, membership_id, known_at=known_at)
    document = {**views.membership(row), "periods": [views.period(part) for part in parts]}
    if not trusted:
        document["trace"] = [{**step, "value": None} for step in document["trace"]]
    return Seen(document, _version(parts))


async def require_network(session: AnySession, code: str) -> None:
    """Raise `NetworkNotFound` unless there is a network of this code."""
    await get(session, code)


async def wanted(session: AnySession, query: MembershipFilters, network: str | None, *, on: date) -> Wanted:
    """Which memberships a query means."""
    inside = None
    if query.area is not None:
        inside = await areas.codes_under(session, query.area, on=on, known_at=query.known_at)
    return Wanted(
        on=on,
        known_at=query.known_at,
        network=network,
        organisation_id=query.organisation_id,
        mentor_id=query.mentor_id,
        role=query.role.value if query.role else None,
        areas=inside,
        status=query.status.value if query.status else None,
    )


async def page(
    session: AnySession, asked: Wanted, *, after: Sequence[Any] | None, limit: int
) -> list[tuple[dict[str, Any], list[Any]]]:
    """Up to `limit` + 1 memberships in the Kazakh order of the members' names, each with its place in that order."""
    rows = await memberships.page(session, asked, after=after, limit=limit + 1)
    return [(views.membership(row), [row["sort_kk"], str(row["membership_id"])]) for row in rows]


async def count(session: AnySession, asked: Wanted) -> int:
    """How many the list has."""
    return await memberships.count(session, asked)


async def eligibility(session: AnySession, code: str, query: EligibilityQuery, *, on: date) -> dict[str, Any]:
    """Whether the rules would grant a membership on a day, as `Eligibility` reads it; nothing is written."""
    network = await get(session, code)
    trace = await admission.weighed(session, network, query.organisation_id, query.role, on=on)
    return {
        "network": network.code,
        "organisation_id": query.organisation_id,
        "role": query.role,
        "as_of": on,
        "eligible": rules.all_met(trace),
        "trace": trace,
    }


async def hold(session: WriteSession, actor: Actor, membership_id: UUID, *, now: datetime) -> Stay:
    """The membership, for a change. Raises `MembershipNotFound`, `OutOfReach`."""
    network = await memberships.network_of(session, membership_id)
    if network is None:
        raise errors.MembershipNotFound()
    await writing.lock(session, network.id)
    periods = await memberships.periods(session, membership_id)
    if not periods:
        raise errors.MembershipNotFound()
    today = day_in_kazakhstan(now)
    member = periods[0].organisation_id
    area = (await organisations.briefly(session, [member], on=today))[member].area
    actor.demand(Scope.REGISTRY_WRITE, await areas.codes_above(session, area, on=today) if area else None)
    return Stay(network, periods)


async def renew(session: WriteSession, stay: Stay, asked: MembershipRenew, *, now: datetime) -> None:
    """Let it hold longer, without a gap; the rules are weighed anew upon what is so today."""
    today, last, network = day_in_kazakhstan(now), stay.last, stay.network
    end = last.valid.upper
    if end is None or last.ended_reason is not None:
        raise errors.NothingToRenew()
    if asked.valid_to is None and network.term_months is None:
        raise errors.TermUnknown(pointer="/valid_to")
    until = asked.valid_to or rules.months_later(end, network.term_months or 0)
    if until <= end:
        raise errors.RenewalTooShort(pointer="/valid_to", valid_to=end.isoformat())
    role, mentoring = MembershipRole(last.role), admission.mentoring_of(network)
    if mentoring is not None and last.mentor_id is not None:
        await admission.require_mentor(session, mentoring, last.mentor_id, of=last.organisation_id, on=today)
    trace = await admission.weighed(session, network, last.organisation_id, role, on=today)
    if asked.override is None:
        admission.refuse_unless_met(trace)
    for other in await memberships.standing(session, [(network.id, last.organisation_id, last.role)]):
        if other.membership_id != last.membership_id and end <= (other.valid.lower or end) < until:
            _, problem = admission.overlap(other, last.mentor_id)
            raise problem
    overridden = not rules.all_met(trace)
    row = writing.continued(
        last,
        until=until,
        granted_by=(GrantedBy.OVERRIDE if overridden else GrantedBy.RULE).value,
        granted_on=today,
        override_reason=asked.override if overridden else None,
        trace=trace,
    )
    await writing.add(session, [row], now=now)
    await admission.tell(session, "membership.renewed", network, [row], now)


async def end(session: WriteSession, stay: Stay, asked: MembershipEnd, *, now: datetime) -> None:
    """End it before its time; what it was before that day stays. Raises `OutsideMembership`."""
    on = asked.on or day_in_kazakhstan(now)
    _refuse_outside(stay, on, first_counts=False)
    await writing.end(session, stay.last.membership_id, on=on, reason=asked.reason, now=now)
    periods = await memberships.periods(session, stay.last.membership_id)
    await admission.tell(session, "membership.ended", stay.network, periods[-1:], now)


async def give_mentor(session: WriteSession, stay: Stay, asked: MentorChange, *, now: datetime) -> None:
    """Another mentor from a day on; until then the former one was. Raises `MentorUnsuitable`, `OutsideMembership`."""
    on = asked.valid_from or day_in_kazakhstan(now)
    mentoring, last = admission.mentoring_of(stay.network), stay.last
    if mentoring is None or not rules.mentored(mentoring, MembershipRole(last.role)):
        raise errors.MentorNotExpected(pointer="/mentor_id")
    _refuse_outside(stay, on, first_counts=True)
    await admission.require_mentor(session, mentoring, asked.mentor_id, of=last.organisation_id, on=on)
    changed = await writing.amend(session, last.membership_id, {"mentor_id": asked.mentor_id}, valid_from=on, now=now)
    if changed:
        periods = await memberships.periods(session, last.membership_id)
        await admission.tell(session, "membership.mentored", stay.network, periods[-1:], now)


def _refuse_outside(stay: Stay, on: date, *, first_counts: bool) -> None:
    end = stay.last.valid.upper
    begun = stay.first_day <= on if first_counts else stay.first_day < on
    if not begun or (end is not None and on >= end):
        raise errors.OutsideMembership(valid_from=stay.first_day.isoformat(), valid_to=end.isoformat() if end else "—")


def _version(periods: Sequence[Membership]) -> int:
    """Grows with every change: the moment of the latest, in microseconds."""
    moments = [part.recorded.lower for part in periods if part.recorded.lower]
    latest = max(moments)
    return int(latest.timestamp()) * 1_000_000 + latest.microsecond
