"""Programmes: what is taught, in how many academic hours, to whom, and when it counts as passed."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from shared.schemas.base import (
    Code,
    Date,
    FilledLine,
    FilledParagraph,
    Flag,
    FullText,
    In,
    Instant,
    Line,
    LocalisedText,
    Name,
    Out,
    Share,
    TextOut,
    Whole,
)
from shared.schemas.pages import PageQuery
from shared.schemas.training.eligibility import EligibilityRule
from shared.schemas.training.ids import OrganisationId, ProgrammeId, ProviderId
from shared.schemas.training.words import ApprovalLevel, EducatorRole, EvidenceItem, Hours, Score, Subject

_ID = "0198c0de-0000-7000-8000-000000000201"
_PROVIDER = "0198c0de-0000-7000-8000-000000000101"
_NAME = {"kk": "Заманауи зертхана", "ru": "Современная лаборатория", "en": "The modern laboratory"}
_PROPOSER = "0198c0de-0000-7000-8000-000000000001"
_RULES = [{"rule": "category", "at_least": "expert"}, {"rule": "experience", "at_least_years": 3}]
_EVIDENCE = {"title": "Protocol No. 4 of the expert council", "url": "https://example.invalid/protocol-4"}
_MODULE = {"subject": "physics", "name": {"kk": "Физика", "ru": "Физика"}, "academic_hours": 36}


class ProgrammeKind(StrEnum):
    """What kind of learning it is."""

    COURSE = "course"
    SEMINAR = "seminar"
    MASTER_CLASS = "master_class"
    ACCELERATOR = "accelerator"
    STUDY_VISIT = "study_visit"
    AUTHOR_COURSE = "author_course"


class ProgrammeMode(StrEnum):
    """How it is taught."""

    ON_THE_JOB = "on_the_job"
    OFF_THE_JOB = "off_the_job"
    ONLINE = "online"
    MIXED = "mixed"


class TeachingLanguage(StrEnum):
    """In which language it is taught."""

    KK = "kk"
    RU = "ru"
    EN = "en"
    UZ = "uz"
    UG = "ug"
    TG = "tg"


class Verdict(StrEnum):
    """What an expert's review comes to."""

    FAVOURABLE = "favourable"
    UNFAVOURABLE = "unfavourable"


class Approval(StrEnum):
    """How far the programme is approved; only an approved one gives certificates."""

    DRAFT = "draft"
    APPROVED = "approved"
    REJECTED = "rejected"
    RETIRED = "retired"


class ModuleCreate(In):
    """One part of a programme."""

    subject: Subject = Field(description="Its subject", examples=["physics"])
    name: LocalisedText = Field(description="Its name", examples=[{"kk": "Физика", "ru": "Физика"}])
    academic_hours: Hours = Field(description="Academic hours of 45 minutes", examples=[8])


class ModuleRead(Out):
    """One part of a programme."""

    subject: str = Field(description="Its subject", max_length=64, examples=["physics"])
    name: TextOut = Field(description="Its name", examples=[{"kk": "Физика", "ru": "Физика"}])
    academic_hours: int = Field(description="Academic hours of 45 minutes", ge=1, le=2000, examples=[8])


class AudienceGroup(In):
    """People of one role; where subjects are named, only those who teach one of them."""

    role: EducatorRole = Field(description="The role that may enrol", examples=["teacher"])
    subjects: list[Subject] = Field(
        default=[],
        max_length=50,
        description="One of these subjects is needed; empty: any",
        examples=[["physics", "chemistry", "biology", "informatics"]],
    )


class ResitRule(In):
    """How the final assessment may be taken again by who did not pass it."""

    at_most: Annotated[Whole, Field(ge=1, le=10)] = Field(
        default=1, description="How many times it may be taken again", examples=[2]
    )
    not_before_days: Annotated[Whole, Field(ge=0, le=365)] = Field(
        default=0, description="So many days must lie between two attempts", examples=[7]
    )
    within_days: Annotated[Whole, Field(ge=1, le=3650)] | None = Field(
        default=None, description="Not later than so many days after the end of the course; null: no limit"
    )
    until: Date | None = Field(default=None, description="The last day on which it may be taken; null: no limit")


