"""Coverage: who has been taught, counted by persons, by documents and by organisations."""

from typing import Annotated

from pydantic import Field, StringConstraints

from shared.schemas.base import Code, Date, In, Kato, Out
from shared.schemas.training.ids import CohortId

_COHORT = "0198c0de-0000-7000-8000-000000000301"
OrganisationType = Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z][a-z0-9_]{1,63}$")]
"""A type of organisation as the registry names it."""
IndicatorCodes = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[A-Z][A-Z0-9_]*(,[A-Z][A-Z0-9_]*)*$")]
"""Codes of indicators, with commas between."""


class IndicatorTableQuery(In):
    """Which indicators, of which organisations, as of which day."""

    indicators: IndicatorCodes | None = Field(
        default=None,
        description="Codes of the indicators, with commas between; by default all that this service computes",
        examples=["TCH_PD_3Y_SHARE"],
    )
    as_of: Date | None = Field(default=None, description="The day; today if left out", examples=["2026-09-01"])
    organisation_type: OrganisationType | None = Field(
        default=None, description="Only organisations of this type", examples=["school"]
    )
    area: Kato | None = Field(default=None, description="Only in this area and those within it", examples=["750000000"])


class CoverageQuery(In):
    """Whose coverage, and when."""

    as_of: Date | None = Field(default=None, description="The day; today if left out", examples=["2026-09-01"])
    since: Date | None = Field(
        default=None,
        description="Documents issued from this day on; without it: any earlier day",
        examples=["2025-09-01"],
    )
    area: Kato | None = Field(default=None, description="Only in this area and those within it", examples=["750000000"])
    cohort_id: CohortId | None = Field(default=None, description="Only of this cohort", examples=[_COHORT])
    programme_code: Code | None = Field(default=None, description="Only of this programme", examples=["KELESHEK-LAB"])


class TypeCoverage(Out):
    """Coverage in one type of organisation."""

    organisation_type: str | None = Field(description="The type", max_length=64, examples=["school"])
    teachers: int = Field(description="Persons, each once", ge=0, le=2**31 - 1, examples=[910])
    certificates: int = Field(description="Documents", ge=0, le=2**31 - 1, examples=[911])
    organisations: int = Field(description="Workplaces, each once", ge=0, le=2**31 - 1, examples=[85])


class CoverageRead(Out):
    """How many persons were taught: a person with two certificates counts once."""

    teachers: int = Field(description="Persons, each once", ge=0, le=2**31 - 1, examples=[910])
    certificates: int = Field(description="Documents", ge=0, le=2**31 - 1, examples=[911])
    organisations: int = Field(description="Workplaces, each once", ge=0, le=2**31 - 1, examples=[85])
    mean_per_organisation: float | None = Field(
        description="Persons per workplace; null without workplaces", ge=0, le=1e9, examples=[10.7]
    )
    by_type: list[TypeCoverage] = Field(description="The same by type of organisation", max_length=200)
    as_of: Date = Field(description="The day", examples=["2026-09-01"])


class CertifiedQuery(In):
    """Which teachers are counted, as of which day."""

    as_of: Date | None = Field(default=None, description="The day; today if left out", examples=["2026-09-01"])
    area: Kato | None = Field(default=None, description="Only in this area and those within it", examples=["790000000"])
    programme_code: Code | None = Field(
        default=None, description="Only with a certificate of this programme", examples=["KELESHEK-LAB"]
    )
    source: Code | None = Field(
        default=None,
        description="Only with a certificate from this system: `bilim` or an outside one",
        examples=["CPM"],
    )
    subject: Code | None = Field(default=None, description="Only who teach this subject", examples=["physics"])


class AreaCertified(Out):
    """Certified teachers who work in one area."""

    area: str | None = Field(description="KATO code of the place of work; null outside", examples=["790000000"])
    area_path: list[str] = Field(
        description="Codes from the region down to the area", max_length=10, examples=[["790000000"]]
    )
    teachers: int = Field(description="Persons, each once", ge=0, le=2**31 - 1, examples=[120])


class CertifiedRead(Out):
    """How many teachers hold a certificate that counts, by where they work."""

    teachers: int = Field(description="Persons, each once", ge=0, le=2**31 - 1, examples=[120])
    areas: list[AreaCertified] = Field(description="By area, in the order of codes", max_length=20_000)
    as_of: Date = Field(description="The day", examples=["2026-09-01"])
