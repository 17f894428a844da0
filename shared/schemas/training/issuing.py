"""Giving the documents of a whole cohort."""

from pydantic import Field

from shared.schemas.base import Date, Flag, In, Out, TextOut
from shared.schemas.training.certificates import CertificateKind
from shared.schemas.training.ids import EducatorId, EnrolmentId, OrganisationId

_ENROLMENT = "0198c0de-0000-7000-8000-000000000501"
_EDUCATOR = "0198c0de-0000-7000-8000-000000000401"
_ORGANISATION = "0198c0de-0000-7000-8000-000000000001"
_MOST = 100_000


class CohortCertificatesCreate(In):
    """Give every document that was earned in a cohort."""

    issued_on: Date | None = Field(default=None, description="Day of issue; today if left out", examples=["2026-01-09"])
    dry_run: Flag = Field(default=False, description="Answer only; no number is taken", examples=[False])


class IssueProblem(Out):
    """Why a document is not given."""

    code: str = Field(description="Why, by its code", max_length=64, examples=["already_issued"])
    message: TextOut = Field(description="Why, in words", examples=[{"en": "The document has been issued already"}])


class IssueAnswer(Out):
    """What came of one enrolment."""

    enrolment_id: EnrolmentId = Field(description="The enrolment", examples=[_ENROLMENT])
    kind: CertificateKind = Field(description="What it earned", examples=["certificate"])
    number: str | None = Field(
        description="The number given; null if none was, and in a dry run",
        max_length=64,
        examples=["ORLEU-2026-000001"],
    )
    problem: IssueProblem | None = Field(description="Why it was not given; null if it was")


class CohortCertificatesRead(Out):
    """What came of a cohort: each who earned something is answered for."""

    dry_run: bool = Field(description="Whether nothing was given", examples=[False])
    issued: int = Field(description="Documents given, or that would be", ge=0, le=_MOST, examples=[84])
    refused: int = Field(description="Documents not given", ge=0, le=_MOST, examples=[1])
    items: list[IssueAnswer] = Field(description="The answers, in the order of completion", max_length=_MOST)


class ToIssueRead(Out):
    """A document that was earned and waits to be signed."""

    enrolment_id: EnrolmentId = Field(description="The enrolment", examples=[_ENROLMENT])
    educator_id: EducatorId = Field(description="Whose it will be", examples=[_EDUCATOR])
    organisation_id: OrganisationId = Field(description="The workplace", examples=[_ORGANISATION])
    kind: CertificateKind = Field(description="What was earned", examples=["certificate"])
    completed_on: Date = Field(description="Day of completion", examples=["2026-01-08"])
    problem: IssueProblem | None = Field(description="What stands in the way; null if nothing does")


class ToIssueList(Out):
    """Documents of a cohort that wait to be signed."""

    items: list[ToIssueRead] = Field(description="In the order of completion", max_length=_MOST)
