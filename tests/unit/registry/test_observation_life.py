"""The life of a value as a table, what rests on few, how sure a share is, what makes two findings one."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry_api.indicators.service import Definition
from services.registry_api.observations import life, showing
from services.registry_api.observations.errors import StepRefused
from services.registry_api.observations.showing import Said
from services.registry_api.quality import rules
from services.registry_api.validation import shipped
from shared.schemas.registry.indicators import IndicatorLevel, PeriodKind, Polarity
from shared.schemas.registry.observations import ObservationStatus as Status


def definition(unit: str = "percent", min_n: int = 1) -> Definition:
    return Definition(
        id=uuid4(),
        code="ONE",
        version=1,
        level=IndicatorLevel.ORGANISATION,
        organisation_types=frozenset({"school"}),
        period_kind=PeriodKind.SCHOOL_YEAR,
        unit=unit,
        polarity=Polarity.HIGHER,
        age_youngest=None,
        age_oldest=None,
        min_n=min_n,
        source_system="",
        plausible_min=None,
        plausible_max=None,
        pillar="access",
    )


def said(value: float | None, n: int | None = None, **more: Any) -> Said:
    given = {"variance": None, "missing_reason": None, "missing_code": None, "status": "final", "source_system": "x"}
    return Said(**{"value": value, "n": n, **given, "break_in_series": False, **more})


def test_a_person_takes_exactly_these_steps() -> None:
    allowed = {(before, after) for before in Status for after in Status if _is_allowed(before, after)}

    assert allowed == {
        (Status.PROVISIONAL, Status.FINAL),
        (Status.PROVISIONAL, Status.WITHDRAWN),
        (Status.FINAL, Status.CORRECTED),
        (Status.FINAL, Status.WITHDRAWN),
        (Status.CORRECTED, Status.CORRECTED),
        (Status.CORRECTED, Status.WITHDRAWN),
    }


def _is_allowed(before: Status, after: Status) -> bool:
    try:
        life.check_step(before, after)
    except StepRefused:
        return False
    return True


def test_every_status_has_a_line_in_both_tables_and_nothing_final_is_provisional_again() -> None:
    assert set(life.STEPS) == set(life.DELIVERED) == set(Status)
    assert not life.DELIVERED[Status.FINAL] & {Status.PROVISIONAL}
    assert not life.DELIVERED[Status.CORRECTED] & {Status.PROVISIONAL, Status.FINAL}


@pytest.mark.parametrize(
    ("unit", "value", "n", "few"),
    [
        ("percent", 66.7, 3, True),
        ("percent", 10.0, 40, True),
        ("percent", 0.0, 40, False),
        ("percent", 75.0, 40, False),
        ("percent", 75.0, None, True),
        ("children", 4.0, None, True),
        ("children", 5.0, None, False),
        ("children", 0.0, None, True),
    ],
)
def test_what_rests_on_few_people(unit: str, value: float, n: int | None, few: bool) -> None:
    assert showing.rests_on_few(definition(unit), said(value, n), fewest=5) is few


def test_a_missing_value_gives_nobody_away() -> None:
    assert not showing.rests_on_few(definition(), said(None, None, missing_reason="not_reported"), fewest=5)


@given(st.integers(1, 5000), st.data())
def test_the_wilson_interval_holds_the_share_and_stays_within_bounds(n: int, data: Any) -> None:
    share = data.draw(st.integers(0, n)) / n
    low, high = showing.wilson(share, n)

    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1
    wider = showing.wilson(share, max(1, n // 4))
    assert high - low <= wider[1] - wider[0] + 1e-9


def test_a_variance_gives_a_normal_interval() -> None:
    found = showing.interval(definition("score_0_100"), said(70.0, 30, variance=4.0))

    assert found is not None
    assert (found["method"], round(found["low"], 2), round(found["high"], 2)) == ("normal", 66.08, 73.92)
    assert showing.interval(definition("score_0_100"), said(70.0, 30)) is None


def test_parts_with_a_hidden_one_are_not_added_up() -> None:
    parts: list[dict[str, Any]] = [{"value": None, "n": None, "count": None}, {"value": 50.0, "n": 20, "count": 10}]

    assert showing.split(definition(), None, parts) is None
    assert showing.split(definition("mbps"), None, [{"value": 5.0, "n": 1, "count": None}]) is None


def test_a_finding_is_known_again_by_what_it_is_about() -> None:
    subject = UUID(int=7)
    one = rules.fingerprint("rule", subject, None, "ONE", "2025", "x")

    assert one == rules.fingerprint("rule", subject, None, "ONE", "2025", "x")
    assert one != rules.fingerprint("rule", subject, None, "ONE", "2025", "y")
    assert len(one) == 40


def test_what_is_shipped_can_be_read_and_is_said_in_three_languages() -> None:
    assert {code for code, _ in shipped.RULES} >= {"value_implausible", "parts_do_not_add_up"}
    assert all(rule.text.kk and rule.text.ru and rule.text.en for _, rule in shipped.RULES)
