"""What never reaches a log."""

from typing import Any

import pytest

from shared.observability.redaction import describe_exception, redact, redact_event

IIN = "850101300123"
TOKEN = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    "text",
    [
        IIN,
        f"ИИН {IIN}",
        f"iin={IIN}&x=1",
        f"ИИН{IIN}ж",
        f"a-{IIN}",
        f"2025-{IIN}",
        f"/v1/people/{IIN}",
        f'{{"iin":"{IIN}"}}',
        f"{IIN},{IIN}",
        f"\u00a0{IIN}\n",
    ],
)
def test_a_personal_number_is_marked_wherever_it_stands(text: str) -> None:
    assert IIN not in redact(text)
    assert "[12 digits]" in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "01920000-0000-7000-8000-123456789012",
        "id 01920000-0000-7000-8000-000000000001 kept",
        "4bf92f3577b34da6a3ce929d0e0e4736",
        "a1123456789012bcdefa112345678901",
        "1234567890123",
        "12345678901",
        "№ 46 мектеп, 2025-2026",
    ],
)
def test_identifiers_of_our_own_stay_readable(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"Authorization: Bearer {TOKEN}", TOKEN),
        (f"bearer {TOKEN[:25]}", TOKEN[:25]),
        (f"token was {TOKEN}", TOKEN),
        (f"cut short {TOKEN.rsplit('.', 1)[0]}", "eyJzdWIiOiJ4In0"),
        ("Basic dXNlcjpwYXNzd29yZA==", "dXNlcjpwYXNzd29yZA"),
        ("could not reach postgresql://registry:hush%21@db:5432/registry", "hush"),
        ("redis://:hush@cache/0", "hush"),
    ],
)
def test_credentials_are_marked(text: str, secret: str) -> None:
    assert secret not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        f"duplicate key value violates unique constraint\nDETAIL:  Key (iin, name)=({IIN}, Айгүл) already exists.",
        "null value\nDETAIL:  Failing row contains (1, Айгүл\nАхметова, null).\nHINT: none",
        'bad input\nCONTEXT:  COPY people, line 1, column name: "Айгүл"',
        "[SQL: INSERT INTO people VALUES ($1)]\n[parameters: ('Айгүл',)]",
    ],
)
def test_rows_that_postgresql_quotes_are_cut(text: str) -> None:
    assert "Айгүл" not in redact(text)
    assert "Ахметова" not in redact(text)


def test_an_event_is_cleaned_to_its_depths() -> None:
    event: dict[str, Any] = {
        "event": f"person {IIN}",
        "number": int(IIN),
        "born_after_2000": 50101300123,
        "rows": [{"who": IIN, IIN: 1}, (IIN,), {IIN}],
        "authorization": "anything",
        "client_secret": "anything",
        "iin": "masked anyhow",
        "count": 5516,
        "ratio": 0.5,
        "done": True,
        "nothing": None,
        "error": ValueError(IIN),
    }

    cleaned = redact_event(None, "info", event)

    assert IIN not in str({name: value for name, value in cleaned.items() if name != "rows"})
    assert "850101300123" not in str([row for row in cleaned["rows"] if not isinstance(row, dict)])
    assert cleaned["rows"][0]["who"] == "[12 digits]"
    assert cleaned["number"] == cleaned["born_after_2000"] == "[12 digits]"
    assert cleaned["authorization"] == cleaned["client_secret"] == cleaned["iin"] == "[removed]"
    assert (cleaned["count"], cleaned["ratio"], cleaned["done"], cleaned["nothing"]) == (5516, 0.5, True, None)


class _DatabaseError(Exception):
    sqlstate = "23505"
    constraint_name = "people_iin_key"


class _Wrapped(Exception):
    def __init__(self, original: Exception) -> None:
        super().__init__(f"(asyncpg) {original} [parameters: ({IIN!r})]")
        self.orig = original
        self.statement = "INSERT"


def test_of_a_database_error_only_state_and_constraint_are_told() -> None:
    try:
        try:
            raise _DatabaseError("duplicate key: Айгүл Ахметова")
        except _DatabaseError as original:
            raise _Wrapped(original) from original
    except _Wrapped as error:
        described = describe_exception(error)

    assert [one["message"] for one in described] == ["sqlstate=23505 constraint=people_iin_key"] * 2
    assert "Айгүл" not in str(described)
    assert IIN not in str(described)


def test_an_exception_is_told_by_type_first_line_and_places_without_source() -> None:
    def deeper() -> None:
        person = "Айгүл"
        raise ValueError(f"first line {IIN}\nsecond line {person}")

    try:
        deeper()
    except ValueError as error:
        [described] = describe_exception(error)

    assert described["type"] == "builtins.ValueError"
    assert described["message"] == "first line [12 digits]"
    assert described["at"][-1].startswith("tests/unit/observability/test_redaction.py:")
    assert described["at"][-1].endswith(" deeper")
    assert "Айгүл" not in str(described)


def test_causes_that_go_in_a_circle_are_told_once() -> None:
    one, other = ValueError("one"), KeyError("other")
    one.__cause__, other.__cause__ = other, one

    assert [part["message"] for part in describe_exception(one)] == ["one", "'other'"]


def test_a_group_of_exceptions_names_its_members() -> None:
    group = ExceptionGroup("two", [ValueError("Айгүл"), KeyError("Айгүл")])

    assert describe_exception(group)[0]["message"] == "2 exceptions: ValueError, KeyError"
