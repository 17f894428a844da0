"""Reasons: why something was done, as codes of lists that are kept in versions and in three languages."""

from enum import StrEnum

from pydantic import Field

from shared.schemas.base import Date, In, Name, Out, TextOut
from shared.schemas.training.words import ReasonCode

_TEXT = {"kk": "Науқастануы", "ru": "Болезнь", "en": "Illness"}


class ReasonList(StrEnum):
    """What the reasons of a list are given for."""

    APPLICATION = "application"
    PARTICIPATION = "participation"
    ATTENDANCE = "attendance"
    OUTCOME = "outcome"
    CERTIFICATE = "certificate"
    PROGRAMME = "programme"
    COHORT = "cohort"
    SESSION = "session"
    ALLOCATION = "allocation"
    PRIVACY = "privacy"


class ReasonText(In):
    """What a reason is called, in all three languages."""

    kk: Name = Field(description="In Kazakh", examples=["Науқастануы"])
    ru: Name = Field(description="In Russian", examples=["Болезнь"])
    en: Name = Field(description="In English", examples=["Illness"])


class ReasonCreate(In):
    """A reason, or the next version of one: it ends the version before."""

    list: ReasonList = Field(description="The list", examples=["participation"])
    code: ReasonCode = Field(description="Its code, the same in all versions", examples=["illness"])
    text: ReasonText = Field(description="What it is called", examples=[_TEXT])
    valid_from: Date = Field(description="First day it may be given", examples=["2027-01-01"])


class ReasonEnd(In):
    """From which day a reason may no longer be given."""

    valid_until: Date = Field(description="First day it may no longer be given", examples=["2027-01-01"])


class ReasonRead(Out):
    """One version of a reason."""

    list: ReasonList = Field(description="The list", examples=["participation"])
    code: str = Field(description="Its code, the same in all versions", max_length=64, examples=["illness"])
    number: int = Field(description="Number of the version, from 1", ge=1, le=10_000, examples=[1])
    text: TextOut = Field(description="What it is called", examples=[_TEXT])
    valid_from: Date = Field(description="First day it may be given", examples=["1992-01-01"])
    valid_until: Date | None = Field(description="First day it may no longer be given; null while there is none")


class ReasonQuery(In):
    """Which reasons."""

    list: ReasonList | None = Field(default=None, description="Only of this list", examples=["participation"])
    on: Date | None = Field(
        default=None, description="Those that may be given on this day; today if left out", examples=["2026-01-06"]
    )
    all_versions: bool = Field(
        default=False, description="Every version there ever was, whatever the day", examples=[True]
    )


class ReasonCatalogue(Out):
    """Reasons by list and code."""

    items: list[ReasonRead] = Field(description="The reasons", max_length=10_000)
