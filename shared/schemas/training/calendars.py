"""Calendars of teachers, trainers and rooms, and addresses under which phones subscribe to them."""

from enum import StrEnum
from typing import Annotated, Literal, NewType
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.schemas.base import Date, In, Instant, Line, Out

_ID = "0198c0de-0000-7000-8000-000000000701"
_OWNER = "0198c0de-0000-7000-8000-000000000401"
_TOKEN = "k3Jq0Zr5b1mVw8YtUe2nXa7sLd4hGf6pQc9oRi1uTyE"  # noqa: S105 -- an example

CalendarOwnerId = NewType("CalendarOwnerId", UUID)
CalendarSubscriptionId = NewType("CalendarSubscriptionId", UUID)


class CalendarOwner(StrEnum):
    """Whose calendar it is."""

    EDUCATOR = "educator"
    TRAINER = "trainer"
    ROOM = "room"


class SessionCalendarQuery(In):
    """Which entries of a calendar, and in which language."""

    language: Literal["kk", "ru", "en"] = Field(
        default="kk", description="Language of the entries, as far as they are written in it", examples=["kk"]
    )
    since: Date | None = Field(default=None, description="Sessions from this day; a year back if left out")
    method: Literal["publish", "cancel"] = Field(
        default="publish",
        description="`publish`: all entries, those that were cancelled marked so; `cancel`: only what was cancelled, "
        "as a message that takes it out of a calendar",
        examples=["publish"],
    )


CalendarToken = Annotated[str, StringConstraints(min_length=43, max_length=43, pattern=r"^[A-Za-z0-9_\-]{43}$")]
"""The secret part of an address; who knows it reads the calendar."""


class SubscriptionCreate(In):
    """A new address for a phone."""

    owner_kind: CalendarOwner = Field(description="Whose calendar it is", examples=["educator"])
    owner_id: CalendarOwnerId = Field(description="The person, trainer or room", examples=[_OWNER])
    label: Line | None = Field(
        default=None, description="To know it again by; no personal data", examples=["Phone, spring 2026"]
    )


class SubscriptionQuery(In):
    """Of which calendar."""

    owner_kind: CalendarOwner = Field(description="Whose calendar it is", examples=["educator"])
    owner_id: CalendarOwnerId = Field(description="The person, trainer or room", examples=[_OWNER])


class SubscriptionRead(Out):
    """An address under which a calendar is read without a login."""

    id: CalendarSubscriptionId = Field(description="Its identifier", examples=[_ID])
    owner_kind: CalendarOwner = Field(description="Whose calendar it is", examples=["educator"])
    owner_id: CalendarOwnerId = Field(description="The person, trainer or room", examples=[_OWNER])
    label: str | None = Field(description="To know it again by", max_length=500)
    created_at: Instant = Field(description="When it was made", examples=["2026-01-05T10:00:00+05:00"])
    revoked_at: Instant | None = Field(description="When it was revoked; null while it works")


class SubscriptionMade(SubscriptionRead):
    """The address itself, shown this once: only its digest is kept."""

    path: str = Field(
        description="Where the calendar is read, secret included",
        max_length=200,
        examples=[f"/v1/calendar-feeds/{_TOKEN}"],
    )


class SubscriptionList(Out):
    """The addresses of one calendar."""

    items: list[SubscriptionRead] = Field(description="The newest first", max_length=1000)
