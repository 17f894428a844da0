"""Reservations: seats of a cohort kept for some until a day, and seats held for one organisation until a moment."""

import re
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator

from shared.schemas.base import Code, Date, In, Instant, Out, Whole, wrong
from shared.schemas.training.ids import CohortId, OrganisationId, PoolId, VenueId
from shared.schemas.training.words import QualificationCategory

_ID = "0198c0de-0000-7000-8000-000000000351"
_COHORT = "0198c0de-0000-7000-8000-000000000301"
_VENUE = "0198c0de-0000-7000-8000-000000000311"
_SCHOOL = "0198c0de-0000-7000-8000-000000000001"
_AREA = re.compile(r"^[1-7][0-9]{8}$", re.ASCII)
_LANGUAGE = re.compile(r"^[a-z]{2,3}$", re.ASCII)
_SUBJECT = re.compile(r"^[a-z][a-z0-9_]{1,63}$", re.ASCII)
Seats = Annotated[Whole, Field(ge=1, le=5000)]
Order = Annotated[Whole, Field(ge=0, le=1000)]


class PoolKind(StrEnum):
    """By what it is told who may take a seat of a pool."""

    SCHOOL = "school"
    DISTRICT = "district"
    CATEGORY = "category"
    LANGUAGE = "language"
    SUBJECT = "subject"
    OPEN = "open"


def key_fits(kind: PoolKind, key: str) -> bool:
    """Whether the key is one of that kind."""
    match kind:
        case PoolKind.SCHOOL:
            try:
                return str(UUID(key)) == key
            except ValueError:
                return False
        case PoolKind.DISTRICT:
            return _AREA.match(key) is not None
        case PoolKind.CATEGORY:
            return key in set(QualificationCategory)
        case PoolKind.LANGUAGE:
            return _LANGUAGE.match(key) is not None
        case PoolKind.SUBJECT:
            return _SUBJECT.match(key) is not None
        case PoolKind.OPEN:
            return key == ""


class PoolCreate(In):
    """Seats kept for some."""

    kind: PoolKind = Field(description="By what it is told who may take them", examples=["district"])
    key: Code | None = Field(
        default=None,
        description="Who: the id of a school, the KATO code of an area (all below it count), a qualification "
        "category, a language of instruction, a subject; nothing for `open`",
        examples=["750000000"],
    )
    venue_id: VenueId | None = Field(
        default=None, description="At which venue; null: shared out over all, by their free seats", examples=[_VENUE]
    )
    seats: Seats = Field(description="How many seats", examples=[10])
    priority: Order = Field(
        default=0, description="Which of the pools due on one day is released first: the lowest", examples=[1]
    )
    release_on: Date | None = Field(
        default=None, description="From which day its free seats are for anybody; null: never by itself"
    )

    @model_validator(mode="after")
    def _key_of_its_kind(self) -> "PoolCreate":
        if not key_fits(self.kind, self.key or ""):
            raise wrong(
                "pool_key_unfitting",
                kk="Кілт пул түріне сәйкес емес",
                ru="Ключ не соответствует виду пула",
                en="The key is not one of this kind",
            )
        return self


class PoolUpdate(In):
    """What changes of a pool that is not released; what is left out stays."""

    seats: Seats | None = Field(
        default=None, description="How many seats; never fewer than are taken of it", examples=[12]
    )
    priority: Order | None = Field(default=None, description="The lowest is released first", examples=[1])
    release_on: Date | None = Field(
        default=None, description="From which day its free seats are for anybody; null: never by itself"
    )


class HoldCreate(In):
    """Seats held for one organisation until it has named its people."""

    organisation_id: OrganisationId = Field(description="For whom", examples=[_SCHOOL])
    venue_id: VenueId | None = Field(
        default=None, description="At which venue; null: shared out over all, by their free seats", examples=[_VENUE]
    )
    seats: Seats = Field(description="How many seats", examples=[10])
    until: Instant = Field(description="Until when", examples=["2030-01-01T18:00:00+05:00"])


class PoolRead(Out):
    """Seats kept for some, and what became of them."""

    id: PoolId = Field(description="Its identifier", examples=[_ID])
    cohort_id: CohortId = Field(description="The cohort", examples=[_COHORT])
    venue_id: VenueId | None = Field(description="The venue; null: the whole cohort", examples=[_VENUE])
    kind: PoolKind = Field(description="By what it is told who may take them", examples=["district"])
    key: str | None = Field(description="Who", max_length=64, examples=["750000000"])
    is_hold: bool = Field(description="Whether they are held for one organisation until a deadline", examples=[False])
    seats: int = Field(description="How many seats it was given", ge=0, le=5_000_000, examples=[10])
    taken: int = Field(description="How many people hold one of them", ge=0, le=5_000_000, examples=[7])
    free: int = Field(description="How many are free for those it is for", ge=0, le=5_000_000, examples=[3])
    waiting: int = Field(description="How many of those who wait there it is for", ge=0, le=2**31 - 1, examples=[0])
    priority: int = Field(description="The lowest is released first", ge=0, le=1000, examples=[1])
    release_at: Instant | None = Field(description="From when its free seats are for anybody; null: never by itself")
    released: bool = Field(description="Whether they are for anybody already", examples=[False])
    released_at: Instant | None = Field(description="Since when")
    version: int = Field(description="Counts changes; the ETag is made of it", ge=1, examples=[1])


class PoolReport(Out):
    """Whether the seats of a cohort went where they were meant to go."""

    items: list[PoolRead] = Field(description="The pools, in the order of release", max_length=1000)
    capacity: int = Field(description="Seats of the cohort in all", ge=0, le=5_000_000, examples=[85])
    reserved: int = Field(description="Seats that pools not yet released keep", ge=0, le=5_000_000, examples=[20])
    open_taken: int = Field(description="Seats taken by people of no pool", ge=0, le=5_000_000, examples=[60])
    open_free: int = Field(description="Free seats for anybody", ge=0, le=5_000_000, examples=[5])
