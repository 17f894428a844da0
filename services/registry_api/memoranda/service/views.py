"""What callers and followers see of a memorandum, made of its row and the names of its parties."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry_api.memoranda import rules
from services.registry_api.organisations.service import units
from services.registry_api.organisations.service.units import Portrayed
from shared import edtf
from shared.auth import Actor, Scope
from shared.db.sessions import AnySession
from shared.edtf import Precision
from shared.schemas.registry.memorandum_words import MemorandumStatus, RenewalKind

Row = Mapping[str, Any]
LANGUAGES = ("kk", "ru", "en")


def trusts(actor: Actor | None) -> bool:
    """Whether the caller sees more than the public does."""
    return actor is not None and actor.has(Scope.REGISTRY_READ)


def text_of(row: Row, which: str) -> dict[str, str | None]:
    """A text in its three languages."""
    return {code: row[f"{which}_{code}"] for code in LANGUAGES}


async def portraits(
    session: AnySession, rows: Iterable[Row], *, on: date, known_at: datetime | None
) -> dict[UUID, Portrayed]:
    """Who the parties of all these memoranda are, asked at once."""
    ids = {UUID(party["organisation_id"]) for row in rows for party in row["parties"] if party["organisation_id"]}
    return await units.portrayed(session, ids, on=on, known_at=known_at)


def party(row: Row, known: Mapping[UUID, Portrayed]) -> dict[str, Any]:
    """A party as `MemorandumPartyRead`."""
    organisation_id = UUID(row["organisation_id"]) if row["organisation_id"] else None
    portrait = known.get(organisation_id) if organisation_id else None
    position = text_of(row, "position")
    return {
        **{
            name: row[name]
            for name in ("id", "country", "bin", "kind", "role", "signed", "signed_on", "valid_from", "valid_until")
        },
        "organisation_id": organisation_id,
        "part_of": portrait.parent_id if portrait else None,
        "name": portrait.name if portrait else text_of(row, "name"),
        "signatory": {"position": position, "basis": row["basis"]} if any(position.values()) else None,
    }


def summary(row: Row, known: Mapping[UUID, Portrayed], *, day: date, trusted: bool) -> dict[str, Any]:
    """A memorandum as `MemorandumSummary`; what has to be done next is not for strangers."""
    status = MemorandumStatus(row["status"])
    coming = rules.next_action(
        status,
        ends_on=row["ends_on"],
        renewal=RenewalKind(row["renewal"]),
        renewal_months=row["renewal_months"],
        notice_days=row["notice_days"],
        day=day,
    )
    parsed = edtf.parse(row["signed_on"]) if row["signed_on"] else None
    ended_by_itself = row["status"] != row["written"]
    return {
        "id": row["id"],
        "title": text_of(row, "title"),
        "kinds": row["kinds"],
        "status": status,
        "status_since": after(row["ends_on"]) if ended_by_itself else row["step_on"],
        "parties": [party(one, known) for one in row["parties"]],
        "signed_on": row["signed_on"],
        "signed_on_precision": parsed.precision if parsed else Precision.UNKNOWN,
        "starts_on": row["starts_on"],
        "ends_on": row["ends_on"],
        "renewal": row["renewal"],
        "next_action": {"kind": coming[0], "on": coming[1]} if coming and trusted else None,
        "area": row["area_code"],
    }


def after(day: date) -> date:
    """The day that follows."""
    return date.fromordinal(day.toordinal() + 1)


def standing(row: Row, *, day: date) -> rules.Standing:
    """What decisions about the memorandum depend on."""
    return rules.Standing(
        written=MemorandumStatus(row["written"]),
        parties=len(row["parties"]),
        ends_on=row["ends_on"],
        renewal=RenewalKind(row["renewal"]),
        day=day,
    )


def event(document: Mapping[str, Any]) -> dict[str, Any]:
    """What the change feed tells, ready for JSON."""
    return {
        "id": str(document["id"]),
        "title": document["title"],
        "kinds": list(document["kinds"]),
        "status": document["status"].value,
        "signed_on": document["signed_on"],
        "starts_on": _iso(document["starts_on"]),
        "ends_on": _iso(document["ends_on"]),
        "area": document["area"],
        "parties": [_party_event(one) for one in document["parties"]],
    }


def _party_event(one: Mapping[str, Any]) -> dict[str, Any]:
    organisation_id = one["organisation_id"]
    return {
        "id": str(one["id"]),
        "organisation_id": str(organisation_id) if organisation_id else None,
        **{name: one[name] for name in ("name", "country", "kind", "role", "signed")},
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def organisations(row: Row) -> Sequence[UUID]:
    """The organisations that are parties."""
    return [UUID(one["organisation_id"]) for one in row["parties"] if one["organisation_id"]]
