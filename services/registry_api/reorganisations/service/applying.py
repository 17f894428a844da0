"""Applying a reorganisation: who ends and who carries on, what is theirs follows, and nothing is lost or doubled."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.registry_api.organisations import service as organisations
from services.registry_api.organisations.errors import ParentUnknown, SuccessorUnknown
from services.registry_api.organisations.service import Organisation
from services.registry_api.organisations.succession import Succession
from services.registry_api.reorganisations import digests, errors
from services.registry_api.reorganisations.service import carriers
from services.registry_api.reorganisations.service.carriers import Followed
from shared.auth import Actor
from shared.db.sessions import WriteSession
from shared.errors import FieldError, Problem
from shared.schemas.registry.organisation_words import OrganisationStatus
from shared.schemas.registry.organisations import OrganisationCreate, OrganisationUpdate
from shared.schemas.registry.reorganisations import (
    MOST_SHOWN,
    CloseCreate,
    ConvertCreate,
    EffectRole,
    MergeCreate,
    MergeNewCreate,
    MoveCreate,
    RenameCreate,
    ReopenCreate,
    ReorganisationCreate,
    ReorganisationEffects,
    SplitCreate,
    SuccessorCreate,
)

_DAY = timedelta(days=1)
_OF_THE_ORGANISATION = {"name", "short_name", "area", "address", "location"}
"""What a renaming or a move says of the organisation."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What a reorganisation did."""

    organisations: list[UUID]
    """All it touched."""
    created: list[UUID]
    effects: dict[str, Any]
    digest_before: str
    digest_after: str


@dataclass(slots=True)
class _Event:
    """A reorganisation on its way."""

    session: WriteSession
    actor: Actor
    id: UUID
    on: date
    now: datetime
    secret: bytes | None
    held: Mapping[UUID, Organisation]
    ending: Sequence[UUID]
    """Organisations whose work others carry on."""
    roles: dict[UUID, EffectRole] = field(default_factory=dict)
    created: list[UUID] = field(default_factory=list)
    followed: Followed = field(default_factory=lambda: Followed([], []))


async def hold(session: WriteSession, asked: ReorganisationCreate) -> dict[UUID, Organisation]:
    """The organisations an event names, which nobody else changes until this transaction ends.

    Raises `OrganisationNamedUnknown`, `SuccessorAmongPredecessors`.
    """
    named = dict(_named(asked))
    held = await organisations.hold(session, set(named.values()))
    unknown = [
        FieldError(pointer, errors.OrganisationNamedUnknown.code, errors.OrganisationNamedUnknown.title)
        for pointer, organisation_id in named.items()
        if organisation_id not in held
    ]
    if unknown:
        raise errors.OrganisationNamedUnknown(errors=unknown)
    if isinstance(asked, MergeCreate) and asked.successor in asked.predecessors:
        raise errors.SuccessorAmongPredecessors(pointer="/successor")
    return held


async def apply(
    session: WriteSession,
    actor: Actor,
    asked: ReorganisationCreate,
    held: Mapping[UUID, Organisation],
    *,
    reorganisation_id: UUID,
    now: datetime,
    secret: bytes | None,
) -> Applied:
    """Do everything an event means, in the caller's transaction, with all it writes recorded at `now`.

    Raises `OutOfReach`, `NothingChanges`, `NotConserved`, `ChangedMeanwhile`, and what commands upon one organisation
    raise.
    """
    await organisations.demand_all(session, actor, held, on=asked.on)
    if len({organisation.is_synthetic for organisation in held.values()}) > 1:
        raise errors.SyntheticMixed()
    event = _Event(session, actor, reorganisation_id, asked.on, now, secret, held, _ending(asked))
    parts = await organisations.parts(session, event.ending, since=asked.on)
    known = [*held, *(part for part in parts if part not in held)]
    before = await organisations.portraits(session, known, on=asked.on - _DAY)
    digest_before = await digests.digest(session, known)
    await _do(event, asked)
    touched = list(dict.fromkeys([*event.roles, *known]))
    last = await digests.last_recorded(session, touched)
    if set(touched) != {*known, *event.created} or (last is not None and last > now):
        raise errors.ChangedMeanwhile()
    after = await organisations.portraits(session, touched, on=asked.on)
    effects = _effects(event, before, after)
    if not any(effect["changes"] for effect in effects["organisations"]):
        raise errors.NothingChanges()
    return Applied(
        organisations=touched,
        created=event.created,
        effects=ReorganisationEffects.model_validate(effects).model_dump(mode="json"),
        digest_before=digest_before,
        digest_after=await digests.digest(session, touched),
    )


async def _do(event: _Event, asked: ReorganisationCreate) -> None:
    match asked:
        case MergeCreate():
            await _merge(event, asked.predecessors, asked.successor)
        case MergeNewCreate():
            (successor,) = await _register(event, [asked.successor], "/successor")
            await _merge(event, asked.predecessors, successor)
        case SplitCreate():
            await _split(event, asked)
        case ConvertCreate():
            await _convert(event, asked)
        case RenameCreate() | MoveCreate():
            changes = asked.model_dump(mode="json", exclude_unset=True, include=_OF_THE_ORGANISATION)
            await _amend(event, asked.organisation, changes)
        case CloseCreate() | ReopenCreate():
            organisation = event.held[asked.organisation]
            event.roles[organisation.id] = EffectRole.CHANGED
            if isinstance(asked, ReopenCreate):
                await organisations.reopen(event.session, event.actor, organisation, on=event.on, now=event.now)
                return
            closed = OrganisationStatus.CLOSED
            await organisations.move(event.session, event.actor, organisation, closed, on=event.on, now=event.now)
            event.followed = await carriers.stay(event.session, [organisation.id], on=event.on)


