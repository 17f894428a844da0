"""What is done with areas: looking them up as of any day, and taking in a new edition of the classifier."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from services.registry_api.areas import errors, reference, repository, rules
from services.registry_api.areas.repository import State
from services.registry_api.areas.repository import Wanted as Wanted  # what a list of areas is asked by
from services.registry_api.rows import RowRefusal
from shared import audit, outbox
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession, ReadSession, WriteSession
from shared.schemas.registry.areas import AreaKind, AreaRow

under_code, under_names = repository.under_code, repository.under_names
"""Parts of the statements of other capabilities, so that a list needs only one."""

_FEW = 8
"""So many paths are sooner found one by one than by reading the whole classifier."""

Found = Mapping[str, Any]
"""An area as `AreaSummary` reads it."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What a set of rows does, or would do, to the classifier."""

    refusals: list[RowRefusal] = field(default_factory=list)
    """If there are any, nothing was written."""
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


async def page(
    session: ReadSession,
    wanted: Wanted,
    *,
    on: date,
    known_at: datetime | None = None,
    after: Sequence[Any] | None = None,
    limit: int,
) -> list[Found]:
    """Areas in the order of their codes, one more than `limit` if there are more."""
    rows = await repository.page(session, wanted, on=on, known_at=known_at, after=after, limit=limit)
    return [_document(row) for row in rows]


async def count(session: ReadSession, wanted: Wanted, *, on: date, known_at: datetime | None = None) -> int:
    """How many areas there are."""
    return await repository.count(session, wanted, on=on, known_at=known_at)


async def get(session: AnySession, code: str, *, on: date, known_at: datetime | None = None) -> Found:
    """One area with its path and the number of its children. Raises `AreaNotFound`."""
    path = await find_path(session, code, on=on, known_at=known_at)
    if not path:
        raise errors.AreaNotFound(code=code, on=on.isoformat())
    children = await repository.children(session, code, on=on, known_at=known_at)
    return {**path[-1], "path": path, "children": children}


async def find_path(session: AnySession, code: str, *, on: date, known_at: datetime | None = None) -> list[Found]:
    """The area and all above it, from the region down; empty if there was no such area on that day."""
    return [_document(row) for row in await repository.path(session, code, on=on, known_at=known_at)]


async def codes_above(session: AnySession, code: str, *, on: date) -> tuple[str, ...]:
    """The codes from the region down to `code`; of a code that ended or is yet to begin, as it is known."""
    path = await repository.path(session, code, on=on)
    if path:
        return tuple(str(area["code"]) for area in path)
    return rules.path(code, await _parents(session, on=on))


async def paths(session: AnySession, codes: Collection[str], *, on: date) -> dict[str, tuple[str, ...]]:
    """`codes_above` of many at once."""
    if len(codes) <= _FEW:
        return {code: await codes_above(session, code, on=on) for code in codes}
    parents = await _parents(session, on=on)
    return {code: rules.path(code, parents) for code in codes}


async def _parents(session: AnySession, *, on: date) -> dict[str, str | None]:
    return {code: parent for code, parent, _, _ in await repository.tree(session, on=on)}


async def codes_under(session: AnySession, code: str, *, on: date, known_at: datetime | None = None) -> list[str]:
    """The code and all codes under it on that day."""
    return await repository.subtree(session, code, on=on, known_at=known_at)


async def require(session: AnySession, code: str, *, since: date, pointer: str = "/area") -> None:
    """Raise `AreaUnknown` unless the code is in the classifier on some day from `since` on."""
    if code not in await repository.ever(session, [code], since=since):
        raise errors.AreaUnknown(pointer=pointer, code=code)


async def known(session: AnySession, codes: Collection[str], *, since: date) -> set[str]:
    """Those of `codes` that are in the classifier on some day from `since` on."""
    return await repository.ever(session, list(codes), since=since)


def unknown(code: str) -> errors.AreaUnknown:
    """What to answer whoever names a code that is not `known`."""
    return errors.AreaUnknown(code=code)


async def load_reference(session: WriteSession, *, now: datetime) -> Edition:
    """Take in the shipped first two levels; what is there already stays as it is."""
    there = {code for code, _, _, _ in await repository.tree(session, on=day_in_kazakhstan(now))}
    return await _take_in(session, [row for row in reference.rows() if row.code not in there], now=now, dry_run=False)


async def replace_or_add(
    session: WriteSession, rows: Sequence[AreaRow], *, actor: Actor, now: datetime, dry_run: bool = False
) -> Edition:
    """Take in rows of a newer edition: all of them or, when one is refused, none.

    A row says what its code is from `valid_from` on, or from today if the row names no day and the code is known.
    What was true before stays true for the days before. The classifier belongs to the whole country, so only a
    caller without bounds may change it. The same rows twice change nothing.
    """
    actor.demand(Scope.REGISTRY_WRITE, None)
    return await _take_in(session, rows, now=now, dry_run=dry_run)


