"""The rules of memoranda: every step of the table, what comes next, texts with amendments, successors."""

from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry_api.memoranda import clauses, errors, rules
from services.registry_api.memoranda.clauses import Amended
from services.registry_api.memoranda.rules import Place, Standing
from shared.schemas.registry.memoranda import MemorandumAttributes, PartyCreate
from shared.schemas.registry.memorandum_words import MemorandumAction as Action
from shared.schemas.registry.memorandum_words import MemorandumStatus as Status
from shared.schemas.registry.memorandum_words import NextActionKind, RenewalKind

DAY = date(2026, 9, 1)
WAYS = {
    Status.DRAFT: {Action.SUBMIT, Action.CANCEL},
    Status.REVIEW: {Action.SEND, Action.RETURN, Action.CANCEL},
    Status.SENT: {Action.SIGN, Action.REJECT, Action.RETURN},
    Status.PARTLY_SIGNED: {Action.SIGN, Action.REJECT},
    Status.IN_FORCE: {Action.SUSPEND, Action.RENEW, Action.TERMINATE},
    Status.SUSPENDED: {Action.RESUME, Action.TERMINATE},
    Status.RENEWED: {Action.SUSPEND, Action.RENEW, Action.TERMINATE},
    Status.EXPIRED: {Action.RENEW},
    Status.TERMINATED: set(),
    Status.CANCELLED: set(),
    Status.REJECTED: set(),
}


def standing(status: Status, **more: Any) -> Standing:
    values = {"parties": 2, "ends_on": None, "renewal": RenewalKind.NONE, "day": DAY, **more}
    return Standing(written=status, **values)


@pytest.mark.parametrize(("status", "action"), list(product(Status, rules.COMMANDS)))
def test_every_step_is_allowed_exactly_where_the_table_has_it(status: Status, action: Action) -> None:
    refused = rules.refusal(action, standing(status))

    assert (refused is None) == (action in WAYS[status])


@pytest.mark.parametrize("status", Status)
def test_one_party_cannot_sign_wherever_the_memorandum_stands(status: Status) -> None:
    refused = rules.refusal(Action.SIGN, standing(status, parties=1))

    assert isinstance(refused, errors.PartiesTooFew)


@pytest.mark.parametrize("status", sorted(rules.LIVE))
def test_after_its_last_day_a_memorandum_is_expired_and_can_only_be_renewed_or_written_down_as_such(
    status: Status,
) -> None:
    over = standing(status, ends_on=DAY - timedelta(days=1))
    allowed = {action for action in rules.COMMANDS if rules.refusal(action, over) is None}

    assert over.shown is Status.EXPIRED
    assert Action.EXPIRE in allowed
    assert allowed <= {Action.RENEW, Action.EXPIRE}


def test_on_its_last_day_it_is_still_in_force_and_goes_on_by_itself_if_so_agreed() -> None:
    assert standing(Status.IN_FORCE, ends_on=DAY).shown is Status.IN_FORCE
    auto = standing(Status.IN_FORCE, ends_on=DAY - timedelta(days=1), renewal=RenewalKind.AUTO)
    assert auto.shown is Status.IN_FORCE


def test_it_does_not_expire_before_its_time() -> None:
    refused = rules.refusal(Action.EXPIRE, standing(Status.IN_FORCE, ends_on=DAY))

    assert isinstance(refused, errors.NotOverYet)


def test_every_action_says_why_it_cannot_be_taken() -> None:
    told = dict(rules.actions(standing(Status.SENT, parties=1), may_write=True))
    from_afar = dict(rules.actions(standing(Status.SENT), may_write=False))

    codes = {action: why and why[0] for action, why in told.items()}
    assert (codes[Action.SIGN], codes[Action.RETURN], codes[Action.SUBMIT]) == ("parties_too_few", None, "wrong_status")
    assert from_afar[Action.SIGN] == ("out_of_reach", rules.OUT_OF_REACH)


@pytest.mark.parametrize(
    ("renewal", "months", "day", "expected"),
    [
        (RenewalKind.NONE, None, DAY, (NextActionKind.PREPARE_END, date(2026, 11, 1))),
        (RenewalKind.BY_CONSENT, 12, DAY, (NextActionKind.ASK_CONSENT, date(2026, 11, 1))),
        (RenewalKind.AUTO, 12, DAY, (NextActionKind.GIVE_NOTICE, date(2026, 11, 1))),
        (RenewalKind.AUTO, 12, date(2026, 12, 1), (NextActionKind.GIVE_NOTICE, date(2027, 11, 1))),
        (RenewalKind.AUTO, 12, date(2028, 1, 10), (NextActionKind.GIVE_NOTICE, date(2028, 11, 1))),
    ],
)
def test_notice_is_due_so_many_days_before_the_end_of_the_present_term(
    renewal: RenewalKind, months: int | None, day: date, expected: tuple[NextActionKind, date]
) -> None:
    found = rules.next_action(
        Status.IN_FORCE, ends_on=date(2026, 12, 31), renewal=renewal, renewal_months=months, notice_days=60, day=day
    )

    assert found == expected


