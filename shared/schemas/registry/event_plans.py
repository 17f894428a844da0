"""Plans of events: items by month, approval, revisions, and how much of it was held."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from shared.schemas.base import (
    Code,
    Date,
    FilledLine,
    In,
    Instant,
    Kato,
    Line,
    LocalisedText,
    Out,
    TextOut,
    stays,
    wrong,
)
from shared.schemas.pages import PageQuery
from shared.schemas.registry.organisations import TextPatch
from shared.schemas.registry.texts import Named, Word

Month = Annotated[str, StringConstraints(max_length=7, pattern=r"^(20|21)\d\d-(0[1-9]|1[0-2])$")]
"""A month: `2026-03`."""

_TITLE = {"kk": "Лига іс-шараларының жоспары", "ru": "План мероприятий лиги"}
_ITEM_TITLE = {"kk": "«Көшбасшылық» форумы", "ru": "Форум «Лидерство»"}
_ITEM_ID = "0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4801"


def _next_year(text: str) -> str:
    if int(text[5:]) != int(text[:4]) + 1:
        raise wrong(
            "academic_year_type",
            kk="Оқу жылы қатар екі жылдан тұрады: 2025-2026",
            ru="Учебный год — два года подряд: 2025-2026",
            en="A school year is two years in a row: 2025-2026",
        )
    return text


AcademicYear = Annotated[
    str,
    StringConstraints(max_length=9, pattern=r"^20\d\d-(20\d\d|2100)$"),
    AfterValidator(_next_year),
    Field(examples=["2025-2026"]),
]
"""A school year from September to August: `2025-2026`."""


class EventPlanStatus(StrEnum):
    """Where a plan is."""

    DRAFT = "draft"
    APPROVED = "approved"
    REVISED = "revised"
    """The approved revision stands, and a newer one waits for approval."""


class EventPlanItemCreate(In):
    """Something to be held in a month."""

    month: Month = Field(description="The month it is planned for", examples=["2026-03"])
    title: LocalisedText = Field(description="What is to be held", examples=[_ITEM_TITLE])
    kind: Word | None = Field(default=None, description="What sort of event", examples=["forum"])
    responsible_id: UUID | None = Field(
        default=None,
        description="The organisation that answers for it",
        examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"],
    )
    note: Line | None = Field(default=None, description="A short note", examples=["30 директор"])


class EventPlanItemUpdate(In):
    """A JSON Merge Patch of an item: what is absent stays, null removes."""

    month: Month | None = Field(
        default=None, description="The month it is planned for", examples=["2026-04"], json_schema_extra=stays
    )
    title: TextPatch | None = Field(default=None, description="What is to be held", examples=[{"en": "Forum"}])
    kind: Word | None = Field(default=None, description="What sort of event", examples=["forum"])
    responsible_id: UUID | None = Field(
        default=None,
        description="The organisation that answers for it",
        examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"],
    )
    note: Line | None = Field(default=None, description="A short note", examples=["30 директор"])


class EventPlanCreate(In):
    """A plan to be drafted."""

    organisation_id: UUID | None = Field(
        default=None,
        description="Whose plan it is; a plan without an owner is that of its area",
        examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"],
    )
    area: Kato | None = Field(
        default=None, description="What it covers; by default where its owner stands", examples=["430000000"]
    )
    network: Code | None = Field(
        default=None, description="The network it is made for", examples=["partner-directors-kyzylorda"]
    )
    academic_year: AcademicYear = Field(description="The school year, September to August", examples=["2025-2026"])
    title: LocalisedText = Field(description="What it is called", examples=[_TITLE])
    items: list[EventPlanItemCreate] = Field(
        default_factory=list,
        max_length=500,
        description="What is to be held",
        examples=[[{"month": "2026-03", "title": _ITEM_TITLE, "kind": "forum"}]],
    )


class EventPlanApprove(In):
    """By whom the latest revision is approved."""

    approver_role: FilledLine = Field(
        description="The office of who approves, never a person's name", examples=["Білім басқармасының басшысы"]
    )
    on: Date | None = Field(default=None, description="The day of approval; by default today", examples=["2025-08-28"])
    document: Line | None = Field(default=None, description="The order or minutes", examples=["№ 12 хаттама"])


class EventPlanItemRead(Out):
    """An item of a plan."""

    id: UUID = Field(description="The item; the same in all revisions", examples=[_ITEM_ID])
    month: Month = Field(description="The month it is planned for", examples=["2026-03"])
    title: TextOut = Field(description="What is to be held", examples=[_ITEM_TITLE])
    kind: str | None = Field(default=None, max_length=40, description="What sort of event", examples=["forum"])
    responsible: Named | None = Field(default=None, description="The organisation that answers for it")
    note: str | None = Field(default=None, max_length=500, description="A short note", examples=[None])


class EventPlanRevision(Out):
    """One revision of a plan, without its items."""

    number: int = Field(ge=1, description="1, 2, 3 …", examples=[1])
    item_count: int = Field(ge=0, description="How many items it has", examples=[12])
    drafted_at: Instant = Field(description="When it was begun", examples=["2025-08-20T09:00:00+05:00"])
    approved_on: Date | None = Field(
        default=None, description="When it was approved; null while it is a draft", examples=["2025-08-28"]
    )
    approver_role: str | None = Field(
        default=None, max_length=500, description="The office of who approved it", examples=["Басқарма басшысы"]
    )
    document: str | None = Field(default=None, max_length=500, description="The order or minutes", examples=[None])


class EventPlanSummary(Out):
    """A plan in a list."""

    id: UUID = Field(description="The plan", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4802"])
    organisation: Named | None = Field(default=None, description="Whose plan it is")
    area: str | None = Field(default=None, max_length=9, description="What it covers", examples=["430000000"])
    network: str | None = Field(default=None, max_length=64, description="The network it is made for", examples=[None])
    academic_year: str = Field(max_length=9, description="The school year", examples=["2025-2026"])
    title: TextOut = Field(description="What it is called", examples=[_TITLE])
    status: EventPlanStatus = Field(description="Where it is", examples=["approved"])
    latest_revision: int = Field(ge=1, description="The number of its latest revision", examples=[2])
    approved_revision: int | None = Field(
        default=None, ge=1, description="The number of the revision in force", examples=[1]
    )


class EventPlanRead(EventPlanSummary):
    """A plan with the items of one revision."""

    revision: int = Field(ge=1, description="The revision whose items these are", examples=[2])
    items: list[EventPlanItemRead] = Field(max_length=500, description="Its items, by month")
    revisions: list[EventPlanRevision] = Field(max_length=10_000, description="All revisions, the first one first")
    version: int = Field(ge=1, description="How many times the plan was changed", examples=[3])


class EventPlansQuery(PageQuery):
    """Which plans."""

    area: Kato | None = Field(
        default=None, description="Only inside this area and everything under it", examples=["430000000"]
    )
    organisation_id: UUID | None = Field(
        default=None, description="Only of this owner", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"]
    )
    network: Code | None = Field(
        default=None, description="Only of this network", examples=["partner-directors-kyzylorda"]
    )
    academic_year: AcademicYear | None = Field(
        default=None, description="Only of this school year", examples=["2025-2026"]
    )


class EventPlanQuery(In):
    """Which revision of a plan."""

    revision: int | None = Field(
        default=None,
        ge=1,
        le=2**31 - 1,
        description="A certain revision; by default the latest, for the public the latest that was approved",
        examples=[1],
    )


class PlanMonth(Out):
    """What was planned for a month and what was held of it."""

    month: Month = Field(description="The month", examples=["2026-03"])
    planned: int = Field(ge=0, description="Items planned for it", examples=[4])
    held: int = Field(ge=0, description="Those of them with an event that was held", examples=[3])
    rate: float | None = Field(default=None, description="held / planned; null where none is planned", examples=[0.75])
    late: int = Field(ge=0, description="Those that were held after the month", examples=[1])
    cancelled: int = Field(ge=0, description="Those whose events were all cancelled", examples=[0])
    open: int = Field(ge=0, description="Those neither held nor cancelled", examples=[1])


class EventPlanReport(Out):
    """Whether the plan is being carried out."""

    plan_id: UUID = Field(description="The plan", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4802"])
    revision: int = Field(ge=1, description="The revision that is counted", examples=[1])
    planned: int = Field(ge=0, description="Items of the year", examples=[24])
    held: int = Field(ge=0, description="Those held", examples=[15])
    rate: float | None = Field(default=None, description="held / planned; null where none is planned", examples=[0.625])
    months: list[PlanMonth] = Field(max_length=12, description="September to August")
