"""Support after a course: a mentor, goals, visits judged by a rubric, and evidence that somebody else has looked at."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from shared.schemas.actions import RefusedAction
from shared.schemas.base import (
    Code,
    Date,
    FilledLine,
    Flag,
    FullText,
    In,
    Instant,
    Line,
    Out,
    TextOut,
    Whole,
    stays,
    wrong,
)
from shared.schemas.pages import PageQuery
from shared.schemas.training.ids import (
    CohortId,
    EducatorId,
    EnrolmentId,
    EvidenceId,
    OrganisationId,
    ProgrammeId,
    RubricId,
    SupportPlanId,
    SupportVisitId,
)
from shared.schemas.training.words import EvidenceItem, ReasonCode

_PLAN = "0198c0de-0000-7000-8000-000000000801"
_RUBRIC = "0198c0de-0000-7000-8000-000000000811"
_VISIT = "0198c0de-0000-7000-8000-000000000821"
_EVIDENCE = "0198c0de-0000-7000-8000-000000000831"
_ENROLMENT = "0198c0de-0000-7000-8000-000000000501"
_MENTOR = "0198c0de-0000-7000-8000-000000000402"
_COHORT = "0198c0de-0000-7000-8000-000000000301"
_PROGRAMME = "0198c0de-0000-7000-8000-000000000201"
_ORGANISATION = "0198c0de-0000-7000-8000-000000000001"
_EDUCATOR = "0198c0de-0000-7000-8000-000000000401"
_CRITERION = {
    "code": "inquiry",
    "name": {"kk": "Зерттеу сұрақтары", "ru": "Исследовательские вопросы"},
    "levels": [
        {"level": 1, "description": {"kk": "Сұрақты мұғалім қояды", "ru": "Вопросы ставит учитель"}},
        {"level": 2, "description": {"kk": "Сұрақты оқушы қояды", "ru": "Вопросы ставят ученики"}},
    ],
}

Level = Annotated[Whole, Field(ge=0, le=10)]
"""A level of a rubric."""
Minutes = Annotated[Whole, Field(ge=1, le=1440)]
"""How long a visit took."""
MOST_VISITS = 40
MOST_CRITERIA = 20


class SupportStatus(StrEnum):
    """Where a support plan stands."""

    DRAFT = "draft"
    AGREED = "agreed"
    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class SupportAction(StrEnum):
    """What can be done to a support plan."""

    DRAFT = "draft"
    AGREE = "agree"
    START = "start"
    COMPLETE = "complete"
    CANCEL = "cancel"


class RubricLevel(In):
    """What is seen at one level of a criterion."""

    level: Level = Field(description="The level; more is better", examples=[2])
    description: FullText = Field(
        description="What is seen at this level",
        examples=[{"kk": "Сұрақты оқушы қояды", "ru": "Вопросы ставят ученики"}],
    )


class RubricCriterion(In):
    """One thing that is looked at."""

    code: Code = Field(description="Its code", examples=["inquiry"])
    name: FullText = Field(description="What it is called", examples=[_CRITERION["name"]])
    levels: list[RubricLevel] = Field(
        description="Its levels from the lowest to the highest",
        min_length=2,
        max_length=11,
        examples=[_CRITERION["levels"]],
    )

    @model_validator(mode="after")
    def _levels_rise(self) -> "RubricCriterion":
        levels = [one.level for one in self.levels]
        if levels != sorted(set(levels)):
            raise wrong(
                "levels_disordered",
                kk="Деңгейлер төменнен жоғарыға қарай қайталанбай тұруы керек",
                ru="Уровни идут от низшего к высшему и не повторяются",
                en="Levels rise from the lowest to the highest and are not repeated",
            )
        return self


class RubricCreate(In):
    """The next version of the rubric of a programme."""

    programme_code: Code = Field(description="The programme, all its versions", examples=["ORLEU-PHYS"])
    title: FullText = Field(
        description="What it is called", examples=[{"kk": "Сабақты бақылау", "ru": "Наблюдение урока"}]
    )
    criteria: list[RubricCriterion] = Field(
        description="What is looked at", min_length=1, max_length=MOST_CRITERIA, examples=[[_CRITERION]]
    )

    @model_validator(mode="after")
    def _criteria_differ(self) -> "RubricCreate":
        if len({one.code for one in self.criteria}) < len(self.criteria):
            raise wrong(
                "criterion_repeated",
                kk="Критерий кодтары қайталанбауы керек",
                ru="Коды критериев не повторяются",
                en="Codes of criteria are not repeated",
            )
        return self


class RubricRead(Out):
    """One version of a rubric."""

    id: RubricId = Field(description="Its identifier", examples=[_RUBRIC])
    programme_code: str = Field(description="The programme", max_length=64, examples=["ORLEU-PHYS"])
    number: int = Field(description="Number of the version, from 1", ge=1, le=10_000, examples=[1])
    title: TextOut = Field(
        description="What it is called", examples=[{"kk": "Сабақты бақылау", "ru": "Наблюдение урока"}]
    )
    criteria: list[RubricCriterion] = Field(
        description="What is looked at", max_length=MOST_CRITERIA, examples=[[_CRITERION]]
    )


class RubricQuery(PageQuery):
    """Which rubrics, by programme and number."""

    programme_code: Code | None = Field(default=None, description="Only of this programme", examples=["ORLEU-PHYS"])


class SupportPlanCreate(In):
    """A plan for one who has ended a course."""

    enrolment_id: EnrolmentId = Field(description="The enrolment that ended, passed or attended", examples=[_ENROLMENT])
    mentor_id: EducatorId = Field(description="Who helps: another educator", examples=[_MENTOR])
    rubric_id: RubricId = Field(description="The version of the rubric visits are judged by", examples=[_RUBRIC])
    goals: list[FilledLine] = Field(
        description="What is to be reached; no personal data of pupils",
        min_length=1,
        max_length=10,
        examples=[["Two inquiry lessons a month"]],
    )
    visits: list[Date] = Field(
        description="Days of the planned visits, in order",
        min_length=1,
        max_length=MOST_VISITS,
        examples=[["2026-10-01", "2026-12-01"]],
    )

    @model_validator(mode="after")
    def _visits_follow(self) -> "SupportPlanCreate":
        if list(self.visits) != sorted(set(self.visits)):
            raise wrong(
                "visits_disordered",
                kk="Сапар күндері ретімен және қайталанбай жазылады",
                ru="Дни визитов идут по порядку и не повторяются",
                en="Days of visits are in order and not repeated",
            )
        return self


class SupportPlanUpdate(In):
    """What changes: goals and rubric while it is a draft, the mentor as long as it lasts."""

    mentor_id: EducatorId | None = Field(
        default=None, description="Who helps from now on", examples=[_MENTOR], json_schema_extra=stays
    )
    rubric_id: RubricId | None = Field(
        default=None, description="The version of the rubric", examples=[_RUBRIC], json_schema_extra=stays
    )
    goals: Annotated[list[FilledLine], Field(min_length=1, max_length=10)] | None = Field(
        default=None,
        description="What is to be reached",
        examples=[["Two inquiry lessons a month"]],
        json_schema_extra=stays,
    )


class SupportCommand(In):
    """Why something is done to a plan, and from which day it holds."""

    reason_code: ReasonCode | None = Field(
        default=None, description="The reason, of the list `participation`", examples=["agreed"]
    )
    comment: Line | None = Field(default=None, description="The reason in words; no personal data", examples=["—"])
    effective_on: Date | None = Field(
        default=None, description="From which day it holds; today if left out", examples=["2026-10-01"]
    )


class ReasonedSupportCommand(SupportCommand):
    """A command that cannot go without its reason."""

    reason_code: ReasonCode = Field(description="The reason, of the list `participation`", examples=["left_the_school"])


class SupportVisitCreate(In):
    """One more visit."""

    planned_on: Date = Field(description="The day it is planned for", examples=["2026-11-03"])


class SupportVisitUpdate(In):
    """Another day for a visit that was not held yet."""

    planned_on: Date = Field(description="The day it is planned for now", examples=["2026-11-10"])


class SupportVisitRecord(In):
    """What was seen during a visit."""

    held_on: Date = Field(description="The day it was held", examples=["2026-10-02"])
    minutes: Minutes = Field(description="How long it took", examples=[45])
    scores: dict[Code, Level] = Field(
        description="The level of every criterion of the rubric, by its code",
        min_length=1,
        max_length=MOST_CRITERIA,
        examples=[{"inquiry": 1}],
    )
    notes: Line | None = Field(
        default=None,
        description="What was agreed; no personal data of pupils, and nothing like an IIN",
        examples=["Groups of four next time"],
    )


class SupportVisitRead(Out):
    """A visit, planned or held."""

    id: SupportVisitId = Field(description="Its identifier", examples=[_VISIT])
    number: int = Field(description="Its place among the visits, from 1", ge=1, le=MOST_VISITS, examples=[1])
    planned_on: Date = Field(description="The day it is planned for", examples=["2026-10-01"])
    held_on: Date | None = Field(description="The day it was held; null: not yet", examples=["2026-10-02"])
    minutes: int | None = Field(description="How long it took", ge=1, le=1440, examples=[45])
    scores: dict[str, int] | None = Field(description="Levels by criterion", examples=[{"inquiry": 1}])
    notes: str | None = Field(description="What was agreed", max_length=500, examples=["Groups of four next time"])


class EvidenceCreate(EvidenceItem):
    """Something that shows the work: a lesson plan, a recording kept elsewhere."""

    @model_validator(mode="after")
    def _is_somewhere(self) -> "EvidenceCreate":
        if self.url is None and self.digest is None:
            raise wrong(
                "evidence_nowhere",
                kk="Сілтеме немесе дайджест керек",
                ru="Нужна ссылка или дайджест",
                en="A link or a digest is needed",
            )
        return self


class EvidenceReview(In):
    """What a second person says of the evidence."""

    accepted: Flag = Field(description="Whether it shows what it is to show", examples=[True])
    remark: Line | None = Field(default=None, description="Why, in words", examples=["Matches goal 1"])


class EvidenceRead(Out):
    """An item of evidence and what a second person said of it."""

    id: EvidenceId = Field(description="Its identifier", examples=[_EVIDENCE])
    title: str = Field(description="What it is", max_length=500, examples=["Lesson plan, physics 8"])
    url: str | None = Field(description="Where it can be read", max_length=500, examples=["https://example.invalid/1"])
    digest: str | None = Field(description="SHA-256 of its bytes", max_length=71)
    added_by: str = Field(description="Who added it", max_length=500, examples=["coordinator-7"])
    added_at: Instant = Field(description="When", examples=["2026-10-03T10:00:00+05:00"])
    reviewed_by: str | None = Field(description="Who looked at it; never who added it", max_length=500)
    reviewed_at: Instant | None = Field(description="When", examples=["2026-10-05T10:00:00+05:00"])
    accepted: bool | None = Field(
        description="Whether it shows what it is to show; null: not looked at", examples=[True]
    )
    remark: str | None = Field(description="Why, in words", max_length=500, examples=["Matches goal 1"])


class SupportPlanRead(Out):
    """A support plan."""

    id: SupportPlanId = Field(description="Its identifier", examples=[_PLAN])
    enrolment_id: EnrolmentId = Field(description="The enrolment that ended", examples=[_ENROLMENT])
    cohort_id: CohortId = Field(description="Its cohort", examples=[_COHORT])
    programme_id: ProgrammeId = Field(description="The version of the programme", examples=[_PROGRAMME])
    educator_id: EducatorId = Field(description="Who is helped", examples=[_EDUCATOR])
    organisation_id: OrganisationId = Field(description="The workplace at enrolment", examples=[_ORGANISATION])
    mentor_id: EducatorId = Field(description="Who helps", examples=[_MENTOR])
    rubric_id: RubricId = Field(description="The rubric visits are judged by", examples=[_RUBRIC])
    goals: list[str] = Field(
        description="What is to be reached", max_length=10, examples=[["Two inquiry lessons a month"]]
    )
    status: SupportStatus = Field(description="Where it stands", examples=["running"])
    visits_planned: int = Field(description="Visits planned, those held among them", ge=0, le=MOST_VISITS, examples=[3])
    visits_held: int = Field(description="Visits held", ge=0, le=MOST_VISITS, examples=[2])
    next_visit_on: Date | None = Field(description="The next visit that was not held yet", examples=["2026-12-01"])
    evidence_accepted: int = Field(description="Items a second person accepted", ge=0, le=1000, examples=[1])
    evidence_waiting: int = Field(description="Items nobody else has looked at", ge=0, le=1000, examples=[0])
    allowed_actions: list[SupportAction] = Field(
        description="What may be done to it now", max_length=10, examples=[["cancel"]]
    )
    refused_actions: list[RefusedAction] = Field(
        description="What may not, and why",
        max_length=10,
        examples=[[{"action": "complete", "code": "visits_missing", "message": {"en": "Visits not held yet: 1"}}]],
    )
    created_at: Instant = Field(description="When it was drafted", examples=["2026-09-01T10:00:00+05:00"])
    version: int = Field(description="Counts changes; the ETag is made of it", ge=1, examples=[1])


class SupportPlanDetail(SupportPlanRead):
    """A support plan with its visits and evidence."""

    visits: list[SupportVisitRead] = Field(description="Its visits in order", max_length=MOST_VISITS)
    evidence: list[EvidenceRead] = Field(description="Its evidence in order", max_length=1000)


class SupportPlanQuery(PageQuery):
    """Which plans; always within the caller's reach, the oldest first."""

    cohort_id: CohortId | None = Field(default=None, description="Only of this cohort", examples=[_COHORT])
    educator_id: EducatorId | None = Field(default=None, description="Only of who is helped", examples=[_EDUCATOR])
    mentor_id: EducatorId | None = Field(default=None, description="Only of this mentor", examples=[_MENTOR])
    organisation_id: OrganisationId | None = Field(
        default=None, description="Only of this workplace", examples=[_ORGANISATION]
    )
    status: SupportStatus | None = Field(default=None, description="Only in this state", examples=["running"])


class SupportStepRead(Out):
    """One step in the life of a plan."""

    number: int = Field(description="Its place among the steps, from 1", ge=1, le=2**31 - 1, examples=[1])
    action: SupportAction = Field(description="What was done", examples=["agree"])
    from_status: SupportStatus | None = Field(description="State before; null for the first step", examples=["draft"])
    to_status: SupportStatus = Field(description="State after", examples=["agreed"])
    actor: str = Field(description="Who did it", max_length=500, examples=["coordinator-7"])
    reason_code: str | None = Field(description="The reason by its code", max_length=64, examples=["left_the_school"])
    comment: str | None = Field(description="The reason in words", max_length=500)
    effective_on: Date = Field(description="From which day it holds", examples=["2026-10-01"])
    recorded_at: Instant = Field(description="When it was recorded", examples=["2026-10-01T09:00:00+05:00"])


class SupportSteps(Out):
    """All steps of a plan, from the first."""

    items: list[SupportStepRead] = Field(description="The steps", max_length=1000)
