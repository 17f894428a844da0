"""Runs on the wire: a methodology applied to a snapshot."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.schemas.actions import RefusedAction
from shared.schemas.base import Date, In, Instant, Kato, Out, TextOut
from shared.schemas.pages import PageQuery
from shared.schemas.rating.stages import RunAction, RunStage

PeriodText = Annotated[str, StringConstraints(max_length=9, pattern=r"^\d{4}(-\d{4}|-\d{2}|-Q[1-4]|-H[12])?$")]
"""`2025-2026` (school year), `2025`, `2025-03`, `2025-Q1`, `2025-H1`."""


class RunStatus(StrEnum):
    """How far a run has come."""

    QUEUED = "queued"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class RunCreate(In):
    """What to compute."""

    methodology_id: UUID = Field(description="The version of the methodology; a draft may be run, not published")
    period: PeriodText = Field(description="The period whose observations count", examples=["2025-2026"])
    as_of: Date | None = Field(default=None, description="The day on which organisations are taken; default: today")
    known_at: Instant | None = Field(
        default=None, description="Only what was recorded by then counts; default: everything"
    )
    area: Kato | None = Field(default=None, description="Only organisations of this area", examples=["390000000"])
    corrects: UUID | None = Field(
        default=None,
        description="The run whose upheld appeals this one puts right: what they invalidated is left out of its data",
    )


class RunQuery(PageQuery):
    """Which runs to list."""

    methodology_id: UUID | None = Field(default=None, description="Only runs of this version")
    stage: RunStage | None = Field(default=None, description="Only runs in this stage", examples=["preview"])


class RunRead(Out):
    """A run and, once it has succeeded, the names of all that went into it and came out."""

    id: UUID = Field(description="Identifier")
    methodology_id: UUID = Field(description="The version of the methodology")
    methodology_digest: str = Field(description="Digest of its document", max_length=71)
    period: str = Field(description="The period whose observations count", max_length=9)
    as_of: date = Field(description="The day on which organisations are taken")
    known_at: datetime | None = Field(description="Only what was recorded by then counts")
    area: str | None = Field(description="The area it is limited to", max_length=9)
    status: RunStatus = Field(description="How far it has come; the job tells more")
    job_id: UUID = Field(description="The job that carries it out: `/v1/jobs/{id}`")
    snapshot_digest: str | None = Field(description="The data, by their digest", max_length=71)
    result_digest: str | None = Field(
        description="The result, by its digest: equal input gives an equal digest", max_length=71
    )
    engine_version: str | None = Field(description="The version of the core that computed it", max_length=40)
    organisations: int | None = Field(description="How many organisations were looked at", ge=0, le=1_000_000)
    rated: int | None = Field(description="How many got a score", ge=0, le=1_000_000)
    not_rated: dict[str, int] = Field(
        default_factory=dict, description="How many got none, by reason", examples=[{"below_coverage": 12}]
    )
    stage: RunStage = Field(description="How near it is to the public")
    corrects: UUID | None = Field(description="The run it puts right after appeals")
    needs_correction: bool = Field(
        description="Whether an appeal against it was upheld: it is not published, a run that `corrects` it is"
    )
    corrected_by: UUID | None = Field(description="The published run that put it right")
    open_appeals: int = Field(description="Appeals against it that are not decided yet", ge=0, le=1_000_000)
    appeal_days: int | None = Field(
        description="Working days its methodology gives for appeals; null: it foresees none", ge=1, le=60, examples=[10]
    )
    preview_opened_at: datetime | None = Field(description="Since when organisations see themselves in it")
    appeals_until: datetime | None = Field(
        description="When the window for appeals closes: midnight after its last working day in Kazakhstan"
    )
    checked_by_another: bool | None = Field(
        description="Whether it was checked by somebody other than who asked for it; null: not checked"
    )
    allowed_actions: list[RunAction] = Field(
        description="What may be done to it now; `publish` is done by POST to `/v1/publications`", max_length=6
    )
    refused_actions: list[RefusedAction] = Field(description="What may not, and why", max_length=12)
    version: int = Field(description="Counts changes", ge=1, examples=[3])
    created_at: datetime = Field(description="When it was asked for")
    finished_at: datetime | None = Field(description="When it ended")


class ResultRead(Out):
    """What a run says of one organisation."""

    organisation_id: UUID = Field(description="The organisation")
    name: TextOut = Field(description="Its name on the day of the run")
    status: str = Field(description="`rated` or `not_rated`", max_length=10, examples=["rated"])
    reason: str | None = Field(description="Why it is not rated", max_length=40, examples=["below_coverage"])
    score: float | None = Field(description="The score, on the scale of the methodology")
    rank: int | None = Field(description="Place, 1 is the highest score; ties share the lowest", ge=1, le=1_000_000)
    band: str | None = Field(description="The band, if the methodology has bands", max_length=40, examples=["B"])
    coverage: float = Field(description="Share of the weight for which there are values", ge=0, le=1.0000001)
    nodes: dict[str, float | None] = Field(
        description="The score of every node of the tree", examples=[{"index": 61.2, "outcomes": 58.9}]
    )
