"""What a course comes to, and when the final assessment may be taken again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from shared.schemas.training.assessments import OutcomeResult as Result
from shared.schemas.training.assessments import RubricLine
from shared.schemas.training.programmes import CompletionRule, ResitRule


@dataclass(frozen=True, slots=True)
class Mark:
    """One assessment that stands."""

    code: str | None
    """Which task; None for the final assessment."""
    attempt: int
    score: float | None
    done: bool | None
    on: date


@dataclass(frozen=True, slots=True)
class Reached:
    """What a person has reached."""

    attendance: float | None
    """None: nothing is recorded."""
    tasks_done: bool
    score: float | None
    """None: the final assessment was not taken."""
    tasks: int | None = None
    """How many tasks are done; None where only all of them or none is told."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the completion rule."""

    part: str
    required: float | None
    reached: float | None
    met: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """What a course came to."""

    result: Result
    parts: tuple[Part, ...]

    @property
    def unmet(self) -> tuple[str, ...]:
        """The parts that were not met."""
        return tuple(part.part for part in self.parts if not part.met)


def tasks_done(marks: Sequence[Mark]) -> int:
    """How many different tasks are done: of each task the latest attempt counts."""
    latest: dict[str | None, Mark] = {}
    for mark in marks:
        if mark.code not in latest or latest[mark.code].attempt < mark.attempt:
            latest[mark.code] = mark
    return sum(1 for mark in latest.values() if mark.done)


def last_score(finals: Sequence[Mark]) -> float | None:
    """The score of the latest attempt at the final assessment."""
    return max(finals, key=lambda mark: mark.attempt).score if finals else None


def score_of(score: float | None, rubric: Sequence[RubricLine]) -> float | None:
    """The score as given, or the share of the rubric's points, of 100."""
    if score is not None or not rubric:
        return score
    return 100 * min(1.0, sum(line.points for line in rubric) / sum(line.of for line in rubric))


def beyond(rubric: Sequence[RubricLine]) -> int | None:
    """The place of the first line with more points than there are."""
    return next((place for place, line in enumerate(rubric) if line.points > line.of), None)


def parts(rule: CompletionRule, reached: Reached) -> tuple[Part, ...]:
    """What each part of the rule asks, what was reached, and whether that is enough."""
    attended = reached.attendance
    tasks = float(reached.tasks if reached.tasks is not None else reached.tasks_done)
    asked = float(rule.min_tasks if reached.tasks is not None else 1)
    score_met = rule.min_score is None or (reached.score is not None and reached.score >= rule.min_score)
    return (
        Part("attendance", rule.min_attendance, attended, attended is not None and attended >= rule.min_attendance),
        Part("tasks", asked if rule.tasks_required else None, tasks, reached.tasks_done or not rule.tasks_required),
        Part("score", rule.min_score, reached.score, score_met),
    )


def judge(rule: CompletionRule, reached: Reached) -> Judged:
    """Attendance and tasks and score, all three, are a pass.

    Who never came is a no-show. Who attended enough but did not take the assessment, or did not do the tasks, has
    attended (and may get a reference); who took it and fell short, or missed too many hours, has failed.
    """
    found = parts(rule, reached)
    unmet = {part.part for part in found if not part.met}
    if not reached.attendance:
        return Judged(Result.NO_SHOW, found)
    if not unmet:
        return Judged(Result.PASSED, found)
    fell_short = "score" in unmet and reached.score is not None
    return Judged(Result.FAILED if "attendance" in unmet or fell_short else Result.ATTENDED, found)


class ResitRefused(StrEnum):
    """Why the final assessment may not be taken again."""

    NOT_ESTABLISHED = "resit_not_established"
    NOT_FORESEEN = "resit_not_foreseen"
    NOT_NEEDED = "resit_not_needed"
    OF_NO_USE = "resit_of_no_use"
    TOO_MANY = "resit_too_many"
    TOO_EARLY = "resit_too_early"
    TOO_LATE = "resit_too_late"


@dataclass(frozen=True, slots=True)
class Resit:
    """Whether the final assessment may be taken again, how often and when."""

    refused: ResitRefused | None
    made: int
    at_most: int
    not_before: date | None
    until: date | None


def resit(
    rule: ResitRule | None,
    judged: Judged | None,
    *,
    made: int,
    last_on: date | None,
    ends_on: date,
    today: date,
) -> Resit:
    """Whether it may be taken again today.

    `judged` is what was established, None before that; `made` counts the re-sits so far, and `last_on` is the day of
    the latest attempt.
    """
    if rule is None:
        return Resit(ResitRefused.NOT_FORESEEN, made, 0, None, None)
    not_before = None if last_on is None else last_on + timedelta(days=rule.not_before_days)
    limits = [rule.until] if rule.until else []
    if rule.within_days is not None:
        limits.append(ends_on + timedelta(days=rule.within_days))
    until = min(limits, default=None)
    return Resit(_refused(rule, judged, made, not_before, until, today), made, rule.at_most, not_before, until)


def _refused(
    rule: ResitRule, judged: Judged | None, made: int, not_before: date | None, until: date | None, today: date
) -> ResitRefused | None:
    if judged is None:
        return ResitRefused.NOT_ESTABLISHED
    if "score" not in judged.unmet:
        return ResitRefused.NOT_NEEDED if judged.result is Result.PASSED else ResitRefused.OF_NO_USE
    if "attendance" in judged.unmet:
        return ResitRefused.OF_NO_USE
    if made >= rule.at_most:
        return ResitRefused.TOO_MANY
    if not_before is not None and today < not_before:
        return ResitRefused.TOO_EARLY
    if until is not None and today > until:
        return ResitRefused.TOO_LATE
    return None
