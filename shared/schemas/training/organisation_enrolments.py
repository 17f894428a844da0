"""Organisations that take a programme as a team."""

from pydantic import Field

from shared.schemas.base import In, Instant, Out
from shared.schemas.pages import PageQuery
from shared.schemas.training.ids import CohortId, OrganisationEnrolmentId, OrganisationId

_ID = "0198c0de-0000-7000-8000-000000000701"
_COHORT = "0198c0de-0000-7000-8000-000000000301"
_ORGANISATION = "0198c0de-0000-7000-8000-000000000001"


class OrganisationEnrolmentCreate(In):
    """An organisation that takes part in a cohort as a team."""

    cohort_id: CohortId = Field(description="The cohort", examples=[_COHORT])
    organisation_id: OrganisationId = Field(description="The organisation", examples=[_ORGANISATION])


class OrganisationEnrolmentRead(Out):
    """An organisation in a cohort."""

    id: OrganisationEnrolmentId = Field(description="Its identifier", examples=[_ID])
    cohort_id: CohortId = Field(description="The cohort", examples=[_COHORT])
    organisation_id: OrganisationId = Field(description="The organisation", examples=[_ORGANISATION])
    created_at: Instant = Field(description="When it was enrolled", examples=["2022-11-01T10:00:00+05:00"])


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
