"""Calendars for people's own programs: iCalendar (RFC 5545), written by the `icalendar` library."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from fastapi import Response
from icalendar import Calendar
from icalendar import Event as Component

MEDIA_TYPE = "text/calendar"
Method = Literal["PUBLISH", "CANCEL"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing in a calendar."""

    uid: str
    """Stays the same for the life of the thing: `<id>@bilim`."""
    sequence: int
    """Counts the changes that move or cancel it, from 0: programs keep what has the highest."""
    summary: str
    starts: date | datetime
    """A day for things that last whole days."""
    ends: date | datetime
    """Days: the last one, included. Moments: when it is over."""
    changed_at: datetime
    """When this was last written; by it a program also sees what is newer."""
    status: Literal["TENTATIVE", "CONFIRMED", "CANCELLED"] = "CONFIRMED"
    description: str = ""
    location: str = ""
    url: str = ""
    categories: tuple[str, ...] = field(default=())


def answer(name: str, entries: Sequence[Entry], *, method: Method = "PUBLISH") -> Response:
    """A calendar as a file that programs subscribe to; the same entries give the same bytes."""
    return Response(render(name, entries, method=method), media_type=MEDIA_TYPE)


def render(name: str, entries: Sequence[Entry], *, method: Method = "PUBLISH") -> bytes:
    """The bytes of a calendar. A cancelled entry stays in it, so that programs take it out.

    With the method `CANCEL` it is a message about entries that are all cancelled (RFC 5546).
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Bilim//Bilim//KK")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add("x-wr-calname", name)
    for entry in entries:
        calendar.add_component(_component(entry))
    return bytes(calendar.to_ical())


def _component(entry: Entry) -> Component:
    component = Component()
    component.add("uid", entry.uid)
    component.add("sequence", entry.sequence)
    component.add("dtstamp", entry.changed_at)
    component.add("last-modified", entry.changed_at)
    component.add("summary", entry.summary)
    component.add("dtstart", entry.starts)
    # RFC 5545 3.6.1: the end of whole days is the first day after them.
    whole_days = not isinstance(entry.ends, datetime)
    component.add("dtend", entry.ends + timedelta(days=1) if whole_days else entry.ends)
    component.add("status", entry.status)
    for part in ("description", "location", "url"):
        if text := getattr(entry, part):
            component.add(part, text)
    if entry.categories:
        component.add("categories", list(entry.categories))
    return component
