"""The national attestation of schools on the wire: criteria with their thresholds, and the levels that values reach."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Code, Date, Finite, In, Out, TextOut, Whole
from shared.schemas.registry.observations import PeriodText
from shared.schemas.tables import MissingReason

_PART = "6-primary"
Percent = Annotated[Finite, Field(ge=0, le=100)]
Judged = Annotated[Whole, Field(ge=2, le=5)]
"""5 exemplary, 4 good, 3 needs improvement, 2 low."""


class CriterionKind(StrEnum):
    """How a criterion is decided."""

    MEASURED = "measured"
    """By thresholds of a number."""
    DOCUMENTARY = "documentary"
    """By a commission, from a list of evidence: no number decides it."""


class LevelRead(Out):
    """From which value on a level holds."""

    level: int = Field(description="5, 4 or 3; below all of them it is 2", ge=2, le=5, examples=[4])
    at_least: float = Field(description="Least rounded value of the level", examples=[90])


class MeasuredPart(Out):
    """A number that decides a criterion, or a part of one."""

    code: str = Field(description="Name of the part", max_length=20, examples=[_PART])
    indicator: str = Field(description="The indicator", max_length=64, examples=["TCH_EXPERT_PLUS_SHARE"])
    title: TextOut = Field(description="What is measured")
    unit: str = Field(description="`percent` or `level_2_5`", max_length=20, examples=["percent"])
    levels: list[LevelRead] = Field(description="From the best level to the lowest that has a threshold", max_length=3)


class CriterionRead(Out):
    """One of the 39 criteria."""

    number: int = Field(description="Its number in the order", ge=1, le=39, examples=[6])
    kind: CriterionKind = Field(description="How it is decided")
    parts: list[MeasuredPart] = Field(
        description="The numbers that decide it; none for a documentary one", max_length=2
    )


class AttestationChoice(Out):
    """What the order leaves open, and how it is read here."""

    subject: str = Field(description="What it is about", max_length=40, examples=["exactly_45"])
    text: TextOut = Field(description="What is open, and our choice")


class AttestationCriteria(Out):
    """The criteria of the attestation of schools."""

    legal_basis: str = Field(description="The order", max_length=200, examples=["Order No. 114-NK of 30 April 2026"])
    rounding: str = Field(
        description="`half_up_to_integer`: before a value meets a threshold",
        max_length=40,
        examples=["half_up_to_integer"],
    )
    criteria: list[CriterionRead] = Field(description="All of them, by number", min_length=39, max_length=39)
    choices: list[AttestationChoice] = Field(description="What is not settled by the order", max_length=20)


class AttestationTable(In):
    """Values to be held against the thresholds; nothing is stored."""

    units: list[Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")]] = Field(
        description="Names of the schools, each once", min_length=1, max_length=2000, examples=[["№46"]]
    )
    values: dict[Code, Annotated[list[Percent | None], Field(max_length=2000)]] = Field(
        default={},
        description="By part, a list as long as `units`; null where there is none",
        max_length=20,
        examples=[{"7": [91.4], _PART: [44.5]}],
    )
    judged: dict[Code, Annotated[list[Judged | None], Field(max_length=2000)]] = Field(
        default={},
        description="By the number of a documentary criterion, what the commission decided",
        max_length=39,
        examples=[{"1": [5], "2": [4]}],
    )


class AttestationQuery(In):
    """Which values of an organisation."""

    period: PeriodText | None = Field(
        default=None, description="The period whose observations count; needed unless `run_id` is given",
        examples=["2025-2026"],
    )  # fmt: skip
    as_of: Date | None = Field(default=None, description="The day; by default today", examples=["2026-09-01"])
    run_id: UUID | None = Field(
        default=None, description="The values on which this run was computed, instead of those of today"
    )


class PartRead(Out):
    """What a value reaches."""

    code: str = Field(description="Name of the part", max_length=20, examples=[_PART])
    indicator: str = Field(description="The indicator", max_length=64, examples=["TCH_EXPERT_PLUS_SHARE"])
    value: float | None = Field(description="The value", examples=[44.5])
    n: int | None = Field(description="How many it rests on", ge=0, examples=[52])
    rounded: int | None = Field(description="The value rounded half up", examples=[45])
    level: int | None = Field(description="The level it reaches", ge=2, le=5, examples=[4])
    cut: float | None = Field(description="The threshold it met; null on level 2 and without a value", examples=[35])
    reason: MissingReason | None = Field(description="Why there is no value", examples=["not_reported"])


class CriterionResult(Out):
    """The level of a criterion."""

    number: int = Field(description="Its number in the order", ge=1, le=39, examples=[7])
    kind: CriterionKind = Field(description="How it is decided")
    level: int | None = Field(
        description="Its level; null while a part is missing or the commission has not decided",
        ge=2,
        le=5,
        examples=[4],
    )
    parts: list[PartRead] = Field(description="The values that decide it", max_length=2)


class AttestationRead(Out):
    """How a school stands against the criteria."""

    unit: str = Field(description="The school: its name in the table, or its id", max_length=100, examples=["№46"])
    criteria: list[CriterionResult] = Field(description="All 39, by number", min_length=39, max_length=39)
    given: int = Field(description="How many criteria have a level", ge=0, le=39, examples=[5])
    open: list[int] = Field(description="Numbers of the criteria without a level", max_length=39, examples=[[1, 2]])
    complete: bool = Field(description="Whether all 39 have one", examples=[False])
    mean: float | None = Field(description="Mean of the levels there are", ge=2, le=5, examples=[4.2])
    result: int | None = Field(
        description="The mean rounded half up: the level of the school; null unless `complete`, for a part of the "
        "criteria says nothing of the whole",
        ge=2,
        le=5,
        examples=[None],
    )
    low: bool | None = Field(description="Whether the result is low (2): then it is not passed", examples=[None])


class AttestationList(Out):
    """How the schools of a table stand."""

    items: list[AttestationRead] = Field(description="In the order of `units`", max_length=2000)
