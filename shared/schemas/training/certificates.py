"""Certificates: what was earned, under which number, and whether it counts towards the norm."""

from enum import StrEnum

from pydantic import Field

from shared.schemas.actions import RefusedAction
from shared.schemas.base import Code, Date, FilledLine, Flag, In, Instant, Line, LocalisedText, Out, TextOut, Whole
from shared.schemas.pages import PageQuery
from shared.schemas.training.ids import CertificateId, EducatorId, EnrolmentId, OrganisationId, ProgrammeId
from shared.schemas.training.words import EvidenceItem, Hours, ReasonCode

_ID = "0198c0de-0000-7000-8000-000000000601"
_ENROLMENT = "0198c0de-0000-7000-8000-000000000501"
_EDUCATOR = "0198c0de-0000-7000-8000-000000000401"
_PROGRAMME = "0198c0de-0000-7000-8000-000000000201"
_ORGANISATION = "0198c0de-0000-7000-8000-000000000001"
_TITLE = {"kk": "Заманауи зертхана", "ru": "Современная лаборатория"}
_NUMBER = "ORLEU-2026-000001"
OWN_SOURCE = "bilim"
"""The source of certificates numbered by this system."""


class CertificateKind(StrEnum):
    """A certificate needs a pass; attendance without one gives a reference."""

    CERTIFICATE = "certificate"
    ATTENDANCE_REFERENCE = "attendance_reference"


class CertificateStatus(StrEnum):
    """How a document stands."""

    ISSUED = "issued"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"


class CertificateAction(StrEnum):
    """What happens to a document; `issue` and `expire` are not asked for here."""

    ISSUE = "issue"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    REVOKE = "revoke"
    SUPERSEDE = "supersede"
    EXPIRE = "expire"


class CertificateCommand(In):
    """Why something is done with a document, from which day, and what it rests on."""

    reason_code: ReasonCode | None = Field(
        default=None, description="A reason of the list `certificate`", examples=["issued_in_error"]
    )
    comment: Line | None = Field(default=None, description="More about it, no names", examples=["Protocol No. 7"])
    effective_on: Date | None = Field(
        default=None, description="First day of the new state; today if left out", examples=["2026-02-01"]
    )
    evidence: list[EvidenceItem] | None = Field(
        default=None, max_length=20, description="What it rests on", examples=[[{"title": "Order No. 95-p"}]]
    )


class SupersedeCommand(CertificateCommand):
    """A new document in place of one with a mistake; the name is taken anew from the person's record."""

    academic_hours: Hours | None = Field(
        default=None, description="The right hours; as before if left out", examples=[36]
    )
    title: LocalisedText | None = Field(
        default=None, description="The right title; as before if left out", examples=[_TITLE]
    )


class CertificateStepRead(Out):
    """One thing that happened to a document."""

    number: int = Field(description="Its place among them, from 1", ge=1, le=10_000, examples=[2])
    action: CertificateAction = Field(description="What was done", examples=["suspend"])
    from_status: CertificateStatus | None = Field(description="The state before; null at first", examples=["issued"])
    to_status: CertificateStatus = Field(description="The state after", examples=["suspended"])
    actor: str = Field(description="Who did it", max_length=300, examples=["methodologist@example.invalid"])
    reason_code: str | None = Field(description="Why, by its code", max_length=64, examples=["dishonesty"])
    comment: str | None = Field(description="More about it", max_length=500, examples=["Protocol No. 7"])
    evidence: list[EvidenceItem] = Field(description="What it rests on", max_length=20, examples=[[]])
    effective_on: Date = Field(description="First day of the new state", examples=["2026-02-01"])
    recorded_at: Instant = Field(description="When it was written down", examples=["2026-02-01T09:00:00+05:00"])


class CertificateStepList(Out):
    """Everything that happened to a document, in order."""

    items: list[CertificateStepRead] = Field(description="From the first", max_length=10_000)


class CertificateCreate(In):
    """Which enrolment earned it."""

    enrolment_id: EnrolmentId = Field(description="A completed enrolment", examples=[_ENROLMENT])
    issued_on: Date | None = Field(default=None, description="Day of issue; today if left out", examples=["2026-01-09"])


