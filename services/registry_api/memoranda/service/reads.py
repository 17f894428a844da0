"""How memoranda are looked at: one by one, in lists, by party, for other capabilities."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api.areas import service as areas
from services.registry_api.memoranda import clauses, errors, repository, rules
from services.registry_api.memoranda.models import MemorandumTransition
from services.registry_api.memoranda.repository import listing, texts
from services.registry_api.memoranda.repository.listing import Wanted
from services.registry_api.memoranda.service import views
from services.registry_api.organisations.service import units
from shared.alphabet import search_tokens
from shared.auth import Actor, Scope
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession
from shared.schemas.registry.memoranda import MemorandumQuery
from shared.schemas.registry.memorandum_words import MemorandumStatus

_MOST_WORDS = 10


@dataclass(frozen=True, slots=True)
class Seen:
    """One memorandum as a caller sees it."""

    document: dict[str, Any]
    version: int


@dataclass(frozen=True, slots=True)
class Brief:
    """What other capabilities have to know of a memorandum."""

    id: UUID
    title: dict[str, str | None]
    status: MemorandumStatus
    status_since: date
    area: str | None
    parties: tuple[Mapping[str, Any], ...]
    """As `MemorandumPartyRead`."""
    next_action: Mapping[str, Any] | None
    version: int
    changed_at: datetime

    @property
    def is_public(self) -> bool:
        """Whether everybody may know of it."""
        return self.status in rules.PUBLIC

    def may_write(self, actor: Actor, area_path: Sequence[str] | None, *, scope: Scope) -> bool:
        """Whether the caller's reach covers it: its area, or a party the caller leads."""
        return actor.reaches(area_path, _own(actor, [one["organisation_id"] for one in self.parties]), scope=scope)


def _own(actor: Actor, organisations: Collection[UUID | None]) -> UUID | None:
    return actor.organisation if actor.organisation in organisations else None


async def demand(
    session: AnySession,
    actor: Actor,
    area: str | None,
    organisations: Collection[UUID | None],
    *,
    on: date,
    scope: Scope = Scope.REGISTRY_WRITE,
) -> None:
    """Raise `OutOfReach` unless the memorandum's area, or one of its parties, is in the caller's reach."""
    path = await areas.codes_above(session, area, on=on) if area is not None else None
    actor.demand(scope, path, _own(actor, organisations))


async def row_of(
    session: AnySession, memorandum_id: UUID, *, on: date, is_past: bool = False, known_at: datetime | None = None
) -> dict[str, Any]:
    """The row of a day. Raises `MemorandumNotFound`."""
    wanted = Wanted(on=on, is_past=is_past, known_at=known_at, ids=[memorandum_id])
    found = await listing.page(session, wanted, after=None, limit=1)
    if not found:
        raise errors.MemorandumNotFound()
    return found[0]


