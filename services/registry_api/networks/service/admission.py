"""How organisations come to belong: the rules of the network are weighed, and the weighing is kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.networks import errors, repository, rules
from services.registry_api.networks.models import Membership, Network
from services.registry_api.networks.repository import memberships, writing
from services.registry_api.networks.service import views
from services.registry_api.observations.latest import standing
from services.registry_api.organisations.service import scope as organisations
from services.registry_api.organisations.service.scope import Brief
from services.registry_api.rows import RowRefusal
from shared import outbox
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, WriteSession
from shared.errors import FieldError, Problem
from shared.ids import new_id
from shared.schemas.registry.memberships import GrantedBy, MembershipRow
from shared.schemas.registry.networks import EligibilityRule, MembershipRole, Mentoring
from shared.schemas.registry.organisation_words import OrganisationType

Stay = tuple[UUID, UUID, str]
"""Network, organisation and role: on one day there is at most one membership of these."""


@dataclass(frozen=True, slots=True)
class Admission:
    """What rows did, or would do; by the places of the rows, from 0."""

    refusals: list[RowRefusal] = field(default_factory=list)
    """If there are any, nothing was written."""
    ids: list[UUID | None] = field(default_factory=list)
    """The membership of each row; None for a refused row, and for a new one in a dry run."""
    created: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One row with its network and its days."""

    place: int
    row: MembershipRow
    network: Network
    valid_from: date
    valid_to: date | None

    @property
    def stay(self) -> Stay:
        return self.network.id, self.row.organisation_id, self.row.role.value


@dataclass(frozen=True, slots=True)
class _World:
    """What is known of a day: the organisations named, where they lie, and the values the rules look at."""

    briefs: Mapping[UUID, Brief]
    paths: Mapping[str, Sequence[str]]
    values: Mapping[str, Mapping[UUID, float | None]]

    def path(self, organisation_id: UUID) -> Sequence[str]:
        brief = self.briefs.get(organisation_id)
        return self.paths[brief.area] if brief and brief.area else ()

    def facts(self, organisation_id: UUID) -> rules.Facts:
        brief = self.briefs[organisation_id]
        values = {code: found.get(organisation_id) for code, found in self.values.items()}
        return rules.Facts(brief.type.value, brief.kind, brief.ownership, self.path(organisation_id), values)


async def admit_many(
    session: WriteSession, actor: Actor, rows: Sequence[MembershipRow], now: datetime, *, dry_run: bool = False
) -> Admission:
    """Grant what is new: all rows or, when one is refused, none. A row that says what is so already changes nothing."""
    return await _admit(session, actor, rows, now, dry_run=dry_run, twice_is_fine=True)


async def admit(session: WriteSession, actor: Actor, row: MembershipRow, now: datetime) -> UUID:
    """Grant one membership; its id. Raises what stands in the way."""
    admission = await _admit(session, actor, [row], now, dry_run=False, twice_is_fine=False)
    for refusal in admission.refusals:
        problem = refusal.problem
        problem.errors = problem.errors or (FieldError(refusal.pointer, problem.code, problem.sentence()),)
        raise problem
    (membership_id,) = admission.ids
    assert membership_id is not None
    return membership_id


async def weighed(
    session: AnySession, network: Network, organisation_id: UUID, role: MembershipRole, *, on: date
) -> list[dict[str, Any]]:
    """How the rules of a network stand for an organisation on a day. Raises `MemberUnknown`."""
    asked = _rules(network, role)
    world = await _world(session, {organisation_id}, set(), asked, on=on)
    if organisation_id not in world.briefs:
        raise errors.MemberUnknown(pointer="?organisation_id")
    return rules.weigh(asked, world.facts(organisation_id))


def refuse_unless_met(trace: Sequence[Mapping[str, Any]]) -> None:
    """Raise `NotEligible` with a word on each rule that failed."""
    if problem := _unmet(trace):
        raise problem


async def require_mentor(session: AnySession, mentoring: Mentoring, mentor_id: UUID, *, of: UUID, on: date) -> None:
    """Raise `MemberUnknown` or `MentorUnsuitable` unless it may mentor on that day."""
    world = await _world(session, {mentor_id}, set(), (), on=on)
    for problem in _mentor_faults(mentoring, mentor_id, of, world):
        raise problem


def mentoring_of(network: Network) -> Mentoring | None:
    """Who has a mentor in a network."""
    return None if network.mentoring is None else Mentoring.model_validate(network.mentoring)


async def tell(session: WriteSession, kind: str, network: Network, rows: Sequence[Membership], now: datetime) -> None:
    """Put what became of memberships into the change feed."""
    await outbox.add_many(
        session,
        (
            outbox.Event(
                kind=kind,
                subject="membership",
                subject_id=row.membership_id,
                data=views.event(network, row),
                occurred_at=now,
            )
            for row in rows
        ),
    )


