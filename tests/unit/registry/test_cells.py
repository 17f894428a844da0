"""What cells say, and what they never say."""

from datetime import date

import pytest

from services.registry_api.imports import persons
from services.registry_api.observations import rules
from shared.schemas.registry.indicators import PeriodKind
from shared.schemas.sheets import Decimal
from shared.sheets import cells
from shared.sheets.findings import shortened


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5.0),
        ("1 234,5", 1234.5),
        ("1\u00a0234,5", 1234.5),
        ("1\u202f234.5", 1234.5),
        ("−0,11", -0.11),
        ("+3", 3.0),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1,234,567", 1234567.0),
        (",5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("1,5e3", 1500.0),
        ("", None),
        ("nan", None),
        ("inf", None),
        ("-Infinity", None),
        ("1_000", None),
        ("0x10", None),
        ("1e999", None),
        ("12abc", None),
        ("1,2,3", None),
        ("٣", None),
        ("--1", None),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, value: float | None) -> None:
    assert cells.number(text) == value


def test_what_a_lone_comma_means_can_be_said() -> None:
    assert cells.number("1,234", Decimal.COMMA) == 1.234
    assert cells.number("1,234", Decimal.POINT) == 1234.0
    assert cells.number("1.234", Decimal.COMMA) == 1.234
    assert cells.number("1,23", Decimal.POINT) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("2025-09-01", date(2025, 9, 1)), ("1.9.2025", date(2025, 9, 1)), ("2025-02-30", None), ("45901", None)],
)
def test_a_date_is_iso_or_local(text: str, value: date | None) -> None:
    assert cells.day(text) == value


def test_yes_and_no_are_understood_in_three_languages() -> None:
    assert [cells.yes_or_no(word) for word in ("Иә", "да", "YES", "жоқ", "Нет", "0", "maybe")] == [
        *(True, True, True, False, False, False, None)
    ]


@pytest.mark.parametrize("number", ["900101300017", "851231450029"])
def test_a_persons_number_is_known_by_its_check_digit(number: str) -> None:
    eleven = number[:11]
    right = [f"{eleven}{digit}" for digit in range(10) if persons.is_iin(f"{eleven}{digit}")]

    assert len(right) == 1
    assert persons.holds_person(f"ЖСН: {right[0]}.")
    assert not persons.holds_person(f"1{right[0]}")


def test_headings_that_name_persons_numbers_are_known() -> None:
    assert all(persons.names_a_person(heading) for heading in ("ИИН", "жсн", "IIN", "ИИН ученика", "Оқушының ЖСН-і"))
    assert not any(persons.names_a_person(heading) for heading in ("БИН", "БСН", "Код", "БИН/ИИН"))


def test_a_value_is_repeated_short_and_clean() -> None:
    assert shortened("a\x00b\nc") == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"
    assert len(shortened("x" * 5000) or "") == 200


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025-2026", date(2025, 9, 1), date(2026, 8, 31)),
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2025-H2", date(2025, 7, 1), date(2025, 12, 31)),
        ("2025-Q1", date(2025, 1, 1), date(2025, 3, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_a_period_runs_over_its_days(text: str, first: date, last: date) -> None:
    found = rules.period(text)

    assert found is not None
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize("text", ["2025-2027", "2025-13", "2025-Q5", "1899", "2201", "2025-2026 ", "2025/26", ""])
def test_what_is_no_period_is_none(text: str) -> None:
    assert rules.period(text) is None


def test_each_kind_of_indicator_has_its_periods() -> None:
    month, year = rules.period("2025-03"), rules.period("2025-2026")
    assert month is not None
    assert year is not None

    assert rules.suits(year, PeriodKind.SCHOOL_YEAR)
    assert not rules.suits(month, PeriodKind.SCHOOL_YEAR)
    assert rules.suits(month, PeriodKind.ROLLING_36_MONTHS)
    assert set(rules.ACCEPTED) == set(PeriodKind)
