"""Due: whose window of the norm ends soon, who is out of it, and which seats there are for them."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from shared.schemas.base import Date, In, Kato, Out, TextOut
from shared.schemas.pages import PageQuery
from shared.schemas.training.coverage import Many, OrganisationType
from shared.schemas.training.educators import PersonName
from shared.schemas.training.ids import EducatorId, OrganisationId
from shared.schemas.training.words import QualificationCategory, Subject

_ORGANISATION = "0198c0de-0000-7000-8000-000000000001"
_EDUCATOR = "0198c0de-0000-7000-8000-000000000401"
_NAME = {"kk": {"family": "Үлгіұлы", "given": "Мысал", "patronymic": None}, "ru": None}
Month = Annotated[str, StringConstraints(max_length=7, pattern=r"^[0-9]{4}-[0-9]{2}$")]
"""A month, as `YYYY-MM`."""


class NormState(StrEnum):
    """How a teacher stands towards the norm of upskilling."""

    MET = "met"
    """Also on the last of the days looked at."""
    DUE = "due"
    """Met on the day; the window ends within the days looked at."""
    OUT = "out"
    """The window has ended, or nothing of what was earned holds any longer."""
    UNCOUNTED = "uncounted"
    """There are certificates, but none counts: too few hours, or not approved."""
    NEVER = "never"
    """There is no certificate at all."""


class DueSelection(In):
    """Which teachers, as of which day, looking how far ahead."""

    as_of: Date | None = Field(default=None, description="The day; today if left out", examples=["2026-09-01"])
    days: Annotated[int, Field(ge=0, le=1100)] = Field(
        default=90, description="How many days ahead a window may end to be due", examples=[90]
    )
    area: Kato | None = Field(default=None, description="Only in this area and those within it", examples=["790000000"])
    organisation_id: OrganisationId | None = Field(
        default=None, description="Only of this workplace", examples=[_ORGANISATION]
    )
    organisation_type: OrganisationType | None = Field(
        default=None, description="Only of workplaces of this type", examples=["school"]
    )
    subject: Subject | None = Field(default=None, description="Only who teach this subject", examples=["physics"])


class DueQuery(DueSelection):
    """Of whom the report is."""


class DueWorkplaceQuery(PageQuery, DueSelection):
    """Which workplaces; always within the caller's reach, in the order of their ids."""


class DueEducatorQuery(PageQuery, DueSelection):
    """Which teachers; always within the caller's reach, who wait longest first."""

    state: NormState | None = Field(
        default=None, description="Only who stand so; without it all who are not `met`", examples=["never"]
    )


class NormCounts(Out):
    """Teachers by how they stand towards the norm. `teachers` = `met` + `out` + `uncounted` + `never`."""

    teachers: Many | None = Field(description="Teachers employed on the day", examples=[100])
    met: Many | None = Field(
        description="Who hold a certificate that counts, issued within the window before the day", examples=[90]
    )
    due: Many | None = Field(description="Those of `met` whose window ends within the days looked at", examples=[7])
    out: Many | None = Field(description="Whose window has ended", examples=[6])
    uncounted: Many | None = Field(description="Who have certificates of which none counts", examples=[1])
    never: Many | None = Field(description="Who have no certificate at all", examples=[3])
    share: float | None = Field(
        description="100 · met / teachers; null where no teacher is known, and where it is not shown",
        ge=0,
        le=100,
        examples=[90.0],
    )
    level: int | None = Field(
        description="The level of attestation that the share comes to, after rounding half up to a whole percent; null "
        "without a share",
        ge=2,
        le=5,
        examples=[4],
    )
    suppressed: bool = Field(description="Not shown, for the sake of few persons here or elsewhere", examples=[False])


class DueArea(NormCounts):
    """Teachers who work in one district."""

    area: str | None = Field(
        description="KATO code of the district, or of the region where there is no district", max_length=9
    )


