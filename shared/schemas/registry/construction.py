"""Construction of schools: projects, the stages they pass, their dates, costs, risks and facts."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from shared.schemas.base import (
    Code,
    Date,
    Finite,
    Flag,
    In,
    Kato,
    Line,
    LocalisedText,
    Name,
    Out,
    Share,
    TextOut,
    Whole,
    stays,
)
from shared.schemas.pages import PageQuery
from shared.schemas.registry.construction_words import (
    ConstructionPartyRole,
    ConstructionReason,
    FundingSource,
    GateEvidence,
    Money,
    Stage,
)
from shared.schemas.registry.organisation_lists import AsOfQuery
from shared.schemas.registry.organisation_words import (
    _UNIQUE,
    IdentifierValue,
    LanguageOfInstruction,
    Point,
    Setting,
    _distinct,
)
from shared.schemas.registry.organisations import OrganisationCreate, PointRead

_ID = "0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4c01"
_NAME = {"kk": "Асар шағын ауданындағы 1500 орындық мектеп", "ru": "Школа на 1500 мест в микрорайоне Асар"}
_EVIDENCE = {"kind": "land_decision", "reference": "Постановление акимата № 112 от 04.03.2025"}
_POINT = {"latitude": 42.34, "longitude": 69.59}
_BUILDER = {"role": "builder", "name": "ТОО «Құрылысшы»", "scheme": "demo", "value": "230990000468"}
_FUNDING = {"source": "sponsor", "amount": "9800000000.00"}
Places = Annotated[Whole, Field(ge=1, le=20_000)]
"""For how many pupils a school is designed."""


class Funding(In):
    """One source of a project's money."""

    source: FundingSource = Field(description="Who pays", examples=["sponsor"])
    amount: Money | None = Field(default=None, description="How much, in tenge", examples=["9800000000.00"])
    share: Share | None = Field(
        default=None, description="Its part of the whole, 0 to 1; computed where all amounts are known", examples=[0.6]
    )
    party: Name | None = Field(default=None, description="Who it is, as it is called", examples=["ТОО «Демеуші»"])


class ConstructionParty(In):
    """An organisation that has a part in a project."""

    role: ConstructionPartyRole = Field(description="What it does", examples=["builder"])
    name: Name = Field(description="What it is called", examples=["ТОО «Құрылысшы»"])
    scheme: Annotated[str, Field(pattern=r"^(kz-bin|demo|foreign)$", max_length=7)] | None = Field(
        default=None, description="Who gave its identifier: kz-bin, demo or foreign", examples=["demo"]
    )
    value: IdentifierValue | None = Field(default=None, description="Its identifier", examples=["230990000468"])


class ConstructionProjectAttributes(In):
    """Everything of a project that may change with time, except how far it is."""

    name: LocalisedText = Field(description="What it is called", examples=[_NAME])
    programme: Code | None = Field(default=None, description="The programme it belongs to", examples=["keleshek"])
    area: Kato = Field(description="KATO code of the place", examples=["790000000"])
    setting: Setting | None = Field(default=None, description="City, town or village", examples=["village"])
    design_capacity: Places = Field(description="Places it is designed for: not pupils", examples=[1500])
    gross_area_m2: Annotated[Finite, Field(gt=0, le=1_000_000)] | None = Field(
        default=None, description="Floor area in square metres", examples=[21060.0]
    )
    languages_of_instruction: Annotated[list[LanguageOfInstruction], AfterValidator(_distinct), _UNIQUE] = Field(
        default_factory=list, max_length=10, description="Languages it is to teach in", examples=[["kk", "ru"]]
    )
    location: Point | None = Field(default=None, description="Where it is on the map", examples=[_POINT])
    funding: list[Funding] = Field(
        default_factory=list, max_length=5, description="Who pays how much; each source once", examples=[[_FUNDING]]
    )
    parties: list[ConstructionParty] = Field(
        default_factory=list,
        max_length=20,
        description="Customer, designer, builder, supervisor, sponsor",
        examples=[[_BUILDER]],
    )