class CompletionRule(In):
    """What it takes to pass: attendance and tasks and score, all three."""

    min_attendance: Share = Field(default=0.8, description="Least share of hours attended", examples=[0.8])
    tasks_required: Flag = Field(default=True, description="Whether the tasks must be done", examples=[True])
    min_score: Score | None = Field(
        default=None,
        description="Least score of the final assessment, 0–100; null: there is no assessment",
        examples=[60],
    )
    min_tasks: Annotated[Whole, Field(ge=1, le=100)] = Field(
        default=1, description="How many tasks must be done, where they are counted one by one", examples=[3]
    )
    resit: ResitRule | None = Field(
        default=None,
        description="How the final assessment may be taken again; null: it may not",
        examples=[{"at_most": 2, "not_before_days": 7, "within_days": 60}],
    )
    evaluator_not_trainer: Flag = Field(
        default=True, description="Whether who teaches the cohort may not evaluate it", examples=[True]
    )


class ProgrammeCreate(In):
    """A programme; it begins as a draft of version 1."""

    provider_id: ProviderId = Field(description="Who gives it", examples=[_PROVIDER])
    code: Code = Field(description="Code, unique together with the version", examples=["KELESHEK-LAB"])
    name: FullText = Field(description="Its name", examples=[_NAME])
    kind: ProgrammeKind = Field(description="What kind of learning it is", examples=["course"])
    modules: list[ModuleCreate] = Field(
        min_length=1, max_length=100, description="Its parts, in order", examples=[[_MODULE]]
    )
    academic_hours: Hours | None = Field(
        default=None,
        description="Academic hours in all; when given, they must be the sum of the modules",
        examples=[36],
    )
    audience: list[AudienceGroup] = Field(
        default=[],
        max_length=20,
        description="Who may enrol: whoever belongs to one of these groups; empty: everyone",
        examples=[[{"role": "director"}, {"role": "teacher", "subjects": ["physics"]}]],
    )
    completion: CompletionRule = Field(
        default=CompletionRule(),
        description="What it takes to pass",
        examples=[{"min_attendance": 0.8, "tasks_required": True, "min_score": 60}],
    )
    theme: Subject | None = Field(
        default=None, description="What it is about, across kinds and subjects", examples=["modern_laboratory"]
    )
    mode: ProgrammeMode | None = Field(default=None, description="How it is taught", examples=["off_the_job"])
    languages: list[TeachingLanguage] = Field(
        default=[], max_length=6, description="In which languages it is taught", examples=[["kk", "ru"]]
    )
    rules: list[EligibilityRule] = Field(
        default=[],
        max_length=20,
        description="What must hold of a person beside belonging to the audience; all of it",
        examples=[_RULES],
    )
    valid_from: Date | None = Field(
        default=None, description="The first day on which a course by it may begin; null: any", examples=["2026-01-01"]
    )
    valid_until: Date | None = Field(
        default=None,
        description="The first day on which no course by it may begin; null: none",
        examples=["2029-01-01"],
    )
    proposer_id: OrganisationId | None = Field(
        default=None,
        description="Whose own course it is. It is approved only after an expert's review and on a ground",
        examples=[_PROPOSER],
    )
    approval_chain: list[ApprovalLevel] = Field(
        default=[],
        max_length=3,
        description="Who approves applications, in the order school, district, provider; empty: nobody is asked",
        examples=[["school", "district", "provider"]],
    )


