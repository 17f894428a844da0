"""Events: what is held where and when, who comes, in which sessions, and what becomes of it."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from shared.edtf import Precision
from shared.schemas.base import (
    Code,
    Count,
    Date,
    Edtf,
    FilledLine,
    In,
    Instant,
    Kato,
    Line,
    LocalisedText,
    Out,
    Paragraph,
    TextOut,
    Whole,
    one_of,
    stays,
    wrong,
)
from shared.schemas.pages import PageQuery
from shared.schemas.registry.organisations import TextPatch
from shared.schemas.registry.texts import UNIQUE, Country, LongText, Named, Word, distinct

Days = Annotated[Whole, Field(ge=1, le=366)]
"""How many days something lasts."""

Audience = Annotated[list[Word], AfterValidator(distinct), UNIQUE]
"""For whom: categories and roles of people, as an open list."""

_TITLE = {"kk": "Әдістемелік марафон", "ru": "Методический марафон"}
_AUDIENCE = ["master", "trainer"]
_HOST = "0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"


class EventStatus(StrEnum):
    """Where an event is in its life."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    """Not on the day that was told, and no new one is certain yet."""


class SessionCreate(In):
    """A part of an event with a topic of its own."""

    title: LocalisedText = Field(
        description="Its topic, kept exactly as it is written", examples=[{"kk": "«Заманауи сабақ: «5E» моделі»"}]
    )
    audience: Audience = Field(
        default_factory=list, max_length=20, description="For whom it is, if not for all", examples=[["master"]]
    )
    starts_at: Instant | None = Field(default=None, description="When it begins, if that is known", examples=[None])
    ends_at: Instant | None = Field(default=None, description="When it is over, if that is known", examples=[None])

    @model_validator(mode="after")
    def _in_order(self) -> "SessionCreate":
        if self.starts_at is not None and self.ends_at is not None and self.ends_at <= self.starts_at:
            raise wrong(
                "session_reversed",
                kk="Сессия басталғаннан кейін аяқталуы керек",
                ru="Сессия должна заканчиваться после начала",
                en="A session ends after it begins",
            )
        return self


class DelegationCreate(In, json_schema_extra=one_of("organisation_id", "body")):
    """People who come together: from an organisation of the registry, or from a body it does not have."""

    organisation_id: UUID | None = Field(default=None, description="Their organisation", examples=[_HOST])
    body: LocalisedText | None = Field(
        default=None,
        description="Their body, where the registry does not have it: an akimat, a school abroad",
        examples=[None],
    )
    country: Country | None = Field(default=None, description="Country of a foreign body (ISO 3166-1)", examples=["RU"])
    role: Word = Field(default="participant", description="In what role they come", examples=["guest"])
    people: Annotated[Count, Field(ge=1, le=100_000)] = Field(default=1, description="How many", examples=[4])

    @model_validator(mode="after")
    def _one_of_them(self) -> "DelegationCreate":
        if (self.organisation_id is None) == (self.body is None):
            raise wrong(
                "delegation_of_one_body",
                kk="organisation_id немесе body өрістерінің дәл біреуі керек",
                ru="Нужно ровно одно из полей organisation_id и body",
                en="Exactly one of organisation_id and body is needed",
            )
        return self


class EventAttributes(In):
    """Everything of an event except where it is in its life."""

    kind: Word = Field(
        description="What sort of event: forum, methodical_marathon, seminar, conference, exchange, …",
        examples=["methodical_marathon"],
    )
    title: LocalisedText = Field(description="What it is called", examples=[_TITLE])
    description: LongText | None = Field(
        default=None, description="What it is about", examples=[{"ru": "О чём это мероприятие"}]
    )
    host_id: UUID | None = Field(default=None, description="The organisation that hosts it", examples=[_HOST])
    area: Kato | None = Field(
        default=None, description="Where it is held; by default where its host stands", examples=["751210000"]
    )
    venue: LocalisedText | None = Field(
        default=None, description="The place, where it is not the host's own", examples=[{"kk": "Мәдениет үйі"}]
    )
    network: Code | None = Field(
        default=None, description="The network it belongs to", examples=["partner-directors-kyzylorda"]
    )
    when: Edtf = Field(
        description="The day, week, month or year of it, as exactly as it is known (EDTF)", examples=["2022-W51"]
    )
    duration_days: Days = Field(default=1, description="How many days it lasts", examples=[2])
    audience: Audience = Field(default_factory=list, max_length=20, description="For whom it is", examples=[_AUDIENCE])
    delegations: list[DelegationCreate] = Field(
        default_factory=list,
        max_length=200,
        description="Who takes part",
        examples=[[{"organisation_id": _HOST, "role": "host", "people": 12}]],
    )
    sessions: list[SessionCreate] = Field(
        default_factory=list,
        max_length=100,
        description="Its parts, in their order",
        examples=[[{"title": {"kk": "«Заманауи сабақ»"}, "audience": ["master"]}]],
    )
    plan_item_id: UUID | None = Field(
        default=None, description="The item of a plan that it carries out", examples=[None]
    )
    outcomes: LongText | None = Field(
        default=None, description="What came of it", examples=[{"ru": "Договорились об обмене опытом"}]
    )
    notes: Paragraph | None = Field(
        default=None, description="Notes of those who prepare it; not public", examples=["Акт зал 300 орын"]
    )


class EventCreate(EventAttributes):
    """An event to be entered."""

    status: Literal[EventStatus.PLANNED, EventStatus.HELD] = Field(
        default=EventStatus.PLANNED,
        description="`held` for what is entered after the fact",
        examples=["planned"],
    )


class EventUpdate(In):
    """A JSON Merge Patch (RFC 7396): what is absent stays, null removes, objects are merged, lists are replaced."""

    kind: Word | None = Field(
        default=None, description="What sort of event", json_schema_extra=stays, examples=["seminar"]
    )
    title: TextPatch | None = Field(default=None, description="What it is called", examples=[{"en": "Marathon"}])
    description: LongText | None = Field(
        default=None, description="What it is about", examples=[{"ru": "О чём это мероприятие"}]
    )
    host_id: UUID | None = Field(
        default=None, description="The organisation that hosts it", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"]
    )
    area: Kato | None = Field(default=None, description="Where it is held", examples=["751210000"])
    venue: TextPatch | None = Field(
        default=None, description="The place, where it is not the host's own", examples=[{"kk": "Мәдениет үйі"}]
    )
    network: Code | None = Field(
        default=None, description="The network it belongs to", examples=["partner-directors-kyzylorda"]
    )
    when: Edtf | None = Field(default=None, description="When it is", json_schema_extra=stays, examples=["2022-W51"])
    duration_days: Days | None = Field(
        default=None, description="How many days it lasts", examples=[2], json_schema_extra=stays
    )
    audience: Audience | None = Field(default=None, max_length=20, description="For whom it is", examples=[_AUDIENCE])
    delegations: list[DelegationCreate] | None = Field(
        default=None,
        max_length=200,
        description="Who takes part",
        examples=[[{"organisation_id": "0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601", "role": "host", "people": 12}]],
    )
    sessions: list[SessionCreate] | None = Field(
        default=None,
        max_length=100,
        description="Its parts, all of them",
        examples=[[{"title": {"kk": "«Заманауи сабақ»"}}]],
    )
    plan_item_id: UUID | None = Field(
        default=None,
        description="The item of a plan that it carries out",
        examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4801"],
    )
    outcomes: LongText | None = Field(
        default=None, description="What came of it", examples=[{"ru": "Договорились об обмене опытом"}]
    )
    notes: Paragraph | None = Field(
        default=None, description="Notes of those who prepare it; not public", examples=["Акт зал 300 орын"]
    )


class EventTransition(In):
    """The next step in the life of an event."""

    to: EventStatus = Field(description="The status it takes", examples=["postponed"])
    reason: FilledLine | None = Field(
        default=None,
        description="Why it is cancelled or postponed; needed for these two",
        examples=["Карантин жарияланды"],
    )
    when: Edtf | None = Field(default=None, description="The new date, where it is known", examples=["2026-04"])
    duration_days: Days | None = Field(default=None, description="How many days it lasts now", examples=[2])


class SessionRead(Out):
    """A part of an event."""

    title: TextOut = Field(description="Its topic, as it was written", examples=[{"kk": "«Заманауи сабақ»"}])
    audience: list[str] = Field(max_length=20, description="For whom it is, if not for all", examples=[["master"]])
    starts_at: Instant | None = Field(default=None, description="When it begins", examples=[None])
    ends_at: Instant | None = Field(default=None, description="When it is over", examples=[None])


class DelegationRead(Out):
    """People who come together."""

    organisation: Named | None = Field(default=None, description="Their organisation, if the registry has it")
    body: TextOut | None = Field(
        default=None, description="Their body, if the registry does not have it", examples=[{"ru": "Акимат города"}]
    )
    country: str | None = Field(default=None, max_length=2, description="Country of a foreign body", examples=["RU"])
    role: str = Field(max_length=40, description="In what role they come", examples=["guest"])
    people: int = Field(ge=1, description="How many", examples=[4])


class EventSummary(Out):
    """An event in a list."""

    id: UUID = Field(description="The event", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4701"])
    kind: str = Field(max_length=40, description="What sort of event", examples=["forum"])
    title: TextOut = Field(description="What it is called", examples=[_TITLE])
    host: Named | None = Field(default=None, description="The organisation that hosts it, by its name of that time")
    area: str = Field(max_length=9, description="KATO code of where it is held", examples=["751210000"])
    venue: TextOut | None = Field(
        default=None, description="The place, where it is not the host's own", examples=[{"kk": "Мәдениет үйі"}]
    )
    network: str | None = Field(default=None, max_length=64, description="The network it belongs to", examples=[None])
    when: Edtf = Field(description="When it is, as exactly as it is known", examples=["2022-W51"])
    earliest: Date = Field(description="The first day it may be on", examples=["2022-12-19"])
    latest: Date = Field(description="The last day it may begin on", examples=["2022-12-25"])
    precision: Precision = Field(description="How exactly the date is known", examples=["week"])
    approximate: bool = Field(description="Whether the date is «about then»", examples=[False])
    uncertain: bool = Field(description="Whether the date is «perhaps then»", examples=[False])
    duration_days: int = Field(ge=1, description="How many days it lasts", examples=[2])
    status: EventStatus = Field(description="Where it is in its life", examples=["held"])
    status_reason: str | None = Field(
        default=None, max_length=500, description="Why it is cancelled or postponed", examples=[None]
    )
    audience: list[str] = Field(max_length=20, description="For whom it is as a whole", examples=[_AUDIENCE])
    plan_item_id: UUID | None = Field(default=None, description="The item of a plan it carries out", examples=[None])
    session_count: int = Field(ge=0, description="How many sessions it has", examples=[3])
    people: int = Field(ge=0, description="How many people its delegations have together", examples=[40])


class EventRead(EventSummary):
    """An event with all its parts."""

    description: TextOut | None = Field(
        default=None, description="What it is about", examples=[{"ru": "О чём это мероприятие"}]
    )
    sessions: list[SessionRead] = Field(max_length=100, description="Its parts, in their order")
    delegations: list[DelegationRead] = Field(max_length=200, description="Who takes part")
    outcomes: TextOut | None = Field(
        default=None, description="What came of it", examples=[{"ru": "Договорились об обмене опытом"}]
    )
    notes: str | None = Field(
        default=None,
        max_length=10_000,
        description="Notes of those who prepare it; only for callers with `registry:read`",
        examples=[None],
    )
    sequence: int = Field(
        ge=0, description="How often its day, place, name or status changed (SEQUENCE of iCalendar)", examples=[1]
    )
    next_statuses: list[EventStatus] = Field(
        max_length=4, description="Where it can go from here", examples=[["held", "cancelled", "postponed"]]
    )
    version: int = Field(ge=1, description="How many times it was changed", examples=[1])
    updated_at: Instant = Field(description="When it was last changed", examples=["2026-03-01T09:00:00+05:00"])


class _EventFilter(In):
    """What lists and calendars of events are narrowed by."""

    area: Kato | None = Field(
        default=None, description="Only inside this area and everything under it", examples=["750000000"]
    )
    host_id: UUID | None = Field(
        default=None, description="Only of this host", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"]
    )
    network: Code | None = Field(
        default=None, description="Only of this network", examples=["partner-directors-kyzylorda"]
    )
    kind: list[Word] = Field(
        default_factory=list, max_length=20, description="Only of these kinds", examples=[["forum"]]
    )
    since: Date | None = Field(
        default=None, alias="from", description="Only what may still last on this day or later", examples=["2026-03-01"]
    )
    until: Date | None = Field(
        default=None, description="Only what may begin on this day or earlier", examples=["2026-03-31"]
    )
    category: Word | None = Field(
        default=None, description="Only for this audience, as a whole or in one of the sessions", examples=["master"]
    )


class EventsQuery(PageQuery, _EventFilter):
    """Which events."""

    q: Line | None = Field(
        default=None,
        description="Words and numbers of the title, of the sessions or of the host's names; a number is matched as a "
        "whole, Kazakh letters may be missing",
        examples=["Момышулы 46"],
    )
    status: list[EventStatus] = Field(
        default_factory=list, max_length=4, description="Only in these statuses", examples=[["planned"]]
    )
    participant_id: UUID | None = Field(
        default=None,
        description="Only where this organisation takes part",
        examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"],
    )
    plan_id: UUID | None = Field(
        default=None,
        description="Only what carries out items of this plan",
        examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4802"],
    )
    sort: Literal["when", "-when"] = Field(
        default="when",
        description="`when` by the first day an event may be on, then by the last; `-when` turns it round",
        examples=["-when"],
    )


class CalendarQuery(_EventFilter):
    """Which events a calendar shows, and in which language."""

    language: Literal["kk", "ru", "en"] = Field(
        default="kk", description="Titles in this language where they have it", examples=["ru"]
    )
