"""Projects and the wider programmes they belong to, with items and links to resources."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from shared.schemas.base import (
    Count,
    Date,
    FilledLine,
    In,
    Kato,
    Line,
    LocalisedText,
    Out,
    TextOut,
    one_of,
    stays,
    wrong,
)
from shared.schemas.pages import PageQuery
from shared.schemas.registry.organisations import TextPatch
from shared.schemas.registry.texts import UNIQUE, LongText, Named, Word, distinct

Host = Annotated[
    str,
    StringConstraints(max_length=253, pattern=r"^([a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?\.){1,6}[a-z]{2,24}$"),
]
"""The name of a web site; its sub-sites are meant too."""

HttpsUrl = Annotated[
    str,
    StringConstraints(
        max_length=2000, pattern=r"^https://[A-Za-z0-9.\-]{1,253}(:443)?([/?#][^\s<>\x22'\\^`{|}\x00-\x20\x7f-\x9f]*)?$"
    ),
]
"""An address on the web; only https, nobody's name or password in it."""

ItemsPlanned = Annotated[Count, Field(ge=1, le=1000)]

_TITLE = {"kk": "Оқуға ұсынылатын 20 кітап", "ru": "20 книг, рекомендуемых к чтению"}
_OWNER = "0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"
_PROJECT = "0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4901"
_URL = "https://kitap.kz/book/1"


class ProjectLevel(StrEnum):
    """Whether others belong to it."""

    PROGRAMME = "programme"
    PROJECT = "project"


class ProjectStatus(StrEnum):
    """Where a project is in its life."""

    DRAFT = "draft"
    ACTIVE = "active"
    COMPLETED = "completed"
    STOPPED = "stopped"


class StakeholderCreate(In, json_schema_extra=one_of("organisation_id", "body")):
    """Who has a part in a project: an organisation of the registry, or a body it does not have."""

    organisation_id: UUID | None = Field(default=None, description="An organisation", examples=[_OWNER])
    body: LocalisedText | None = Field(
        default=None, description="A body the registry does not have: parents, a library", examples=[None]
    )
    role: Word = Field(default="partner", description="What part it has", examples=["partner"])

    @model_validator(mode="after")
    def _one_of_them(self) -> "StakeholderCreate":
        if (self.organisation_id is None) == (self.body is None):
            raise wrong(
                "stakeholder_is_one_body",
                kk="organisation_id немесе body өрістерінің дәл біреуі керек",
                ru="Нужно ровно одно из полей organisation_id и body",
                en="Exactly one of organisation_id and body is needed",
            )
        return self


class ProjectAttributes(In):
    """Everything of a project except where it is in its life."""

    level: ProjectLevel = Field(
        default=ProjectLevel.PROJECT,
        description="A project, or a programme that others belong to",
        examples=["project"],
    )
    kind: Word = Field(description="What sort: reading, research, volunteering, …", examples=["reading"])
    title: LocalisedText = Field(description="What it is called", examples=[_TITLE])
    goal: LongText | None = Field(
        default=None,
        description="What it is to achieve; needed to become active",
        examples=[{"kk": "Оқу сауаттылығын арттыру"}],
    )
    owner_id: UUID | None = Field(
        default=None, description="The organisation that carries it; needed to become active", examples=[_OWNER]
    )
    area: Kato | None = Field(
        default=None, description="Where it is; by default where its owner stands", examples=["430000000"]
    )
    parent_id: UUID | None = Field(default=None, description="The wider programme it belongs to", examples=[None])
    items_planned: ItemsPlanned | None = Field(
        default=None, description="How many items it is to have, and no more", examples=[20]
    )
    starts_on: Date | None = Field(default=None, description="First day", examples=["2026-01-15"])
    ends_on: Date | None = Field(default=None, description="Last day", examples=["2026-05-25"])
    stakeholders: list[StakeholderCreate] = Field(
        default_factory=list,
        max_length=100,
        description="Who has a part in it; at least one is needed to become active",
        examples=[[{"organisation_id": _OWNER, "role": "partner"}]],
    )
    link_hosts: Annotated[list[Host], AfterValidator(distinct), UNIQUE] = Field(
        default_factory=list,
        max_length=50,
        description="Sites that its links, and those of projects under it, may lead to, beside the country's list; "
        "needs `registry:approve`",
        examples=[["kitap.kz"]],
    )


class ProjectCreate(ProjectAttributes):
    """A project to be drafted."""


class ProjectUpdate(In):
    """A JSON Merge Patch (RFC 7396): what is absent stays, null removes, objects are merged, lists are replaced."""

    level: ProjectLevel | None = Field(
        default=None, description="A project, or a programme", json_schema_extra=stays, examples=["project"]
    )
    kind: Word | None = Field(default=None, description="What sort", json_schema_extra=stays, examples=["reading"])
    title: TextPatch | None = Field(default=None, description="What it is called", examples=[{"en": "20 books"}])
    goal: LongText | None = Field(
        default=None, description="What it is to achieve", examples=[{"kk": "Оқу сауаттылығын арттыру"}]
    )
    owner_id: UUID | None = Field(
        default=None, description="The organisation that carries it", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"]
    )
    area: Kato | None = Field(default=None, description="Where it is", examples=["430000000"])
    parent_id: UUID | None = Field(
        default=None, description="The wider programme it belongs to", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4901"]
    )
    items_planned: ItemsPlanned | None = Field(default=None, description="How many items it is to have", examples=[20])
    starts_on: Date | None = Field(default=None, description="First day", examples=["2026-01-15"])
    ends_on: Date | None = Field(default=None, description="Last day", examples=["2026-05-25"])
    stakeholders: list[StakeholderCreate] | None = Field(
        default=None,
        max_length=100,
        description="Who has a part in it, all of them",
        examples=[[{"organisation_id": "0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601", "role": "partner"}]],
    )
    link_hosts: Annotated[list[Host], AfterValidator(distinct), UNIQUE] | None = Field(
        default=None,
        max_length=50,
        description="Sites that its links may lead to; needs `registry:approve`",
        examples=[["kitap.kz"]],
    )