class StageChangeCreate(In):
    """A gate that was passed, or a way out of the line."""

    stage: Stage = Field(description="The stage it came to", examples=["land"])
    on: Date | None = Field(default=None, description="On which day; by default today", examples=["2025-03-04"])
    evidence: list[GateEvidence] = Field(
        default_factory=list, max_length=20, description="Documents the gate asks for", examples=[[_EVIDENCE]]
    )
    reason: ConstructionReason | None = Field(
        default=None, description="Why it is suspended or cancelled; only there it is needed", examples=["funding"]
    )
    comment: Line | None = Field(default=None, description="What else is to be said", examples=["Участок 4,2 га"])


class ConstructionProjectCreate(ConstructionProjectAttributes):
    """A project as it enters the pipeline."""

    reference: Code = Field(description="Its number in the programme or the budget", examples=["KEL-2025-046"])
    valid_from: Date | None = Field(
        default=None,
        description="Since when it is so; by default the first stage's day or today",
        examples=["2025-01-15"],
    )
    history: list[StageChangeCreate] = Field(
        default_factory=list,
        max_length=40,
        description="Gates passed already, in their order; without them it is planned",
        examples=[[{"stage": "land", "on": "2025-03-04", "evidence": [_EVIDENCE]}]],
    )
    is_synthetic: Flag = Field(default=False, description="Made up for a demonstration or a test", examples=[True])


class ConstructionProjectBatch(In):
    """Many projects at once: all of them or none."""

    projects: list[ConstructionProjectCreate] = Field(
        min_length=1,
        max_length=500,
        description="The projects",
        examples=[[{"reference": "KEL-2025-046", "name": _NAME, "area": "790000000", "design_capacity": 1500}]],
    )


class ConstructionProjectUpdate(In):
    """A JSON Merge Patch of a project: what is left out stays; a list replaces the whole list."""

    name: LocalisedText | None = Field(
        default=None, json_schema_extra=stays, description="What it is called", examples=[_NAME]
    )
    programme: Code | None = Field(default=None, description="The programme it belongs to", examples=["keleshek"])
    area: Kato | None = Field(
        default=None, json_schema_extra=stays, description="KATO code of the place", examples=["790000000"]
    )
    setting: Setting | None = Field(default=None, description="City, town or village", examples=["village"])
    design_capacity: Places | None = Field(
        default=None, json_schema_extra=stays, description="Places it is designed for", examples=[2000]
    )
    gross_area_m2: Annotated[Finite, Field(gt=0, le=1_000_000)] | None = Field(
        default=None, description="Floor area in square metres", examples=[21060.0]
    )
    languages_of_instruction: Annotated[list[LanguageOfInstruction], AfterValidator(_distinct), _UNIQUE] | None = Field(
        default=None,
        json_schema_extra=stays,
        max_length=10,
        description="Languages it is to teach in",
        examples=[["kk"]],
    )
    location: Point | None = Field(default=None, description="Where it is on the map", examples=[_POINT])
    funding: list[Funding] | None = Field(
        default=None, json_schema_extra=stays, max_length=5, description="Who pays how much", examples=[[_FUNDING]]
    )
    parties: list[ConstructionParty] | None = Field(
        default=None, json_schema_extra=stays, max_length=20, description="Who has a part in it", examples=[[_BUILDER]]
    )


class ProjectOpen(In):
    """The school opens: it enters the registry, or is there already, and the project is closed."""

    on: Date | None = Field(
        default=None, description="First day of teaching, by default today", examples=["2026-09-01"]
    )
    evidence: list[GateEvidence] = Field(
        default_factory=list,
        max_length=20,
        description="Documents the gate asks for",
        examples=[[{"kind": "licence_annex", "reference": "Приложение к лицензии № 7 от 20.08.2026"}]],
    )
    organisation_id: UUID | None = Field(
        default=None, description="The school, if it is in the registry already; else `organisation`", examples=[_ID]
    )
    organisation: OrganisationCreate | None = Field(
        default=None,
        description="The school to be registered; what is left out comes from the project",
        examples=[{"name": {"kk": "№150 мектеп", "ru": "Школа № 150"}, "type": "school"}],
    )


