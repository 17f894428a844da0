"""The stages of a run on its way to the public: what may be done, what was done, and by whom."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from shared.schemas.base import FilledParagraph, In, Out


class RunStage(StrEnum):
    """How near a run is to the public."""

    DRAFT = "draft"
    COMPUTED = "computed"
    CHECKED = "checked"
    PREVIEW = "preview"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class RunAction(StrEnum):
    """What moves a run from stage to stage."""

    COMPUTE = "compute"
    CHECK = "check"
    PREVIEW = "preview"
    PUBLISH = "publish"
    SUPERSEDE = "supersede"
    WITHDRAW = "withdraw"


class RunRemark(In):
    """A word that goes into the history of the run."""

    comment: FilledParagraph | None = Field(
        default=None, description="What should be remembered of this step", examples=["Compared with last year by hand"]
    )


class RunWithdrawal(In):
    """Why a run will not be published."""

    reason: FilledParagraph = Field(description="Why", examples=["The data of one district came in late"])


class RunStepRead(Out):
    """One step in the life of a run."""

    number: int = Field(description="Its place in the history, from 1", ge=1, le=1000)
    action: RunAction = Field(description="What was done")
    from_stage: RunStage | None = Field(description="The stage before")
    to_stage: RunStage = Field(description="The stage after")
    actor: str = Field(description="Who did it, as the issuer of tokens names the caller", max_length=600)
    comment: str | None = Field(description="Why, or what should be remembered of it", max_length=10_000)
    recorded_at: datetime = Field(description="When", examples=["2026-12-01T10:00:00+05:00"])


class RunSteps(Out):
    """The history of a run, from its first step."""

    items: list[RunStepRead] = Field(description="Its steps", max_length=1000)
