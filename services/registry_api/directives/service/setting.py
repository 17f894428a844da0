"""What is done with directives: set for a school year, gone through item by item, taken over into the next year."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.directives import errors, repository, rules
from services.registry_api.directives.models import DirectionItem, Directive
from services.registry_api.directives.repository import Item
from services.registry_api.directives.service.years import require_year
from services.registry_api.organisations.service import scope as organisations
from services.registry_api.targets import service as targets
from shared import edtf, outbox
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, WriteSession
from shared.ids import new_id
from shared.schemas.base import FullText
from shared.schemas.registry.directives import (
    MOST_ITEMS,
    DirectiveCreate,
    DirectiveRead,
    DirectivesQuery,
    DirectiveUpdate,
    ItemCreate,
    ItemStatus,
    ItemUpdate,
    RollOver,
)

_SUMMARY = (
    *("id", "version", "academic_year", "source_kind", "source_event_id", "stated_by_role", "stated_on"),
    *("source_url", "origin_id", "updated_at"),
)
_ITEM = ("responsible_unit", "responsible_organisation_id", "due", "status", "target_ids", "note")
_CARRIED = (*_ITEM, "due_latest", "title_kk", "title_ru", "title_en")


async def set_directive(session: WriteSession, actor: Actor, asked: DirectiveCreate, *, now: datetime) -> UUID:
    """Enter a directive with its items; its id.

    Raises `AreaUnknown`, `AcademicYearUnknown`, `TargetUnknown`, `OrganisationUnknown`, `OutOfReach`.
    """
    today = day_in_kazakhstan(now)
    await areas.require(session, asked.area, since=date.min)
    actor.demand(Scope.REGISTRY_WRITE, await areas.codes_above(session, asked.area, on=today))
    await require_year(session, asked.academic_year)
    directive = Directive(
        id=new_id(),
        **_titles(asked.title),
        **asked.model_dump(mode="python", exclude={"title", "items", "area"}),
        area_code=asked.area,
        origin_id=None,
        created_at=now,
        updated_at=now,
    )
    await repository.add(session, directive)
    rows = []
    for place, item in enumerate(asked.items):
        await _check(session, item, pointer=f"/items/{place}", on=today)
        rows.append((_item(directive.id, item, place), _state(item)))
    await repository.add_items(session, rows, since=_first_day(asked.stated_on), now=now)
    await _tell(session, "directive.set", directive.id, now=now)
    return directive.id


async def lock(session: WriteSession, directive_id: UUID) -> Directive:
    """The directive, for a change of it or its items. Raises `DirectiveNotFound`."""
    directive = await repository.lock(session, directive_id)
    if directive is None:
        raise errors.DirectiveNotFound()
    return directive


async def update(
    session: WriteSession, actor: Actor, directive: Directive, patch: DirectiveUpdate, *, now: datetime
) -> None:
    """Change what a directive is called and where it comes from."""
    await _demand(session, actor, directive, now=now)
    told = patch.model_dump(mode="python", exclude_unset=True, exclude={"title"})
    _refuse_empty(patch, {"title", "source_kind", "stated_by_role"})
    if patch.title is not None:
        told |= _titles(patch.title)
    for name, value in told.items():
        setattr(directive, name, value)
    await repository.touch(session, directive, now=now)
    await _tell(session, "directive.changed", directive.id, now=now)


async def add_item(
    session: WriteSession, actor: Actor, directive: Directive, asked: ItemCreate, *, now: datetime
) -> UUID:
    """Add an item, from today on; its id. Raises `ItemCodeTaken`, `DirectiveFull`, `TargetUnknown`."""
    today = day_in_kazakhstan(now)
    await _demand(session, actor, directive, now=now)
    codes = await repository.codes(session, directive.id)
    if asked.code in codes:
        raise errors.ItemCodeTaken(pointer="/code")
    if len(codes) >= MOST_ITEMS:
        raise errors.DirectiveFull(most=MOST_ITEMS)
    await _check(session, asked, pointer="", on=today)
    item = _item(directive.id, asked, len(codes))
    await repository.add_items(session, [(item, _state(asked))], since=today, now=now)
    await repository.touch(session, directive, now=now)
    await _tell(session, "directive.changed", directive.id, now=now)
    return item.id


async def change_item(
    session: WriteSession,
    actor: Actor,
    directive: Directive,
    item_id: UUID,
    patch: ItemUpdate,
    *,
    since: date | None,
    now: datetime,
) -> None:
    """Change an item from a day (today) on; what it said before stays for the days before.

    Raises `ItemNotFound`, `BeforeFirstDay`, `ItemStepRefused`, `TargetUnknown`.
    """
    first = since or day_in_kazakhstan(now)
    await _demand(session, actor, directive, now=now)
    if not await repository.has_item(session, directive.id, item_id):
        raise errors.ItemNotFound()
    standing = {one.item.id: one.state for one in await repository.items(session, directive.id, on=first)}
    if item_id not in standing:
        raise errors.BeforeFirstDay()
    _refuse_empty(patch, {"title", "responsible_unit", "status", "target_ids", "note"})
    if patch.status is not None:
        rules.check_step(ItemStatus(standing[item_id].status), patch.status)
    await _check(session, patch, pointer="", on=first)
    told = patch.model_dump(mode="python", exclude_unset=True, exclude={"title"})
    if patch.title is not None:
        told |= _titles(patch.title)
    if "due" in told:
        told["due_latest"] = edtf.parse(told["due"]).latest if told["due"] else None
    await repository.amend(session, item_id, told, since=first, now=now)
    await repository.touch(session, directive, now=now)
    await _tell(session, "directive.changed", directive.id, now=now)


async def roll_over(
    session: WriteSession, actor: Actor, directive: Directive, asked: RollOver, *, now: datetime
) -> UUID:
    """Set the directive of a later school year with the items that are still open, each with a link to its origin.

    Raises `YearNotLater`, `AcademicYearUnknown`, `AlreadyRolledOver`.
    """
    today = day_in_kazakhstan(now)
    await _demand(session, actor, directive, now=now)
    if asked.academic_year <= directive.academic_year:
        raise errors.YearNotLater(pointer="/academic_year")
    await require_year(session, asked.academic_year)
    if done := await repository.successor(session, directive.id, asked.academic_year):
        raise errors.AlreadyRolledOver(directive_id=str(done))
    titles = _titles(asked.title) if asked.title else {name: getattr(directive, name) for name in _titles(None)}
    following = Directive(
        id=new_id(),
        **titles,
        academic_year=asked.academic_year,
        area_code=directive.area_code,
        source_kind=directive.source_kind,
        source_event_id=None,
        stated_by_role=directive.stated_by_role,
        stated_on=asked.stated_on,
        source_url=None,
        origin_id=directive.id,
        created_at=now,
        updated_at=now,
    )
    await repository.add(session, following)
    standing = [
        one
        for one in await repository.items(session, directive.id, on=today)
        if ItemStatus(one.state.status) in rules.STANDING
    ]
    rows = [
        (
            DirectionItem(
                id=new_id(),
                directive_id=following.id,
                code=one.item.code,
                mapping=one.item.mapping,
                position=place,
                origin_item_id=one.item.id,
            ),
            {name: getattr(one.state, name) for name in _CARRIED},
        )
        for place, one in enumerate(standing)
    ]
    await repository.add_items(session, rows, since=_first_day(asked.stated_on) or today, now=now)
    await _tell(session, "directive.rolled_over", following.id, now=now)
    return following.id


async def get(session: AnySession, directive_id: UUID, *, on: date, known_at: datetime | None = None) -> dict[str, Any]:
    """A directive with its items as they stand on a day. Raises `DirectiveNotFound`."""
    directive = await repository.find(session, directive_id)
    if directive is None:
        raise errors.DirectiveNotFound()
    items = await repository.items(session, directive_id, on=on, known_at=known_at)
    return {**summary(directive), "items": [_told(one, on=on) for one in items]}


async def latest_of(session: AnySession, area: str) -> UUID | None:
    """The directive of an area for its latest school year."""
    return await repository.latest_of(session, area)


async def page(
    session: AnySession, query: DirectivesQuery, *, after: Sequence[Any] | None, limit: int
) -> list[dict[str, Any]]:
    """Up to `limit` + 1 directives behind a position."""
    return [summary(row) for row in await repository.page(session, query, after=after, limit=limit + 1)]


async def count(session: AnySession, query: DirectivesQuery) -> int:
    """How many the list has."""
    return await repository.count(session, query)


def summary(directive: Directive) -> dict[str, Any]:
    """A directive as `DirectiveSummary` reads it."""
    title = {"kk": directive.title_kk, "ru": directive.title_ru, "en": directive.title_en}
    return {**{name: getattr(directive, name) for name in _SUMMARY}, "title": title, "area": directive.area_code}


def _told(one: Item, *, on: date) -> dict[str, Any]:
    state = one.state
    closed = ItemStatus(state.status) not in rules.STANDING
    return {
        **{name: getattr(state, name) for name in _ITEM},
        "id": one.item.id,
        "code": one.item.code,
        "mapping": one.item.mapping,
        "title": {"kk": state.title_kk, "ru": state.title_ru, "en": state.title_en},
        "overdue": not closed and state.due_latest is not None and on > state.due_latest,
        "origin_item_id": one.item.origin_item_id,
        "continued_in": one.continued_in,
        "valid_from": state.valid.lower,
        "recorded_at": state.recorded.lower,
    }


def _titles(title: FullText | None) -> dict[str, str | None]:
    return {f"title_{code}": getattr(title, code, None) for code in ("kk", "ru", "en")}


def _item(directive_id: UUID, asked: ItemCreate, place: int) -> DirectionItem:
    return DirectionItem(
        id=new_id(),
        directive_id=directive_id,
        code=asked.code,
        mapping=asked.mapping.value,
        position=place,
        origin_item_id=None,
    )


def _state(asked: ItemCreate) -> Mapping[str, Any]:
    return {
        **asked.model_dump(mode="python", include=set(_ITEM)),
        **_titles(asked.title),
        "status": asked.status.value,
        "due_latest": edtf.parse(asked.due).latest if asked.due else None,
    }


def _first_day(stated_on: str | None) -> date | None:
    return edtf.parse(stated_on).earliest if stated_on else None


def _refuse_empty(patch: DirectiveUpdate | ItemUpdate, names: set[str]) -> None:
    for name in sorted(names & patch.model_fields_set):
        if getattr(patch, name) is None:
            raise errors.ItemInvalid(pointer=f"/{name}")


async def _check(session: AnySession, asked: ItemCreate | ItemUpdate, *, pointer: str, on: date) -> None:
    await targets.require(session, asked.target_ids or [], pointer=f"{pointer}/target_ids")
    unit = asked.responsible_organisation_id
    if unit is not None and unit not in await organisations.briefly(session, [unit], on=on):
        raise errors.OrganisationUnknown(pointer=f"{pointer}/responsible_organisation_id")


async def _demand(session: AnySession, actor: Actor, directive: Directive, *, now: datetime) -> None:
    path = await areas.codes_above(session, directive.area_code, on=day_in_kazakhstan(now))
    actor.demand(Scope.REGISTRY_WRITE, path)


async def _tell(session: WriteSession, kind: str, directive_id: UUID, *, now: datetime) -> None:
    document = DirectiveRead.model_validate(await get(session, directive_id, on=day_in_kazakhstan(now)))
    await outbox.add(
        session,
        outbox.Event(
            kind=kind,
            subject="directive",
            subject_id=directive_id,
            data=document.model_dump(mode="json", exclude={"updated_at": True, "items": {"__all__": {"recorded_at"}}}),
            occurred_at=now,
        ),
    )
