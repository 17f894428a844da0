"""The gates of the pipeline, and what follows from dates, sums and shares."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry_api.construction import errors, rules
from shared.schemas.registry.construction_words import EvidenceKind, Stage

_EVERYTHING = frozenset(EvidenceKind)


@given(st.sampled_from(Stage), st.sampled_from(Stage), st.sampled_from([None, *rules.UNFINISHED]))
def test_only_the_next_gate_can_be_passed(current: Stage, wanted: Stage, stopped_at: Stage | None) -> None:
    allowed = rules.following(current, stopped_at)

    try:
        rules.check_step(current, wanted, stopped_at=stopped_at, evidence=_EVERYTHING, has_reason=True)
    except errors.StageJump:
        assert wanted not in allowed
    else:
        assert wanted in allowed
        if current in rules.LINE and wanted in rules.LINE:
            assert rules.LINE.index(wanted) == rules.LINE.index(current) + 1
        if current is Stage.SUSPENDED:
            assert wanted in (stopped_at, Stage.CANCELLED)


@pytest.mark.parametrize("stage", [Stage.COMMISSIONED, Stage.OPERATING, Stage.CANCELLED])
def test_what_is_commissioned_or_cancelled_is_neither_suspended_nor_cancelled(stage: Stage) -> None:
    assert not set(rules.following(stage, None)) & rules.OUT_OF_LINE


def test_every_gate_asks_for_its_document() -> None:
    for before, after in zip(rules.LINE, rules.LINE[1:], strict=False):
        with pytest.raises(errors.EvidenceMissing):
            rules.check_step(
                before, after, stopped_at=None, evidence=_EVERYTHING - {rules.EVIDENCE[after]}, has_reason=True
            )


def test_shares_follow_from_amounts_where_all_are_known() -> None:
    assert rules.shares([Decimal(6), Decimal(4)], [None, None]) == [0.6, 0.4]
    assert rules.shares([Decimal(6), None], [0.7, 0.3]) == [0.7, 0.3]
    assert rules.shares([Decimal(0), Decimal(0)], [None, None]) == [None, None]
    assert rules.shares([], []) == []


def test_the_reference_class_tells_how_late_things_were() -> None:
    assert rules.spread([]) == rules.Spread(0, 0, None, None)
    assert rules.spread([30]) == rules.Spread(1, 0, 30, 30)
    assert rules.spread([-5, 0, 10, 20, 100]) == rules.Spread(5, 2, 10, 36)


def test_percent_of_nothing_is_nothing() -> None:
    assert rules.percent(84, 217) == 38.7097
    assert rules.percent(170, 217) == 78.341
    assert rules.percent(0, 0) is None
