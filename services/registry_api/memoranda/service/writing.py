"""How a memorandum is written down and changed: its attributes, and the parties it is between."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.memoranda import errors, repository, rules
from services.registry_api.memoranda.models import Memorandum, MemorandumTransition
from services.registry_api.memoranda.service import reads, views
from services.registry_api.memoranda.service.parties import columns as party_columns
from services.registry_api.memoranda.service.parties import joining, refuse
from services.registry_api.patches import patched
from shared import edtf, outbox
from shared.alphabet import search_key
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import WriteSession
from shared.ids import new_id
from shared.schemas.registry.memoranda import MemorandumAttributes, MemorandumCreate, MemorandumUpdate
from shared.schemas.registry.memorandum_words import MemorandumAction, MemorandumStatus

_TEXT = frozenset({"title_kk", "title_ru", "title_en", "clauses", "search_key"})
"""What the parties put their names under."""


async def write_down(session: WriteSession, actor: Actor, asked: MemorandumCreate, *, now: datetime) -> UUID:
    """Enter a memorandum as a draft; its id.

    Raises what `rules.faults` and `rules.party_faults` find, `PartyUnknown`, `AreaUnknown`, `OutOfReach`.
    """
    today = day_in_kazakhstan(now)
    since = asked.since or _earliest(asked, today)
    if since > today:
        raise errors.DayAhead(pointer="/since")
    refuse([*rules.faults(asked), *_party_faults(asked)])
    joined = await joining(
        session, asked.parties, on=since, pointers=[f"/parties/{n}" for n in range(len(asked.parties))]
    )
    await reads.demand(session, actor, asked.area, [one.organisation_id for one in asked.parties], on=today)
    if asked.area is not None:
        await areas.require(session, asked.area, since=since)
    memorandum = Memorandum(
        id=new_id(),
        status=MemorandumStatus.DRAFT.value,
        status_since=since,
        created_by=actor.principal,
        created_at=now,
        updated_at=now,
    )
    await repository.add(session, memorandum, columns(asked), since=since, now=now)
    for party, known in zip(asked.parties, joined, strict=True):
        await repository.add_party(session, memorandum.id, party_columns(party, known), since=since, now=now)
    step = MemorandumTransition(
        memorandum_id=memorandum.id,
        number=1,
        action=MemorandumAction.DRAFT.value,
        from_status=None,
        to_status=MemorandumStatus.DRAFT.value,
        actor=actor.principal,
        reason_code=None,
        comment=None,
        effective_on=since,
        recorded_at=now,
    )
    await repository.take_step(session, memorandum, step)
    await tell(session, "memorandum.drafted", memorandum.id, now=now)
    return memorandum.id


async def lock(session: WriteSession, memorandum_id: UUID) -> Memorandum:
    """The memorandum, for a change. Raises `MemorandumNotFound`."""
    memorandum = await repository.lock(session, memorandum_id)
    if memorandum is None:
        raise errors.MemorandumNotFound()
    return memorandum


async def amend(
    session: WriteSession,
    actor: Actor,
    memorandum: Memorandum,
    patch: MemorandumUpdate,
    *,
    effective_from: date | None,
    now: datetime,
) -> None:
    """Change attributes from a day on; what was true before stays.

    The text, and the title above it, change only while they are being written: later there are amendments.
    """
    timeline = await repository.timeline(session, memorandum.id)
    first = effective_from or day_in_kazakhstan(now)
    if first < (timeline[0].valid.lower or date.min):
        raise errors.BeforeFirstDay()
    organisations = [one.organisation_id for one in await repository.parties_since(session, memorandum.id, since=first)]
    state = next(one for one in reversed(timeline) if (one.valid.lower or date.min) <= first)
    described = patched(MemorandumAttributes, document(state), patch)
    refuse(list(rules.faults(described)))
    for area in {state.area_code, described.area}:
        await reads.demand(session, actor, area, organisations, on=first)
    if described.area is not None and described.area != state.area_code:
        await areas.require(session, described.area, since=first)
    before = {name: getattr(state, name) for name in columns(described)}
    changes = {name: value for name, value in columns(described).items() if value != before[name]}
    if changes.keys() & _TEXT and MemorandumStatus(memorandum.status) not in rules.UNWRITTEN:
        raise errors.Settled(status=memorandum.status)
    if changes and await repository.amend(session, memorandum.id, changes, valid_from=first, now=now):
        await repository.touch(session, memorandum, now=now)
        await tell(session, "memorandum.changed", memorandum.id, now=now)


def document(state: Any) -> dict[str, Any]:
    """A state as the schema of its attributes has it, ready for a patch."""
    title = {code: getattr(state, f"title_{code}") for code in views.LANGUAGES}
    told = {
        "title": {code: text for code, text in title.items() if text is not None},
        **{name: getattr(state, name) for name in ("kinds", "signed_on", "renewal", "renewal_months", "notice_days")},
        "starts_on": state.starts_on.isoformat() if state.starts_on else None,
        "ends_on": state.ends_on.isoformat() if state.ends_on else None,
        "area": state.area_code,
        "clauses": state.clauses,
    }
    return {name: value for name, value in told.items() if value is not None}


def columns(told: MemorandumAttributes) -> dict[str, Any]:
    """The columns of a state."""
    signed = edtf.parse(told.signed_on) if told.signed_on else None
    titles = [text for text in (told.title.kk, told.title.ru, told.title.en) if text]
    return {
        "title_kk": told.title.kk,
        "title_ru": told.title.ru,
        "title_en": told.title.en,
        "kinds": list(told.kinds),
        "signed_on": told.signed_on,
        "signed_earliest": signed.earliest if signed else None,
        "signed_latest": signed.latest if signed else None,
        "starts_on": told.starts_on,
        "ends_on": told.ends_on,
        "renewal": told.renewal.value,
        "renewal_months": told.renewal_months,
        "notice_days": told.notice_days,
        "area_code": told.area,
        "clauses": [clause.model_dump(mode="json", exclude_none=True) for clause in told.clauses],
        "search_key": f" {' '.join(search_key(title) for title in titles)} ",
    }


async def tell(session: WriteSession, kind: str, memorandum_id: UUID, *, now: datetime) -> None:
    """Put the memorandum as it stands today into the change feed."""
    await session.flush()
    today = day_in_kazakhstan(now)
    row = await reads.row_of(session, memorandum_id, on=today)
    known = await views.portraits(session, [row], on=today, known_at=None)
    data: Mapping[str, Any] = views.event(views.summary(row, known, day=today, trusted=False))
    event = outbox.Event(kind=kind, subject="memorandum", subject_id=memorandum_id, data=data, occurred_at=now)
    await outbox.add(session, event)


def _earliest(asked: MemorandumCreate, today: date) -> date:
    signed = edtf.parse(asked.signed_on).earliest if asked.signed_on else today
    return min(day for day in (today, asked.starts_on or today, signed))


def _party_faults(asked: MemorandumCreate) -> Sequence[tuple[str, Any]]:
    found = [
        (f"/parties/{place}{pointer}", problem)
        for place, party in enumerate(asked.parties)
        for pointer, problem in rules.party_faults(party)
    ]
    named = [party.organisation_id for party in asked.parties]
    found += [
        (f"/parties/{place}/organisation_id", errors.PartyRepeated())
        for place, organisation_id in enumerate(named)
        if organisation_id is not None and organisation_id in named[:place]
    ]
    return found
