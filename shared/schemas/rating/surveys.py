"""Surveys on the wire: what is asked of parents, from when until when, and of whom, in counts alone."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from shared.schemas.base import Code, Finite, Flag, In, Instant, Kato, LocalisedText, Out, TextOut, Whole, wrong
from shared.schemas.pages import PageQuery
from shared.schemas.rating.runs import PeriodText
from shared.schemas.registry.organisation_words import OrganisationType

MOST_ITEMS = 40
MOST_OPTIONS = 12
MOST_ORGANISATIONS = 10_000
MOST_STRATA = 40
MOST_PERSONS = 20_000

SURVEY = "01a20034-2d1f-7b11-9c0e-4a8a4f1b6d01"
SCHOOL = "01a20034-2d1f-77a4-b618-84a4220ed269"
TITLE = {"kk": "Ата-аналар сауалнамасы", "ru": "Опрос родителей", "en": "Survey of parents"}
ASKED = {
    "kk": "Балам мектепке қуанып барады",
    "ru": "Мой ребёнок идёт в школу с радостью",
    "en": "My child is glad to go to school",
}
_ITEM = {"code": "gladly", "kind": "scale", "text": ASKED, "low": 1, "high": 5}
STRATUM = {"grade_group": "1-4", "language": "kk", "population": 240}


class SurveyStatus(StrEnum):
    """Where a survey stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    PUBLISHED = "published"


class Audience(StrEnum):
    """Who is asked."""

    PARENTS = "parents"


class SurveyItemKind(StrEnum):
    """How a question is answered. There is no free text: it could carry what belongs to a person."""

    SCALE = "scale"
    YES_NO = "yes_no"
    CHOICE = "choice"


class SurveyLanguage(StrEnum):
    """The language in which a ballot was filled in."""

    KK = "kk"
    RU = "ru"
    EN = "en"


Point = Annotated[Whole, Field(ge=0, le=10)]
"""A point of a scale."""
Score = Annotated[Finite, Field(ge=0, le=100)]
"""0 is the worst and 100 the best."""
GradeGroup = Annotated[str, StringConstraints(max_length=20, pattern=r"^[A-Za-z0-9][A-Za-z0-9_\-]{0,19}$")]
"""A group of grades or years, such as `1-4`."""
Tongue = Annotated[str, StringConstraints(max_length=3, pattern=r"^[a-z]{2,3}$")]
"""A language of instruction."""


class SurveyOption(In):
    """One answer to choose."""

    code: Code = Field(description="Its code", examples=["often"])
    text: LocalisedText = Field(description="What it says", examples=[{"kk": "Жиі", "ru": "Часто", "en": "Often"}])
    score: Score | None = Field(
        default=None, description="What it counts for, 0 to 100; all options of a question or none", examples=[100]
    )


class SurveyItem(In):
    """One question."""

    code: Code = Field(description="Its code", examples=["gladly"])
    kind: SurveyItemKind = Field(description="How it is answered", examples=["scale"])
    text: LocalisedText = Field(description="The question; Kazakh and Russian are needed to open", examples=[ASKED])
    low: Point | None = Field(default=None, description="The lowest point of a scale", examples=[1])
    high: Point | None = Field(default=None, description="The highest point of a scale", examples=[5])
    reversed: Flag = Field(
        default=False,
        description="The lowest point of the scale, or «no», is the best answer. A questionnaire that asks in both "
        "directions tells a careless ballot from a content one",
        examples=[False],
    )
    options: list[SurveyOption] = Field(
        default_factory=list, description="The answers to choose from", max_length=MOST_OPTIONS, examples=[[]]
    )

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "SurveyItem":
        points = (self.low, self.high)
        match self.kind:
            case SurveyItemKind.SCALE:
                whole = self.low is not None and self.high is not None and self.low < self.high and not self.options
            case SurveyItemKind.YES_NO:
                whole = points == (None, None) and not self.options
            case SurveyItemKind.CHOICE:
                codes = {option.code for option in self.options}
                scored = {option.score is None for option in self.options}
                whole = points == (None, None) and len(self.options) >= 2 and not self.reversed
                whole = whole and len(codes) == len(self.options) and len(scored) == 1
        if not whole:
            raise wrong(
                "survey_item_unfitting",
                kk="scale: low < high; yes_no: ештеңе; choice: коды бөлек екі жауаптан, балл бәрінде не ешқайсысында",
                ru="scale: low < high; yes_no: ничего; choice: от двух ответов, коды разные, баллы все или ни одного",
                en="scale: low < high; yes_no: nothing; choice: two options or more, codes differ, all scored or none",
            )
        return self


def _items_are_whole(items: list[SurveyItem]) -> None:
    if len({item.code for item in items}) < len(items):
        raise wrong(
            "item_code_repeated",
            kk="Сұрақ кодтары қайталанбауы керек",
            ru="Коды вопросов не повторяются",
            en="Codes of questions are not repeated",
        )
    if not any(item.kind is not SurveyItemKind.CHOICE or item.options[0].score is not None for item in items):
        raise wrong(
            "scored_item_needed",
            kk="Балмен есептелетін кемінде бір сұрақ керек",
            ru="Нужен хотя бы один вопрос, который оценивается баллом",
            en="At least one question that is scored is needed",
        )


def _in_order(opens_at: object, closes_at: object) -> None:
    if opens_at is not None and closes_at is not None and not opens_at < closes_at:  # type: ignore[operator] # instants
        raise wrong(
            "survey_times_reversed",
            kk="Сауалнама ашылғаннан кейін жабылады",
            ru="Опрос закрывается позже, чем открывается",
            en="A survey closes after it opens",
        )


