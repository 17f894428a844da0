"""What a survey came to, on the wire: estimates with margins, marks of screens, investigations."""

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Finite, FullText, In, Instant, Kato, Out, TextOut
from shared.schemas.pages import PageQuery
from shared.schemas.rating.surveys import MOST_ITEMS, SCHOOL, SURVEY, SurveyItemKind

_GROUNDS = {
    "kk": "Бюллетеньдер бір желіден жарты сағатта түскен",
    "ru": "Бюллетени пришли из одной сети за полчаса",
}


class Screen(StrEnum):
    """Why a ballot is marked."""

    STRAIGHT_LINE = "straight_line"
    """All questions with a scale answered by the same point."""
    IDENTICAL = "identical"
    """One vector of answers, more often than chance gives."""
    TOO_FAST = "too_fast"
    """Under two seconds a question."""
    NETWORK_BURST = "network_burst"
    """Many within half an hour from one network."""
    BURST = "burst"
    """Half of all ballots within half an hour."""
    NIGHT = "night"
    """More at night than the hours of other organisations' ballots explain."""


class Withheld(StrEnum):
    """Why there is no figure."""

    BELOW_MIN_N = "below_min_n"
    PROTECTS_ANOTHER = "protects_another"
    PROTECTS_FEW = "protects_few"
    """It would tell what a few marked ballots say."""


class Decision(StrEnum):
    """What becomes of the marked ballots of an organisation."""

    KEEP = "keep"
    EXCLUDE = "exclude"


class InvestigationStatus(StrEnum):
    """How far an investigation is."""

    OPEN = "open"
    DECIDED = "decided"


class SurveyEstimate(Out):
    """A mean, 0 to 100, with its margin."""

    value: Finite = Field(description="The mean, raked to the frame", ge=0, le=100, examples=[78.4])
    n: int = Field(description="Ballots it rests on", ge=1, examples=[131])
    variance: Finite | None = Field(description="Sampling variance: deff · s²/n · (1 − n/N)", ge=0, examples=[2.9])
    margin: Finite | None = Field(description="Half of the 95 % interval", ge=0, examples=[3.4])
    low: Finite | None = Field(description="Lower end", ge=0, le=100, examples=[75.0])
    high: Finite | None = Field(description="Upper end", ge=0, le=100, examples=[81.8])


class SurveyRaking(Out):
    """How ballots were weighed."""

    fit: str = Field(description="`raked`, `bounded`, `partly` or `equal`", max_length=10, examples=["raked"])
    left_out: list[str] = Field(
        description="Dimensions with a part of the frame from which nobody answered: not raked by",
        max_length=2,
        examples=[[]],
    )
    margin_error: Finite = Field(description="Largest miss of a margin, as a part of the frame", ge=0, examples=[0.0])
    design_effect: Finite = Field(description="Kish's: what unequal weights cost", ge=1, examples=[1.12])
    effective_n: Finite = Field(
        description="Ballots that equal weights would need for the same", ge=0, examples=[117.0]
    )


class SurveyItemResult(Out):
    """One question in one organisation."""

    code: str = Field(description="Its code", max_length=64, examples=["gladly"])
    kind: SurveyItemKind = Field(description="How it is answered", examples=["scale"])
    estimate: SurveyEstimate | None = Field(description="Null for a choice that is not scored")
    coded: bool = Field(
        description="A share beyond 5 or 95 % of fewer than 50 is told as 5 or 95 and has no margin", examples=[False]
    )
    distribution: dict[str, int] | None = Field(
        description="How many gave each answer; null unless every answer was given by nobody or 10 and more",
        examples=[{"1": 0, "2": 0, "3": 11, "4": 40, "5": 80}],
    )


class SurveyOrganisationResult(Out):
    """What parents said of one organisation."""

    organisation_id: UUID = Field(description="The organisation", examples=[SCHOOL])
    name: TextOut = Field(description="Its name when the frame was made")
    population: int = Field(description="Parents", ge=1, examples=[480])
    n: int = Field(description="Ballots that count; taking part is no answer and is always told", ge=0, examples=[131])
    response_rate: Finite = Field(description="Of the frame, in percent", ge=0, le=100, examples=[27.3])
    satisfaction: SurveyEstimate | None = Field(description="Mean over all scored questions; null when withheld")
    reason: Withheld | None = Field(description="Why it is withheld", examples=["below_min_n"])
    marked_out: bool = Field(description="Marked ballots were left out by decision", examples=[False])
    with_marked: SurveyEstimate | None = Field(description="With all ballots; null when withheld")
    without_marked: SurveyEstimate | None = Field(description="Without marked ballots; null when withheld")
    marked_reason: Withheld | None = Field(description="Why the pair is withheld", examples=["protects_few"])
    differs: bool | None = Field(
        description="Leaving marked ballots out moves the mean by more than a standard error; null when withheld",
        examples=[False],
    )
    raking: SurveyRaking | None = Field(description="How ballots were weighed; null when withheld")
    items: list[SurveyItemResult] = Field(description="By question; empty when withheld", max_length=MOST_ITEMS)


