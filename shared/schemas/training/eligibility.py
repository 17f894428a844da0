"""Eligibility: the rules a programme lets people in by, and what they say of one person or of many."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from shared.schemas.base import Code, Date, FilledLine, In, Kato, Out, TextOut, Whole
from shared.schemas.pages import PageQuery
from shared.schemas.training.ids import CohortId, EducatorId, EnrolmentId, OrganisationId, ProgrammeId
from shared.schemas.training.words import QualificationCategory, ReasonCode

_COHORT = "0198c0de-0000-7000-8000-000000000301"
_PROGRAMME = "0198c0de-0000-7000-8000-000000000201"
_EDUCATOR = "0198c0de-0000-7000-8000-000000000401"
_ENROLMENT = "0198c0de-0000-7000-8000-000000000501"
_ORGANISATION = "0198c0de-0000-7000-8000-000000000001"
_SENTENCE = {
    "kk": "Санаты кемінде: педагог-сарапшы; педагогтікі: педагог-модератор",
    "ru": "Категория не ниже: педагог-эксперт; у педагога: педагог-модератор",
    "en": "Category at least: expert; the educator's: moderator",
}

RegistryWord = Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z][a-z0-9_]{1,63}$")]
"""A word of the registry: a type or kind of organisation, an ownership, a setting."""

Months = Annotated[Whole, Field(ge=1, le=240)]
"""A number of calendar months."""


class CategoryRule(In):
    """Of this category or a higher one."""

    rule: Literal["category"] = Field(description="What the rule is about", examples=["category"])
    at_least: QualificationCategory = Field(description="The lowest category that may join", examples=["expert"])


class ExperienceRule(In):
    """So many full years in the profession on the first day of the course."""

    rule: Literal["experience"] = Field(description="What the rule is about", examples=["experience"])
    at_least_years: Annotated[Whole, Field(ge=1, le=60)] = Field(description="Full years", examples=[3])


class PrerequisiteRule(In):
    """Certificates of other programmes."""

    rule: Literal["prerequisite"] = Field(description="What the rule is about", examples=["prerequisite"])
    programmes: list[Code] = Field(
        min_length=1, max_length=20, description="Codes of the programmes", examples=[["KELESHEK-LAB"]]
    )
    need: Literal["all", "any"] = Field(
        default="all", description="Whether all of them are needed or one is enough", examples=["all"]
    )
    within_months: Months | None = Field(
        default=None, description="Only certificates so fresh count; null: however old", examples=[60]
    )


class LongAgoRule(In):
    """The last certificate of any course was given at least so many months before; who has none may join."""

    rule: Literal["last_course_before"] = Field(description="What the rule is about", examples=["last_course_before"])
    months: Months = Field(description="At least so many months before the first day", examples=[12])


class RecentlyRule(In):
    """The last certificate of any course was given at most so many months before."""

    rule: Literal["last_course_within"] = Field(description="What the rule is about", examples=["last_course_within"])
    months: Months = Field(description="At most so many months before the first day", examples=[36])


class NotAgainRule(In):
    """No certificate of this very programme, in any version, within so many months before."""

    rule: Literal["not_certified_within"] = Field(
        description="What the rule is about", examples=["not_certified_within"]
    )
    months: Months = Field(description="Within so many months before the first day", examples=[36])


class WorkplaceRule(In):
    """The workplace is as said, in every respect that is named."""

    rule: Literal["workplace"] = Field(description="What the rule is about", examples=["workplace"])
    types: list[RegistryWord] = Field(
        default=[], max_length=20, description="Types of organisations; empty: any", examples=[["school"]]
    )
    kinds: list[RegistryWord] = Field(
        default=[], max_length=20, description="Kinds of organisations; empty: any", examples=[["gymnasium"]]
    )
    areas: list[Kato] = Field(
        default=[], max_length=50, description="In one of these areas or below; empty: any", examples=[["790000000"]]
    )
    settings: list[RegistryWord] = Field(
        default=[], max_length=10, description="City, town or village; empty: any", examples=[["village"]]
    )
    ownerships: list[RegistryWord] = Field(
        default=[], max_length=10, description="State, private, …; empty: any", examples=[["state"]]
    )


EligibilityRule = Annotated[
    CategoryRule | ExperienceRule | PrerequisiteRule | LongAgoRule | RecentlyRule | NotAgainRule | WorkplaceRule,
    Field(discriminator="rule"),
]
"""One condition of joining; all conditions of a programme must hold."""


class RuleTraceRead(Out):
    """What one rule says of a person."""

    code: str = Field(description="The rule", max_length=64, examples=["category"])
    ok: bool = Field(description="Whether it holds", examples=[False])
    message: TextOut = Field(description="What is asked and what is so, in words", examples=[_SENTENCE])
    facts: dict[str, Any] = Field(
        description="What was asked and what was found", examples=[{"at_least": "expert", "category": "moderator"}]
    )


_TRACE = [
    {
        "code": "category",
        "ok": False,
        "message": _SENTENCE,
        "facts": {"at_least": "expert", "category": "moderator"},
    }
]


class EligibilityRead(Out):
    """Whether a person may join a cohort, and why or why not, rule by rule."""

    cohort_id: CohortId = Field(description="The cohort", examples=[_COHORT])
    programme_id: ProgrammeId = Field(description="The version of the programme it teaches", examples=[_PROGRAMME])
    educator_id: EducatorId = Field(description="The person", examples=[_EDUCATOR])
    eligible: bool = Field(description="Whether every rule holds", examples=[False])
    on: Date = Field(
        description="The day the rules were asked for: the first of the course, or today if it has begun",
        examples=["2026-01-05"],
    )
    trace: list[RuleTraceRead] = Field(description="Every rule", max_length=50, examples=[_TRACE])


class EligibilityQuery(In):
    """Of whom it is asked."""

    educator_id: EducatorId = Field(description="The person", examples=[_EDUCATOR])


class EligibilityOverride(In):
    """Why somebody joins though a rule says no. For who manages the provider's courses only."""

    reason_code: ReasonCode = Field(description="The reason by its code", examples=["equivalent_training"])
    comment: FilledLine | None = Field(
        default=None, description="The reason in words; no personal data", examples=["Order No. 95-p, item 4"]
    )


