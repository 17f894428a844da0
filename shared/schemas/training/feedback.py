"""Feedback by Guskey's five levels, asked without names at the end of a course and 3, 6 and 12 months later."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from shared.schemas.base import Code, Date, Finite, Flag, FullText, In, Name, Out, TextOut, Whole, wrong
from shared.schemas.pages import PageQuery
from shared.schemas.training.ids import (
    CohortId,
    EducatorId,
    EnrolmentId,
    FeedbackRoundId,
    QuestionnaireId,
    VenueId,
)

_QUESTIONNAIRE = "0198c0de-0000-7000-8000-000000000901"
_ROUND = "0198c0de-0000-7000-8000-000000000911"
_COHORT = "0198c0de-0000-7000-8000-000000000301"
_VENUE = "0198c0de-0000-7000-8000-000000000311"
_ENROLMENT = "0198c0de-0000-7000-8000-000000000501"
_EDUCATOR = "0198c0de-0000-7000-8000-000000000401"
_EXAMPLE = "nJt3xq0m5cZr8vYb2kWd7A"
_ASKED = {"kk": "Курс пайдалы болды", "ru": "Курс был полезен", "en": "The course was useful"}
_ITEM = {
    "code": "useful",
    "level": "reaction",
    "waves": ["end"],
    "kind": "scale",
    "low": 1,
    "high": 5,
    "favourable_from": 4,
    "text": _ASKED,
}
MOST_ITEMS = 60
MOST_ANSWERS = 20_000


class GuskeyLevel(StrEnum):
    """What is judged: Guskey, Evaluating Professional Development (2000), chapters 4 to 8."""

    REACTION = "reaction"
    LEARNING = "learning"
    ORGANISATION = "organisation"
    USE = "use"
    PUPILS = "pupils"


class FeedbackWave(StrEnum):
    """When it is asked."""

    END = "end"
    THREE_MONTHS = "m3"
    SIX_MONTHS = "m6"
    TWELVE_MONTHS = "m12"


class ItemKind(StrEnum):
    """How an item is answered."""

    SCALE = "scale"
    TEXT = "text"


class RoundStatus(StrEnum):
    """Where a round stands."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


Point = Annotated[Whole, Field(ge=0, le=10)]
"""A point of a scale."""
FeedbackToken = Annotated[str, StringConstraints(min_length=22, max_length=22, pattern=r"^[A-Za-z0-9_\-]{22}$")]
"""A one-time token: 128 bits."""
Opinion = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=1000,
        pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$",
    ),
]
"""Free text of an answer."""


class AskedText(In):
    """A question in all three languages."""

    kk: Name = Field(description="In Kazakh", examples=[_ASKED["kk"]])
    ru: Name = Field(description="In Russian", examples=[_ASKED["ru"]])
    en: Name = Field(description="In English", examples=[_ASKED["en"]])


class QuestionnaireItem(In):
    """One question."""

    code: Code = Field(description="Its code, the same in all versions", examples=["useful"])
    level: GuskeyLevel = Field(description="Which of Guskey's levels it speaks of", examples=["reaction"])
    waves: list[FeedbackWave] = Field(
        description="When it is asked", min_length=1, max_length=4, examples=[["end", "m3"]]
    )
    kind: ItemKind = Field(default=ItemKind.SCALE, description="How it is answered", examples=["scale"])
    low: Point | None = Field(default=None, description="The lowest point of the scale", examples=[1])
    high: Point | None = Field(default=None, description="The highest point, the best", examples=[5])
    favourable_from: Point | None = Field(default=None, description="From which point it is favourable", examples=[4])
    text: AskedText = Field(description="The question", examples=[_ASKED])

    @model_validator(mode="after")
    def _scale_is_whole(self) -> "QuestionnaireItem":
        points = (self.low, self.favourable_from, self.high)
        if self.kind is ItemKind.TEXT and points == (None, None, None):
            return self
        low, middle, high = points
        if (
            self.kind is ItemKind.SCALE
            and low is not None
            and middle is not None
            and high is not None
            and low < middle <= high
        ):
            return self
        raise wrong(
            "scale_incomplete",
            kk="Шкалаға low < favourable_from <= high керек, мәтінге шкала керек емес",
            ru="Шкале нужны low < favourable_from <= high, тексту шкала не нужна",
            en="A scale needs low < favourable_from <= high, and a text has no scale",
        )


