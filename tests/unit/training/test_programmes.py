"""What the approval of a programme takes, and what differs between two versions."""

from datetime import date

import pytest

from services.training_api.programmes import rules
from services.training_api.programmes.rules import Lacking
from shared.schemas.base import TextOut
from shared.schemas.training.programmes import ModuleRead, Verdict

_YES, _NO = Verdict.FAVOURABLE, Verdict.UNFAVOURABLE


@pytest.mark.parametrize(
    ("proposed", "verdicts", "basis", "lacking"),
    [
        (False, [], None, None),
        (True, [], "No. 4", Lacking.REVIEW),
        (True, [_YES, _NO], "No. 4", Lacking.FAVOURABLE_REVIEW),
        (True, [_NO, _YES], None, Lacking.BASIS),
        (True, [_NO, _YES], "No. 4", None),
    ],
)
def test_somebodys_own_course_needs_a_favourable_review_and_a_ground(
    proposed: bool, verdicts: list[Verdict], basis: str | None, lacking: Lacking | None
) -> None:
    assert rules.approval_lacks(proposed=proposed, verdicts=verdicts, basis=basis) is lacking


def test_the_day_of_the_end_is_no_longer_valid() -> None:
    first, end = date(2026, 1, 1), date(2027, 1, 1)

    valid = [rules.is_valid_on(first, end, day) for day in (date(2025, 12, 31), first, date(2026, 12, 31), end)]

    assert valid == [False, True, True, False]
    assert rules.is_valid_on(None, None, first)


def test_modules_are_compared_by_their_subjects() -> None:
    def module(subject: str, hours: int) -> ModuleRead:
        return ModuleRead(subject=subject, name=TextOut(ru=subject), academic_hours=hours)

    before = [module("physics", 8), module("music", 8), module("physics", 4)]
    after = [module("physics", 8), module("physics", 9), module("ai", 7)]

    changes = rules.changed_modules(before, after)

    assert [
        (one.change, one.before and one.before.subject, one.after and one.after.academic_hours) for one in changes
    ] == [
        ("removed", "music", None),
        ("changed", "physics", 9),
        ("added", None, 7),
    ]
    assert rules.changed_modules(before, before) == []


def test_fields_of_an_object_are_compared_by_their_path() -> None:
    before = {"name": {"kk": "А", "ru": "Б"}, "completion": {"min_score": 60, "resit": None}, "rules": []}
    after = {"name": {"kk": "А", "ru": "В"}, "completion": {"min_score": 70, "resit": {"at_most": 1}}, "rules": []}

    assert [(one.field, one.before, one.after) for one in rules.changed_fields(before, after)] == [
        ("name.ru", "Б", "В"),
        ("completion.min_score", 60, 70),
        ("completion.resit", None, {"at_most": 1}),
    ]