class ProgrammeVersionCreate(In):
    """The next version of a programme: as the last one, save what is given here."""

    name: FullText | None = Field(default=None, description="Its name", examples=[_NAME])
    modules: list[ModuleCreate] | None = Field(
        default=None, min_length=1, max_length=100, description="Its parts, in order", examples=[[_MODULE]]
    )
    audience: list[AudienceGroup] | None = Field(
        default=None, max_length=20, description="Who may enrol", examples=[[{"role": "director"}]]
    )
    completion: CompletionRule | None = Field(
        default=None, description="What it takes to pass", examples=[{"min_attendance": 0.8, "min_score": 60}]
    )
    theme: Subject | None = Field(
        default=None, description="What it is about; null takes it away", examples=["modern_laboratory"]
    )
    mode: ProgrammeMode | None = Field(default=None, description="How it is taught", examples=["online"])
    languages: list[TeachingLanguage] | None = Field(
        default=None, max_length=6, description="In which languages it is taught", examples=[["kk", "ru"]]
    )
    rules: list[EligibilityRule] | None = Field(
        default=None, max_length=20, description="What must hold of a person", examples=[_RULES]
    )
    valid_from: Date | None = Field(
        default=None, description="The first day on which a course by it may begin; null takes it away"
    )
    valid_until: Date | None = Field(
        default=None, description="The first day on which no course by it may begin; null takes it away"
    )
    approval_chain: list[ApprovalLevel] | None = Field(
        default=None, max_length=3, description="Who approves applications", examples=[["school", "provider"]]
    )


class ApprovalDecision(In):
    """The decision of who may approve programmes."""

    approved: Flag = Field(description="Whether it is approved", examples=[True])
    decided_by: FilledLine = Field(
        description="The body that decided", examples=["Ministry of Education, Committee for Quality"]
    )
    decided_on: Date = Field(description="The day of the decision", examples=["2025-12-01"])
    basis: Line | None = Field(
        default=None, description="Number of the order or protocol", examples=["No. 95-p, item 4"]
    )


class ReviewCreate(In):
    """What an expert body thinks of a draft."""

    reviewer: FilledLine = Field(
        description="The body that reviewed it; no names of persons", examples=["Expert council of the Academy"]
    )
    reviewer_id: OrganisationId | None = Field(
        default=None, description="The same body in the registry, if it is there", examples=[_PROPOSER]
    )
    verdict: Verdict = Field(description="What it comes to", examples=["favourable"])
    summary: FilledParagraph = Field(description="In words", examples=["Hours and content agree"])
    reviewed_on: Date = Field(description="The day", examples=["2025-11-20"])
    evidence: list[EvidenceItem] = Field(
        default=[], max_length=20, description="What it rests on", examples=[[_EVIDENCE]]
    )


class ReviewRead(Out):
    """What an expert body thought of a draft."""

    reviewer: str = Field(
        description="The body that reviewed it", max_length=500, examples=["Expert council of the Academy"]
    )
    reviewer_id: OrganisationId | None = Field(description="The same body in the registry", examples=[_PROPOSER])
    verdict: Verdict = Field(description="What it comes to", examples=["favourable"])
    summary: str = Field(description="In words", max_length=10_000, examples=["Hours and content agree"])
    reviewed_on: Date = Field(description="The day", examples=["2025-11-20"])
    evidence: list[EvidenceItem] = Field(description="What it rests on", max_length=20, examples=[[_EVIDENCE]])
    recorded_at: Instant = Field(description="When it was recorded", examples=["2025-11-21T09:00:00+05:00"])


class ReviewList(Out):
    """All reviews of a version, from the first."""

    items: list[ReviewRead] = Field(description="The reviews", max_length=1000)


