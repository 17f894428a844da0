"""What is counted about support after a course: progress by the rubric, visits overdue, who has a plan."""

from enum import StrEnum

from pydantic import Field

from shared.schemas.base import Code, Date, In, Out, TextOut
from shared.schemas.pages import PageQuery
from shared.schemas.training.ids import CohortId, EducatorId, OrganisationId, SupportPlanId, SupportVisitId
from shared.schemas.training.support import MOST_CRITERIA

_PLAN = "0198c0de-0000-7000-8000-000000000801"
_VISIT = "0198c0de-0000-7000-8000-000000000821"
_MENTOR = "0198c0de-0000-7000-8000-000000000402"
_COHORT = "0198c0de-0000-7000-8000-000000000301"
_ORGANISATION = "0198c0de-0000-7000-8000-000000000001"
_EDUCATOR = "0198c0de-0000-7000-8000-000000000401"
_NAME = {"kk": "Зерттеу сұрақтары", "ru": "Исследовательские вопросы"}


class CriterionProgress(Out):
    """One criterion at the first visit and at the last."""

    code: str = Field(description="The criterion", max_length=64, examples=["inquiry"])
    name: TextOut = Field(description="What it is called", examples=[_NAME])
    first: int = Field(description="Level at the first visit", ge=0, le=10, examples=[1])
    last: int = Field(description="Level at the last visit", ge=0, le=10, examples=[2])
    change: int = Field(description="Last minus first", ge=-10, le=10, examples=[1])


class SupportProgress(Out):
    """What changed between the first and the last visit."""

    first_on: Date | None = Field(
        description="Day of the first visit held; null before two were", examples=["2026-10-02"]
    )
    last_on: Date | None = Field(
        description="Day of the last visit held; null before two were", examples=["2026-12-02"]
    )
    criteria: list[CriterionProgress] = Field(
        description="By criterion; empty before two visits were held", max_length=MOST_CRITERIA
    )
    mean_change: float | None = Field(description="Mean of the changes; null before two visits", examples=[0.5])


class VisitsDueQuery(PageQuery):
    """Which visits are overdue; always within the caller's reach, the oldest first."""

    as_of: Date | None = Field(
        default=None, description="Overdue on this day; today if left out", examples=["2026-11-22"]
    )
    mentor_id: EducatorId | None = Field(default=None, description="Only of this mentor", examples=[_MENTOR])
    cohort_id: CohortId | None = Field(default=None, description="Only of this cohort", examples=[_COHORT])


class VisitDue(Out):
    """A visit that should have been held."""

    plan_id: SupportPlanId = Field(description="The plan", examples=[_PLAN])
    visit_id: SupportVisitId = Field(description="The visit", examples=[_VISIT])
    educator_id: EducatorId = Field(description="Who is helped", examples=[_EDUCATOR])
    mentor_id: EducatorId = Field(description="Who should have come", examples=[_MENTOR])
    organisation_id: OrganisationId = Field(description="Where", examples=[_ORGANISATION])
    planned_on: Date = Field(description="The day it was planned for", examples=["2026-11-03"])
    days_late: int = Field(description="Days since", ge=1, le=200_000, examples=[19])


class SupportBy(StrEnum):
    """By what support is counted."""

    PROGRAMME = "programme"
    COHORT = "cohort"
    AREA = "area"


class SupportReportQuery(In):
    """How the report is cut."""

    by: SupportBy = Field(default=SupportBy.PROGRAMME, description="A row for each of these", examples=["cohort"])
    programme_code: Code | None = Field(default=None, description="Only of this programme", examples=["ORLEU-PHYS"])
    cohort_id: CohortId | None = Field(default=None, description="Only of this cohort", examples=[_COHORT])
    as_of: Date | None = Field(
        default=None, description="Courses ended by this day; today if left out", examples=["2026-11-22"]
    )


class SupportRow(Out):
    """Graduates and their plans."""

    key: str = Field(description="Code of the programme or cohort, or the KATO code of the area", max_length=64)
    owed: int = Field(description="Who ended a course and is owed support", ge=0, le=2**31 - 1, examples=[85])
    planned: int = Field(
        description="Of them, who has a plan that was not cancelled", ge=0, le=2**31 - 1, examples=[60]
    )
    running: int = Field(description="Of them, whose plan is agreed or running", ge=0, le=2**31 - 1, examples=[40])
    completed: int = Field(description="Of them, whose plan is completed", ge=0, le=2**31 - 1, examples=[12])
    share: float | None = Field(description="Planned of those owed; null when nobody is", ge=0, le=1, examples=[0.7059])


class SupportReport(Out):
    """How many of those owed support after a course have a plan."""

    by: SupportBy = Field(description="What the rows are", examples=["cohort"])
    items: list[SupportRow] = Field(description="By key", max_length=10_000)
    total: SupportRow = Field(description="All together, each person's enrolment once; its key is `total`")
    as_of: Date = Field(description="The day the report speaks of", examples=["2026-11-22"])