async def _admit(
    session: WriteSession,
    actor: Actor,
    rows: Sequence[MembershipRow],
    now: datetime,
    *,
    dry_run: bool,
    twice_is_fine: bool,
) -> Admission:
    today = day_in_kazakhstan(now)
    refusals: list[RowRefusal] = []
    networks = await repository.by_code(session, {row.network for row in rows})
    await writing.lock(session, *(network.id for network in networks.values()))
    asked = list(_dated(rows, networks, refusals, today=today))
    worlds = await _worlds(session, asked)
    known: dict[Stay, list[Membership]] = {}
    for row in await memberships.standing(session, {one.stay for one in asked}):
        known.setdefault((row.network_id, row.organisation_id, row.role), []).append(row)
    outcome = Admission(refusals=refusals, ids=[None] * len(rows))
    granted: dict[Stay, list[tuple[_Asked, Membership]]] = {}
    for one in asked:
        standing_there = known.get(one.stay, ())
        same = next((row for row in standing_there if _says_the_same(row, one)), None) if twice_is_fine else None
        if same is not None:
            outcome.ids[one.place] = same.membership_id
            outcome.unchanged.append(one.place)
            continue
        trace, faults = _judged(one, worlds[one.valid_from], actor)
        faults += _in_the_way(one, standing_there, granted.get(one.stay, ()))
        if faults:
            refusals += [RowRefusal(one.place, pointer, problem) for pointer, problem in faults[:1]]
            continue
        granted.setdefault(one.stay, []).append((one, _membership(one, trace)))
        outcome.created.append(one.place)
    if refusals:
        return Admission(refusals=sorted(refusals, key=lambda refusal: refusal.row), ids=[None] * len(rows))
    new = [pair for pairs in granted.values() for pair in pairs]
    if not dry_run and new:
        for one, row in new:
            outcome.ids[one.place] = row.membership_id
        await writing.add(session, [row for _, row in new], now=now)
        for network in networks.values():
            told = [row for _, row in new if row.network_id == network.id]
            await tell(session, "membership.granted", network, told, now)
    return outcome


def _dated(
    rows: Sequence[MembershipRow], networks: Mapping[str, Network], refusals: list[RowRefusal], *, today: date
) -> Iterator[_Asked]:
    for place, row in enumerate(rows):
        network = networks.get(row.network)
        if network is None:
            refusals.append(RowRefusal(place, "/network", errors.NetworkUnknown()))
            continue
        first = row.valid_from or today
        last = row.valid_to
        if last is None and network.term_months is not None:
            last = rules.months_later(first, network.term_months)
        if last is not None and last <= first:
            refusals.append(RowRefusal(place, "/valid_to", errors.PeriodReversed()))
            continue
        yield _Asked(place, row, network, first, last)


async def _worlds(session: AnySession, asked: Sequence[_Asked]) -> dict[date, _World]:
    worlds = {}
    for day in {one.valid_from for one in asked}:
        there = [one for one in asked if one.valid_from == day]
        ids = {one.row.organisation_id for one in there} | {one.row.mentor_id for one in there if one.row.mentor_id}
        weighed = [rule for one in there for rule in _rules(one.network, one.row.role)]
        reaches = {one.row.area for one in there if one.row.area}
        worlds[day] = await _world(session, ids, reaches, weighed, on=day)
    return worlds


async def _world(
    session: AnySession, ids: set[UUID], reaches: set[str], asked: Sequence[EligibilityRule], *, on: date
) -> _World:
    briefs = await organisations.briefly(session, ids, on=on)
    known = reaches & await areas.known(session, reaches, since=on) if reaches else set()
    paths = await areas.paths(session, known | {brief.area for brief in briefs.values() if brief.area}, on=on)
    ordered = sorted(briefs)
    values: dict[str, Mapping[UUID, float | None]] = {}
    for code in sorted({rule.indicator for rule in asked if rule.indicator}):
        found = await standing(session, code, ordered, on=on)
        values[code] = dict(zip(ordered, found.values, strict=True)) if found and found.values else {}
    return _World(briefs, paths, values)


def _rules(network: Network, role: MembershipRole) -> list[EligibilityRule]:
    return rules.asked_of([EligibilityRule.model_validate(rule) for rule in network.eligibility], role)


