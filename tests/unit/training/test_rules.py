"""The tables and decisions of training, without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.training_api.certificates.rules import Norm, judge, months_after
from services.training_api.cohorts.rules import holiday
from services.training_api.enrolments import rules
from services.training_api.organisations.rules import reach
from shared.auth import Actor, Scope
from shared.schemas.training.certificates import CertificateKind
from shared.schemas.training.cohorts import CohortStatus

_NOW = datetime(2026, 1, 2, 6, tzinfo=UTC)


def test_an_offer_is_held_two_days_but_not_into_the_course() -> None:
    assert rules.offer_deadline(date(2026, 2, 1), now=_NOW) == _NOW + timedelta(days=2)
    assert rules.offer_deadline(date(2026, 1, 3), now=_NOW) == datetime(2026, 1, 2, 19, tzinfo=UTC)


def test_the_line_stops_moving_by_itself_when_the_course_begins() -> None:
    first = date(2026, 1, 5)

    assert rules.may_offer_by_itself(CohortStatus.CLOSED, first, today=date(2026, 1, 4))
    assert not rules.may_offer_by_itself(CohortStatus.OPEN, first, today=first)
    assert not rules.may_offer_by_itself(CohortStatus.RUNNING, first, today=date(2026, 1, 4))


@pytest.mark.parametrize(
    ("day", "is_holiday"),
    [
        (date(2026, 1, 7), True),
        (date(2026, 1, 8), False),
        (date(2021, 10, 25), False),
        (date(2022, 10, 25), True),
        (date(2021, 12, 1), True),
        (date(2022, 12, 1), False),
        (date(2026, 5, 27), True),
    ],
)
def test_a_day_off_is_one_in_the_years_in_which_the_law_names_it(day: date, is_holiday: bool) -> None:
    assert (holiday(day) is not None) is is_holiday


def test_36_months_after_the_last_of_february_is_the_last_of_february() -> None:
    assert months_after(date(2024, 2, 29), 36) == date(2027, 2, 28)
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_after(date(2026, 1, 9), 36) == date(2029, 1, 9)


@pytest.mark.parametrize(
    ("kind", "hours", "approved", "issued_on", "reason"),
    [
        (CertificateKind.CERTIFICATE, 36, True, date(2026, 1, 9), None),
        (CertificateKind.CERTIFICATE, 35, True, date(2026, 1, 9), "below_36_hours"),
        (CertificateKind.CERTIFICATE, 72, False, date(2026, 1, 9), "not_approved"),
        (CertificateKind.ATTENDANCE_REFERENCE, 72, True, date(2026, 1, 9), "not_a_certificate"),
        (CertificateKind.CERTIFICATE, 72, True, date(1991, 12, 31), "no_rule"),
    ],
)
def test_a_certificate_counts_or_says_why_not(
    kind: CertificateKind, hours: int, approved: bool, issued_on: date, reason: str | None
) -> None:
    norm = Norm("pd-3y", 1, 36, 36, date(1992, 1, 1), None)

    judged = judge([norm], kind=kind, academic_hours=hours, approved=approved, issued_on=issued_on)

    assert (judged.counts, judged.reason) == (reason is None, reason)


def test_personal_data_are_for_those_who_answer_for_persons() -> None:
    coordinator = Actor.of("training_coordinator", subject="c", area="750000000")
    both = Actor.of("rating_analyst", "region_officer", subject="b", area="750000000")

    assert reach(Actor.of("rating_analyst", subject="a"), Scope.TRAINING_READ).is_nowhere
    assert reach(Actor.of("director", subject="d"), Scope.TRAINING_READ).is_nowhere
    assert reach(Actor.of("admin", subject="r"), Scope.TRAINING_READ).everywhere
    assert reach(coordinator, Scope.TRAINING_READ).areas == {"750000000"}
    assert not reach(both, Scope.TRAINING_READ).everywhere