class ProgrammeRead(Out):
    """One version of a programme."""

    id: ProgrammeId = Field(description="Identifier of this version", examples=[_ID])
    provider_id: ProviderId = Field(description="Who gives it", examples=[_PROVIDER])
    code: str = Field(description="Code, the same in all versions", max_length=64, examples=["KELESHEK-LAB"])
    number: int = Field(description="Number of the version, from 1", ge=1, le=10_000, examples=[1])
    name: TextOut = Field(description="Its name", examples=[_NAME])
    kind: ProgrammeKind = Field(description="What kind of learning it is", examples=["course"])
    academic_hours: int = Field(description="Academic hours in all", ge=1, le=200_000, examples=[36])
    modules: list[ModuleRead] = Field(description="Its parts, in order", max_length=100, examples=[[_MODULE]])
    audience: list[AudienceGroup] = Field(
        description="Who may enrol; empty: everyone", max_length=20, examples=[[{"role": "director", "subjects": []}]]
    )
    completion: CompletionRule = Field(
        description="What it takes to pass", examples=[{"min_attendance": 0.8, "tasks_required": True, "min_score": 60}]
    )
    approval: Approval = Field(description="How far it is approved", examples=["approved"])
    approved_by: str | None = Field(
        description="The body that approved it", max_length=500, examples=["Ministry of Education"]
    )
    approved_on: Date | None = Field(description="The day of approval", examples=["2025-12-01"])
    approval_basis: str | None = Field(
        description="Number of the order or protocol", max_length=500, examples=["No. 95-p, item 4"]
    )
    theme: str | None = Field(description="What it is about", max_length=64, examples=["modern_laboratory"])
    mode: ProgrammeMode | None = Field(description="How it is taught; null: not told", examples=["off_the_job"])
    languages: list[TeachingLanguage] = Field(
        description="In which languages it is taught; empty: not told", max_length=6, examples=[["kk", "ru"]]
    )
    rules: list[EligibilityRule] = Field(
        description="What must hold of a person beside belonging to the audience", max_length=20, examples=[_RULES]
    )
    valid_from: Date | None = Field(description="The first day on which a course by it may begin")
    valid_until: Date | None = Field(description="The first day on which no course by it may begin")
    proposer_id: OrganisationId | None = Field(description="Whose own course it is", examples=[_PROPOSER])
    approval_chain: list[ApprovalLevel] = Field(
        description="Who approves applications, level by level; empty: nobody is asked",
        max_length=3,
        examples=[["school", "district", "provider"]],
    )
    version: int = Field(description="Counts changes; the ETag is made of it", ge=1, examples=[1])


class ProgrammeQuery(PageQuery):
    """Which programmes."""

    provider_id: ProviderId | None = Field(default=None, description="Only of this provider", examples=[_PROVIDER])
    code: Code | None = Field(default=None, description="Only versions of this programme", examples=["KELESHEK-LAB"])
    kind: ProgrammeKind | None = Field(default=None, description="Only of this kind", examples=["course"])
    approval: Approval | None = Field(default=None, description="Only approved so far", examples=["approved"])
    theme: Subject | None = Field(default=None, description="Only on this theme", examples=["modern_laboratory"])
    subject: Subject | None = Field(default=None, description="Only with a module of it", examples=["physics"])
    mode: ProgrammeMode | None = Field(default=None, description="Only taught so", examples=["off_the_job"])
    language: TeachingLanguage | None = Field(default=None, description="Only taught in it", examples=["kk"])
    valid_on: Date | None = Field(
        default=None, description="Only those by which a course may begin on this day", examples=["2026-01-05"]
    )
    q: Name | None = Field(
        default=None, description="Words of its name or code; Kazakh letters may be typed as Russian ones"
    )


class FieldChange(Out):
    """One field that differs between two versions."""

    field: str = Field(description="Its name", max_length=64, examples=["completion.min_score"])
    before: Any = Field(description="What the one version says", examples=[60])
    after: Any = Field(description="What the other says", examples=[70])


class ModuleChange(Out):
    """One module that differs between two versions."""

    change: Literal["added", "removed", "changed"] = Field(description="What became of it", examples=["changed"])
    before: ModuleRead | None = Field(description="In the one version", examples=[_MODULE])
    after: ModuleRead | None = Field(description="In the other", examples=[_MODULE])


class ProgrammeDiff(Out):
    """What differs between two versions of a programme."""

    before_id: ProgrammeId = Field(description="The one version", examples=[_ID])
    before_number: int = Field(description="Its number", ge=1, le=10_000, examples=[1])
    after_id: ProgrammeId = Field(description="The other", examples=[_ID])
    after_number: int = Field(description="Its number", ge=1, le=10_000, examples=[2])
    fields: list[FieldChange] = Field(description="Fields that differ", max_length=50)
    modules: list[ModuleChange] = Field(description="Modules that differ, by subject", max_length=200)