class CertificateRead(Out):
    """A certificate or a reference of attendance."""

    id: CertificateId = Field(description="Its identifier", examples=[_ID])
    number: str = Field(description="Its number", max_length=64, examples=[_NUMBER])
    source: str = Field(description="Who gave the number: `bilim`, or the outside system", max_length=64)
    kind: CertificateKind = Field(description="What it is", examples=["certificate"])
    educator_id: EducatorId = Field(description="Whose it is", examples=[_EDUCATOR])
    organisation_id: OrganisationId = Field(description="The workplace when it was issued", examples=[_ORGANISATION])
    enrolment_id: EnrolmentId | None = Field(
        description="The enrolment that earned it; null if issued elsewhere", examples=[_ENROLMENT]
    )
    programme_id: ProgrammeId | None = Field(
        description="The programme; null if issued elsewhere", examples=[_PROGRAMME]
    )
    title: TextOut = Field(description="What was learned", examples=[_TITLE])
    academic_hours: int = Field(description="Academic hours", ge=1, le=200_000, examples=[36])
    issued_on: Date = Field(description="Day of issue", examples=["2026-01-09"])
    status: CertificateStatus | None = Field(
        description="How it stands on the day that is asked about; null before the day of issue", examples=["issued"]
    )
    valid_until: Date | None = Field(
        description="First day it is expired; null if it has no term", examples=["2029-01-09"]
    )
    supersedes: str | None = Field(
        description="Number of the document it stands in place of", max_length=64, examples=["ORLEU-2026-000001"]
    )
    superseded_by: str | None = Field(
        description="Number of the document that stands in its place", max_length=64, examples=["ORLEU-2026-000002"]
    )
    counts_toward_norm: bool = Field(description="Whether it counts towards the norm of upskilling", examples=[True])
    reason: str | None = Field(
        description="Why it does not count: `below_36_hours` (or as many as the norm asks for), `not_a_certificate`, "
        "`not_approved`, `no_rule`, `expired`, `suspended`, `revoked`, `superseded`",
        max_length=64,
        examples=["below_36_hours"],
    )
    norm_rule: str | None = Field(description="The rule it was judged by", max_length=100, examples=["pd-3y/1"])
    expires_on: Date | None = Field(
        description="First day it no longer counts; null if it never counted", examples=["2029-01-09"]
    )
    allowed_actions: list[CertificateAction] = Field(
        description="What can be asked for now", max_length=6, examples=[["suspend", "revoke", "supersede"]]
    )
    refused_actions: list[RefusedAction] = Field(description="What cannot be asked for now, and why", max_length=6)


class CertificateQuery(PageQuery):
    """Which certificates; always within the caller's reach, the latest first."""

    educator_id: EducatorId | None = Field(default=None, description="Only of this person", examples=[_EDUCATOR])
    organisation_id: OrganisationId | None = Field(
        default=None, description="Only of this workplace", examples=[_ORGANISATION]
    )
    kind: CertificateKind | None = Field(default=None, description="Only of this kind", examples=["certificate"])
    status: CertificateStatus | None = Field(
        default=None, description="Only those that stand so today", examples=["issued"]
    )


class OutsideCertificate(In):
    """A certificate that another provider issued."""

    educator_id: EducatorId = Field(description="Whose it is", examples=[_EDUCATOR])
    number: Code = Field(description="Its number there", examples=["U-2024-001234"])
    title: LocalisedText = Field(description="What was learned", examples=[_TITLE])
    academic_hours: Hours = Field(description="Academic hours", examples=[72])
    issued_on: Date = Field(description="Day of issue", examples=["2024-06-14"])
    approved: Flag = Field(default=True, description="Whether the programme was approved", examples=[True])
    kind: CertificateKind = Field(
        default=CertificateKind.CERTIFICATE, description="What it is", examples=["certificate"]
    )