class OverrideRead(Out):
    """Rules that were set aside when a person enrolled: which, by whom and why."""

    enrolment_id: EnrolmentId = Field(description="The enrolment", examples=[_ENROLMENT])
    rules: list[str] = Field(description="The rules that said no", max_length=50, examples=[["category"]])
    trace: list[RuleTraceRead] = Field(description="Every rule as it stood", max_length=50, examples=[_TRACE])
    actor: str = Field(description="Who set them aside", max_length=500, examples=["coordinator-7"])
    reason_code: str = Field(description="The reason by its code", max_length=64, examples=["equivalent_training"])
    comment: str | None = Field(description="The reason in words", max_length=500)
    on: Date = Field(description="The day", examples=["2025-12-20"])


class OverrideList(Out):
    """What was set aside for an enrolment: nothing, or one thing."""

    items: list[OverrideRead] = Field(description="The override, if there was one", max_length=1)


class EligibleQuery(PageQuery):
    """Of which workplaces, and for which day."""

    organisation_id: OrganisationId | None = Field(
        default=None, description="Only of this workplace", examples=[_ORGANISATION]
    )
    area: Kato | None = Field(default=None, description="Only in this area or below", examples=["790000000"])
    on: Date | None = Field(
        default=None, description="As if the course began on this day; today if left out", examples=["2026-01-05"]
    )


class EligibleCount(Out):
    """How many people of a workplace may join a programme."""

    organisation_id: OrganisationId = Field(description="The workplace", examples=[_ORGANISATION])
    educators: int = Field(description="People employed there on the day", ge=0, le=2**31 - 1, examples=[64])
    eligible: int = Field(description="Those of them for whom every rule holds", ge=0, le=2**31 - 1, examples=[9])
    failed: dict[str, int] = Field(
        description="For how many each rule does not hold; a person may be counted under several",
        examples=[{"role": 12, "subject": 43}],
    )
