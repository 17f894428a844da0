"""One event in two forms: the document that callers read and write, and the columns of its rows."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.registry_api.events import rules
from services.registry_api.events.models import Event, EventDelegation, EventSession
from services.registry_api.texts import spread, text
from shared import edtf
from shared.alphabet import search_key
from shared.schemas.registry.events import DelegationCreate, EventAttributes, EventStatus, SessionCreate

_TEXTS = ("title", "description", "venue", "outcomes")
_PLAIN = ("kind", "host_id", "network", "duration_days", "plan_item_id", "notes")
SESSION = ("position", "title_kk", "title_ru", "title_en", "audience", "starts_at", "ends_at")
"""Columns of a session that a caller decides upon."""
DELEGATION = ("position", "organisation_id", "country", "role", "people", "body_kk", "body_ru", "body_en")
"""Columns of a delegation that a caller decides upon."""
Names = Mapping[UUID | None, Mapping[str, Any] | None]


def columns(asked: EventAttributes, *, area: str) -> dict[str, Any]:
    """The columns of an event, those that follow from others included."""
    days = rules.days(asked.when, asked.duration_days)
    found = {name: getattr(asked, name) for name in _PLAIN}
    for outer in _TEXTS:
        found |= spread(outer, getattr(asked, outer))
    titles = [asked.title, *(session.title for session in asked.sessions)]
    told = (search_key(text) for title in titles for text in (title.kk, title.ru, title.en) if text)
    return found | {
        "area_code": area,
        "when_text": asked.when,
        "earliest": days.earliest,
        "latest": days.latest,
        "ends_by": days.ends_by,
        "audience": list(asked.audience),
        "categories": rules.categories(asked.audience, (session.audience for session in asked.sessions)),
        "search_key": f" {' '.join(told)} ",
    }


def session_columns(place: int, asked: SessionCreate) -> dict[str, Any]:
    """The columns of a session."""
    return {
        "position": place,
        **spread("title", asked.title),
        "audience": list(asked.audience),
        "starts_at": asked.starts_at,
        "ends_at": asked.ends_at,
    }


def delegation_columns(place: int, asked: DelegationCreate) -> dict[str, Any]:
    """The columns of a delegation."""
    plain = {name: getattr(asked, name) for name in ("organisation_id", "country", "role", "people")}
    return {"position": place, **plain, **spread("body", asked.body)}


def document(event: Event, sessions: Sequence[EventSession], delegations: Sequence[EventDelegation]) -> dict[str, Any]:
    """The event as `EventAttributes` reads it; what is not told is left out."""
    found = {name: getattr(event, name) for name in _PLAIN}
    found |= {outer: text(event, outer) for outer in _TEXTS}
    found |= {"area": event.area_code, "when": event.when_text, "audience": event.audience}
    found["sessions"] = [
        {"title": text(one, "title"), "audience": one.audience, "starts_at": one.starts_at, "ends_at": one.ends_at}
        for one in sessions
    ]
    found["delegations"] = [
        {
            **{name: getattr(one, name) for name in ("organisation_id", "country", "role", "people")},
            "body": text(one, "body"),
        }
        for one in delegations
    ]
    return {name: value for name, value in found.items() if value is not None}


def summary(event: Event, *, session_count: int, people: int, names: Names) -> dict[str, Any]:
    """An event as `EventSummary` reads it."""
    when = edtf.parse(event.when_text)
    plain = ("id", "kind", "network", "earliest", "latest", "duration_days", "status", "status_reason", "audience")
    return {
        **{name: getattr(event, name) for name in (*plain, "plan_item_id")},
        "title": text(event, "title"),
        "venue": text(event, "venue"),
        "host": names.get(event.host_id),
        "area": event.area_code,
        "when": event.when_text,
        "precision": when.precision,
        "approximate": when.approximate,
        "uncertain": when.uncertain,
        "session_count": session_count,
        "people": people,
    }


def whole(
    event: Event,
    sessions: Sequence[EventSession],
    delegations: Sequence[EventDelegation],
    *,
    names: Names,
    trusted: bool,
) -> dict[str, Any]:
    """An event as `EventRead`; notes are for those who may read the registry."""
    people = sum(one.people for one in delegations)
    return {
        **summary(event, session_count=len(sessions), people=people, names=names),
        "description": text(event, "description"),
        "outcomes": text(event, "outcomes"),
        "notes": event.notes if trusted else None,
        "sessions": [
            {"title": text(one, "title"), "audience": one.audience, "starts_at": one.starts_at, "ends_at": one.ends_at}
            for one in sessions
        ],
        "delegations": [
            {
                "organisation": names.get(one.organisation_id),
                "body": text(one, "body"),
                "country": one.country,
                "role": one.role,
                "people": one.people,
            }
            for one in delegations
        ],
        "sequence": event.sequence,
        "next_statuses": list(rules.TRANSITIONS[EventStatus(event.status)]),
        "version": event.version,
        "updated_at": event.updated_at,
    }