class DueMonth(Out):
    """How many windows end in one month."""

    month: Month = Field(description="The month", examples=["2026-11"])
    teachers: Many | None = Field(description="How many teachers no longer meet the norm from then on")
    suppressed: bool = Field(description="Not shown, for the sake of few persons here or elsewhere", examples=[False])


class NormInForce(Out):
    """By which rules it was counted."""

    rule: str | None = Field(description="Norm and version in force on the day", max_length=80, examples=["pd-3y/1"])
    min_hours: int | None = Field(description="Least hours of a course that counts", ge=1, le=2000, examples=[36])
    window_months: int | None = Field(description="For how many months it counts", ge=1, le=1200, examples=[36])
    level_rule: str | None = Field(
        description="The table of levels in force on the day; null before the first", max_length=80
    )


class DueRead(Out):
    """Whose window ends within the days looked at, and who is out of it already."""

    as_of: Date = Field(description="The day", examples=["2026-09-01"])
    until: Date = Field(description="The last of the days looked at", examples=["2026-11-30"])
    norm: NormInForce = Field(description="By which rules it was counted")
    total: NormCounts = Field(description="All teachers asked for")
    areas: list[DueArea] = Field(description="The same by district, in the order of codes", max_length=1000)
    months: list[DueMonth] = Field(
        description="Of those who meet the norm on the day: how many cease to in which month if nothing is done; they "
        "add up to `met`",
        max_length=1500,
    )


class DueWorkplace(NormCounts):
    """Teachers of one workplace."""

    organisation_id: OrganisationId = Field(description="The workplace, as in the registry", examples=[_ORGANISATION])
    name: TextOut = Field(description="Its name", examples=[{"kk": "№46 мектеп", "ru": "Школа № 46", "en": None}])
    type: str = Field(description="Its type", max_length=64, examples=["school"])
    area: str | None = Field(description="KATO code of its area", max_length=9, examples=["790000000"])


class DueEducator(Out):
    """A teacher who is due, or out."""

    educator_id: EducatorId = Field(description="The person", examples=[_EDUCATOR])
    name: PersonName | None = Field(
        description="The person's name; null where the data are blocked or erased",
        examples=[_NAME],
    )
    organisation_id: OrganisationId = Field(description="The workplace on the day", examples=[_ORGANISATION])
    subjects: list[str] = Field(description="Subjects the person teaches", max_length=20, examples=[["physics"]])
    category: QualificationCategory | None = Field(description="Qualification category", examples=["expert"])
    state: NormState = Field(description="How the person stands towards the norm", examples=["due"])
    last_on: Date | None = Field(description="Day of issue of the last certificate", examples=["2023-11-10"])
    expires_on: Date | None = Field(
        description="First day on which the norm is no longer met; null where nothing counted", examples=["2026-11-10"]
    )


class NeedQuery(DueSelection):
    """For whom, and where; seats of courses that begin within the days looked at."""


class Need(Out):
    """Teachers of one subject in one district who need a course, and the free seats for them."""

    subject: str | None = Field(description="The subject; null: teachers of whom no subject is known", max_length=64)
    area: str | None = Field(description="KATO code of the district; null where it is not known", max_length=9)
    teachers: Many | None = Field(
        description="Who do not meet the norm on the last of the days looked at; who teaches two subjects is in two "
        "rows",
        examples=[34],
    )
    seats: Many = Field(
        description="Free seats at venues in the district, of courses that begin within the days looked at and have a "
        "module of the subject or an audience that names it",
        examples=[20],
    )
    gap: Many | None = Field(description="max(0, teachers − seats)", examples=[14])
    suppressed: bool = Field(description="Not shown, for the sake of few persons here or elsewhere", examples=[False])


class NeedsRead(Out):
    """Who needs a course, against the seats there are."""

    as_of: Date = Field(description="The day", examples=["2026-09-01"])
    until: Date = Field(description="The last of the days looked at", examples=["2026-11-30"])
    teachers: Many | None = Field(description="All who need a course, each once; null where it is not shown")
    needs: list[Need] = Field(description="By subject and district", max_length=50_000)
