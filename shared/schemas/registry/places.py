"""Places for pupils: schools of three shifts, the deficit of places and its forecast, staff for schools to come."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Code, Date, In, Kato, Out, TextOut
from shared.schemas.registry.organisation_lists import AsOfQuery
from shared.schemas.registry.organisation_words import Setting

_SCHOOL = "0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"
_NAME = {"kk": "№46 мектеп", "ru": "Школа № 46"}


class ThreeShiftQuery(AsOfQuery):
    """Where schools of three shifts are looked for, and on which day."""

    area: Kato | None = Field(default=None, description="Only in this area and under it", examples=["790000000"])


class ShiftSchool(Out):
    """A school and its shifts."""

    organisation_id: UUID = Field(description="The school", examples=[_SCHOOL])
    name: TextOut = Field(description="What it is called", examples=[_NAME])
    area: str | None = Field(default=None, description="Where it stands", examples=["790000000"])
    setting: Setting | None = Field(default=None, description="City, town or village", examples=["city"])
    shift_count: int | None = Field(default=None, description="Shifts on that day", examples=[3])
    since: Date | None = Field(default=None, description="Since when that is so", examples=["2024-09-01"])
    design_capacity: int | None = Field(default=None, description="Places it was designed for", examples=[600])
    pupils: int | None = Field(
        default=None, description="Pupils, as last reported; null where nobody did", examples=[1490]
    )
    primary_classes: int | None = Field(
        default=None, description="Class sets of grades 1 to 4, as last reported", examples=[18]
    )


class ThreeShiftReport(Out):
    """Schools of three shifts on a day, against the promise that there be none."""

    as_of: Date = Field(description="The day", examples=["2026-09-01"])
    area: str | None = Field(default=None, description="Where", examples=["790000000"])
    count: int = Field(ge=0, description="How many", examples=[1])
    target: int = Field(description="How many there are to be", examples=[0])
    met: bool = Field(description="Whether the promise is kept", examples=[False])
    schools: list[ShiftSchool] = Field(description="Those of three shifts or more", max_length=20_000)
    slipping: list[ShiftSchool] = Field(
        description="Those of one or two shifts that have more pupils than two shifts hold: next to slip",
        max_length=20_000,
    )


class DeficitQuery(AsOfQuery):
    """Where places are counted, on which day, and until when it is foreseen."""

    area: Kato | None = Field(
        default=None,
        description="By the areas right under this one; without it: by region",
        examples=["790000000"],
    )
    until: Date | None = Field(
        default=None,
        description="Foresee the school year of this day; by default this one",
        examples=["2029-09-01"],
    )


class Foreseen(Out):
    """A figure that is foreseen, and between which two it lies nineteen times of twenty."""

    value: float | None = Field(default=None, description="The figure; null without a series", examples=[10230.0])
    low: float | None = Field(default=None, description="At least; null with fewer than three years", examples=[9810.0])
    high: float | None = Field(default=None, description="At most", examples=[10650.0])


class AreaDeficit(Out):
    """Places in one area."""

    area: str | None = Field(description="KATO code; null for the sum", examples=["791010000"])
    name: TextOut | None = Field(default=None, description="The area", examples=[{"kk": "Абай ауданы"}])
    schools: int = Field(ge=0, description="Schools that work on the day", examples=[24])
    unknown: int = Field(ge=0, description="Of them, those without pupils or capacity on record", examples=[1])
    pupils: int = Field(ge=0, description="Pupils, as last reported", examples=[31250])
    design_capacity: int = Field(ge=0, description="Places in one shift", examples=[14400])
    places: int = Field(ge=0, description="Places at the norm of two shifts", examples=[28800])
    deficit: int = Field(ge=0, description="Pupils beyond two shifts, school by school", examples=[2450])
    years: list[int] = Field(
        description="School years of the series, by their first year", max_length=200, examples=[[2023, 2024, 2025]]
    )
    pupils_foreseen: Foreseen = Field(description="Pupils in the school year asked for")
    opening_places: int = Field(
        ge=0, description="Design capacity of the projects that open until then", examples=[1500]
    )
    deficit_foreseen: Foreseen = Field(description="Pupils beyond two shifts then, the new schools counted")


class DeficitReport(Out):
    """Where places are missing, and will be."""

    as_of: Date = Field(description="The day", examples=["2026-01-12"])
    until: Date = Field(description="The day that is foreseen", examples=["2029-09-01"])
    method: TextOut = Field(description="How it is computed", examples=[{"en": "Two-shift norm, linear trend"}])
    total: AreaDeficit = Field(description="All areas together; foreseen figures are sums")
    areas: list[AreaDeficit] = Field(description="By area, in the order of codes", max_length=1000)


class StaffingQuery(In):
    """Which schools to come, and how many trained teachers each needs."""

    until: Date = Field(description="Schools that are to open until this day", examples=["2026-09-01"])
    as_of: Date | None = Field(default=None, description="Seen from this day, or today", examples=["2026-01-12"])
    area: Kato | None = Field(default=None, description="Only in this area and under it", examples=["790000000"])
    teachers_per_project: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=10, description="How many trained teachers a school needs", examples=[10]
    )
    places_per_teacher: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)] | None = Field(
        default=None, description="Or one for so many places, rounded up; goes before the other", examples=[150]
    )
    programme_code: Code | None = Field(
        default=None, description="Trained by this programme; without it by any that counts", examples=["NIS-LEAD"]
    )
    source: Code | None = Field(default=None, description="With a certificate from this system only", examples=["CPM"])


class TrainingAnswer(StrEnum):
    """Whether training could be asked."""

    ANSWERED = "answered"
    UNREACHABLE = "unreachable"


class Drawn(Out):
    """Teachers that a project draws from one area."""

    area: str | None = Field(description="Where they work now", examples=["790000000"])
    teachers: int = Field(ge=1, description="How many", examples=[4])


class ProjectStaffing(Out):
    """One school to come: the teachers it needs and those it can have."""

    project_id: UUID = Field(description="The project", examples=["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4c01"])
    reference: str = Field(description="Its number", examples=["SHY-07"])
    name: TextOut = Field(description="What it is called", examples=[_NAME])
    area: str = Field(description="Where it stands", examples=["790000000"])
    opens_on: str = Field(description="When it opens, as exact as it is known", examples=["2026-09-01"])
    design_capacity: int = Field(ge=1, description="Places", examples=[1500])
    required: int = Field(ge=0, description="Trained teachers it needs", examples=[10])
    available: int | None = Field(
        default=None, description="Trained teachers it can have; null where training could not be asked", examples=[4]
    )
    gap: int | None = Field(default=None, description="How many are missing", examples=[6])
    drawn: list[Drawn] = Field(description="Where they come from", max_length=20_000)


class StaffingReport(Out):
    """Trained teachers for the schools to come: nobody is promised twice."""

    as_of: Date = Field(description="Seen from this day", examples=["2026-01-12"])
    until: Date = Field(description="Schools that open until then", examples=["2026-09-01"])
    training: TrainingAnswer = Field(description="Whether training could be asked", examples=["answered"])
    certified: int | None = Field(
        default=None, description="Certified teachers; null where training could not be asked", examples=[120]
    )
    required: int = Field(ge=0, description="Teachers needed by all projects", examples=[300])
    available: int | None = Field(default=None, description="Teachers given to projects", examples=[120])
    gap: int | None = Field(default=None, description="How many are missing", examples=[180])
    rule: TextOut = Field(description="How teachers are given to projects", examples=[{"en": "First to open, first"}])
    projects: list[ProjectStaffing] = Field(description="In the order in which they open", max_length=20_000)
