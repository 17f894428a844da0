"""The closed lists of words about commitments, and the measure of one."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.schemas.base import Date, Finite, In, Out, Share
from shared.schemas.registry.indicators import IndicatorCode

COMMITMENT_ID = "0199a4b2-7c3e-7d10-9a6b-0f6f0f3f6001"
EVIDENCE_ID = "0199a4b2-7c3e-7d10-9a6b-0f6f0f3f6011"
REPORT_ID = "0199a4b2-7c3e-7d10-9a6b-0f6f0f3f6021"


class CommitmentStatus(StrEnum):
    """Where a commitment stands; that it is overdue is told by the calendar, not by a step."""

    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    FULFILLED = "fulfilled"
    OVERDUE = "overdue"
    CANCELLED = "cancelled"


class CommitmentAction(StrEnum):
    """What can be done to a commitment."""

    MAKE = "make"
    START = "start"
    FULFIL = "fulfil"
    REOPEN = "reopen"
    CANCEL = "cancel"


class CommitmentLight(StrEnum):
    """How a commitment looks; `none` where there is nothing to judge it by."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NONE = "none"


class CommitmentLightReason(StrEnum):
    """Why a light shows what it shows."""

    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    OVERDUE = "overdue"
    REACHED = "reached"
    """The target is reached, although nobody has called it fulfilled."""
    ON_TRACK = "on_track"
    BEHIND = "behind"
    FAR_BEHIND = "far_behind"
    NO_MEASURE = "no_measure"
    NO_TRAJECTORY = "no_trajectory"
    """Without a due date or steps nobody can say what today should be."""
    NOT_BEGUN = "not_begun"
    REPORTED_IN_TIME = "reported_in_time"
    REPORT_DUE = "report_due"
    REPORT_LATE = "report_late"
    NO_CADENCE = "no_cadence"
    """Nobody has said how often it is to be reported on."""
    OVERRIDDEN = "overridden"


class TrajectoryKind(StrEnum):
    """How the way from the baseline to the target is to be gone."""

    LINEAR = "linear"
    STEPS = "steps"


class EvidenceReview(StrEnum):
    """What the second reader says of evidence and of progress."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


HttpsLink = Annotated[
    str,
    StringConstraints(
        max_length=500,
        pattern=r"^https://[A-Za-z0-9][A-Za-z0-9.\-]{1,200}(:[0-9]{1,5})?(/[A-Za-z0-9._~/?#@!$&()*+,;=:%\-]*)?$",
    ),
]
"""An address that begins with https."""

Amount = Annotated[Finite, Field(ge=-1e12, le=1e12)]
"""A value of what is measured."""

Tolerance = Annotated[Share, Field(gt=0, le=1)]


class TrajectoryStep(In):
    """By a day, so much is to be reached."""

    by: Date = Field(description="The day", examples=["2027-06-30"])
    value: Amount = Field(description="What is to be reached by then", examples=[16])


class Measure(In):
    """What a commitment is measured by: from a baseline to a target, along a trajectory."""

    target_id: UUID | None = Field(
        default=None, description="The target of the registry it serves, if there is one", examples=[None]
    )
    indicator: IndicatorCode | None = Field(
        default=None, description="The indicator that is counted", examples=["REG_NIS_LEADING_SCHOOLS"]
    )
    baseline: Amount = Field(description="Where it began", examples=[13])
    target: Amount = Field(description="What is promised; not the baseline", examples=[20])
    since: Date = Field(description="The day of the baseline", examples=["2026-01-01"])
    trajectory: TrajectoryKind = Field(
        default=TrajectoryKind.LINEAR, description="A straight line to the due date, or steps", examples=["linear"]
    )
    steps: Annotated[list[TrajectoryStep], Field(max_length=60)] = Field(
        default_factory=list, description="The steps, for the trajectory `steps`, by ascending days"
    )
    amber_from: Tolerance = Field(
        default=0.1, description="Behind by more than this share of the whole way: amber", examples=[0.1]
    )
    red_from: Tolerance = Field(default=0.25, description="Behind by more than this share: red", examples=[0.25])


class TrajectoryStepRead(Out):
    """By a day, so much is to be reached."""

    by: Date = Field(description="The day", examples=["2027-06-30"])
    value: float = Field(description="What is to be reached by then", examples=[16])


class MeasureRead(Out):
    """What a commitment is measured by."""

    target_id: UUID | None = Field(description="The target of the registry it serves", examples=[None])
    indicator: str | None = Field(description="The indicator that is counted", examples=["REG_NIS_LEADING_SCHOOLS"])
    baseline: float = Field(description="Where it began", examples=[13])
    target: float = Field(description="What is promised", examples=[20])
    since: Date = Field(description="The day of the baseline", examples=["2026-01-01"])
    trajectory: TrajectoryKind = Field(description="How the way is to be gone", examples=["linear"])
    steps: list[TrajectoryStepRead] = Field(description="The steps, by ascending days", max_length=60)
    amber_from: float = Field(description="Behind by more than this share: amber", gt=0, le=1, examples=[0.1])
    red_from: float = Field(description="Behind by more than this share: red", gt=0, le=1, examples=[0.25])
