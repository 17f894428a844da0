"""Tokens, forms and ballots of a survey on the wire, and how many have answered."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictBool, StringConstraints

from shared.schemas.base import Code, Flag, In, Instant, Out, TextOut, Whole
from shared.schemas.pages import PageQuery
from shared.schemas.rating.surveys import (
    ASKED,
    MOST_ITEMS,
    MOST_OPTIONS,
    MOST_STRATA,
    SCHOOL,
    SURVEY,
    TITLE,
    GradeGroup,
    Point,
    SurveyItemKind,
    SurveyLanguage,
    Tongue,
)

MOST_TOKENS = 5_000
_EXAMPLE = "nJt3xq0m5cZr8vYb2kWd7A"
_STARTED = "19c1f3a2b00.0f1e2d3c4b5a69788796a5b4c3d2e1f0"

SurveyToken = Annotated[str, StringConstraints(min_length=22, max_length=22, pattern=r"^[A-Za-z0-9_\-]{22}$")]
"""A one-time token: 128 random bits."""
Started = Annotated[str, StringConstraints(max_length=48, pattern=r"^[0-9a-f]{1,12}\.[0-9a-f]{32}$")]
"""When the form was handed out, signed."""


class ParticipationStratum(Out):
    """How far tokens of one stratum have gone."""

    grade_group: str | None = Field(description="Grades", max_length=20, examples=["1-4"])
    language: str | None = Field(description="Language of instruction", max_length=3, examples=["kk"])
    population: int = Field(description="Parents", ge=1, examples=[240])
    issued: int = Field(description="Tokens handed out that were used or still can be", ge=0, examples=[240])


class Participation(Out):
    """How many have answered in one organisation so far. What they answered is told after publication alone."""

    organisation_id: UUID = Field(description="The organisation", examples=[SCHOOL])
    name: TextOut = Field(description="Its name when the frame was made")
    population: int = Field(description="Parents", ge=1, examples=[480])
    issued: int = Field(description="Tokens handed out", ge=0, examples=[480])
    ballots: int = Field(description="Ballots in the box", ge=0, examples=[131])
    strata: list[ParticipationStratum] = Field(description="The parts of its frame", max_length=MOST_STRATA)


class ParticipationQuery(PageQuery):
    """Of which organisations."""

    organisation_id: UUID | None = Field(default=None, description="Only this one", examples=[SCHOOL])


class TokensIssue(In):
    """How many tokens, and for which part of the frame."""

    organisation_id: UUID = Field(description="The organisation", examples=[SCHOOL])
    grade_group: GradeGroup | None = Field(default=None, description="Grades, if the frame has them", examples=["1-4"])
    language: Tongue | None = Field(default=None, description="Language, if the frame has it", examples=["kk"])
    count: Annotated[Whole, Field(ge=1, le=MOST_TOKENS)] = Field(description="How many", examples=[25])
    renew: Flag = Field(
        default=False,
        description="First void every token of this part that was not used: a list was lost",
        examples=[False],
    )


class TokensIssued(Out):
    """Tokens to be handed out; shown once and kept nowhere."""

    survey_id: UUID = Field(description="The survey", examples=[SURVEY])
    organisation_id: UUID = Field(description="The organisation", examples=[SCHOOL])
    grade_group: str | None = Field(description="Grades", max_length=20, examples=["1-4"])
    language: str | None = Field(description="Language of instruction", max_length=3, examples=["kk"])
    tokens: list[str] = Field(
        description="In no order that means anything", max_length=MOST_TOKENS, examples=[[_EXAMPLE]]
    )


class FormOption(Out):
    """An answer to choose, as it is put."""

    code: str = Field(description="Its code", max_length=64, examples=["often"])
    text: TextOut = Field(description="What it says")


class FormItem(Out):
    """A question as it is put."""

    code: str = Field(description="Its code", max_length=64, examples=["gladly"])
    kind: SurveyItemKind = Field(description="How it is answered", examples=["scale"])
    text: TextOut = Field(description="The question", examples=[ASKED])
    low: int | None = Field(description="The lowest point of a scale", ge=0, le=10, examples=[1])
    high: int | None = Field(description="The highest point of a scale", ge=0, le=10, examples=[5])
    options: list[FormOption] = Field(description="The answers to choose from", max_length=MOST_OPTIONS)


class SurveyForm(Out):
    """The form of an open survey."""

    survey_id: UUID = Field(description="The survey", examples=[SURVEY])
    title: TextOut = Field(description="What it is called", examples=[TITLE])
    closes_at: Instant = Field(description="Until when ballots are taken", examples=["2026-04-21T21:00:00+05:00"])
    items: list[FormItem] = Field(description="The questions, in order", max_length=MOST_ITEMS)
    started: Started = Field(description="To be given back with the ballot: when the form was handed out, signed",
                             examples=[_STARTED])  # fmt: skip


class BallotCreate(In):
    """A ballot. Whose it is, nobody asks and nobody can find out."""

    token: SurveyToken = Field(description="The one-time token", examples=[_EXAMPLE])
    language: SurveyLanguage = Field(description="In which language it was filled in", examples=["kk"])
    started: Started = Field(description="As the form gave it", examples=[_STARTED])
    answers: dict[Code, StrictBool | Point | Code] = Field(
        description="An answer to every question by its code: a point of its scale, true or false, or an option's code",
        max_length=MOST_ITEMS,
        examples=[{"gladly": 4, "safe": True, "meets": "often"}],
    )


class BallotTaken(Out):
    """The ballot is in the box."""

    taken: bool = Field(default=True, description="Always true", examples=[True])