class ProjectTransition(In):
    """The next step in the life of a project."""

    to: ProjectStatus = Field(description="The status it takes", examples=["active"])
    reason: FilledLine | None = Field(default=None, description="Why it is stopped; needed for that", examples=[None])


class ProjectItemCreate(In):
    """One thing of many that a project is made of: a book, a lesson, a meeting."""

    title: LocalisedText = Field(description="What it is", examples=[{"kk": "Абай жолы", "ru": "Путь Абая"}])
    note: Line | None = Field(default=None, description="A short note", examples=["М. Әуезов"])
    url: HttpsUrl | None = Field(default=None, description="Where it is on the web", examples=[_URL])


class ProjectLinkCreate(In):
    """A resource on the web."""

    url: HttpsUrl = Field(description="Its address: https, on a site of the list", examples=[_URL])
    title: LocalisedText | None = Field(
        default=None, description="What is found there", examples=[{"kk": "Әлем классикасы"}]
    )


class ProjectItemRead(Out):
    """One thing that a project is made of."""

    id: UUID = Field(description="The item", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4902"])
    number: int = Field(ge=1, description="Its place in the project", examples=[1])
    title: TextOut = Field(description="What it is", examples=[{"kk": "Абай жолы"}])
    note: str | None = Field(default=None, max_length=500, description="A short note", examples=[None])
    url: str | None = Field(default=None, max_length=2000, description="Where it is on the web", examples=[_URL])


class ProjectLinkRead(Out):
    """A resource on the web."""

    id: UUID = Field(description="The link", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4903"])
    url: str = Field(max_length=2000, description="Its address", examples=[_URL])
    title: TextOut | None = Field(default=None, description="What is found there", examples=[{"kk": "Әлем классикасы"}])


class StakeholderRead(Out):
    """Who has a part in a project."""

    organisation: Named | None = Field(default=None, description="An organisation of the registry")
    body: TextOut | None = Field(
        default=None, description="A body it does not have", examples=[{"ru": "Акимат города"}]
    )
    role: str = Field(max_length=40, description="What part it has", examples=["partner"])


class ProjectAbove(Out):
    """A programme that a project belongs to."""

    id: UUID = Field(description="The programme", examples=[_PROJECT])
    level: ProjectLevel = Field(
        description="A programme, or a project that has projects of its own", examples=["project"]
    )
    title: TextOut = Field(description="What it is called", examples=[{"kk": "Оқуға құштар ұлт"}])


class ProjectSummary(Out):
    """A project in a list."""

    id: UUID = Field(description="The project", examples=[_PROJECT])
    level: ProjectLevel = Field(description="A project, or a programme", examples=["project"])
    kind: str = Field(max_length=40, description="What sort", examples=["reading"])
    title: TextOut = Field(description="What it is called", examples=[_TITLE])
    status: ProjectStatus = Field(description="Where it is in its life", examples=["active"])
    owner: Named | None = Field(default=None, description="The organisation that carries it")
    area: str | None = Field(default=None, max_length=9, description="KATO code of where it is", examples=["430000000"])
    parent_id: UUID | None = Field(default=None, description="The wider programme it belongs to", examples=[None])
    items_planned: int | None = Field(default=None, ge=1, description="How many items it is to have", examples=[20])
    item_count: int = Field(ge=0, description="How many items it has", examples=[20])
    starts_on: Date | None = Field(default=None, description="First day", examples=["2026-01-15"])
    ends_on: Date | None = Field(default=None, description="Last day", examples=["2026-05-25"])


class ProjectRead(ProjectSummary):
    """A project with who and what belongs to it."""

    status_reason: str | None = Field(default=None, max_length=500, description="Why it was stopped", examples=[None])
    goal: TextOut | None = Field(
        default=None, description="What it is to achieve", examples=[{"kk": "Оқу сауаттылығын арттыру"}]
    )
    above: list[ProjectAbove] = Field(max_length=16, description="What it belongs to, the widest programme first")
    area_path: list[str] = Field(max_length=16, description="KATO codes from its region down", examples=[["430000000"]])
    stakeholders: list[StakeholderRead] = Field(max_length=100, description="Who has a part in it")
    links: list[ProjectLinkRead] = Field(max_length=200, description="Resources on the web")
    link_hosts: list[str] = Field(
        max_length=50, description="Sites its links may lead to beside the country's list", examples=[["kitap.kz"]]
    )
    next_statuses: list[ProjectStatus] = Field(
        max_length=4, description="Where it can go from here", examples=[["completed", "stopped"]]
    )
    version: int = Field(ge=1, description="How many times it was changed", examples=[1])


class ProjectsQuery(PageQuery):
    """Which projects."""

    area: Kato | None = Field(
        default=None, description="Only inside this area and everything under it", examples=["430000000"]
    )
    owner_id: UUID | None = Field(
        default=None, description="Only of this owner", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"]
    )
    under: UUID | None = Field(
        default=None,
        description="Only what belongs to this programme, however far below",
        examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4901"],
    )
    level: ProjectLevel | None = Field(
        default=None, description="Only programmes, or only projects", examples=["project"]
    )
    kind: Word | None = Field(default=None, description="Only of this sort", examples=["reading"])
    status: list[ProjectStatus] = Field(
        default_factory=list, max_length=4, description="Only in these statuses", examples=[["active"]]
    )