async def _take_in(session: WriteSession, rows: Sequence[AreaRow], *, now: datetime, dry_run: bool) -> Edition:
    today = day_in_kazakhstan(now)
    await repository.lock_classifier(session)
    known = {
        code: rules.Place(parent, level, AreaKind(kind))
        for code, parent, level, kind in await repository.tree(session, on=today)
    }
    places, refusals = rules.placed(rows, known)
    if refusals:
        return Edition(refusals=refusals)
    timelines = await repository.timelines(session, sorted({row.code for row in rows}))
    before = {code: {state.id for state in timeline if state.id} for code, timeline in timelines.items()}
    edition = Edition()
    for number, row in sorted(enumerate(rows), key=lambda item: item[1].valid_from or date.min):
        new = _state(row, places[number])
        timeline = timelines.setdefault(row.code, [])
        if not timeline:
            edition.added.append(row.code)
            timeline.append(new)
        elif _amend(timeline, new, today=today):
            edition.changed.append(row.code)
        else:
            edition.unchanged.append(row.code)
    if dry_run or not (edition.added or edition.changed):
        return edition
    kept = {state.id for timeline in timelines.values() for state in timeline}
    await repository.restate(
        session,
        closed=sorted(set().union(*before.values()) - kept),
        states=[state for timeline in timelines.values() for state in timeline if state.id is None],
        new_codes=edition.added,
        now=now,
    )
    await _tell(session, edition, timelines, today=today)
    return edition


def _amend(timeline: list[State], new: State, *, today: date) -> bool:
    """Let `new` hold from its first day to the end of the state it falls into; whether anything changed.

    A row that is silent in one language does not take the name away that is known in it.
    """
    from_day = new.valid_from or today
    at = next((place for place, state in enumerate(timeline) if _holds(state, from_day)), None)
    if at is None:
        return _put_beside(timeline, new, from_day)
    old = timeline[at]
    new = replace(
        new,
        name_kk=new.name_kk or old.name_kk,
        name_ru=new.name_ru or old.name_ru,
        name_en=new.name_en or old.name_en,
    )
    new = replace(new, search_key=reference.search_key(new.name_kk, new.name_ru, new.name_en))
    if old.says_the_same(new):
        return False
    pieces = [replace(new, valid_from=from_day, valid_until=old.valid_until)]
    if old.valid_from is None or old.valid_from < from_day:
        pieces.insert(0, replace(old, valid_until=from_day, id=None))
    timeline[at : at + 1] = pieces
    return True


def _put_beside(timeline: list[State], new: State, from_day: date) -> bool:
    """A day no state holds on lies before the first, in a gap or behind the last: fill up to the next state."""
    following = next(
        (state for state in timeline if state.valid_from is not None and state.valid_from > from_day), None
    )
    timeline.append(replace(new, valid_from=from_day, valid_until=following.valid_from if following else None))
    timeline.sort(key=lambda state: state.valid_from or date.min)
    return True


def _holds(state: State, day: date) -> bool:
    return (state.valid_from is None or state.valid_from <= day) and (
        state.valid_until is None or day < state.valid_until
    )


def _state(row: AreaRow, place: rules.Place) -> State:
    return State(
        code=row.code,
        parent_code=place.parent,
        level=place.level,
        kind=place.kind.value,
        name_kk=row.name.kk,
        name_ru=row.name.ru,
        name_en=row.name.en,
        search_key=reference.search_key(row.name.kk, row.name.ru, row.name.en),
        valid_from=row.valid_from,
    )


async def _tell(
    session: WriteSession, edition: Edition, timelines: Mapping[str, Sequence[State]], *, today: date
) -> None:
    await audit.note(
        session,
        action="update",
        resource_type="area",
        resource_id="classifier",
        added=len(edition.added),
        changed=len(edition.changed),
        unchanged=len(edition.unchanged),
    )
    await outbox.add_many(
        session,
        (
            outbox.Event(kind=kind, subject="area", subject_id=code, data=_event(timelines[code], today))
            for kind, codes in (("area.registered", edition.added), ("area.changed", edition.changed))
            for code in codes
        ),
    )


def _event(timeline: Sequence[State], today: date) -> dict[str, Any]:
    state = next((state for state in timeline if _holds(state, today)), timeline[-1])
    return {
        "code": state.code,
        "parent": state.parent_code,
        "level": state.level,
        "kind": state.kind,
        "name": {"kk": state.name_kk, "ru": state.name_ru, "en": state.name_en},
        "valid_from": state.valid_from.isoformat() if state.valid_from else None,
        "valid_until": state.valid_until.isoformat() if state.valid_until else None,
    }


def _document(row: Mapping[str, Any]) -> Found:
    return {
        "code": row["code"],
        "parent": row["parent_code"],
        "level": row["level"],
        "kind": row["kind"],
        "name": {"kk": row["name_kk"], "ru": row["name_ru"], "en": row["name_en"]},
        "valid_from": row["valid_from"],
        "valid_until": row["valid_until"],
    }
