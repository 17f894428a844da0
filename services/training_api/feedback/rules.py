"""When feedback is asked, what fits as an answer, what may be shown, and what the answers amount to."""

import math
from calendar import monthrange
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from services.training_api.feedback import errors
from services.training_api.intervals import Interval, difference_interval, mean_interval, share_interval
from services.training_api.screening import looks_personal
from shared.errors import FieldError
from shared.machines import Machine, Move
from shared.schemas.training.feedback import FeedbackWave, GuskeyLevel, ItemKind, QuestionnaireItem, RoundStatus

MIN_N = 10
"""Nothing that rests on fewer answers is shown."""
MONTHS = {
    FeedbackWave.END: 0,
    FeedbackWave.THREE_MONTHS: 3,
    FeedbackWave.SIX_MONTHS: 6,
    FeedbackWave.TWELVE_MONTHS: 12,
}
Group = TypeVar("Group", bound=Hashable)


class RoundAction(StrEnum):
    """What is done to a round."""

    OPEN = "open"
    CLOSE = "close"


MACHINE: Machine[RoundStatus, RoundAction] = Machine(
    "feedback",
    (
        Move(RoundAction.OPEN, frozenset({RoundStatus.PLANNED}), frozenset({RoundStatus.OPEN}), is_command=False),
        Move(RoundAction.CLOSE, frozenset({RoundStatus.OPEN}), frozenset({RoundStatus.CLOSED})),
    ),
)
"""A closed round never opens again: whoever saw its results twice would see what one more answer changed."""


def opens_on(ends_on: date, wave: FeedbackWave) -> date:
    """The day a round opens: the last day of the course, or so many months later.

    >>> opens_on(date(2026, 11, 30), FeedbackWave.THREE_MONTHS)
    datetime.date(2027, 2, 28)
    """
    years, month = divmod(ends_on.month - 1 + MONTHS[wave], 12)
    year, month = ends_on.year + years, month + 1
    return date(year, month, min(ends_on.day, monthrange(year, month)[1]))


def asked(items: Sequence[QuestionnaireItem], wave: FeedbackWave) -> list[QuestionnaireItem]:
    """The questions of a wave, in order."""
    return [item for item in items if wave in item.waves]


def scales(items: Sequence[QuestionnaireItem]) -> list[QuestionnaireItem]:
    """Those that are answered by a point of a scale."""
    return [item for item in items if item.kind is ItemKind.SCALE]


def faults(items: Sequence[QuestionnaireItem], scores: Mapping[str, int], texts: Mapping[str, str]) -> list[FieldError]:
    """Where an answer does not fit: every scale is answered (so that all figures of a round rest on the same people,
    and none can be had by subtracting two), texts may be left out and hold nothing personal."""
    points = {item.code: item for item in scales(items)}
    words = {item.code for item in items if item.kind is ItemKind.TEXT}
    found = [
        FieldError(f"/scores/{code}", "answer_missing", errors.ANSWER_MISSING) for code in points if code not in scores
    ]
    for code, point in scores.items():
        if code not in points:
            found.append(FieldError(f"/scores/{code}", "question_unknown", errors.QUESTION_UNKNOWN))
        elif not bounds(points[code])[0] <= point <= bounds(points[code])[1]:
            found.append(FieldError(f"/scores/{code}", "point_unknown", errors.POINT_UNKNOWN))
    for code, said in texts.items():
        if code not in words:
            found.append(FieldError(f"/texts/{code}", "question_unknown", errors.QUESTION_UNKNOWN))
        elif looks_personal(said):
            found.append(FieldError(f"/texts/{code}", "looks_personal", errors.TEXT_PERSONAL))
    return found


def bounds(item: QuestionnaireItem) -> tuple[int, int]:
    """The lowest and the highest point of an item with a scale."""
    assert item.low is not None
    assert item.high is not None
    return item.low, item.high


def labels(new: Mapping[Group, int], there: Mapping[Group, int]) -> set[Group]:
    """Groups that are large enough to be written on tokens and answers.

    A label that few bear would tell more than a name; who is of a smaller group bears none.
    """
    return {group for group, count in new.items() if count + there.get(group, 0) >= MIN_N}


def shown(total: int, groups: Mapping[Group, int], *, min_n: int = MIN_N) -> set[Group]:
    """The groups whose figures may stand beside the total's.

    `groups` are parts of the total; what belongs to none is the rest. A group of fewer than `min_n` is not shown; and
    what is left when the shown ones are subtracted from the total is nobody or `min_n` and more: while it is not, the
    smallest group shown is hidden as well. So no difference of shown figures rests on fewer.
    """
    if total < min_n:
        return set()
    visible = sorted((group for group, n in groups.items() if n >= min_n), key=lambda group: groups[group])
    hidden = total - sum(groups[group] for group in visible)
    while visible and 0 < hidden < min_n:
        hidden += groups[visible.pop(0)]
    return set(visible)


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """What one question came to."""

    item: QuestionnaireItem
    mean: Interval
    favourable: Interval


@dataclass(frozen=True, slots=True)
class LevelFigures:
    """What one level came to."""

    level: GuskeyLevel
    items: int
    mean: Interval


def of_items(items: Sequence[QuestionnaireItem], answers: Sequence[Mapping[str, int]]) -> list[ItemFigures]:
    """By question: the mean point with Student's interval, kept within the scale, and the share of favourable points
    with Wilson's."""
    found = []
    for item in scales(items):
        points = [answer[item.code] for answer in answers]
        favourable = sum(point >= (item.favourable_from or 0) for point in points)
        low, high = bounds(item)
        found.append(
            ItemFigures(item, _within(mean_interval(points), low, high), share_interval(favourable, len(points)))
        )
    return found


def of_levels(items: Sequence[QuestionnaireItem], answers: Sequence[Mapping[str, int]]) -> list[LevelFigures]:
    """By level: the mean over respondents of `level_scores`, with Student's interval, kept within 0 to 100."""
    found = []
    for level in GuskeyLevel:
        of_level = [item for item in scales(items) if item.level is level]
        if of_level:
            mean = _within(mean_interval(level_scores(of_level, answers)), 0, 100)
            found.append(LevelFigures(level, len(of_level), mean))
    return found


def level_scores(items: Sequence[QuestionnaireItem], answers: Sequence[Mapping[str, int]]) -> list[float]:
    """For each respondent the mean of the items, each stretched onto 0 to 100: 100·(x − low)/(high − low)."""
    return [
        math.fsum(100 * (answer[item.code] - bounds(item)[0]) / (bounds(item)[1] - bounds(item)[0]) for item in items)
        / len(items)
        for answer in answers
    ]


def change(
    items: Sequence[QuestionnaireItem],
    before: Sequence[Mapping[str, int]],
    after: Sequence[Mapping[str, int]],
) -> Interval:
    """By how much a level differs between two waves, by the items asked at both.

    Welch's interval for independent samples. The same people answered, but who is who is unknown; as their answers
    rather go together, the true interval is narrower.
    """
    return difference_interval(level_scores(items, before), level_scores(items, after))


def _within(found: Interval, low: float, high: float) -> Interval:
    return Interval(found.value, max(low, found.low), min(high, found.high))