async def _merge(event: _Event, predecessors: Sequence[UUID], successor: UUID) -> None:
    event.roles |= dict.fromkeys(predecessors, EffectRole.PREDECESSOR)
    event.roles[successor] = EffectRole.SUCCESSOR
    for predecessor in predecessors:
        await _end(event, predecessor, [successor])
    await _follow(event, predecessors, successor)


async def _split(event: _Event, asked: SplitCreate) -> None:
    if asked.heir >= len(asked.successors):
        raise errors.HeirUnknown(pointer="/heir", last=len(asked.successors) - 1)
    if len(asked.successors) == 1 and not asked.predecessor_stays:
        raise errors.SplitNeedsTwo(pointer="/successors")
    event.roles[asked.predecessor] = EffectRole.PREDECESSOR
    successors = await _register(event, asked.successors, "/successors/{0}")
    if asked.predecessor_stays:
        await organisations.part_from(
            event.session, event.held[asked.predecessor], successors, on=event.on, now=event.now
        )
        event.followed = await carriers.stay(event.session, [asked.predecessor], on=event.on)
        return
    await _end(event, asked.predecessor, successors)
    await _follow(event, [asked.predecessor], successors[asked.heir])


async def _convert(event: _Event, asked: ConvertCreate) -> None:
    await _amend(event, asked.organisation, asked.to.model_dump(mode="json", exclude_unset=True), "/to")
    for place, identifier in enumerate(asked.identifiers):
        given = identifier.model_copy(update={"valid_from": identifier.valid_from or event.on})
        with _under(f"/identifiers/{place}"):
            await organisations.give_identifier(
                event.session,
                event.actor,
                event.held[asked.organisation],
                given,
                now=event.now,
                secret=event.secret,
            )


async def _amend(event: _Event, organisation_id: UUID, changes: Mapping[str, Any], place: str = "") -> None:
    event.roles[organisation_id] = EffectRole.CHANGED
    if not changes:
        return
    with _under(place):
        await organisations.amend(
            event.session,
            event.actor,
            event.held[organisation_id],
            OrganisationUpdate.model_validate(changes),
            effective_from=event.on,
            effective_until=None,
            now=event.now,
        )


async def _register(event: _Event, asked: Sequence[SuccessorCreate], pointer: str) -> list[UUID]:
    is_synthetic = any(organisation.is_synthetic for organisation in event.held.values())
    for place, one in enumerate(asked):
        if one.parent_id in event.ending:
            raise ParentUnknown(pointer=f"{pointer.format(place)}/parent_id")
        described = one.model_dump(mode="json", exclude_unset=True)
        whole = OrganisationCreate.model_validate(
            {**described, "valid_from": event.on.isoformat(), "is_synthetic": is_synthetic}
        )
        with _under(pointer.format(place)):
            created = await organisations.register(
                event.session, event.actor, whole, now=event.now, secret=event.secret
            )
        event.created.append(created)
        event.roles[created] = EffectRole.SUCCESSOR
    return event.created


async def _end(event: _Event, predecessor: UUID, successors: Sequence[UUID]) -> None:
    organisation = event.held[predecessor]
    try:
        await organisations.succeed(event.session, event.actor, organisation, successors, on=event.on, now=event.now)
    except SuccessorUnknown:
        raise SuccessorUnknown(pointer="/successor") from None


async def _follow(event: _Event, predecessors: Sequence[UUID], successor: UUID) -> None:
    adopted = await organisations.adopt(event.session, predecessors, successor, on=event.on, now=event.now)
    event.roles |= {part: EffectRole.PART for part in adopted if part not in event.roles}
    succession = Succession(event.id, tuple(predecessors), successor, event.on)
    event.followed = await carriers.follow(event.session, succession, now=event.now)


@contextmanager
def _under(place: str) -> Iterator[None]:
    """What goes wrong with a part of the event is told where that part stands in the body."""
    try:
        yield
    except Problem as problem:
        problem.errors = tuple(
            FieldError(f"{place}{fault.pointer}", fault.code, fault.message) if fault.pointer[:1] == "/" else fault
            for fault in problem.errors
        )
        raise


def _named(asked: ReorganisationCreate) -> Iterator[tuple[str, UUID]]:
    match asked:
        case MergeCreate() | MergeNewCreate():
            yield from ((f"/predecessors/{place}", one) for place, one in enumerate(asked.predecessors))
            if isinstance(asked, MergeCreate):
                yield "/successor", asked.successor
        case SplitCreate():
            yield "/predecessor", asked.predecessor
        case _:
            yield "/organisation", asked.organisation


def _ending(asked: ReorganisationCreate) -> Sequence[UUID]:
    match asked:
        case MergeCreate() | MergeNewCreate():
            return asked.predecessors
        case SplitCreate():
            return () if asked.predecessor_stays else (asked.predecessor,)
        case _:
            return ()


def _effects(
    event: _Event, before: Mapping[UUID, organisations.Portrait], after: Mapping[UUID, organisations.Portrait]
) -> dict[str, Any]:
    return {
        "organisations": [
            {
                "organisation_id": id_,
                "role": role,
                "is_new": id_ in event.created,
                "name": {language: after[id_][f"name.{language}"] for language in ("kk", "ru", "en")},
                "changes": list(_changes(before.get(id_, {}), after[id_])),
            }
            for id_, role in event.roles.items()
        ],
        "carried": [asdict(one) for one in event.followed.carried[:MOST_SHOWN]],
        "totals": event.followed.totals,
    }


def _changes(before: organisations.Portrait, after: organisations.Portrait) -> Iterator[dict[str, Any]]:
    for name in dict.fromkeys([*after, *before]):
        former, present = before.get(name), after.get(name)
        if (former or None) != (present or None):
            yield {"field": name, "before": former, "after": present}