async def get(
    session: AnySession,
    memorandum_id: UUID,
    *,
    actor: Actor | None,
    now: datetime,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> Seen:
    """A memorandum on a day. Raises `MemorandumNotFound`, also for drafts where the caller is a stranger."""
    on = as_of or day_in_kazakhstan(now)
    row = await row_of(session, memorandum_id, on=on, is_past=as_of is not None, known_at=known_at)
    trusted = views.trusts(actor)
    if not trusted and MemorandumStatus(row["status"]) not in rules.PUBLIC:
        raise errors.MemorandumNotFound()
    known = await views.portraits(session, [row], on=on, known_at=known_at)
    amendments = [
        clauses.Amended(one.number, one.effective_on, one.changes)
        for one in await texts.amendments(session, [memorandum_id], known_at=known_at)
    ]
    document = {
        **views.summary(row, known, day=on, trusted=trusted),
        "renewal_months": row["renewal_months"] if trusted else None,
        "notice_days": row["notice_days"] if trusted else None,
        "clause_count": len(clauses.consolidated(row["clauses"], amendments, on=on)),
        "amendment_count": len(clauses.in_force(amendments, on=on)),
    }
    if trusted and actor is not None:
        document |= {"version": row["version"], "recorded_at": row["recorded_at"]}
        document["allowed_actions"] = await _actions(session, actor, row, on=on)
    return Seen(document, row["version"])


async def _actions(session: AnySession, actor: Actor, row: Mapping[str, Any], *, on: date) -> list[dict[str, Any]]:
    path = await areas.codes_above(session, row["area_code"], on=on) if row["area_code"] else None
    may_write = actor.reaches(path, _own(actor, views.organisations(row)), scope=Scope.REGISTRY_WRITE)
    return [
        {
            "action": action,
            "allowed": why is None,
            "why_not": None if why is None else {"code": why[0], "message": why[1]._asdict()},
        }
        for action, why in rules.actions(views.standing(row, day=on), may_write=may_write)
    ]


async def wanted(session: AnySession, query: MemorandumQuery, *, actor: Actor | None, now: datetime) -> Wanted:
    """What a query asks for; strangers ask among what was concluded."""
    on = query.as_of or day_in_kazakhstan(now)
    statuses = {status.value for status in query.status} or None
    if not views.trusts(actor):
        public = {status.value for status in rules.PUBLIC}
        statuses = public & statuses if statuses is not None else public
    organisations = None
    if query.party is not None:
        organisations = await units.under(session, query.party, on=on, known_at=query.known_at)
    inside = None
    if query.area is not None:
        inside = await areas.codes_under(session, query.area, on=on, known_at=query.known_at)
    return Wanted(
        on=on,
        is_past=query.as_of is not None,
        known_at=query.known_at,
        words=[f"% {_escaped(word)}%" for word in search_tokens(query.q or "")[:_MOST_WORDS]],
        statuses=["—"] if statuses is not None and not statuses else sorted(statuses or ()),
        kinds=query.kind,
        areas=inside,
        organisations=organisations,
        party_id=query.party,
        valid_on=query.valid_on,
        ends_before=query.ends_before,
    )


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def page(
    session: AnySession, wanted: Wanted, *, actor: Actor | None, after: Sequence[Any] | None, limit: int
) -> list[dict[str, Any]]:
    """Memoranda as `MemorandumSummary`, one more than `limit` if there are more."""
    rows = await listing.page(session, wanted, after=after, limit=limit)
    known = await views.portraits(session, rows, on=wanted.on, known_at=wanted.known_at)
    return [views.summary(row, known, day=wanted.on, trusted=views.trusts(actor)) for row in rows]


async def count(session: AnySession, wanted: Wanted) -> int:
    """How many the list has."""
    return await listing.count(session, wanted)


async def ids_of(
    session: AnySession,
    *,
    on: date,
    is_past: bool = False,
    known_at: datetime | None = None,
    area: str | None = None,
    party: UUID | None = None,
    statuses: Collection[MemorandumStatus] = (),
) -> list[UUID]:
    """Which memoranda of a day are in these statuses, in this area or under it, of this organisation or its units."""
    inside = await areas.codes_under(session, area, on=on, known_at=known_at) if area is not None else None
    units_ = await units.under(session, party, on=on, known_at=known_at) if party is not None else None
    told = [status.value for status in statuses]
    return await listing.ids(
        session,
        Wanted(
            on=on,
            is_past=is_past,
            known_at=known_at,
            areas=inside,
            organisations=units_,
            party_id=party,
            statuses=told,
        ),
    )


async def briefly(
    session: AnySession,
    ids: Collection[UUID] | None,
    *,
    on: date,
    is_past: bool = False,
    known_at: datetime | None = None,
    statuses: Collection[MemorandumStatus] = (),
) -> dict[UUID, Brief]:
    """Memoranda of a day for other capabilities: these, or all."""
    told = [status.value for status in statuses]
    of_the_day = Wanted(on=on, is_past=is_past, known_at=known_at, ids=ids, statuses=told)
    rows = await listing.page(session, of_the_day, after=None, limit=None)
    known = await views.portraits(session, rows, on=on, known_at=known_at)
    found = {}
    for row in rows:
        document = views.summary(row, known, day=on, trusted=True)
        found[row["id"]] = Brief(
            id=row["id"],
            title=document["title"],
            status=document["status"],
            status_since=document["status_since"],
            area=document["area"],
            parties=tuple(document["parties"]),
            next_action=document["next_action"],
            version=row["version"],
            changed_at=row["recorded_at"],
        )
    return found


async def steps(session: AnySession, memorandum_id: UUID) -> list[MemorandumTransition]:
    """Every step in the life of a memorandum. Raises `MemorandumNotFound`."""
    found = await repository.steps(session, memorandum_id)
    if not found:
        raise errors.MemorandumNotFound()
    return found