class QuestionnaireCreate(In):
    """The next version of a questionnaire."""

    code: Code = Field(description="Its code, the same in all versions", examples=["guskey"])
    title: FullText = Field(description="What it is called", examples=[{"kk": "Кері байланыс", "ru": "Обратная связь"}])
    items: list[QuestionnaireItem] = Field(
        description="The questions, in order", min_length=1, max_length=MOST_ITEMS, examples=[[_ITEM]]
    )

    @model_validator(mode="after")
    def _items_differ(self) -> "QuestionnaireCreate":
        if len({item.code for item in self.items}) < len(self.items):
            raise wrong(
                "item_code_repeated",
                kk="Сұрақ кодтары қайталанбауы керек",
                ru="Коды вопросов не повторяются",
                en="Codes of questions are not repeated",
            )
        if not any(item.kind is ItemKind.SCALE for item in self.items):
            raise wrong(
                "scale_needed",
                kk="Кемінде бір шкалалы сұрақ керек",
                ru="Нужен хотя бы один вопрос со шкалой",
                en="At least one question with a scale is needed",
            )
        return self


class QuestionnaireRead(Out):
    """One version of a questionnaire."""

    id: QuestionnaireId = Field(description="Its identifier", examples=[_QUESTIONNAIRE])
    code: str = Field(description="Its code, the same in all versions", max_length=64, examples=["guskey"])
    number: int = Field(description="Number of the version, from 1", ge=1, le=10_000, examples=[1])
    title: TextOut = Field(description="What it is called", examples=[{"kk": "Кері байланыс", "ru": "Обратная связь"}])
    items: list[QuestionnaireItem] = Field(description="The questions", max_length=MOST_ITEMS, examples=[[_ITEM]])


class QuestionnaireQuery(PageQuery):
    """Which questionnaires, by code and number."""

    code: Code | None = Field(default=None, description="Only versions of this one", examples=["guskey"])


class FeedbackScheduleCreate(In):
    """The four rounds of a cohort."""

    cohort_id: CohortId = Field(description="The cohort", examples=[_COHORT])
    questionnaire_id: QuestionnaireId = Field(description="The version that is asked", examples=[_QUESTIONNAIRE])
    days_open: Annotated[Whole, Field(ge=7, le=100)] = Field(
        default=21, description="For how many days each round takes answers", examples=[21]
    )


class FeedbackRoundRead(Out):
    """One round: a cohort is asked once."""

    id: FeedbackRoundId = Field(description="Its identifier", examples=[_ROUND])
    cohort_id: CohortId = Field(description="The cohort", examples=[_COHORT])
    questionnaire_id: QuestionnaireId = Field(description="What is asked", examples=[_QUESTIONNAIRE])
    wave: FeedbackWave = Field(description="When, counted from the end of the course", examples=["m3"])
    opens_on: Date = Field(description="First day answers are taken", examples=["2026-04-08"])
    closes_on: Date = Field(description="Last day answers are taken", examples=["2026-04-28"])
    status: RoundStatus = Field(description="Where it stands", examples=["open"])
    invited: int = Field(description="Tokens handed out", ge=0, le=MOST_ANSWERS, examples=[85])
    version: int = Field(description="Counts changes; the ETag is made of it", ge=1, examples=[1])


class FeedbackRounds(Out):
    """The rounds of a cohort, the earliest first."""

    items: list[FeedbackRoundRead] = Field(description="The rounds", max_length=4)


class FeedbackRoundQuery(PageQuery):
    """Which rounds, the earliest first."""

    cohort_id: CohortId | None = Field(default=None, description="Only of this cohort", examples=[_COHORT])
    status: RoundStatus | None = Field(default=None, description="Only in this state", examples=["open"])


class FeedbackQuestion(Out):
    """A question as it is put."""

    code: str = Field(description="Its code", max_length=64, examples=["useful"])
    kind: ItemKind = Field(description="How it is answered", examples=["scale"])
    low: int | None = Field(description="The lowest point of the scale", ge=0, le=10, examples=[1])
    high: int | None = Field(description="The highest point", ge=0, le=10, examples=[5])
    text: TextOut = Field(description="The question", examples=[_ASKED])


class FeedbackQuestions(Out):
    """What a round asks."""

    round_id: FeedbackRoundId = Field(description="The round", examples=[_ROUND])
    opens_on: Date = Field(description="First day answers are taken", examples=["2026-04-08"])
    closes_on: Date = Field(description="Last day answers are taken", examples=["2026-04-28"])
    questions: list[FeedbackQuestion] = Field(description="The questions, in order", max_length=MOST_ITEMS)


class TokensCreate(In):
    """For whom tokens are made."""

    renew: Flag = Field(
        default=False,
        description="Throw away all tokens of the round and make new ones, if no answer was given yet: a lost list",
        examples=[False],
    )


class HandedToken(Out):
    """A token for one participant; the house keeps its hash alone, and not for whom it is."""

    enrolment_id: EnrolmentId = Field(description="The participant's enrolment", examples=[_ENROLMENT])
    educator_id: EducatorId = Field(description="The participant", examples=[_EDUCATOR])
    token: FeedbackToken = Field(description="To be handed out and not kept; it is shown once", examples=[_EXAMPLE])