class ConstructionProjectQuery(PageQuery, AsOfQuery):
    """Filters of the list of projects."""

    programme: Code | None = Field(default=None, description="Only of this programme", examples=["keleshek"])
    area: Kato | None = Field(default=None, description="Only in this area and under it", examples=["790000000"])
    stage: list[Stage] = Field(
        default_factory=list, max_length=9, description="Only at one of these stages", examples=[["design"]]
    )
    funding: FundingSource | None = Field(
        default=None, description="Only with money of this source", examples=["sponsor"]
    )
    setting: list[Setting] = Field(
        default_factory=list, max_length=3, description="Only in such places", examples=[["village"]]
    )
    idle: bool | None = Field(default=None, description="True: only what is built and does not teach", examples=[True])


class FundingRead(Out):
    """One source of a project's money."""

    source: FundingSource = Field(description="Who pays", examples=["sponsor"])
    amount: str | None = Field(default=None, description="How much, in tenge", examples=["9800000000.00"])
    share: float | None = Field(default=None, ge=0, le=1, description="Its part of the whole", examples=[0.6])
    party: str | None = Field(default=None, description="Who it is", examples=["ТОО «Демеуші»"])


class ConstructionPartyRead(Out):
    """An organisation that has a part in a project."""

    role: ConstructionPartyRole = Field(description="What it does", examples=["builder"])
    name: str = Field(description="What it is called", max_length=300, examples=["ТОО «Құрылысшы»"])
    scheme: str | None = Field(default=None, description="Who gave its identifier", examples=["demo"])
    value: str | None = Field(default=None, description="Its identifier", examples=["230990000468"])


class ConstructionProjectRead(Out):
    """A project on a day: what it is, how far it is, and what is true of its building."""

    id: UUID = Field(description="The project", examples=[_ID])
    reference: str = Field(description="Its number in the programme or the budget", examples=["KEL-2025-046"])
    name: TextOut = Field(description="What it is called", examples=[_NAME])
    programme: str | None = Field(default=None, description="The programme it belongs to", examples=["keleshek"])
    area: str = Field(description="KATO code of the place", examples=["790000000"])
    setting: Setting | None = Field(default=None, description="City, town or village", examples=["village"])
    design_capacity: int = Field(ge=1, description="Places it is designed for", examples=[1500])
    gross_area_m2: float | None = Field(default=None, description="Floor area in square metres", examples=[21060.0])
    languages_of_instruction: list[str] = Field(
        default_factory=list, max_length=10, description="Languages it is to teach in", examples=[["kk", "ru"]]
    )
    location: PointRead | None = Field(default=None, description="Where it is on the map")
    funding: list[FundingRead] = Field(default_factory=list, max_length=5, description="Who pays how much")
    parties: list[ConstructionPartyRead] = Field(
        default_factory=list, max_length=20, description="Who has a part in it", examples=[[_BUILDER]]
    )
    stage: Stage = Field(description="How far it is", examples=["construction"])
    stage_since: Date = Field(description="Since when", examples=["2025-06-01"])
    built_on: Date | None = Field(default=None, description="Built since; null while it is not", examples=[None])
    commissioned_on: Date | None = Field(default=None, description="Commissioned since", examples=[None])
    operating_on: Date | None = Field(default=None, description="Teaching since", examples=[None])
    opens_on: str | None = Field(
        default=None,
        description="When it opens, as last foreseen, or opened",
        examples=["2026-09"],
    )
    idle: bool = Field(description="Built and not teaching", examples=[False])
    idle_reason: ConstructionReason | None = Field(
        default=None, description="Why it stands idle; `unknown` where nobody said", examples=[None]
    )
    organisation_id: UUID | None = Field(default=None, description="The school it became", examples=[None])
    is_synthetic: bool = Field(description="Made up for a demonstration or a test", examples=[True])
    version: int = Field(ge=1, description="ProjectCounts its changes; a change names it in `If-Match`", examples=[3])


class ConstructionProjectsMade(Out):
    """The projects of a batch."""

    ids: list[UUID] = Field(description="In the order they were handed in", max_length=500, examples=[[_ID]])


class ConstructionPeriod(In):
    """For which days a patch is true."""

    effective_from: Date | None = Field(
        default=None, description="First day on which it is so; by default today", examples=["2025-06-01"]
    )