class SurveyResultQuery(PageQuery):
    """Which organisations' results."""

    organisation_id: UUID | None = Field(default=None, description="Only this one", examples=[SCHOOL])
    area: Kato | None = Field(default=None, description="Only of this area", examples=["390000000"])


class SurveyAreaResult(Out):
    """What parents said in one area."""

    area: str | None = Field(description="KATO code; null: everywhere", max_length=9, examples=["390000000"])
    organisations: int = Field(description="Organisations asked about", ge=1, examples=[433])
    population: int = Field(description="Parents", ge=1, examples=[120_000])
    n: int = Field(description="Ballots that count", ge=0, examples=[31_400])
    response_rate: Finite = Field(description="Of the frame, in percent", ge=0, le=100, examples=[26.2])
    satisfaction: SurveyEstimate | None = Field(
        description="Over organisations with ballots, each by its frame; null when withheld"
    )
    reason: Withheld | None = Field(description="Why it is withheld", examples=["protects_another"])


class SurveyTotals(Out):
    """The whole of a published survey, and by area."""

    survey_id: UUID = Field(description="The survey", examples=[SURVEY])
    min_n: int = Field(description="No figure and no difference of figures rests on fewer", ge=1, examples=[10])
    overall: SurveyAreaResult = Field(description="Everywhere")
    areas: list[SurveyAreaResult] = Field(description="By area, regions and what is inside them", max_length=20_000)


class ScreenCount(Out):
    """One screen's marks."""

    screen: Screen = Field(description="Which", examples=["network_burst"])
    ballots: int = Field(description="How many ballots it marks", ge=0, examples=[34])


class ScreenedOrganisation(Out):
    """What the screens say of one organisation, for those who run the survey."""

    organisation_id: UUID = Field(description="The organisation", examples=[SCHOOL])
    name: TextOut = Field(description="Its name when the frame was made")
    ballots: int = Field(description="Ballots", ge=0, examples=[131])
    marked: int = Field(description="Of them marked, by one screen or several", ge=0, examples=[36])
    screens: list[ScreenCount] = Field(description="By screen", max_length=6)
    with_marked: SurveyEstimate | None = Field(description="With all ballots, from 10 on")
    without_marked: SurveyEstimate | None = Field(
        description="Without marked ones, from 10 on, unless that would tell what a few marked ones say"
    )
    differs: bool = Field(description="The mean moves by more than a standard error", examples=[True])
    investigation: InvestigationStatus | None = Field(description="Whether it is looked into", examples=["open"])


class ScreenQuery(PageQuery):
    """Which organisations' screens."""

    organisation_id: UUID | None = Field(default=None, description="Only this one", examples=[SCHOOL])


class InvestigationCreate(In):
    """Look into an organisation's ballots."""

    organisation_id: UUID = Field(description="The organisation", examples=[SCHOOL])
    reason: FullText = Field(description="Why; names nobody", examples=[_GROUNDS])


class InvestigationDecide(In):
    """The end of an investigation."""

    decision: Decision = Field(description="Whether marked ballots stay", examples=["exclude"])
    grounds: FullText = Field(description="Why; names nobody", examples=[_GROUNDS])


class InvestigationRead(Out):
    """An investigation and its record."""

    id: UUID = Field(description="Its identifier", examples=["01a20034-2d1f-7b11-9c0e-4a8a4f1b6d77"])
    survey_id: UUID = Field(description="The survey", examples=[SURVEY])
    organisation_id: UUID = Field(description="The organisation", examples=[SCHOOL])
    status: InvestigationStatus = Field(description="How far it is", examples=["open"])
    reason: TextOut = Field(description="Why it was opened", examples=[_GROUNDS])
    opened_at: Instant = Field(description="When", examples=["2026-04-22T09:00:00+05:00"])
    opened_by: str = Field(description="By whom: `system` when the screens did", max_length=300, examples=["system"])
    decision: Decision | None = Field(description="What was decided", examples=[None])
    grounds: TextOut | None = Field(description="Why", examples=[None])
    decided_at: Instant | None = Field(description="When", examples=[None])
    decided_by: str | None = Field(description="By whom", max_length=300, examples=[None])
    version: int = Field(description="Counts changes; the ETag is made of it", ge=1, examples=[1])


class InvestigationQuery(PageQuery):
    """Which investigations, the latest first."""

    status: InvestigationStatus | None = Field(default=None, description="Only in this state", examples=["open"])
