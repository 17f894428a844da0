"""Days to keep in mind: when commitments are due, and by when notice has to be given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api.commitments.repository import listing
from services.registry_api.commitments.repository.listing import Wanted
from services.registry_api.commitments.service.views import trusts
from services.registry_api.memoranda import service as memoranda
from shared import edtf
from shared.auth import Actor
from shared.clock import day_in_kazakhstan
from shared.db.sessions import AnySession
from shared.schemas.registry.commitment_words import CommitmentStatus


@dataclass(frozen=True, slots=True)
class Day:
    """Something to keep in mind, on a day or somewhere between two."""

    id: str
    """Stays the same as long as the thing does."""
    kind: str
    """`due`, or what has to be done with the memorandum: `give_notice`, `ask_consent`, `prepare_end`."""
    memorandum_id: UUID
    text: dict[str, str | None]
    starts: date
    ends: date
    sequence: int
    changed_at: datetime
    is_cancelled: bool
    is_done: bool


async def days(
    session: AnySession, *, actor: Actor | None, area: str | None, party: UUID | None, now: datetime
) -> list[Day]:
    """Due dates of the commitments of concluded memoranda and, for those who may read the registry, notice dates."""
    on = day_in_kazakhstan(now)
    ids = await memoranda.ids_of(session, on=on, area=area, party=party, statuses=memoranda.PUBLIC)
    briefs = await memoranda.briefly(session, ids, on=on)
    rows = await listing.page(session, Wanted(on=on, memoranda=ids))
    found = [_due(row, briefs[row["memorandum_id"]]) for row in rows if row["due"] is not None]
    if trusts(actor):
        found += [_notice(brief) for brief in briefs.values() if brief.next_action is not None]
    return sorted(found, key=lambda one: (one.starts, one.id))


def _due(row: Any, brief: memoranda.Brief) -> Day:
    when = edtf.parse(row["due"])
    status = CommitmentStatus(row["written"])
    return Day(
        id=f"{row['id']}-due",
        kind="due",
        memorandum_id=brief.id,
        text={code: row[f"text_{code}"] for code in ("kk", "ru", "en")},
        starts=when.earliest,
        ends=when.latest,
        sequence=row["version"] - 1,
        changed_at=row["updated_at"],
        is_cancelled=status is CommitmentStatus.CANCELLED or brief.status not in memoranda.LIVE,
        is_done=status is CommitmentStatus.FULFILLED,
    )


def _notice(brief: memoranda.Brief) -> Day:
    action = brief.next_action or {}
    return Day(
        id=f"{brief.id}-notice",
        kind=str(action["kind"]),
        memorandum_id=brief.id,
        text=brief.title,
        starts=action["on"],
        ends=action["on"],
        sequence=brief.version - 1,
        changed_at=brief.changed_at,
        is_cancelled=False,
        is_done=False,
    )


def words(day: Day, languages: Sequence[str]) -> str:
    """The text in the first of the languages it has."""
    return next((text for code in (*languages, "kk", "ru", "en") if (text := day.text.get(code))), "")
