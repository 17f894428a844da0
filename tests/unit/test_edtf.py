"""Dates as exact as they are known."""

from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.edtf import Precision, parse
from shared.schemas.base import Edtf


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "precision"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31), Precision.YEAR),
        ("2025-03", date(2025, 3, 1), date(2025, 3, 31), Precision.MONTH),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), Precision.MONTH),
        ("2025-12~", date(2025, 12, 1), date(2025, 12, 31), Precision.MONTH),
        ("2022-W51", date(2022, 12, 19), date(2022, 12, 25), Precision.WEEK),
        ("2020-W53", date(2020, 12, 28), date(2021, 1, 3), Precision.WEEK),
        ("2021-12-31", date(2021, 12, 31), date(2021, 12, 31), Precision.DAY),
    ],
)
def test_an_imprecise_date_spans_the_days_it_may_mean(
    text: str, earliest: date, latest: date, precision: Precision
) -> None:
    found = parse(text)

    assert (found.earliest, found.latest, found.precision) == (earliest, latest, precision)


@pytest.mark.parametrize("text", ["2025-13", "2025-02-30", "2022-W53", "1899", "2025-3", "last week", "2025-W00", ""])
def test_what_no_calendar_has_is_refused_at_the_edge_too(text: str) -> None:
    with pytest.raises(ValueError):
        parse(text)
    with pytest.raises(ValidationError):
        TypeAdapter(Edtf).validate_python(text)


def test_a_mark_says_that_it_is_about_then() -> None:
    assert parse("2021-12-31~").approximate
    assert parse("2021?").uncertain
    assert parse("2021%").approximate
    assert parse("2021%").uncertain


def test_a_day_that_the_date_may_still_mean_is_in_time() -> None:
    assert not parse("2025-03").overdue(date(2025, 3, 31))
    assert parse("2025-03").overdue(date(2025, 4, 1))