@given(
    st.dates(date(2000, 1, 1), date(2050, 1, 1)),
    st.integers(1, 60),
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
)
def test_the_term_a_day_falls_into_ends_on_it_or_later_and_less_than_a_term_later(
    ends_on: date, months: int, day: date
) -> None:
    end = rules.term_end(ends_on, months, day=day)

    assert end >= day
    assert end == ends_on or (end - day).days <= 31 * months


def attributes(**fields: Any) -> MemorandumAttributes:
    return MemorandumAttributes.model_validate({"title": {"kk": "М"}, **fields})


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, []),
        ({"title": {"en": "M"}}, ["title_needs_kk_or_ru"]),
        ({"starts_on": "2026-09-01", "ends_on": "2026-08-31"}, ["end_before_start"]),
        ({"starts_on": "2026-09-01", "ends_on": "2026-09-01"}, []),
        ({"renewal": "auto"}, ["renewal_incomplete"]),
        (
            {"clauses": [{"number": "1", "text": {"kk": "а"}}, {"number": "1", "text": {"kk": "б"}}]},
            ["clause_repeated"],
        ),
    ],
)
def test_what_is_wrong_with_a_memorandum_in_itself(fields: dict[str, Any], found: list[str]) -> None:
    assert [problem.code for _, problem in rules.faults(attributes(**fields))] == found


@pytest.mark.parametrize(
    ("party", "found"),
    [
        ({"name": {"ru": "Казань"}, "country": "RU"}, []),
        ({"name": {"ru": "Казань"}}, ["country_needed"]),
        ({"name": {"ru": "ТОО"}, "country": "KZ"}, ["bin_needed"]),
        ({"name": {"ru": "Совет"}, "country": "KZ", "is_legal_entity": False}, []),
        ({"name": {"ru": "Казань"}, "country": "RU", "bin": "050340004557"}, ["bin_misplaced"]),
        ({"organisation_id": str(UUID(int=1)), "bin": "050340004557"}, ["bin_misplaced"]),
    ],
)
def test_who_needs_a_bin_and_who_has_none(party: dict[str, Any], found: list[str]) -> None:
    assert [problem.code for _, problem in rules.party_faults(PartyCreate.model_validate(party))] == found


BASE = [{"number": "1", "text": {"ru": "Стороны сотрудничают"}}, {"number": "2", "text": {"ru": "Срок — год"}}]
FIRST = Amended(1, date(2026, 3, 1), [{"change": "replace", "number": "2", "text": {"ru": "Срок — два года"}}])
SECOND = Amended(
    2,
    date(2026, 6, 1),
    [{"change": "add", "number": "10", "text": {"ru": "Новое"}}, {"change": "remove", "number": "1"}],
)


def test_the_text_of_a_day_has_the_amendments_up_to_it() -> None:
    before = clauses.consolidated(BASE, [SECOND, FIRST], on=date(2026, 2, 28))
    between = clauses.consolidated(BASE, [SECOND, FIRST], on=date(2026, 3, 1))
    after = clauses.consolidated(BASE, [SECOND, FIRST], on=date(2026, 6, 1))

    assert [(one.number, one.amended_by) for one in before] == [("1", None), ("2", None)]
    assert [(one.number, one.amended_by) for one in between] == [("1", None), ("2", 1)]
    assert [(one.number, one.amended_by) for one in after] == [("2", 1), ("10", 2)]
    assert clauses.digest(before) != clauses.digest(between)


@pytest.mark.parametrize(
    "change",
    [
        {"change": "add", "number": "1", "text": {"ru": "х"}},
        {"change": "replace", "number": "9", "text": {"ru": "х"}},
        {"change": "remove", "number": "9"},
    ],
)
def test_an_amendment_that_does_not_fit_the_text_of_its_day_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(errors.ClauseUnfitting):
        clauses.consolidated(BASE, [Amended(1, DAY, [change])], on=DAY)


def place(party: int, organisation: int, memorandum: int = 1) -> Place:
    return Place(UUID(int=party), UUID(int=memorandum), UUID(int=organisation))


def test_a_successor_stands_in_each_memorandum_once() -> None:
    there = [place(11, 1), place(12, 2), place(13, 9), place(21, 1, 2), place(22, 5, 2), place(31, 2, 3)]

    found = rules.successions(there, predecessors={UUID(int=1), UUID(int=2)}, successor=UUID(int=5))

    assert found == {
        UUID(int=11): ("moved", UUID(int=11)),
        UUID(int=12): ("ended", UUID(int=11)),
        UUID(int=21): ("ended", UUID(int=22)),
        UUID(int=31): ("moved", UUID(int=31)),
    }


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("Акт.PDF", b"%PDF-1.7", "application/pdf"),
        ("act.docx", b"PK\x03\x04rest", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("act.p7s", b"\x30\x82", "application/pkcs7-signature"),
        ("act.pdf", b"<html>", None),
        ("act.html", b"%PDF-1.7", None),
        ("act", b"", None),
    ],
)
def test_a_file_is_what_its_name_and_its_first_bytes_say_together(name: str, head: bytes, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(errors.DocumentTypeRefused):
            rules.media_type(name, head)
    else:
        assert rules.media_type(name, head) == expected
