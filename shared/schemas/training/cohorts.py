"""Cohorts: one run of a programme, with its venues, seats and sessions."""

import re
from datetime import time
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from shared.schemas.base import Code, Date, FullText, In, Line, Out, TextOut, wrong
from shared.schemas.pages import PageQuery
from shared.schemas.training.ids import CohortId, OrganisationId, ProgrammeId, SessionId, VenueId
from shared.schemas.training.words import Capacity

_ID = "0198c0de-0000-7000-8000-000000000301"
_PROGRAMME = "0198c0de-0000-7000-8000-000000000201"
_VENUE = "0198c0de-0000-7000-8000-000000000311"
_SESSION = "0198c0de-0000-7000-8000-000000000321"
_HOST = "0198c0de-0000-7000-8000-000000000001"
_NAME = {"kk": "Қаңтар курстары 2026", "ru": "Январские курсы 2026"}

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


class CohortStatus(StrEnum):
    """Where a cohort stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Warned(Out):
    """Something that may be intended and is probably not; it forbids nothing."""

    code: str = Field(description="Which warning", max_length=64, examples=["public_holiday"])
    message: TextOut = Field(
        description="What it says", examples=[{"kk": "Православиелік Рождество", "ru": "Православное Рождество"}]
    )


class VenueCreate(In):
    """A place where the cohort is taught."""

    organisation_id: OrganisationId = Field(description="The host organisation, as in the registry", examples=[_HOST])
    room: Line | None = Field(default=None, description="Room or address, if the host's own is not enough")
    capacity: Capacity = Field(description="How many seats", examples=[85])


class VenueUpdate(In):
    """A new number of seats; never below the seats that are taken."""

    capacity: Capacity = Field(description="How many seats", examples=[90])


class VenueRead(Out):
    """A place where the cohort is taught, and how full it is."""

    id: VenueId = Field(description="Its identifier", examples=[_VENUE])
    cohort_id: CohortId = Field(description="The cohort", examples=[_ID])
    organisation_id: OrganisationId = Field(description="The host organisation", examples=[_HOST])
    area: str | None = Field(description="KATO code of the host's area", max_length=9, examples=["750000000"])
    room: str | None = Field(description="Room or address", max_length=500)
    capacity: int = Field(description="How many seats", ge=0, le=5000, examples=[85])
    free: int = Field(description="How many of them are free", ge=0, le=5000, examples=[3])
    version: int = Field(description="Counts changes; the ETag is made of it", ge=1, examples=[1])


class SessionCreate(In):
    """A meeting of the cohort."""

    held_on: Date = Field(description="The day", examples=["2026-01-07"])
    starts_at: TimeOfDay = Field(description="When it begins", examples=["09:00"])
    ends_at: TimeOfDay = Field(description="When it ends", examples=["16:00"])
    venue_id: VenueId | None = Field(default=None, description="Where; null: at every venue", examples=[_VENUE])
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


class SessionRead(Out):
    """A meeting of the cohort."""

    id: SessionId = Field(description="Its identifier", examples=[_SESSION])
    cohort_id: CohortId = Field(description="The cohort", examples=[_ID])
    venue_id: VenueId | None = Field(description="Where; null: at every venue", examples=[_VENUE])
    held_on: Date = Field(description="The day", examples=["2026-01-07"])
    starts_at: TimeOfDay = Field(description="When it begins", examples=["09:00:00"])
    ends_at: TimeOfDay = Field(description="When it ends", examples=["16:00:00"])
    title: str | None = Field(description="What it is about", max_length=500)
    warnings: list[Warned] = Field(
        description="What to look at again; forbids nothing",
        max_length=20,
        examples=[[{"code": "public_holiday", "message": {"en": "Orthodox Christmas"}}]],
    )


class CohortCreate(In):
    """One run of a programme; it begins as a draft."""

    programme_id: ProgrammeId = Field(description="The version of the programme that is taught", examples=[_PROGRAMME])
    code: Code = Field(description="Code, unique", examples=["KELESHEK-2026-01"])
    name: FullText = Field(description="Its name", examples=[_NAME])
    starts_on: Date = Field(description="First day", examples=["2026-01-05"])
    ends_on: Date = Field(description="Last day", examples=["2026-01-08"])
    enrolment_opens_on: Date | None = Field(default=None, description="First day of enrolment; null: when it is opened")
    enrolment_closes_on: Date | None = Field(
        default=None, description="Last day of enrolment; null: the first day of the cohort"
    )
    venues: list[VenueCreate] = Field(
        default=[],
        max_length=200,
        description="Where it is taught",
        examples=[[{"organisation_id": _HOST, "capacity": 85}]],
    )

    @model_validator(mode="after")
    def _in_order(self) -> "CohortCreate":
        opens, closes = self.enrolment_opens_on, self.enrolment_closes_on
        reversed_window = opens is not None and closes is not None and closes < opens
        if self.ends_on < self.starts_on or reversed_window or (closes is not None and closes > self.ends_on):
            raise wrong(
                "period_reversed",
                kk="Күндердің реті дұрыс емес",
                ru="Даты идут не по порядку",
                en="The dates are not in order",
            )
        return self


class CohortRead(Out):
    """One run of a programme."""

    id: CohortId = Field(description="Its identifier", examples=[_ID])
    programme_id: ProgrammeId = Field(description="The version of the programme", examples=[_PROGRAMME])
    code: str = Field(description="Code, unique", max_length=64, examples=["KELESHEK-2026-01"])
    name: TextOut = Field(description="Its name", examples=[_NAME])
    starts_on: Date = Field(description="First day", examples=["2026-01-05"])
    ends_on: Date = Field(description="Last day", examples=["2026-01-08"])
    enrolment_opens_on: Date | None = Field(description="First day of enrolment; null: when it is opened")
    enrolment_closes_on: Date | None = Field(description="Last day of enrolment; null: the first day of the cohort")
    status: CohortStatus = Field(description="Where it stands", examples=["open"])
    allowed_actions: list[str] = Field(
        description="What may be done to it now", max_length=10, examples=[["close", "start", "cancel"]]
    )
    version: int = Field(description="Counts changes; the ETag is made of it", ge=1, examples=[1])


class CohortQuery(PageQuery):
    """Which cohorts; the latest first."""

    programme_id: ProgrammeId | None = Field(default=None, description="Only of this programme", examples=[_PROGRAMME])
    status: CohortStatus | None = Field(default=None, description="Only in this state", examples=["open"])


class VenueList(Out):
    """All venues of a cohort."""

    items: list[VenueRead] = Field(description="The venues, in the order they were added", max_length=1000)


class SessionList(Out):
    """All sessions of a cohort."""

    items: list[SessionRead] = Field(description="The sessions, by day and hour", max_length=2000)


class SeatCount(Out):
    """The seats of one venue."""

    venue_id: VenueId = Field(description="The venue", examples=[_VENUE])
    capacity: int = Field(description="How many seats", ge=0, le=5000, examples=[85])
    taken: int = Field(description="How many are held", ge=0, le=5000, examples=[82])
    free: int = Field(description="How many are free", ge=0, le=5000, examples=[3])
    waiting: int = Field(description="How many people wait for one", ge=0, le=2**31 - 1, examples=[0])


class SeatCounts(Out):
    """The seats of a cohort, venue by venue."""

    items: list[SeatCount] = Field(description="The venues, in the order they were added", max_length=1000)
    capacity: int = Field(description="Seats in all", ge=0, le=5_000_000, examples=[1700])
    taken: int = Field(description="Seats held", ge=0, le=5_000_000, examples=[1690])
    free: int = Field(description="Seats free", ge=0, le=5_000_000, examples=[10])
    waiting: int = Field(description="People waiting", ge=0, le=2**31 - 1, examples=[0])
