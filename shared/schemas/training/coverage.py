"""Coverage: who has been taught, counted by persons, by documents and by organisations."""

from enum import StrEnum
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


Many = Annotated[int, Field(ge=0, le=2**31 - 1)]
"""How many there are of something that is counted."""


class Breakdown(StrEnum):
    """What teachers are told apart by."""

    SUBJECT = "subject"
    DISTRICT = "district"
    LANGUAGE = "language"
    """Of instruction at the workplace."""
    CATEGORY = "category"
    SETTING = "setting"
    TYPE = "type"
    """Of the workplace."""
    YEARS_SINCE = "years_since"
    """Full years since the last certificate: 0 to 4, `5+`, `never`."""


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
    by: Breakdown | None = Field(
        default=None, description="Adds `groups`: the teachers employed on the day, by this", examples=["subject"]
    )


class CoverageGroup(Out):
    """Teachers who have something in common. Figures that are not shown are null, all of them together."""

    key: str | None = Field(
        description="What they have in common: a subject, the KATO code of a district, a language, a category, a "
        "setting, a type, years; null where that is not known",
        max_length=64,
        examples=["physics"],
    )
    teachers: Many | None = Field(
        description="Teachers employed on the day: the denominator. Who teaches two subjects is in two groups",
        examples=[420],
    )
    upskilled: Many | None = Field(
        description="Those of them who hold a certificate that counts towards the norm and is inside its window",
        examples=[378],
    )
    share: float | None = Field(
        description="100 · upskilled / teachers; null where no teacher is known, and where it is not shown",
        ge=0,
        le=100,
        examples=[90.0],
    )
    taught: Many | None = Field(
        description="Those of them who hold one of the documents asked for, each once", examples=[400]
    )
    certificates: Many | None = Field(description="How many such documents they hold", examples=[411])
    never: Many | None = Field(description="Those of them who hold no certificate at all", examples=[12])
    suppressed: bool = Field(
        description="Not shown, because so few persons could be recognised, or because the figures would give others "
        "away that are not shown",
        examples=[False],
    )


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
    employed: CoverageGroup | None = Field(
        default=None, description="With `by`: all teachers employed on the day, each once; its `key` is null"
    )
    groups: list[CoverageGroup] | None = Field(
        default=None, description="With `by`: the same teachers in groups", max_length=5000
    )
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