class CertificateBatchCreate(In):
    """Certificates of other providers: all of them or, if one is wrong, none."""

    source: Code = Field(description="The system they come from", examples=["USTAZ"])
    provider_name: Line | None = Field(default=None, description="Who issued them", examples=["«Өрлеу» БАҰО АҚ"])
    certificates: list[OutsideCertificate] = Field(
        min_length=1,
        max_length=2000,
        description="The certificates",
        examples=[
            [
                {
                    "educator_id": _EDUCATOR,
                    "number": "U-2024-001234",
                    "title": _TITLE,
                    "academic_hours": 72,
                    "issued_on": "2024-06-14",
                }
            ]
        ],
    )


class CertificateBatchRead(Out):
    """What came of a batch."""

    added: int = Field(description="How many certificates were added", ge=0, le=2000, examples=[1])


class SourceQuery(In):
    """By whose numbering a certificate is looked for."""

    source: Code | None = Field(
        default=None,
        description="Who gave the number: `bilim`, or the outside system; left out: ours, else another's",
        examples=[OWN_SOURCE],
    )


class CertificateReadQuery(SourceQuery):
    """By whose numbering, and as of which day, a certificate is read."""

    as_of: Date | None = Field(default=None, description="How it stood on this day; today if left out")


class VerificationQuery(In):
    """Which certificate is looked for."""

    number: Code = Field(description="Number of the certificate", examples=[_NUMBER])
    as_of: Date | None = Field(default=None, description="How it stood on this day; today if left out")


class VerificationRead(Out):
    """What anybody may know of a certificate."""

    number: str = Field(description="Its number", max_length=64, examples=[_NUMBER])
    valid: bool = Field(description="Whether it was issued and holds on the day", examples=[True])
    status: CertificateStatus | None = Field(
        description="How it stands on the day; null before the day of issue", examples=["issued"]
    )
    as_of: Date = Field(description="The day that is answered about", examples=["2026-02-01"])
    valid_until: Date | None = Field(
        description="First day it is expired; null if it has no term", examples=["2029-01-09"]
    )
    superseded_by: str | None = Field(
        description="Number of the document that stands in its place", max_length=64, examples=["ORLEU-2026-000002"]
    )
    kind: CertificateKind = Field(description="What it is", examples=["certificate"])
    holder: str = Field(
        description="Whose it is: initials, or the name if the person agreed", max_length=1000, examples=["М. Ү."]
    )
    title: TextOut = Field(description="What was learned", examples=[_TITLE])
    academic_hours: int = Field(description="Academic hours", ge=1, le=200_000, examples=[36])
    issued_on: Date = Field(description="Day of issue", examples=["2026-01-09"])
    issued_by: TextOut = Field(description="Who issued it", examples=[{"ru": "Центр повышения квалификации «Өрлеу»"}])


class NormRuleRead(Out):
    """One version of the norm of upskilling."""

    code: str = Field(description="Which norm", max_length=64, examples=["pd-3y"])
    number: int = Field(description="Number of the version", ge=1, le=10_000, examples=[1])
    min_hours: int = Field(description="Least academic hours of one certificate", ge=1, le=2000, examples=[36])
    window_months: int = Field(description="For how many months a certificate counts", ge=1, le=240, examples=[36])
    valid_from: Date = Field(description="First day it is in force", examples=["1992-01-01"])
    valid_until: Date | None = Field(description="First day it is no longer in force; null while it is")
    basis: str = Field(description="The legal ground", max_length=500, examples=["Order No. 95 of 28.01.2016, p. 25"])


class NormRuleCreate(In):
    """The next version of the norm; it ends the one before."""

    min_hours: Hours = Field(description="Least academic hours of one certificate", examples=[72])
    window_months: Whole = Field(ge=1, le=240, description="For how many months a certificate counts", examples=[36])
    valid_from: Date = Field(description="First day it is in force", examples=["2027-01-01"])
    basis: FilledLine = Field(description="The legal ground", examples=["Order No. 1 of 01.12.2026"])


class NormRuleList(Out):
    """All versions of the norm, from the first."""

    items: list[NormRuleRead] = Field(description="The versions", max_length=1000)
