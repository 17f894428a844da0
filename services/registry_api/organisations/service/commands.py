"""What is done to one organisation: registered, changed, moved on in its life, given identifiers, withdrawn."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from services.registry_api.areas import service as areas
from services.registry_api.organisations import attributes, errors, identifiers, repository, rules
from services.registry_api.organisations.models import Organisation, OrganisationState
from services.registry_api.organisations.repository import lineage
from services.registry_api.organisations.service.telling import tell
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, WriteSession
from shared.errors import FieldError, Problem, Text
from shared.ids import new_id
from shared.schemas.registry.organisation_words import IdentifierScheme, OrganisationStatus
from shared.schemas.registry.organisations import (
    IdentifierCreate,
    OrganisationAttributes,
    OrganisationCreate,
    OrganisationUpdate,
)

_Status = OrganisationStatus
_ENDED = frozenset({_Status.CLOSED, _Status.MERGED, _Status.CREATED_IN_ERROR})
_FIELD_WRONG = Text(kk="Өріс жарамсыз", ru="Поле неверно", en="The field is wrong")


async def register(
    session: WriteSession, actor: Actor, asked: OrganisationCreate, *, now: datetime, secret: bytes | None
) -> UUID:
    """Enter an organisation into the registry; its id.

    Raises what `rules.faults` finds, `AreaUnknown`, `ParentUnknown`, `IdentifierTaken`, `OutOfReach`.
    """
    valid_from = asked.valid_from or day_in_kazakhstan(now)
    await demand(session, actor, asked.area, None, on=valid_from)
    schemes = [identifier.scheme for identifier in asked.identifiers]
    _refuse(list(rules.faults(asked, schemes)))
    checked = _check(asked.identifiers, secret)
    if asked.area is not None:
        await areas.require(session, asked.area, since=valid_from)
    await _require_parent(session, asked.parent_id, of=None, on=valid_from)
    for place, identifier in enumerate(checked):
        await _refuse_taken(session, identifier, by=None, pointer=f"/identifiers/{place}/value")
    organisation = Organisation(id=new_id(), is_synthetic=asked.is_synthetic, created_at=now, updated_at=now)
    rows = [
        repository.identifier(
            organisation.id,
            scheme=identifier.scheme.value,
            value=identifier.value,
            key=identifier.key,
            valid_from=given.valid_from or valid_from,
        )
        for identifier, given in zip(checked, asked.identifiers, strict=True)
    ]
    state = {**attributes.columns(asked), "status": asked.status.value}
    await repository.add(session, organisation, state, rows, valid_from=valid_from, now=now)
    await tell(session, "organisation.registered", organisation.id, now=now)
    return organisation.id


async def lock(session: WriteSession, organisation_id: UUID) -> Organisation:
    """The organisation, for a change. Raises `OrganisationNotFound`."""
    organisation = await repository.lock(session, organisation_id)
    if organisation is None:
        raise errors.OrganisationNotFound()
    return organisation


async def amend(
    session: WriteSession,
    actor: Actor,
    organisation: Organisation,
    patch: OrganisationUpdate,
    *,
    effective_from: date | None,
    effective_until: date | None,
    now: datetime,
) -> None:
    """Change attributes for the days from `effective_from` (today) to before `effective_until` (for ever).

    What was true for other days stays. A change without an end is refused while another one is known for a later
    day. A patch that says what is so already changes nothing.
    """
    timeline = await _alive(session, organisation)
    first = effective_from or day_in_kazakhstan(now)
    rules.check_period([_first_day(state) for state in timeline], first=first, end=effective_until)
    told = patch.model_dump(mode="json", exclude_unset=True)
    schemes = await _schemes(session, organisation.id)
    changed = False
    for state in timeline:
        begins, ends = max(first, _first_day(state)), _earlier(effective_until, state.valid.upper)
        if ends is not None and ends <= begins:
            continue
        before = _columns(state)
        described = _described(rules.merge(attributes.document(before), told))
        _refuse(list(rules.faults(described, schemes)))
        await demand(session, actor, state.area_code, organisation.id, on=begins)
        after = attributes.columns(described)
        if after["area_code"] != state.area_code:
            await demand(session, actor, state.area_code, None, on=begins)
            await demand(session, actor, described.area, None, on=begins)
            if described.area is not None:
                await areas.require(session, described.area, since=begins)
        if after["parent_id"] != state.parent_id:
            await _require_parent(session, described.parent_id, of=organisation.id, on=begins)
        changed |= await repository.amend(session, organisation.id, after, valid_from=begins, valid_to=ends, now=now)
    if changed:
        await repository.touch(session, organisation, now=now)
        await tell(session, "organisation.changed", organisation.id, now=now)


async def move(
    session: WriteSession,
    actor: Actor,
    organisation: Organisation,
    wanted: OrganisationStatus,
    *,
    on: date | None,
    now: datetime,
    successors: Sequence[UUID] = (),
) -> None:
    """Take the next step in the life of the organisation. Raises `TransitionRefused`, `LaterChangeExists`."""
    timeline = await _alive(session, organisation)
    first = on or day_in_kazakhstan(now)
    rules.check_period([_first_day(state) for state in timeline], first=first, end=None)
    state = timeline[-1]
    await demand(session, actor, state.area_code, None, on=first)
    rules.check_transition(_Status(state.status), wanted)
    if successors:
        await _require_successors(session, organisation.id, successors, on=first)
    await repository.amend(session, organisation.id, {"status": wanted.value}, valid_from=first, valid_to=None, now=now)
    if successors:
        await lineage.succeed(session, organisation.id, successors, on=first, now=now)
    await repository.touch(session, organisation, now=now)
    kind = "organisation.closed" if wanted in _ENDED else "organisation.changed"
    await tell(session, kind, organisation.id, now=now)


async def reopen(
    session: WriteSession, actor: Actor, organisation: Organisation, *, on: date | None, now: datetime
) -> None:
    """Let it work again. Raises `TransitionRefused` for one that has not stopped."""
    timeline = await _alive(session, organisation)
    if timeline[-1].status not in rules.REOPENED_FROM:
        raise errors.TransitionRefused(
            current=timeline[-1].status, wanted=_Status.OPEN.value, allowed=", ".join(sorted(rules.REOPENED_FROM))
        )
    await move(session, actor, organisation, _Status.OPEN, on=on, now=now)


async def give_identifier(
    session: WriteSession,
    actor: Actor,
    organisation: Organisation,
    asked: IdentifierCreate,
    *,
    now: datetime,
    secret: bytes | None,
) -> None:
    """Register the organisation anew under a scheme: from that day on its former identifier of it is history."""
    timeline = await _alive(session, organisation)
    first = asked.valid_from or day_in_kazakhstan(now)
    await demand(session, actor, timeline[-1].area_code, None, on=first)
    try:
        checked = identifiers.check(asked.scheme, asked.value, secret=secret)
    except Problem as problem:
        raise _at(problem, "/value") from None
    await _refuse_taken(session, checked, by=organisation.id, pointer="/value")
    held = [
        row for row in await repository.identifiers(session, [organisation.id]) if row["scheme"] == checked.scheme.value
    ]
    if any(row["value_key"] == checked.key and row["valid_until"] is None for row in held):
        return
    later = next((row["valid_from"] for row in held if row["valid_from"] and row["valid_from"] > first), None)
    if later is not None:
        raise errors.LaterChangeExists(later_from=later.isoformat())
    row = repository.identifier(
        organisation.id, scheme=checked.scheme.value, value=checked.value, key=checked.key, valid_from=first
    )
    await repository.give(session, row, now=now)
    await repository.touch(session, organisation, now=now)
    await tell(session, "organisation.rekeyed", organisation.id, now=now)


async def withdraw(session: WriteSession, actor: Actor, organisation: Organisation, *, now: datetime) -> None:
    """Say that the record was made in error: it never was, and its identifiers are free again. History keeps it."""
    timeline = await _alive(session, organisation)
    await demand(session, actor, timeline[-1].area_code, None, on=_first_day(timeline[0]))
    if await repository.is_leant_on(session, organisation.id):
        raise errors.InUse()
    await repository.amend(
        session,
        organisation.id,
        {"status": _Status.CREATED_IN_ERROR.value},
        valid_from=_first_day(timeline[0]),
        valid_to=None,
        now=now,
    )
    await repository.withdraw_identifiers(session, organisation.id, now=now)
    await repository.touch(session, organisation, now=now)
    await tell(session, "organisation.deleted", organisation.id, now=now)


async def _alive(session: WriteSession, organisation: Organisation) -> list[OrganisationState]:
    timeline = list(await repository.timeline(session, organisation.id))
    if timeline[0].status == _Status.CREATED_IN_ERROR:
        raise errors.CreatedInError()
    return timeline


async def demand(
    session: AnySession, actor: Actor, area: str | None, organisation_id: UUID | None, *, on: date
) -> None:
    """Raise `OutOfReach` unless the caller may write there.

    Without `organisation_id` the reach of a director does not count: a director keeps the facts of the school, but
    whether it lives, where it stands and how it is numbered is for the authority to say.
    """
    path = await areas.codes_above(session, area, on=on) if area is not None else None
    actor.demand(Scope.REGISTRY_WRITE, path, organisation_id)


async def _schemes(session: WriteSession, organisation_id: UUID) -> list[IdentifierScheme]:
    held = await repository.identifiers(session, [organisation_id])
    return sorted({IdentifierScheme(row["scheme"]) for row in held})


def _check(asked: Sequence[IdentifierCreate], secret: bytes | None) -> list[identifiers.Checked]:
    checked: list[identifiers.Checked] = []
    found: list[tuple[str, Problem]] = []
    for place, identifier in enumerate(asked):
        try:
            checked.append(identifiers.check(identifier.scheme, identifier.value, secret=secret))
        except Problem as problem:
            found.append((f"/identifiers/{place}/value", problem))
    _refuse(found)
    return checked


async def _refuse_taken(
    session: WriteSession, identifier: identifiers.Checked, *, by: UUID | None, pointer: str
) -> None:
    for row in await repository.holders(session, identifier.scheme.value, identifier.key):
        if row["organisation_id"] != by:
            raise errors.IdentifierTaken(
                pointer=pointer, scheme=identifier.scheme.value, organisation_id=str(row["organisation_id"])
            )


async def _require_parent(session: WriteSession, parent_id: UUID | None, *, of: UUID | None, on: date) -> None:
    if parent_id is None:
        return
    status = (await repository.exist(session, [parent_id], on=on)).get(parent_id)
    if status is None or status == _Status.CREATED_IN_ERROR:
        raise errors.ParentUnknown(pointer="/parent_id")
    if of is not None and (of == parent_id or await repository.is_above(session, of, of=parent_id)):
        raise errors.ParentsInCircle(pointer="/parent_id")


async def _require_successors(
    session: WriteSession, organisation_id: UUID, successors: Sequence[UUID], *, on: date
) -> None:
    found = await repository.exist(session, successors, on=on)
    wrong = [
        FieldError(f"/successors/{place}", errors.SuccessorUnknown.code, errors.SuccessorUnknown.title)
        for place, successor in enumerate(successors)
        if successor == organisation_id or found.get(successor) in {None, *_ENDED}
    ]
    if wrong:
        raise errors.SuccessorUnknown(errors=wrong)


def _described(document: dict[str, Any]) -> OrganisationAttributes:
    try:
        return OrganisationAttributes.model_validate(document)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        raise errors.ManyWrong(errors=[_field_error(fault) for fault in found]) from None


def _field_error(fault: Mapping[str, Any]) -> FieldError:
    told = fault.get("ctx") or {}
    message = Text(told["kk"], told["ru"], told["en"]) if {"kk", "ru", "en"} <= told.keys() else _FIELD_WRONG
    return FieldError("/" + "/".join(str(step) for step in fault["loc"]), fault["type"], message)


def _refuse(found: Sequence[tuple[str, Problem]]) -> None:
    """Raise what was found: one problem as it is, several together."""
    if len(found) == 1:
        raise _at(found[0][1], found[0][0])
    if found:
        raise errors.ManyWrong(errors=[FieldError(place, fault.code, fault.sentence()) for place, fault in found])


def _at(problem: Problem, pointer: str) -> Problem:
    problem.errors = (FieldError(pointer, problem.code, problem.sentence()),)
    return problem


def _columns(state: OrganisationState) -> dict[str, Any]:
    return {name: getattr(state, name) for name in attributes.COLUMNS}


def _first_day(state: OrganisationState) -> date:
    return state.valid.lower or date.min


def _earlier(one: date | None, other: date | None) -> date | None:
    days = [day for day in (one, other) if day is not None]
    return min(days) if days else None
