"""How commitments are looked at: one by one, by memorandum, by what is due, and how their lights went."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.commitments import errors, repository, rules
from services.registry_api.commitments.models import CommitmentTransition
from services.registry_api.commitments.repository import listing
from services.registry_api.commitments.repository.listing import BY_DUE, Wanted
from services.registry_api.commitments.service import views
from services.registry_api.memoranda import service as memoranda
from shared.auth import Actor, Scope
from shared.clock import KAZAKHSTAN, day_in_kazakhstan
from shared.db.sessions import AnySession
from shared.schemas.registry.commitment_words import CommitmentLight, CommitmentStatus
from shared.schemas.registry.commitments import CommitmentQuery, CommitmentsDueQuery, QuietQuery

_SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Seen:
    """One commitment as a caller sees it."""

    document: dict[str, Any]
    version: int


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list, one more than asked for if there are more, and how to show them."""

    rows: list[dict[str, Any]]
    documents: list[dict[str, Any]]


async def get(
    session: AnySession,
    commitment_id: UUID,
    *,
    actor: Actor | None,
    now: datetime,
    as_of: date | None = None,
    known_at: datetime | None = None,
    hidden_too: bool = False,
) -> Seen:
    """A commitment on a day. Raises `CommitmentNotFound`, also where its memorandum is not for the caller to see.

    `hidden_too` shows it as the public would see it although its memorandum is not public: the feed is for readers.
    """
    on = as_of or day_in_kazakhstan(now)
    wanted = Wanted(on=on, is_past=as_of is not None, known_at=known_at, ids=[commitment_id])
    rows = await listing.page(session, wanted, limit=1)
    if not rows:
        raise errors.CommitmentNotFound()
    row = rows[0]
    brief = await brief_of(session, row["memorandum_id"], on=on, is_past=wanted.is_past, known_at=known_at)
    if brief is None or not (hidden_too or views.trusts(actor) or brief.is_public):
        raise errors.CommitmentNotFound()
    said = await views.told(session, [commitment_id], known_at=known_at)
    seen = views.signals(row, said[commitment_id], on=on)
    if actor is None or not views.trusts(actor):
        return Seen(views.summary(row, brief, seen), row["version"])
    document = views.whole(row, brief, seen)
    document["allowed_actions"] = await _actions(session, actor, row, brief, on=on)
    return Seen(document, row["version"])


async def brief_of(
    session: AnySession,
    memorandum_id: UUID,
    *,
    on: date,
    is_past: bool = False,
    known_at: datetime | None = None,
) -> memoranda.Brief | None:
    """The memorandum as it stood on the day."""
    found = await memoranda.briefly(session, [memorandum_id], on=on, is_past=is_past, known_at=known_at)
    return found.get(memorandum_id)


async def _actions(
    session: AnySession, actor: Actor, row: Mapping[str, Any], brief: memoranda.Brief, *, on: date
) -> list[dict[str, Any]]:
    submitted, accepted = await repository.count_evidence(session, row["id"])
    path = await areas.codes_above(session, brief.area, on=on) if brief.area is not None else None
    may_write = brief.may_write(actor, path, scope=Scope.REGISTRY_WRITE)
    written = CommitmentStatus(row["written"])
    return [
        {
            "action": action,
            "allowed": why is None,
            "why_not": None if why is None else {"code": why[0], "message": why[1]._asdict()},
        }
        for action, why in rules.actions(written, submitted=submitted, accepted=accepted, may_write=may_write)
    ]


async def demand(
    session: AnySession,
    actor: Actor,
    brief: memoranda.Brief,
    *,
    also: UUID | None = None,
    on: date,
    scope: Scope = Scope.REGISTRY_WRITE,
) -> None:
    """Raise `OutOfReach` unless the memorandum, or the unit that looks after the commitment, is in reach."""
    organisations = [one["organisation_id"] for one in brief.parties]
    await memoranda.demand(session, actor, brief.area, [*organisations, also], on=on, scope=scope)


async def of_memorandum(
    session: AnySession,
    memorandum_id: UUID,
    query: CommitmentQuery,
    *,
    actor: Actor | None,
    now: datetime,
    after: Sequence[Any] | None,
) -> tuple[Page, Wanted]:
    """The commitments of a memorandum, the oldest first. Raises `MemorandumNotFound`."""
    await memoranda.get(session, memorandum_id, actor=actor, now=now, as_of=query.as_of, known_at=query.known_at)
    on = query.as_of or day_in_kazakhstan(now)
    is_past = query.as_of is not None
    brief = await brief_of(session, memorandum_id, on=on, is_past=is_past, known_at=query.known_at)
    obligors: Collection[UUID] | None = None
    if query.obligor is not None and brief is not None:
        obligors = views.matching(brief, query.obligor)
    wanted = Wanted(
        on=on,
        is_past=is_past,
        known_at=query.known_at,
        memoranda=[memorandum_id],
        obligors=obligors,
        statuses=[status.value for status in query.status],
    )
    rows = await listing.page(session, wanted, after=after, limit=query.limit)
    return Page(rows, await shown(session, rows, wanted)), wanted


async def shown(session: AnySession, rows: Sequence[Mapping[str, Any]], wanted: Wanted) -> list[dict[str, Any]]:
    """The rows as `CommitmentSummary`: their memoranda and lights are asked for at once."""
    memorandum_ids = {row["memorandum_id"] for row in rows}
    briefs = await memoranda.briefly(
        session, memorandum_ids, on=wanted.on, is_past=wanted.is_past, known_at=wanted.known_at
    )
    said = await views.told(session, [row["id"] for row in rows], known_at=wanted.known_at)
    return [
        views.summary(row, briefs[row["memorandum_id"]], views.signals(row, said[row["id"]], on=wanted.on))
        for row in rows
    ]


