"""Development plans of organisations: the model a head designed, in versions that stay readable."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from shared.schemas.base import Date, In, Instant, Kato, Line, LocalisedText, Out, TextOut
from shared.schemas.pages import PageQuery
from shared.schemas.registry.texts import UNIQUE, LongText, Named, distinct

_TITLE = {"kk": "Мектептің даму моделі", "ru": "Модель развития школы"}
_PLAN = "0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4a01"


class DevelopmentPlanVersionCreate(In):
    """What a plan says from now on."""

    title: LocalisedText = Field(description="What it is called", examples=[_TITLE])
    model: LongText = Field(
        description="The model of development the organisation designed for itself", examples=[{"kk": "Ашық мектеп"}]
    )
    strategies: list[LocalisedText] = Field(
        default_factory=list,
        max_length=50,
        description="Its strategies, in their order",
        examples=[[{"kk": "Оқу мәдениетін дамыту"}]],
    )
    project_ids: Annotated[list[UUID], AfterValidator(distinct), UNIQUE] = Field(
        default_factory=list, max_length=50, description="The projects that carry it out", examples=[[]]
    )
    starts_on: Date | None = Field(default=None, description="First day of the plan", examples=["2023-01-09"])
    ends_on: Date | None = Field(default=None, description="Last day of the plan", examples=["2027-12-31"])
    reason: Line | None = Field(
        default=None, description="Why there is a new version", examples=["Жаңа әріптестер қосылды"]
    )


class DevelopmentPlanCreate(DevelopmentPlanVersionCreate):
    """The first version of a plan."""

    organisation_id: UUID = Field(description="Whose plan it is", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"])


class DevelopmentPlanVersion(Out):
    """One version of a plan, without what it says."""

    number: int = Field(ge=1, description="1, 2, 3 …", examples=[1])
    recorded_at: Instant = Field(description="When it was entered", examples=["2026-04-03T09:00:00+05:00"])
    reason: str | None = Field(default=None, max_length=500, description="Why it was made", examples=[None])


class DevelopmentPlanSummary(Out):
    """A plan in a list, as its latest version has it."""

    id: UUID = Field(description="The plan", examples=[_PLAN])
    organisation: Named = Field(description="Whose plan it is")
    title: TextOut = Field(description="What it is called", examples=[_TITLE])
    number: int = Field(ge=1, description="The version", examples=[2])
    recorded_at: Instant = Field(description="When this version was entered", examples=["2026-04-03T09:00:00+05:00"])


class DevelopmentPlanRead(DevelopmentPlanSummary):
    """One version of a plan."""

    model: TextOut = Field(description="The model of development", examples=[{"kk": "Ашық мектеп"}])
    strategies: list[TextOut] = Field(max_length=50, description="Its strategies, in their order")
    project_ids: list[UUID] = Field(max_length=50, description="The projects that carry it out", examples=[[]])
    starts_on: Date | None = Field(default=None, description="First day of the plan", examples=["2023-01-09"])
    ends_on: Date | None = Field(default=None, description="Last day of the plan", examples=["2027-12-31"])
    reason: str | None = Field(default=None, max_length=500, description="Why it was made", examples=[None])
    superseded_by: int | None = Field(
        default=None, ge=2, description="The version that took its place; null for the one in force", examples=[None]
    )
    versions: list[DevelopmentPlanVersion] = Field(max_length=10_000, description="All versions, the first one first")


class DevelopmentPlansQuery(PageQuery):
    """Which plans."""

    organisation_id: UUID | None = Field(
        default=None, description="Only of this organisation", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"]
    )
    area: Kato | None = Field(
        default=None, description="Only inside this area and everything under it", examples=["271000000"]
    )


class DevelopmentPlanQuery(In):
    """Which version of a plan."""

    number: int | None = Field(
        default=None, ge=1, le=2**31 - 1, description="A certain version; by default the latest", examples=[1]
    )
