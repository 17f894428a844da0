"""What an organisation sees of a run before the public does."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from shared.schemas.rating.appeals import AppealRead
from shared.schemas.rating.publications import EntryBody
from shared.schemas.rating.stages import RunStage


class PreviewRead(EntryBody):
    """One organisation of a run, with everything that made its score, and the appeals it has made."""

    run_id: UUID = Field(description="The run", examples=["01a20034-2d1f-7e31-9195-f778672b15af"])
    stage: RunStage = Field(description="How near the run is to the public")
    appeals_until: datetime | None = Field(
        description="When the window for appeals closes; null: it is not open, or the methodology foresees none"
    )
    may_appeal: bool = Field(description="Whether an appeal can be made now", examples=[True])
    appeals: list[AppealRead] = Field(description="Appeals made in its name, the oldest first", max_length=1000)
