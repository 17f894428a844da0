"""What a course comes to, and when the final assessment may be taken again."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.training_api.assessments import rules
from services.training_api.assessments.rules import Mark, Reached, ResitRefused
from shared.schemas.training.assessments import OutcomeResult, RubricLine
from shared.schemas.training.programmes import CompletionRule, ResitRule

_RULE = CompletionRule(min_attendance=0.8, tasks_required=True, min_score=60)
_END = date(2026, 1, 8)


@pytest.mark.parametrize(
    ("reached", "result", "unmet"),
    [
        (Reached(0.8, True, 60), OutcomeResult.PASSED, ()),
        (Reached(1, True, None), OutcomeResult.ATTENDED, ("score",)),
        (Reached(1, False, 90), OutcomeResult.ATTENDED, ("tasks",)),
        (Reached(1, True, 59.9), OutcomeResult.FAILED, ("score",)),
        (Reached(0.79, True, 90), OutcomeResult.FAILED, ("attendance",)),
        (Reached(0, False, None), OutcomeResult.NO_SHOW, ("attendance", "tasks", "score")),
    ],
)
def test_all_three_parts_make_a_pass(reached: Reached, result: OutcomeResult, unmet: tuple[str, ...]) -> None:
    judged = rules.judge(_RULE, reached)

    assert (judged.result, judged.unmet) == (result, unmet)


def test_of_each_task_the_latest_attempt_counts_and_of_the_finals_the_last() -> None:
    def mark(code: str | None, attempt: int, *, done: bool | None = None, score: float | None = None) -> Mark:
        return Mark(code, attempt, score, done, _END)

    tasks = [mark("A", 1, done=True), mark("A", 2, done=False), mark("B", 1, done=False), mark("B", 2, done=True)]

    assert rules.tasks_done(tasks) == 1
    assert rules.last_score([mark(None, 2, score=70), mark(None, 1, score=90)]) == 70
    assert rules.last_score([]) is None


def test_a_rubric_makes_the_score_where_none_is_given() -> None:
    rubric = [RubricLine(criterion="Safety", points=3, of=4), RubricLine(criterion="Method", points=0, of=4)]

    assert rules.score_of(None, rubric) == 37.5
    assert rules.score_of(80, rubric) == 80
    assert rules.score_of(None, []) is None
    assert rules.beyond(rubric) is None
    assert rules.beyond([*rubric, RubricLine(criterion="Report", points=5, of=4)]) == 2


def _resit(rule: ResitRule | None, reached: Reached | None, **more: Any) -> ResitRefused | None:
    judged = None if reached is None else rules.judge(_RULE, reached)
    given: dict[str, Any] = {"made": 0, "last_on": _END, "ends_on": _END, "today": _END + timedelta(days=7), **more}
    return rules.resit(rule, judged, **given).refused


def test_a_resit_waits_ends_and_is_counted() -> None:
    rule = ResitRule(at_most=2, not_before_days=7, within_days=30, until=date(2026, 2, 1))
    failed = Reached(1, True, 40)

    assert _resit(rule, failed) is None
    assert _resit(rule, Reached(1, True, None)) is None
    assert _resit(None, failed) is ResitRefused.NOT_FORESEEN
    assert _resit(rule, None) is ResitRefused.NOT_ESTABLISHED
    assert _resit(rule, Reached(1, True, 90)) is ResitRefused.NOT_NEEDED
    assert _resit(rule, Reached(0.5, True, 40)) is ResitRefused.OF_NO_USE
    assert _resit(rule, Reached(1, False, 90)) is ResitRefused.OF_NO_USE
    assert _resit(rule, failed, made=2) is ResitRefused.TOO_MANY
    assert _resit(rule, failed, today=date(2026, 1, 14)) is ResitRefused.TOO_EARLY
    assert _resit(rule, failed, today=date(2026, 2, 1)) is None
    assert _resit(rule, failed, today=date(2026, 2, 2)) is ResitRefused.TOO_LATE


_SHARES = st.floats(0, 1)
_SCORES = st.none() | st.floats(0, 100)
_RULES = st.builds(
    CompletionRule, min_attendance=_SHARES, tasks_required=st.booleans(), min_score=st.none() | st.floats(0, 100)
)
_ORDER = [OutcomeResult.NO_SHOW, OutcomeResult.FAILED, OutcomeResult.ATTENDED, OutcomeResult.PASSED]


@given(_RULES, st.builds(Reached, attendance=_SHARES, tasks_done=st.booleans(), score=_SCORES), _SHARES)
@settings(max_examples=300, deadline=None)
def test_to_attend_more_or_do_the_tasks_never_makes_it_worse(
    rule: CompletionRule, reached: Reached, attendance: float
) -> None:
    better = Reached(max(attendance, reached.attendance or 0), True, reached.score)

    before, after = rules.judge(rule, reached), rules.judge(rule, better)

    assert _ORDER.index(after.result) >= _ORDER.index(before.result)
    assert set(after.unmet) <= set(before.unmet)
    assert (before.result is OutcomeResult.PASSED) == (before.unmet == () and bool(reached.attendance))
