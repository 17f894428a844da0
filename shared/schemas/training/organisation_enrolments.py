"""Organisations that take a programme as a team."""

from pydantic import Field

from shared.schemas.base import In, Instant, Out
from shared.schemas.pages import PageQuery
from shared.schemas.training.enrolments import EnrolmentRead, Refused
from shared.schemas.training.ids import CohortId, EducatorId, OrganisationEnrolmentId, OrganisationId

_ID = "0198c0de-0000-7000-8000-000000000701"
_COHORT = "0198c0de-0000-7000-8000-000000000301"
_EDUCATOR = "0198c0de-0000-7000-8000-000000000401"
_ORGANISATION = "0198c0de-0000-7000-8000-000000000001"


class OrganisationEnrolmentCreate(In):
    """An organisation that takes part in a cohort as a team."""

    cohort_id: CohortId = Field(description="The cohort", examples=[_COHORT])
    organisation_id: OrganisationId = Field(description="The organisation", examples=[_ORGANISATION])
    members: list[EducatorId] = Field(
        default=[],
        max_length=200,
        description="Who of its educators takes part; each is enrolled and answered for",
        examples=[[_EDUCATOR]],
    )


class TeamMembersCreate(In):
    """More members of a team."""

    members: list[EducatorId] = Field(
        min_length=1, max_length=200, description="Educators of the organisation", examples=[[_EDUCATOR]]
    )


class OrganisationEnrolmentRead(Out):
    """An organisation in a cohort."""

    id: OrganisationEnrolmentId = Field(description="Its identifier", examples=[_ID])
    cohort_id: CohortId = Field(description="The cohort", examples=[_COHORT])
    organisation_id: OrganisationId = Field(description="The organisation", examples=[_ORGANISATION])
    members: int = Field(
        description="How many of its educators were enrolled with it", ge=0, le=2**31 - 1, examples=[4]
    )
    created_at: Instant = Field(description="When it was enrolled", examples=["2022-11-01T10:00:00+05:00"])


class TeamMember(Out):
    """What became of one member."""

    educator_id: EducatorId = Field(description="The person", examples=[_EDUCATOR])
    enrolment: EnrolmentRead | None = Field(description="The enrolment; null if there is none, for the reason told")
    problem: Refused | None = Field(description="Why the person could not be enrolled; null if it went well")


class TeamRead(OrganisationEnrolmentRead):
    """An organisation in a cohort, and what became of the members that were named."""

    named: list[TeamMember] = Field(description="Each member named, in the order given", max_length=200)


class TeamMemberList(Out):
    """The members of a team and where they stand."""

    items: list[EnrolmentRead] = Field(description="Their enrolments, in the order of enrolling", max_length=10_000)


class OrganisationEnrolmentQuery(PageQuery):
    """Which organisations; the earliest enrolled first."""

    cohort_id: CohortId | None = Field(default=None, description="Only of this cohort", examples=[_COHORT])
    organisation_id: OrganisationId | None = Field(
        default=None, description="Only this organisation", examples=[_ORGANISATION]
    )


class TypeCount(Out):
    """Organisations of one type."""

    organisation_type: str | None = Field(description="The type", max_length=64, examples=["school"])
    organisations: int = Field(description="How many are enrolled", ge=0, le=2**31 - 1, examples=[33])
    coverage: float | None = Field(
        description="Their share of all organisations of the type, in percent; null while their number is not known",
        ge=0,
        le=100,
    )


class OrganisationEnrolmentCount(Out):
    """How many organisations took part."""

    total: int = Field(description="Organisations, each once", ge=0, le=2**31 - 1, examples=[85])
    by_type: list[TypeCount] = Field(description="The same by type of organisation", max_length=200)


class OrganisationEnrolmentCountQuery(In):
    """Of which cohort."""

    cohort_id: CohortId | None = Field(default=None, description="Only of this cohort", examples=[_COHORT])