class HandedTokens(Out):
    """Tokens for those who had none yet. Shown once."""

    round_id: FeedbackRoundId = Field(description="The round", examples=[_ROUND])
    items: list[HandedToken] = Field(description="By enrolment", max_length=MOST_ANSWERS)


class FeedbackCreate(In):
    """An answer without a name."""

    token: FeedbackToken = Field(description="The one-time token", examples=[_EXAMPLE])
    scores: dict[Code, Point] = Field(
        description="A point for every question with a scale, by its code",
        max_length=MOST_ITEMS,
        examples=[{"useful": 5}],
    )
    texts: dict[Code, Opinion] = Field(
        default_factory=dict,
        description="Free text by the code of its question; may be left out. No names, no numbers of persons",
        max_length=MOST_ITEMS,
        examples=[{"more": "More practice"}],
    )


class FeedbackTaken(Out):
    """The answer is in the box."""

    taken: bool = Field(default=True, description="Always true", examples=[True])


class Estimate(Out):
    """A figure with its 95 % interval."""

    value: Finite = Field(description="The figure", examples=[4.2])
    low: Finite = Field(description="Lower end of the interval", examples=[4.0])
    high: Finite = Field(description="Upper end of the interval", examples=[4.4])


class Suppressed(StrEnum):
    """Why there is no figure."""

    BELOW_MIN_N = "below_min_n"
    PROTECTS_ANOTHER = "protects_another"
    NOT_CLOSED = "not_closed"


class ItemResult(Out):
    """One question."""

    code: str = Field(description="Its code", max_length=64, examples=["useful"])
    level: GuskeyLevel = Field(description="The level it speaks of", examples=["reaction"])
    text: TextOut = Field(description="The question", examples=[_ASKED])
    mean: Estimate = Field(description="Mean point, with Student's interval")
    favourable: Estimate = Field(description="Share of favourable answers, with Wilson's interval")


class LevelResult(Out):
    """One of Guskey's levels: the mean of a respondent's answers, each scale stretched onto 0 to 100."""

    level: GuskeyLevel = Field(description="The level", examples=["reaction"])
    items: int = Field(description="Questions it rests on", ge=1, le=MOST_ITEMS, examples=[3])
    mean: Estimate = Field(description="0 to 100, with Student's interval over respondents")


class AnswersResult(Out):
    """What a group said."""

    n: int = Field(description="Answers", ge=10, le=MOST_ANSWERS, examples=[61])
    items: list[ItemResult] = Field(description="By question", max_length=MOST_ITEMS)
    levels: list[LevelResult] = Field(description="By level", max_length=5)


class VenueResult(Out):
    """What those taught at one venue said."""

    venue_id: VenueId = Field(description="The venue", examples=[_VENUE])
    result: AnswersResult | None = Field(description="Null when it is not shown")
    reason: Suppressed | None = Field(description="Why it is not shown", examples=["below_min_n"])


class FeedbackResults(Out):
    """The results of a closed round."""

    round: FeedbackRoundRead = Field(description="The round")
    min_n: int = Field(description="Nothing that rests on fewer answers is shown", ge=1, le=1000, examples=[10])
    response_rate: Estimate | None = Field(description="Answers of tokens handed out, with Wilson's interval")
    result: AnswersResult | None = Field(description="All answers; null when they are not shown")
    reason: Suppressed | None = Field(description="Why they are not shown", examples=["below_min_n"])
    venues: list[VenueResult] = Field(description="By venue, where there are several", max_length=1000)


class FeedbackOpinions(Out):
    """What was written, in no order, and not which answers came together."""

    items: dict[str, list[str]] = Field(
        description="Texts by question", examples=[{"more": ["More practice", "Көбірек тәжірибе"]}]
    )
    reason: Suppressed | None = Field(description="Why nothing is shown", examples=["below_min_n"])


class FeedbackTrendQuery(In):
    """Of which cohort."""

    cohort_id: CohortId = Field(description="The cohort", examples=[_COHORT])


class LevelAt(Out):
    """One level at one wave."""

    level: GuskeyLevel = Field(description="The level", examples=["use"])
    wave: FeedbackWave = Field(description="The wave", examples=["m3"])
    n: int | None = Field(description="Answers; null when not shown", ge=10, le=MOST_ANSWERS, examples=[61])
    mean: Estimate | None = Field(description="0 to 100; null when not shown")
    change: Estimate | None = Field(
        description="Since the first wave shown, by the questions asked at both, with Welch's interval: who answered "
        "twice is unknown, so the interval is rather too wide than too narrow"
    )
    items: list[str] = Field(description="Questions the change rests on", max_length=MOST_ITEMS, examples=[["tried"]])
    reason: Suppressed | None = Field(description="Why it is not shown", examples=["not_closed"])


class FeedbackTrend(Out):
    """How the five levels change over time in one cohort."""

    cohort_id: CohortId = Field(description="The cohort", examples=[_COHORT])
    items: list[LevelAt] = Field(description="By level and wave", max_length=20)
