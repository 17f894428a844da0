"""Commitments: what a party of a memorandum owes, to whom, by when, who looks after it, and how it stands."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from shared.schemas.base import Date, Edtf, FilledLine, In, Instant, Kato, Line, Out, TextOut, Whole, stays
from shared.schemas.pages import PageQuery
from shared.schemas.registry.commitment_words import (
    COMMITMENT_ID,
    CommitmentAction,
    CommitmentLight,
    CommitmentLightReason,
    CommitmentStatus,
    Measure,
    MeasureRead,
)
from shared.schemas.registry.memorandum_words import (
    MEMORANDUM_ID,
    ORGANISATION_ID,
    PARTY_ID,
    ClauseText,
    ReasonCode,
)
from shared.schemas.registry.organisation_lists import AsOfQuery
from shared.schemas.registry.organisation_words import _UNIQUE, _distinct

TEXT = {
    "kk": "НЗМ қала мұғалімдерінің кәсіби деңгейін арттырады",
    "ru": "НИШ повышает профессионализм учителей города",
}
Ids = Annotated[list[UUID], AfterValidator(_distinct), _UNIQUE]
Cadence = Annotated[Whole, Field(ge=1, le=1830)]


class CommitmentAttributes(In):
    """Everything of a commitment that may change with time."""

    obligor: UUID = Field(description="The party that owes it", examples=[PARTY_ID])
    beneficiary_parties: Ids = Field(default_factory=list, max_length=50, description="Parties it is owed to")
    beneficiary_organisations: Ids = Field(
        default_factory=list, max_length=200, description="Organisations it serves", examples=[[ORGANISATION_ID]]
    )
    owner: UUID | None = Field(
        default=None, description="The organisation or unit that looks after it", examples=[ORGANISATION_ID]
    )
    owner_role: FilledLine | None = Field(
        default=None, description="Who there looks after it: a role, never a person", examples=["Әдістемелік бөлім"]
    )
    text: ClauseText = Field(description="What is owed", examples=[TEXT])
    measure: Measure | None = Field(default=None, description="What it is measured by, if it can be measured")
    due: Edtf | None = Field(
        default=None, description="By when, as exactly as it was said (EDTF); null: not said", examples=["2027"]
    )
    report_every_days: Cadence | None = Field(
        default=None, description="How often progress is to be reported, in days", examples=[90]
    )


class CommitmentCreate(CommitmentAttributes):
    """A new commitment under a memorandum."""

    since: Date | None = Field(
        default=None, description="From which day it is owed; by default today", examples=["2026-01-01"]
    )


class CommitmentUpdate(In):
    """A JSON Merge Patch: what is absent stays, null removes, lists are replaced."""

    obligor: UUID | None = Field(
        default=None, description="The party that owes it", json_schema_extra=stays, examples=[PARTY_ID]
    )
    beneficiary_parties: Ids | None = Field(
        default=None, max_length=50, description="Parties it is owed to", json_schema_extra=stays, examples=[[PARTY_ID]]
    )
    beneficiary_organisations: Ids | None = Field(
        default=None,
        max_length=200,
        description="Organisations it serves",
        json_schema_extra=stays,
        examples=[[ORGANISATION_ID]],
    )
    owner: UUID | None = Field(default=None, description="The unit that looks after it", examples=[ORGANISATION_ID])
    owner_role: FilledLine | None = Field(default=None, description="Who there", examples=["Әдістемелік бөлім"])
    text: ClauseText | None = Field(default=None, description="What is owed", json_schema_extra=stays, examples=[TEXT])
    measure: Measure | None = Field(default=None, description="What it is measured by; null removes, else replaced")
    due: Edtf | None = Field(default=None, description="By when (EDTF)", examples=["2027-06"])
    report_every_days: Cadence | None = Field(default=None, description="How often, in days", examples=[90])


class CommitmentStep(In):
    """From which day a step holds, and why."""

    on: Date | None = Field(
        default=None, description="From which day it holds; by default today", examples=["2026-09-01"]
    )
    reason_code: ReasonCode | None = Field(default=None, description="The reason by its code", examples=["agreed"])
    comment: Line | None = Field(default=None, description="The reason in words; no personal data", examples=["—"])


class ReasonedCommitmentStep(CommitmentStep):
    """A step that cannot be taken without a reason."""

    reason_code: ReasonCode = Field(description="The reason by its code", examples=["no_longer_needed"])
    comment: FilledLine = Field(description="The reason in words; no personal data", examples=["Бюджет қысқарды"])


class CommitmentOverride(In):
    """A delivery light set by hand: for a reason, and for a time."""

    light: Annotated[str, StringConstraints(pattern=r"^(green|amber|red)$", max_length=5)] = Field(
        description="What it is to show", examples=["amber"]
    )
    reason: FilledLine = Field(description="Why; no personal data", examples=["Жеткізуші келісімшартқа қол қойды"])
    expires_on: Date = Field(
        description="First day on which the computed light shows again; at most a year ahead", examples=["2026-12-01"]
    )


class OverrideRead(Out):
    """A delivery light set by hand."""

    light: CommitmentLight = Field(description="What it shows", examples=["amber"])
    reason: str = Field(description="Why", examples=["Жеткізуші келісімшартқа қол қойды"])
    since: Date = Field(description="First day of it", examples=["2026-09-01"])
    expires_on: Date = Field(description="First day on which the computed light shows again", examples=["2026-12-01"])
    set_by: str = Field(description="Who set it", examples=["bilim-local#officer"])


class DeliveryLight(Out):
    """How far a commitment is against what was to be reached by the day."""

    light: CommitmentLight = Field(description="What it shows", examples=["green"])
    computed: CommitmentLight = Field(description="What it would show without an override", examples=["green"])
    reason: CommitmentLightReason = Field(description="Why it shows it", examples=["on_track"])
    computed_reason: CommitmentLightReason = Field(description="Why it would show it", examples=["on_track"])
    explanation: TextOut = Field(description="The same in words", examples=[{"en": "On track: 50.0 % of 45.2 %"}])
    expected: float | None = Field(description="What was to be reached by the day", examples=[16.5])
    actual: float | None = Field(
        description="What the last accepted progress says; the baseline if there is none", examples=[16]
    )
    expected_share: float | None = Field(description="Part of the way that was to be gone", examples=[0.5])
    actual_share: float | None = Field(description="Part of the way that is gone", examples=[0.42857])
    gap: float | None = Field(description="The difference of the two; below 0: ahead", examples=[0.07143])
    measured_on: Date | None = Field(description="The day the last accepted progress is of", examples=["2026-08-31"])
    override: OverrideRead | None = Field(description="What was set by hand and still holds")


class FreshnessLight(Out):
    """How long ago progress was reported, against how often it is to be."""

    light: CommitmentLight = Field(description="What it shows", examples=["amber"])
    reason: CommitmentLightReason = Field(description="Why", examples=["report_due"])
    explanation: TextOut = Field(description="The same in words", examples=[{"en": "Last report 100 days ago"}])
    last_report_on: Date | None = Field(description="The day of the last report", examples=["2026-05-24"])
    days_since: int | None = Field(description="Days since then, or since it began", ge=0, examples=[100])
    report_every_days: int | None = Field(description="How often it is to be reported on", ge=1, examples=[90])


class PartyBrief(Out):
    """A party, by its name."""

    id: UUID = Field(description="The party", examples=[PARTY_ID])
    organisation_id: UUID | None = Field(description="Its record in the registry", examples=[ORGANISATION_ID])
    name: TextOut = Field(description="Its name on the day", examples=[{"kk": "Шымкент қаласының әкімдігі"}])
    kind: str = Field(description="What it is", examples=["akimat"])


class CommitmentSummary(Out):
    """A commitment in a list, as everybody sees it."""

    id: UUID = Field(description="Its identifier", examples=[COMMITMENT_ID])
    memorandum_id: UUID = Field(description="The memorandum", examples=[MEMORANDUM_ID])
    obligor: PartyBrief = Field(description="The party that owes it")
    beneficiaries: list[PartyBrief] = Field(description="Parties it is owed to", max_length=50)
    beneficiary_organisations: list[UUID] = Field(description="Organisations it serves", max_length=200)
    text: TextOut = Field(description="What is owed", examples=[TEXT])
    due: str | None = Field(description="By when (EDTF); null: not said", examples=["2027"])
    status: CommitmentStatus = Field(description="Where it stands", examples=["in_progress"])
    status_since: Date = Field(description="Since when", examples=["2026-02-01"])
    delivery: CommitmentLight = Field(description="The delivery light", examples=["green"])


class CommitmentWhyNot(Out):
    """Why something cannot be done now."""

    code: str = Field(description="The reason by its code", examples=["evidence_missing"])
    message: TextOut = Field(description="The reason in words", examples=[{"en": "There is no accepted evidence"}])


class CommitmentActionRead(Out):
    """Something that can be done, or why it cannot."""

    action: CommitmentAction = Field(description="What", examples=["fulfil"])
    allowed: bool = Field(description="Whether the caller may do it now", examples=[False])
    why_not: CommitmentWhyNot | None = Field(description="Why it cannot be done; null when it can")


class CommitmentRead(CommitmentSummary):
    """A commitment; strangers see what the summary has."""

    measure: MeasureRead | None = Field(default=None, description="What it is measured by; with `registry:read`")
    delivery_light: DeliveryLight | None = Field(
        default=None, description="The delivery light explained; with `registry:read`"
    )
    freshness_light: FreshnessLight | None = Field(
        default=None, description="The light of reporting; with `registry:read`"
    )
    owner: UUID | None = Field(default=None, description="The unit that looks after it", examples=[ORGANISATION_ID])
    owner_role: str | None = Field(default=None, description="Who there", examples=["Әдістемелік бөлім"])
    report_every_days: int | None = Field(default=None, description="How often, in days", ge=1, examples=[90])
    evidence_count: int | None = Field(default=None, description="Accepted items of evidence", ge=0, examples=[1])
    allowed_actions: list[CommitmentActionRead] | None = Field(
        default=None, description="What the caller may do now, and why not; with `registry:read`", max_length=8
    )
    version: int | None = Field(default=None, description="Counts its changes; with `registry:read`", examples=[3])


class CommitmentTransitionRead(Out):
    """A step in the life of a commitment."""

    number: int = Field(description="Its number, from 1", ge=1, examples=[2])
    action: CommitmentAction = Field(description="What was done", examples=["start"])
    from_status: CommitmentStatus | None = Field(description="From where; null for the first", examples=["planned"])
    to_status: CommitmentStatus = Field(description="To where", examples=["in_progress"])
    actor: str = Field(description="Who did it", examples=["bilim-local#officer"])
    reason_code: str | None = Field(description="Why, by its code", examples=["agreed"])
    comment: str | None = Field(description="Why, in words", examples=[None])
    effective_on: Date = Field(description="From which day it holds", examples=["2026-02-01"])
    recorded_at: Instant = Field(description="When it was written", examples=["2026-02-01T09:00:00+05:00"])


class CommitmentTransitionList(Out):
    """The life of a commitment."""

    items: list[CommitmentTransitionRead] = Field(description="Its steps, in their order", max_length=1000)


ObligorText = Annotated[str, StringConstraints(max_length=40, pattern=r"^[A-Za-z0-9][A-Za-z0-9_\-]{0,39}$")]


class CommitmentQuery(PageQuery, AsOfQuery):
    """Filters of the commitments of a memorandum."""

    obligor: ObligorText | None = Field(
        default=None,
        description="Only those owed by this party: its id, its organisation's id, its kind or its part",
        examples=["akimat"],
    )
    status: list[CommitmentStatus] = Field(default_factory=list, max_length=5, description="Only in these statuses")


class CommitmentsDueQuery(PageQuery):
    """Filters of what is due."""

    until: Date | None = Field(
        default=None, description="Due up to this day; by default in the next 30 days", examples=["2026-12-31"]
    )
    on: Date | None = Field(default=None, description="The day to look from; by default today", examples=["2026-12-01"])
    area: Kato | None = Field(
        default=None, description="Only of memoranda of this area and everything under it", examples=["790000000"]
    )
    owner: UUID | None = Field(default=None, description="Only those this unit looks after", examples=[ORGANISATION_ID])
    without_evidence: bool = Field(
        default=False, description="Only those for which no evidence was accepted", examples=[True]
    )


class CommitmentDue(CommitmentSummary):
    """A commitment that is due."""

    due_latest: Date | None = Field(description="The last day that is in time", examples=["2027-12-31"])
    days_left: int | None = Field(description="Days until then; below 0: over", examples=[30])
    owner: UUID | None = Field(description="The unit that looks after it", examples=[ORGANISATION_ID])
    owner_role: str | None = Field(description="Who there", examples=["Әдістемелік бөлім"])
    evidence_count: int = Field(description="Accepted items of evidence", ge=0, examples=[0])


class QuietQuery(PageQuery):
    """Filters of memoranda without progress."""

    days: int = Field(default=90, ge=1, le=3650, description="Nothing accepted in so many days", examples=[90])
    on: Date | None = Field(default=None, description="The day to look from; by default today", examples=["2026-12-01"])
    area: Kato | None = Field(
        default=None, description="Only of this area and everything under it", examples=["790000000"]
    )


class QuietMemorandum(Out):
    """A memorandum in force of which nothing was heard."""

    id: UUID = Field(description="The memorandum", examples=[MEMORANDUM_ID])
    title: TextOut = Field(description="Its title", examples=[{"ru": "Меморандум о сотрудничестве"}])
    status: str = Field(description="Where it stands", examples=["in_force"])
    status_since: Date = Field(description="Since when", examples=["2018-10-15"])
    area: str | None = Field(description="Where it holds", examples=["790000000"])
    open_commitments: int = Field(
        description="Commitments that are neither fulfilled nor cancelled", ge=0, examples=[3]
    )
    last_progress_on: Date | None = Field(
        description="The day of the last progress or evidence that was accepted; null: there was none", examples=[None]
    )