async def count(session: AnySession, wanted: Wanted) -> int:
    """How many a list has."""
    return await listing.count(session, wanted)


async def steps(session: AnySession, commitment_id: UUID) -> list[CommitmentTransition]:
    """Every step in the life of a commitment. Raises `CommitmentNotFound`."""
    found = await repository.steps(session, commitment_id)
    if not found:
        raise errors.CommitmentNotFound()
    return found


async def wanted_due(session: AnySession, query: CommitmentsDueQuery, *, now: datetime) -> Wanted:
    """What a question about due commitments asks for."""
    on = query.on or day_in_kazakhstan(now)
    return await _due(
        session,
        until=query.until or on + _SOON,
        on=on,
        is_past=query.on is not None,
        area=query.area,
        owner=query.owner,
        without_evidence=query.without_evidence,
    )


async def due(
    session: AnySession,
    *,
    until: date,
    on: date,
    area: str | None = None,
    owner: UUID | None = None,
    without_evidence: bool = False,
    after: Sequence[Any] | None = None,
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """Open commitments of memoranda in force that have to be kept by a day, what is due first before the rest."""
    wanted = await _due(
        session, until=until, on=on, is_past=True, area=area, owner=owner, without_evidence=without_evidence
    )
    return (await due_page(session, wanted, after=after, limit=limit)).documents


async def _due(
    session: AnySession,
    *,
    until: date,
    on: date,
    is_past: bool,
    area: str | None,
    owner: UUID | None,
    without_evidence: bool,
) -> Wanted:
    live = await memoranda.ids_of(session, on=on, is_past=is_past, area=area, statuses=memoranda.LIVE)
    return Wanted(
        on=on,
        is_past=is_past,
        memoranda=live,
        due_until=until,
        owner=owner,
        without_evidence=without_evidence,
    )


async def due_page(session: AnySession, wanted: Wanted, *, after: Sequence[Any] | None, limit: int | None) -> Page:
    """The same, page by page, as `CommitmentDue`."""
    rows = await listing.page(session, wanted, keys=BY_DUE, after=after, limit=limit)
    documents = [
        {
            **document,
            **{name: row[name] for name in ("due_latest", "owner", "owner_role", "evidence_count")},
            "days_left": (row["due_latest"] - wanted.on).days,
        }
        for row, document in zip(rows, await shown(session, rows, wanted), strict=True)
    ]
    return Page(rows, documents)


async def lights(
    session: AnySession, *, area: str | None = None, on: date, known_at: datetime | None = None
) -> dict[UUID, views.Signals]:
    """Both lights of every commitment of the memoranda in force in an area on a day."""
    live = await memoranda.ids_of(session, on=on, is_past=True, known_at=known_at, area=area, statuses=memoranda.LIVE)
    wanted = Wanted(on=on, is_past=True, known_at=known_at, memoranda=live)
    rows = await listing.page(session, wanted)
    said = await views.told(session, [row["id"] for row in rows], known_at=known_at)
    return {row["id"]: views.signals(row, said[row["id"]], on=on) for row in rows}


@dataclass(frozen=True, slots=True)
class Summary:
    """Commitments of memoranda in force, counted by light."""

    commitments: int
    delivery: Mapping[CommitmentLight, int]
    freshness: Mapping[CommitmentLight, int]


async def summaries(session: AnySession, *, area: str | None = None, on: date) -> Summary:
    """How many commitments show which light on a day, in an area and under it or everywhere."""
    found = list((await lights(session, area=area, on=on)).values())
    delivery = Counter(one.delivery.light for one in found)
    freshness = Counter(one.freshness.light for one in found)
    return Summary(
        len(found),
        {light: delivery[light] for light in CommitmentLight},
        {light: freshness[light] for light in CommitmentLight},
    )


async def quiet(session: AnySession, query: QuietQuery, *, now: datetime) -> list[dict[str, Any]]:
    """Memoranda in force under which nothing was accepted in so many days, the longest quiet first."""
    on = query.on or day_in_kazakhstan(now)
    is_past = query.on is not None
    live = await memoranda.ids_of(session, on=on, is_past=is_past, area=query.area, statuses=memoranda.LIVE)
    end_of_day = datetime.combine(on + timedelta(days=1), time(), KAZAKHSTAN)
    heard = {
        id_: day_in_kazakhstan(moment)
        for id_, moment in (await listing.heard_of(session, live, until=end_of_day)).items()
    }
    silent = [id_ for id_ in live if (on - heard.get(id_, date.min)).days > query.days]
    briefs = await memoranda.briefly(session, silent, on=on, is_past=is_past)
    rows = await listing.page(session, Wanted(on=on, is_past=is_past, memoranda=silent, open_only=True))
    still = Counter(row["memorandum_id"] for row in rows)
    return [
        {
            **{name: getattr(brief, name) for name in ("id", "title", "status", "status_since", "area")},
            "open_commitments": still[brief.id],
            "last_progress_on": heard.get(brief.id),
        }
        for brief in sorted(briefs.values(), key=lambda one: (heard.get(one.id, date.min), one.id))
        if (on - brief.status_since).days > query.days
    ]