class SurveyCreate(In):
    """A survey to be: questions, period, and from when until when."""

    title: LocalisedText = Field(
        description="What it is called; Kazakh and Russian are needed to open", examples=[TITLE]
    )
    organisation_type: OrganisationType = Field(description="Organisations it asks about", examples=["school"])
    audience: Audience = Field(default=Audience.PARENTS, description="Who is asked", examples=["parents"])
    period: PeriodText = Field(description="The period its result counts for in ratings", examples=["2025-2026"])
    opens_at: Instant = Field(description="From when ballots are taken", examples=["2026-04-01T09:00:00+05:00"])
    closes_at: Instant = Field(description="Until when", examples=["2026-04-21T21:00:00+05:00"])
    items: list[SurveyItem] = Field(
        description="The questions, in order", min_length=1, max_length=MOST_ITEMS, examples=[[_ITEM]]
    )

    @model_validator(mode="after")
    def _whole(self) -> "SurveyCreate":
        _items_are_whole(self.items)
        _in_order(self.opens_at, self.closes_at)
        return self


class SurveyUpdate(In):
    """What changes in a draft; what is left out or null stays."""

    title: LocalisedText | None = Field(default=None, description="What it is called", examples=[TITLE])
    period: PeriodText | None = Field(default=None, description="The period it counts for", examples=["2025-2026"])
    opens_at: Instant | None = Field(default=None, description="From when", examples=["2026-04-01T09:00:00+05:00"])
    closes_at: Instant | None = Field(default=None, description="Until when", examples=["2026-04-21T21:00:00+05:00"])
    items: list[SurveyItem] | None = Field(
        default=None, description="The questions, all of them", min_length=1, max_length=MOST_ITEMS, examples=[[_ITEM]]
    )

    @model_validator(mode="after")
    def _whole(self) -> "SurveyUpdate":
        if self.items is not None:
            _items_are_whole(self.items)
        _in_order(self.opens_at, self.closes_at)
        return self


class SurveyRead(Out):
    """A survey."""

    id: UUID = Field(description="Its identifier", examples=[SURVEY])
    title: TextOut = Field(description="What it is called", examples=[TITLE])
    organisation_type: OrganisationType = Field(description="Organisations it asks about", examples=["school"])
    audience: Audience = Field(description="Who is asked", examples=["parents"])
    period: str = Field(description="The period its result counts for", max_length=9, examples=["2025-2026"])
    opens_at: Instant = Field(description="From when ballots are taken", examples=["2026-04-01T09:00:00+05:00"])
    closes_at: Instant = Field(description="Until when", examples=["2026-04-21T21:00:00+05:00"])
    status: SurveyStatus = Field(description="Where it stands", examples=["open"])
    tallied: bool = Field(description="The closed survey's ballots have been screened and counted", examples=[False])
    allowed_actions: list[str] = Field(description="What can be done with it", max_length=5, examples=[["close"]])
    items: list[SurveyItem] = Field(description="The questions", max_length=MOST_ITEMS, examples=[[_ITEM]])
    published_at: Instant | None = Field(description="Since when its results are public", examples=[None])
    version: int = Field(description="Counts changes; the ETag is made of it", ge=1, examples=[1])


class SurveyQuery(PageQuery):
    """Which surveys, the latest first."""

    status: SurveyStatus | None = Field(default=None, description="Only in this state", examples=["open"])
    period: PeriodText | None = Field(default=None, description="Only of this period", examples=["2025-2026"])


class FrameStratum(In):
    """A part of an organisation's frame: how many parents there are, and nothing of them."""

    grade_group: GradeGroup | None = Field(default=None, description="Their children's grades", examples=["1-4"])
    language: Tongue | None = Field(
        default=None, description="Their children's language of instruction", examples=["kk"]
    )
    population: Annotated[Whole, Field(ge=1, le=MOST_PERSONS)] = Field(description="How many they are", examples=[240])


class FrameOrganisation(In):
    """One organisation's frame."""

    organisation_id: UUID = Field(description="The organisation, as in the registry", examples=[SCHOOL])
    strata: list[FrameStratum] = Field(
        description="Its parts by grades and language, or the whole as one", min_length=1, max_length=MOST_STRATA,
        examples=[[STRATUM]],
    )  # fmt: skip


class FrameFromRegistry(In):
    """Take the frame from the registry: how many persons an indicator rests on, for each organisation."""

    indicator: Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Z][A-Z0-9_]{1,63}$")] = Field(
        description="The indicator whose `n` is the number of pupils", examples=["SCH_SUPPL_COVERAGE"]
    )
    area: Kato | None = Field(default=None, description="Only organisations of this area", examples=["390000000"])


class FrameWrite(In):
    """Who is asked: counts by organisation, given or taken from the registry. Replaces the frame there is."""

    organisations: Annotated[list[FrameOrganisation], Field(min_length=1, max_length=MOST_ORGANISATIONS)] | None = (
        Field(
            default=None, description="The frame itself", examples=[[{"organisation_id": SCHOOL, "strata": [STRATUM]}]]
        )
    )
    from_registry: FrameFromRegistry | None = Field(
        default=None, description="Or where it is taken from", examples=[None]
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> "FrameWrite":
        if (self.organisations is None) == (self.from_registry is None):
            raise wrong(
                "frame_or_registry",
                kk="organisations не from_registry керек, екеуі емес",
                ru="Нужно organisations или from_registry, одно из двух",
                en="Give organisations or from_registry, one of the two",
            )
        return self


class FrameRead(Out):
    """The frame in short."""

    survey_id: UUID = Field(description="The survey", examples=[SURVEY])
    organisations: int = Field(description="How many organisations", ge=0, le=MOST_ORGANISATIONS, examples=[7700])
    population: int = Field(description="How many parents", ge=0, examples=[3_100_000])
    left_out: int = Field(description="Organisations of the registry without a number", ge=0, examples=[12])
