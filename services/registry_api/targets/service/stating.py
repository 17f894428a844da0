"""What is done to targets: stated, corrected, put in the place of others, withdrawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from services.registry_api.areas import service as areas
from services.registry_api.indicators import service as indicators
from services.registry_api.indicators.errors import IndicatorsUnknown
from services.registry_api.indicators.service import Definition
from services.registry_api.organisations.service import scope as organisations
from services.registry_api.targets import errors, repository, rules
from services.registry_api.targets.models import Target, TargetState
from services.registry_api.targets.service import reading
from shared import edtf, outbox
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, WriteSession
from shared.errors import FieldError, Text
from shared.ids import new_id
from shared.schemas.registry.indicators import IndicatorLevel
from shared.schemas.registry.targets import Comparator, TargetBody, TargetCreate, TargetRead, TargetStatus, TargetUpdate

_FIELD_WRONG = Text(kk="Өріс жарамсыз", ru="Поле неверно", en="The field is wrong")
_BODY = tuple(TargetBody.model_fields)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a target is about and for whom."""

    definition: Definition
    area: str | None
    organisation_id: UUID | None
    path: tuple[str, ...]
    """The codes from the region down to the area, its own or the organisation's."""

    @property
    def key(self) -> str:
        """The scope in one word."""
        return self.area or str(self.organisation_id)


async def state(session: WriteSession, actor: Actor, asked: TargetCreate, *, now: datetime) -> UUID:
    """Enter a promise; its id. It stands from the day it was said, or from the beginning where that is not known.

    Raises `IndicatorsUnknown`, `AreaUnknown`, `ScopeOrganisationUnknown`, `IndicatorOfAreas`, `EachMissing`,
    `AuthoritativeExists`, `SupersedesAnother`, `NoLongerStands`, `ParentOfAnotherKind`, `OutOfReach`.
    """
    today = day_in_kazakhstan(now)
    definition = await _definition(session, asked.indicator, asked.indicator_version)
    subject = await _subject(session, definition, asked.area, asked.organisation_id, on=today)
    actor.demand(Scope.REGISTRY_WRITE, subject.path, subject.organisation_id)
    columns = {
        **_columns(asked, subject, today=today),
        "indicator_id": definition.id,
        "indicator_code": definition.code,
        "area_code": subject.area,
        "organisation_id": subject.organisation_id,
        "scope_key": subject.key,
        "supersedes_id": asked.supersedes_id,
        "superseded_by": None,
        "status": TargetStatus.STATED.value,
    }
    target_id = new_id()
    since = edtf.parse(asked.stated_on).earliest if asked.stated_on else None
    await repository.lock_subject(session, definition.code, subject.key)
    if asked.parent_id is not None:
        await _check_parent(session, asked.parent_id, subject, of=target_id, on=today)
    if asked.supersedes_id is not None:
        await _supersede(session, asked.supersedes_id, columns, by=target_id, since=since or today, now=now)
    await _one_to_go_by(session, columns, since=since, besides=target_id)
    await repository.add(session, target_id, columns, since=since, now=now)
    await _tell(session, "target.stated", target_id, now=now)
    return target_id


async def lock(session: WriteSession, target_id: UUID) -> Target:
    """The target, for a change. Raises `TargetNotFound`."""
    target = await repository.lock(session, target_id)
    if target is None:
        raise errors.TargetNotFound()
    return target


async def amend(
    session: WriteSession, actor: Actor, target: Target, patch: TargetUpdate, *, since: date | None, now: datetime
) -> None:
    """Change what a target says from a day (today) on; what it said before stays for the days before.

    Raises `BeforeFirstDay`, `NoLongerStands`, `TargetInvalid` and what `state` raises.
    """
    today = day_in_kazakhstan(now)
    first = since or today
    before = await _standing(session, target, actor, on=first)
    definition = (await indicators.by_id(session, [before.indicator_id]))[before.indicator_id]
    subject = await _subject(session, definition, before.area_code, before.organisation_id, on=today)
    document = {name: getattr(before, name) for name in _BODY}
    if before.comparator in rules.FIXED:
        document["value_low"] = None
    after = _columns(_described({**document, **patch.model_dump(exclude_unset=True)}), subject, today=today)
    if patch.baseline_on is None and patch.stated_on is None:
        after.pop("territory_version")  # the borders it speaks of are those of the day it was stated
    changes = {name: value for name, value in after.items() if value != getattr(before, name)}
    if changes.get("parent_id") is not None:
        await _check_parent(session, changes["parent_id"], subject, of=target.id, on=first)
    await repository.lock_subject(session, before.indicator_code, before.scope_key)
    told = {"indicator_code": before.indicator_code, "scope_key": before.scope_key, **after}
    await _one_to_go_by(session, told, since=first, besides=target.id)
    if changes and await repository.amend(session, target, changes, since=first, now=now):
        await _tell(session, "target.changed", target.id, now=now)


async def withdraw(session: WriteSession, actor: Actor, target: Target, *, now: datetime) -> None:
    """From today on it no longer stands; what it said stays readable. Raises `NoLongerStands`."""
    today = day_in_kazakhstan(now)
    state_ = await _standing(session, target, actor, on=today)
    since = max(today, state_.valid.lower or today)
    await repository.amend(session, target, {"status": TargetStatus.WITHDRAWN.value}, since=since, now=now)
    await _tell(session, "target.withdrawn", target.id, now=now)


async def reach(session: AnySession, actor: Actor, state_: TargetState, *, on: date) -> None:
    """Raise `OutOfReach` unless the caller may write what belongs to the target's scope."""
    path = await path_of(session, state_.area_code, state_.organisation_id, on=on)
    actor.demand(Scope.REGISTRY_WRITE, path, state_.organisation_id)


