"""Rooms of organisations, in which sessions are held."""

from typing import Annotated

from pydantic import Field, StringConstraints

from shared.schemas.base import Flag, In, Name, Out, Whole, stays
from shared.schemas.pages import PageQuery
from shared.schemas.training.ids import OrganisationId, RoomId

_ID = "0198c0de-0000-7000-8000-000000000331"
_HOST = "0198c0de-0000-7000-8000-000000000001"
Seats = Annotated[Whole, Field(ge=1, le=5000)]
Equipment = Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z][a-z0-9_]{1,63}$")]
"""A kind of equipment by its code: `projector`, `laboratory_benches`."""


class RoomCreate(In):
    """A room of an organisation."""

    organisation_id: OrganisationId = Field(description="Whose it is", examples=[_HOST])
    name: Name = Field(description="Its name or number, unique in the organisation", examples=["Физика 214"])
    seats: Seats = Field(description="How many people can sit in it", examples=[30])
    equipment: list[Equipment] = Field(
        default=[], max_length=50, description="What it has", examples=[["projector", "laboratory_benches"]]
    )


class RoomUpdate(In):
    """What changes of a room; what is left out stays."""

    name: Name | None = Field(
        default=None, description="Its name or number", examples=["Физика 214"], json_schema_extra=stays
    )
    seats: Seats | None = Field(
        default=None, description="How many people can sit in it", examples=[28], json_schema_extra=stays
    )
    equipment: list[Equipment] | None = Field(
        default=None, max_length=50, description="What it has", examples=[["projector"]], json_schema_extra=stays
    )
    in_use: Flag | None = Field(
        default=None,
        description="Whether new sessions may be held in it",
        examples=[False],
        json_schema_extra=stays,
    )


class RoomRead(Out):
    """A room of an organisation."""

    id: RoomId = Field(description="Its identifier", examples=[_ID])
    organisation_id: OrganisationId = Field(description="Whose it is", examples=[_HOST])
    name: str = Field(description="Its name or number", max_length=300, examples=["Физика 214"])
    seats: int = Field(description="How many people can sit in it", ge=1, le=5000, examples=[30])
    equipment: list[str] = Field(description="What it has", max_length=50, examples=[["projector"]])
    in_use: bool = Field(description="Whether new sessions may be held in it", examples=[True])
    version: int = Field(description="Counts changes; the ETag is made of it", ge=1, examples=[1])


class RoomQuery(PageQuery):
    """Which rooms."""

    organisation_id: OrganisationId | None = Field(default=None, description="Only of this host", examples=[_HOST])
    min_seats: int | None = Field(default=None, ge=1, le=5000, description="Only with so many seats", examples=[25])
    equipment: Equipment | None = Field(default=None, description="Only with this", examples=["projector"])
    in_use: bool | None = Field(default=None, description="Only those in use, or only those not", examples=[True])
