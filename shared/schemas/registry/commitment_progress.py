"""How a commitment goes on: evidence and its second reader, reports of progress, and the history of its lights."""

from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from shared.schemas.base import Date, FilledLine, Flag, In, Instant, Line, Out, one_of, wrong
from shared.schemas.pages import PageQuery
from shared.schemas.registry.commitment_words import (
    COMMITMENT_ID,
    EVIDENCE_ID,
    REPORT_ID,
    Amount,
    CommitmentLight,
    CommitmentLightReason,
    EvidenceReview,
    HttpsLink,
)
from shared.schemas.registry.memorandum_words import Sha256

_DIGEST = "sha256:" + "0" * 64
_LINK = "https://bilim.example/reports/2026"


class EvidenceCreate(In):
    """Something that shows that a commitment is kept: an address, or a document of the memorandum."""

    link: HttpsLink | None = Field(default=None, description="Where it can be seen", examples=[_LINK])
    document: Sha256 | None = Field(
        default=None, description="The digest of a document handed in with the memorandum", examples=[None]
    )
    note: Line | None = Field(
        default=None, description="What it shows; no personal data", examples=["120 мұғалім оқыды"]
    )

    model_config = ConfigDict(json_schema_extra=one_of("link", "document"))

    @model_validator(mode="after")
    def _one_of_the_two(self) -> "EvidenceCreate":
        if (self.link is None) == (self.document is None):
            raise wrong(
                "evidence_unclear",
                kk="link немесе document — екеуінің бірі керек",
                ru="Нужно одно из двух: link или document",
                en="One of the two is needed: link or document",
            )
        return self


class ReviewCreate(In):
    """What the second reader says."""

    accepted: Flag = Field(description="Whether it is accepted", examples=[True])
    reason: FilledLine | None = Field(
        default=None, description="Why; needed when it is rejected", examples=["Құжатта күні жоқ"]
    )

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"accepted": {"const": False}}},
            "then": {"required": ["reason"], "properties": {"reason": {"type": "string"}}},
        }
    )

    @model_validator(mode="after")
    def _rejection_has_a_reason(self) -> "ReviewCreate":
        if not self.accepted and self.reason is None:
            raise wrong(
                "reason_needed",
                kk="Қабылданбаса, себебі керек",
                ru="Для отклонения нужна причина",
                en="A rejection needs its reason",
            )
        return self


class _Reviewed(Out):
    submitted_by: str = Field(description="Who handed it in", examples=["bilim-local#school"])
    submitted_at: Instant = Field(description="When", examples=["2026-09-01T09:00:00+05:00"])
    review: EvidenceReview = Field(description="What the second reader says", examples=["accepted"])
    reviewed_by: str | None = Field(description="Who the second reader is", examples=["bilim-local#officer"])
    reviewed_at: Instant | None = Field(description="When it was read", examples=["2026-09-02T09:00:00+05:00"])
    review_reason: str | None = Field(description="Why", examples=[None])


class EvidenceRead(_Reviewed):
    """An item of evidence."""

    id: UUID = Field(description="Its identifier", examples=[EVIDENCE_ID])
    commitment_id: UUID = Field(description="The commitment", examples=[COMMITMENT_ID])
    link: str | None = Field(description="Where it can be seen", examples=[_LINK])
    document: str | None = Field(description="The digest of a document of the memorandum", examples=[None])
    note: str | None = Field(description="What it shows", examples=["120 мұғалім оқыды"])


class ProgressReportCreate(In):
    """How far a commitment is on a day."""

    on: Date | None = Field(default=None, description="The day it is of; by default today", examples=["2026-08-31"])
    value: Amount | None = Field(
        default=None, description="The value of what is measured; nothing where nothing is", examples=[16]
    )
    text: FilledLine = Field(description="What was done; no personal data", examples=["16 мектеп мәртебе алды"])


class ProgressReportRead(_Reviewed):
    """A report of progress."""

    id: UUID = Field(description="Its identifier", examples=[REPORT_ID])
    commitment_id: UUID = Field(description="The commitment", examples=[COMMITMENT_ID])
    on: Date = Field(description="The day it is of", examples=["2026-08-31"])
    value: float | None = Field(description="The value of what is measured", examples=[16])
    text: str = Field(description="What was done", examples=["16 мектеп мәртебе алды"])


class ReviewedQuery(PageQuery):
    """Filters of evidence and of reports."""

    review: EvidenceReview | None = Field(default=None, description="Only those so reviewed", examples=["pending"])


class LightsQuery(In):
    """For which days lights are asked for; at most three years."""

    since: Date | None = Field(
        default=None, description="First day; by default a year before the last", examples=["2026-01-01"]
    )
    until: Date | None = Field(default=None, description="Last day; by default today", examples=["2026-12-31"])
    known_at: Instant | None = Field(default=None, description="What was known at that moment; by default now")


class LightPeriod(Out):
    """Days on which both lights showed the same."""

    since: Date = Field(description="First day", examples=["2026-03-01"])
    until: Date = Field(description="Last day", examples=["2026-05-31"])
    delivery: CommitmentLight = Field(description="The delivery light", examples=["amber"])
    delivery_reason: CommitmentLightReason = Field(description="Why", examples=["behind"])
    freshness: CommitmentLight = Field(description="The light of reporting", examples=["green"])
    freshness_reason: CommitmentLightReason = Field(description="Why", examples=["reported_in_time"])


class LightHistory(Out):
    """The lights of a commitment day by day, days that are alike taken together."""

    commitment_id: UUID = Field(description="The commitment", examples=[COMMITMENT_ID])
    periods: list[LightPeriod] = Field(description="In the order of the days", max_length=1100)