def _judged(one: _Asked, world: _World, actor: Actor) -> tuple[list[dict[str, Any]], list[tuple[str, Problem]]]:
    """The trace of the rules, and everything that stands in the way of a row, the gravest first."""
    brief = world.briefs.get(one.row.organisation_id)
    if brief is None:
        return [], [("/organisation_id", errors.MemberUnknown())]
    path = world.path(one.row.organisation_id)
    try:
        actor.demand(Scope.REGISTRY_WRITE, path or None)
    except Problem as problem:
        return [], [("/organisation_id", problem)]
    faults: list[tuple[str, Problem]] = []
    if brief.status in memberships.GONE:
        faults.append(("/organisation_id", errors.MemberGone()))
    faults += _place_faults(one, brief, world)
    mentoring, mentor = mentoring_of(one.network), one.row.mentor_id
    if mentoring is not None and rules.mentored(mentoring, one.row.role):
        if mentor is None:
            faults.append(("/mentor_id", errors.MentorNeeded()))
        else:
            found = _mentor_faults(mentoring, mentor, one.row.organisation_id, world)
            faults += [("/mentor_id", problem) for problem in found]
    elif mentor is not None:
        faults.append(("/mentor_id", errors.MentorNotExpected()))
    trace = rules.weigh(_rules(one.network, one.row.role), world.facts(one.row.organisation_id))
    if one.row.override is None and (unmet := _unmet(trace)):
        faults.append(("/organisation_id", unmet))
    return trace, faults


def _place_faults(one: _Asked, brief: Brief, world: _World) -> Iterator[tuple[str, Problem]]:
    path = world.path(one.row.organisation_id)
    if one.row.role is MembershipRole.COORDINATOR:
        reach = world.paths.get(one.row.area or "")
        if reach is None:
            yield "/area", areas.unknown(one.row.area or "")
            return
        if brief.type is not OrganisationType.AUTHORITY:
            yield "/organisation_id", errors.CoordinatorNotAuthority()
        elif not rules.one_lies_in_the_other(path, reach):
            yield "/area", errors.ReachNotItsOwn()
        path = reach
    if one.network.area_code is not None and one.network.area_code not in path:
        yield (
            "/area" if one.row.area else "/organisation_id",
            errors.AreaOutsideNetwork(area=one.network.area_code),
        )


def _mentor_faults(mentoring: Mentoring, mentor_id: UUID, of: UUID, world: _World) -> Iterator[Problem]:
    brief = world.briefs.get(mentor_id)
    if brief is None:
        yield errors.MemberUnknown(pointer="/mentor_id")
    elif mentor_id == of or brief.kind not in mentoring.kinds or brief.status in memberships.GONE:
        yield errors.MentorUnsuitable(pointer="/mentor_id", kinds=", ".join(sorted(mentoring.kinds)))


def _unmet(trace: Sequence[Mapping[str, Any]]) -> errors.NotEligible | None:
    failed = [step for step in trace if not step["met"]]
    if not failed:
        return None
    told = [{**step, "subject": step["indicator"] or step["subject"], "value": step["value"] or "—"} for step in failed]
    wrong = [FieldError("/organisation_id", "rule_not_met", errors.RULE_NOT_MET.filled(step)) for step in told]
    return errors.NotEligible(errors=wrong, failed=len(failed))


def _in_the_way(
    one: _Asked, known: Sequence[Membership], granted: Sequence[tuple[_Asked, Membership]]
) -> Iterator[tuple[str, Problem]]:
    for row in known:
        if _meets(row, one):
            yield overlap(row, one.row.mentor_id)
    for other, row in granted:
        if _meets(row, one):
            yield "", errors.RowRepeated(first_row=other.place)


def overlap(row: Membership, mentor_id: UUID | None) -> tuple[str, Problem]:
    """What to answer to whoever wants a membership where this one stands, perhaps under another mentor."""
    stands, since = str(row.membership_id), str(row.valid.lower)
    if row.mentor_id is not None and mentor_id is not None and row.mentor_id != mentor_id:
        return "/mentor_id", errors.MentorsOverlap(membership_id=stands, valid_from=since)
    return "/valid_from", errors.MembershipOverlaps(membership_id=stands, valid_from=since)


def _meets(row: Membership, one: _Asked) -> bool:
    first, end = row.valid.lower or date.min, row.valid.upper or date.max
    return first < (one.valid_to or date.max) and one.valid_from < end


def _says_the_same(row: Membership, one: _Asked) -> bool:
    return (
        row.mentor_id == one.row.mentor_id
        and row.area_code == one.row.area
        and (row.valid.lower, row.valid.upper) == (one.valid_from, one.valid_to)
    )


def _membership(one: _Asked, trace: list[dict[str, Any]]) -> Membership:
    overridden = one.row.override is not None and not rules.all_met(trace)
    return Membership(
        membership_id=new_id(),
        network_id=one.network.id,
        organisation_id=one.row.organisation_id,
        role=one.row.role.value,
        mentor_id=one.row.mentor_id,
        area_code=one.row.area,
        granted_by=(GrantedBy.OVERRIDE if overridden else GrantedBy.RULE).value,
        granted_on=one.valid_from,
        override_reason=one.row.override if overridden else None,
        trace=trace,
        basis=one.row.basis.model_dump(mode="json") if one.row.basis else None,
        valid=writing.period(one.valid_from, one.valid_to),
    )
