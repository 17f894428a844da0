"""Days that are worked or free otherwise than the law's calendar says, on the wire."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Date, FilledLine, Flag, In, Out


class CalendarExceptionCreate(In):
    """A day and whether it is worked."""

    day: Date = Field(description="The day", examples=["2027-01-08"])
    is_worked: Flag = Field(description="Whether it is worked", examples=[False])
    basis: FilledLine = Field(description="The decision it rests on", examples=["Government decree No. 1099"])


class CalendarExceptionRead(Out):
    """What was declared of a day; the last declaration about a day counts."""

    id: UUID = Field(description="Identifier", examples=["01a20034-2d1f-7c11-9a51-0d8c54a3e1f0"])
    day: date = Field(description="The day", examples=["2027-01-08"])
    is_worked: bool = Field(description="Whether it is worked", examples=[False])
    basis: str = Field(description="The decision it rests on", max_length=500, examples=["Government decree No. 1099"])
    created_at: datetime = Field(description="When it was declared", examples=["2026-12-01T10:00:00+05:00"])
