"""Lists of people who are to be enrolled, handed in as a file: each person is answered."""

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Instant, Out, TextOut
from shared.schemas.pages import PageQuery
from shared.schemas.training.ids import CohortId, EducatorId, EnrolmentId, VenueId

MOST_ROWS = 2_000
_ID = "0198c0de-0000-7000-8000-000000000b01"
_COHORT = "0198c0de-0000-7000-8000-000000000301"
_VENUE = "0198c0de-0000-7000-8000-000000000311"
_EDUCATOR = "0198c0de-0000-7000-8000-000000000401"
_ENROLMENT = "0198c0de-0000-7000-8000-000000000501"


class BulkAnswer(StrEnum):
    """What became of one row."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    SUBMITTED = "submitted"
    REFUSED = "refused"


class BulkCounts(Out):
    """How many rows were answered how."""

    rows: int = Field(description="Rows of the file", ge=0, le=MOST_ROWS, examples=[120])
    confirmed: int = Field(description="Who has a seat", ge=0, le=MOST_ROWS, examples=[85])
    waitlisted: int = Field(description="Who waits", ge=0, le=MOST_ROWS, examples=[30])
    submitted: int = Field(description="Whose application is to be decided upon", ge=0, le=MOST_ROWS, examples=[0])
    refused: int = Field(description="Who was refused, each with the reason", ge=0, le=MOST_ROWS, examples=[5])


class BulkEnrolmentRead(Out):
    """A list that was handed in, and what became of it."""

    id: UUID = Field(description="Its identifier", examples=[_ID])
    cohort_id: CohortId = Field(description="The cohort", examples=[_COHORT])
    venue_id: VenueId | None = Field(description="The venue for rows that name none", examples=[_VENUE])
    dry_run: bool = Field(description="Whether nobody was enrolled and no seat held", examples=[False])
    file_name: str = Field(description="The file's name", max_length=300, examples=["январь.xlsx"])
    counts: BulkCounts = Field(description="How many rows were answered how")
    created_by: str = Field(description="Who handed it in", max_length=500, examples=["coordinator-7"])
    created_at: Instant = Field(description="When", examples=["2025-12-20T10:00:00+05:00"])


class BulkRefusal(Out):
    """Why a row was refused."""

    code: str = Field(description="Which problem", max_length=64, examples=["not_eligible"])
    message: TextOut = Field(description="What it says", examples=[{"ru": "Место или условие не подходит"}])


class BulkRowRead(Out):
    """What became of one row."""

    row: int = Field(description="As a spreadsheet counts: the headings are row 1", ge=1, le=2**31 - 1, examples=[2])
    answer: BulkAnswer = Field(description="What became of it", examples=["confirmed"])
    educator_id: EducatorId | None = Field(description="Who it is; null if not recognised", examples=[_EDUCATOR])
    enrolment_id: EnrolmentId | None = Field(description="The enrolment; null in a dry run", examples=[_ENROLMENT])
    venue_id: VenueId | None = Field(description="The venue of the seat or of the line", examples=[_VENUE])
    position: int | None = Field(description="Place in the line", ge=1, le=2**31 - 1)
    refusal: BulkRefusal | None = Field(description="Why not; null unless refused")


class BulkRowQuery(PageQuery):
    """Which rows."""

    answer: BulkAnswer | None = Field(default=None, description="Only rows answered so", examples=["refused"])
