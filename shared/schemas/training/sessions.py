"""Sessions: the meetings of a cohort, where and when they are held and who teaches."""

import re
from datetime import time
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from shared.schemas.base import Date, In, Instant, Line, Out, stays, wrong
from shared.schemas.training.cohorts import Warned
from shared.schemas.training.ids import CohortId, RoomId, SessionId, TrainerId, VenueId
from shared.schemas.training.words import ReasonCode

_ID = "0198c0de-0000-7000-8000-000000000321"
_COHORT = "0198c0de-0000-7000-8000-000000000301"
_VENUE = "0198c0de-0000-7000-8000-000000000311"
_ROOM = "0198c0de-0000-7000-8000-000000000331"
_TRAINER = "0198c0de-0000-7000-8000-000000000341"
_TIME = re.compile(r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$", re.ASCII)


def _hours_and_minutes(value: Any) -> Any:
    if isinstance(value, time) or (isinstance(value, str) and _TIME.match(value)):
        return value
    raise wrong(
        "time_type", kk="СС:ММ түріндегі уақыт күтіледі", ru="Ожидается время ЧЧ:ММ", en="A time HH:MM is expected"
    )


TimeOfDay = Annotated[
    time,
    BeforeValidator(_hours_and_minutes),
    WithJsonSchema({"type": "string", "pattern": _TIME.pattern, "maxLength": 8, "examples": ["09:00"]}),
]
"""A time of day in Kazakhstan."""


class SessionStatus(StrEnum):
    """Whether a session takes place."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"


class SessionCreate(In):
    """A meeting of the cohort."""

    held_on: Date = Field(description="The day", examples=["2026-01-07"])
    starts_at: TimeOfDay = Field(description="When it begins", examples=["09:00"])
    ends_at: TimeOfDay = Field(description="When it ends", examples=["16:00"])
    venue_id: VenueId | None = Field(default=None, description="Where; null: at every venue", examples=[_VENUE])
    room_id: RoomId | None = Field(
        default=None, description="In which room of the venue's host; needs a venue", examples=[_ROOM]
    )
    title: Line | None = Field(default=None, description="What it is about")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "SessionCreate":
        if self.ends_at <= self.starts_at:
            raise wrong(
                "period_reversed",
                kk="Аяқталу уақыты басталу уақытынан кейін болуы керек",
                ru="Окончание должно быть позже начала",
                en="It must end after it begins",
            )
        return self


class SessionUpdate(In):
    """What changes of a session; what is left out stays."""

    held_on: Date | None = Field(default=None, description="The day", examples=["2026-01-07"], json_schema_extra=stays)
    starts_at: TimeOfDay | None = Field(
        default=None, description="When it begins", examples=["09:00"], json_schema_extra=stays
    )
    ends_at: TimeOfDay | None = Field(
        default=None, description="When it ends", examples=["16:00"], json_schema_extra=stays
    )
    venue_id: VenueId | None = Field(default=None, description="Where; null: at every venue", examples=[_VENUE])
    room_id: RoomId | None = Field(default=None, description="In which room; null: in none yet", examples=[_ROOM])
    title: Line | None = Field(default=None, description="What it is about")


class SessionCancel(In):
    """Why a session does not take place."""

    reason_code: ReasonCode = Field(description="The reason by its code", examples=["weather"])


class SessionTrainer(Out):
    """Who teaches a session."""

    id: TrainerId = Field(description="The trainer", examples=[_TRAINER])
    display_name: str | None = Field(description="The name, with the trainer's consent", max_length=300)


class SessionRead(Out):
    """A meeting of the cohort."""

    id: SessionId = Field(description="Its identifier", examples=[_ID])
    cohort_id: CohortId = Field(description="The cohort", examples=[_COHORT])
    venue_id: VenueId | None = Field(description="Where; null: at every venue", examples=[_VENUE])
    room_id: RoomId | None = Field(description="In which room", examples=[_ROOM])
    held_on: Date = Field(description="The day", examples=["2026-01-07"])
    starts_at: TimeOfDay = Field(description="When it begins", examples=["09:00:00"])
    ends_at: TimeOfDay = Field(description="When it ends", examples=["16:00:00"])
    begins: Instant = Field(description="The moment it begins", examples=["2026-01-07T09:00:00+05:00"])
    ends: Instant = Field(description="The moment it ends", examples=["2026-01-07T16:00:00+05:00"])
    title: str | None = Field(description="What it is about", max_length=500)
    status: SessionStatus = Field(description="Whether it takes place", examples=["scheduled"])
    reason_code: str | None = Field(description="Why it was cancelled", max_length=64)
    trainers: list[SessionTrainer] = Field(description="Who teaches", max_length=50)
    warnings: list[Warned] = Field(
        description="What to look at again; forbids nothing",
        max_length=20,
        examples=[[{"code": "public_holiday", "message": {"en": "Orthodox Christmas"}}]],
    )
    version: int = Field(
        description="Counts changes; the ETag and the SEQUENCE of calendars are made of it", ge=1, examples=[1]
    )


class SessionList(Out):
    """All sessions of a cohort."""

    items: list[SessionRead] = Field(description="The sessions, by day and hour", max_length=2000)