async def path_of(session: AnySession, area: str | None, organisation_id: UUID | None, *, on: date) -> tuple[str, ...]:
    """The codes from the region down to the area, or to where the organisation is."""
    if organisation_id is not None:
        brief = (await organisations.briefly(session, [organisation_id], on=on)).get(organisation_id)
        area = brief.area if brief else None
    return await areas.codes_above(session, area, on=on) if area else ()


async def _definition(session: AnySession, code: str, version: int | None) -> Definition:
    known = await indicators.versions(session, [code])
    if not known:
        raise IndicatorsUnknown(pointer="/indicator", indicators=code)
    found = known.get((code, version or max(number for _, number in known)))
    if found is None:
        raise IndicatorsUnknown(pointer="/indicator_version", indicators=f"{code} ({version})")
    return found


async def _subject(
    session: AnySession, definition: Definition, area: str | None, organisation_id: UUID | None, *, on: date
) -> Subject:
    if area is not None:
        await areas.require(session, area, since=date.min)
    elif organisation_id is not None:
        if organisation_id not in await organisations.briefly(session, [organisation_id], on=on):
            raise errors.ScopeOrganisationUnknown(pointer="/organisation_id")
        if definition.level is IndicatorLevel.AREA:
            raise errors.IndicatorOfAreas(pointer="/indicator")
    path = await path_of(session, area, organisation_id, on=on)
    return Subject(definition, area, organisation_id, path)


def _columns(body: TargetBody, subject: Subject, *, today: date) -> dict[str, Any]:
    counts_organisations = subject.area is not None and subject.definition.level is IndicatorLevel.ORGANISATION
    if body.comparator is Comparator.ALL and counts_organisations and body.each_at_least is None:
        raise errors.EachMissing(pointer="/each_at_least")
    due = edtf.parse(body.due) if body.due else None
    begins = body.baseline_on or body.stated_on
    columns = body.model_dump(mode="python", include=set(_BODY))
    return {
        **columns,
        "organisation_types": [kind.value for kind in body.organisation_types],
        "comparator": body.comparator.value,
        "value_low": rules.FIXED.get(body.comparator, body.value_low),
        "qualifier": body.qualifier.value,
        "stated_by_role": body.stated_by_role.value,
        "children_rule": body.children_rule.value,
        "due_earliest": due.earliest if due else None,
        "due_latest": due.latest if due else None,
        "territory_version": rules.territory_version(subject.area, edtf.parse(begins).latest if begins else today),
    }


def _described(document: Mapping[str, Any]) -> TargetBody:
    try:
        return TargetBody.model_validate(document)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        raise errors.TargetInvalid(errors=[_field_error(fault) for fault in found]) from None


def _field_error(fault: Mapping[str, Any]) -> FieldError:
    told = fault.get("ctx") or {}
    message = Text(told["kk"], told["ru"], told["en"]) if {"kk", "ru", "en"} <= told.keys() else _FIELD_WRONG
    return FieldError("".join(f"/{step}" for step in fault["loc"]), fault["type"], message)


async def _standing(session: WriteSession, target: Target, actor: Actor, *, on: date) -> TargetState:
    found = (await repository.find(session, [target.id], on=on)).get(target.id)
    if found is None:
        raise errors.BeforeFirstDay()
    await reach(session, actor, found.state, on=on)
    if found.state.status != TargetStatus.STATED:
        raise errors.NoLongerStands()
    return found.state


async def _check_parent(session: AnySession, parent_id: UUID, subject: Subject, *, of: UUID, on: date) -> None:
    row = await repository.nearest(session, parent_id, on=on, known_at=None)
    if row is None:
        raise errors.TargetUnknown(pointer="/parent_id")
    parent = row.state
    holds = parent.area_code in subject.path if parent.area_code else parent.organisation_id == subject.organisation_id
    if parent.indicator_id != subject.definition.id or not holds:
        raise errors.ParentOfAnotherKind(pointer="/parent_id")
    if of in await repository.above(session, parent_id, on=on):
        raise errors.TargetsInCircle()


async def _supersede(
    session: WriteSession, target_id: UUID, columns: Mapping[str, Any], *, by: UUID, since: date, now: datetime
) -> None:
    target = await repository.lock(session, target_id)
    row = await repository.nearest(session, target_id, on=since, known_at=None)
    if target is None or row is None:
        raise errors.TargetUnknown(pointer="/supersedes_id")
    old = row.state
    if (old.indicator_code, old.scope_key) != (columns["indicator_code"], columns["scope_key"]):
        raise errors.SupersedesAnother(pointer="/supersedes_id")
    if old.status != TargetStatus.STATED:
        raise errors.NoLongerStands()
    changes = {"status": TargetStatus.SUPERSEDED.value, "superseded_by": by}
    await repository.amend(session, target, changes, since=max(since, old.valid.lower or since), now=now)
    await _tell(session, "target.superseded", target_id, now=now)


async def _one_to_go_by(
    session: WriteSession, columns: Mapping[str, Any], *, since: date | None, besides: UUID
) -> None:
    if columns["authoritative"]:
        other = await repository.to_go_by(session, columns, since=since, besides=besides)
        if other is not None:
            raise errors.AuthoritativeExists(pointer="/authoritative", target_id=str(other))


async def _tell(session: WriteSession, kind: str, target_id: UUID, *, now: datetime) -> None:
    document = await reading.get(session, target_id, on=day_in_kazakhstan(now))
    told = TargetRead.model_validate(document).model_dump(mode="json", exclude={"recorded_at", "conflict"})
    await outbox.add(
        session, outbox.Event(kind=kind, subject="target", subject_id=target_id, data=told, occurred_at=now)
    )
