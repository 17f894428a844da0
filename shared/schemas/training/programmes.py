"""Programmes: what is taught, in how many academic hours, to whom, and when it counts as passed."""

from enum import StrEnum

from pydantic import Field

from shared.schemas.base import Code, Date, FilledLine, Flag, FullText, In, Line, LocalisedText, Out, Share, TextOut
from shared.schemas.pages import PageQuery
from shared.schemas.training.ids import ProgrammeId, ProviderId
from shared.schemas.training.words import EducatorRole, Hours, Score, Subject

_ID = "0198c0de-0000-7000-8000-000000000201"
_PROVIDER = "0198c0de-0000-7000-8000-000000000101"
_NAME = {"kk": "Заманауи зертхана", "ru": "Современная лаборатория", "en": "The modern laboratory"}
_MODULE = {"subject": "physics", "name": {"kk": "Физика", "ru": "Физика"}, "academic_hours": 36}


class ProgrammeKind(StrEnum):
    """What kind of learning it is."""

    COURSE = "course"
    SEMINAR = "seminar"
    MASTER_CLASS = "master_class"
    ACCELERATOR = "accelerator"
    STUDY_VISIT = "study_visit"
    AUTHOR_COURSE = "author_course"


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


class CompletionRule(In):
    """What it takes to pass: attendance and tasks and score, all three."""

    min_attendance: Share = Field(default=0.8, description="Least share of hours attended", examples=[0.8])
    tasks_required: Flag = Field(default=True, description="Whether the tasks must be done", examples=[True])
    min_score: Score | None = Field(
        default=None,
        description="Least score of the final assessment, 0–100; null: there is no assessment",
        examples=[60],
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
    version: int = Field(description="Counts changes; the ETag is made of it", ge=1, examples=[1])


class ProgrammeQuery(PageQuery):
    """Which programmes."""

    provider_id: ProviderId | None = Field(default=None, description="Only of this provider", examples=[_PROVIDER])
    code: Code | None = Field(default=None, description="Only versions of this programme", examples=["KELESHEK-LAB"])
    kind: ProgrammeKind | None = Field(default=None, description="Only of this kind", examples=["course"])
    approval: Approval | None = Field(default=None, description="Only approved so far", examples=["approved"])
