"""Rules of clubs: what tells one child from another, and which numbers are hidden."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry_api.clubs import rules
from services.registry_api.organisations.identifiers import check_digit
from shared.schemas.registry.clubs import ClubCountCreate, ClubProviderCreate


@given(st.integers(min_value=0, max_value=99_999_999_999))
def test_every_number_with_the_check_digit_of_a_person_is_found_as_text_and_as_a_number(first_eleven: int) -> None:
    digits = f"{first_eleven:011d}"
    last = check_digit(digits)
    if last is None or len({*digits, str(last)}) == 1:
        return
    number = f"{digits}{last}"

    assert rules.of_children({"note": f"№{number}."}) == ["/note"]
    if int(number) >= 10**9:
        assert rules.of_children({"note": int(number)}) == ["/note"]


@pytest.mark.parametrize("model", [ClubCountCreate, ClubProviderCreate])
def test_none_of_our_own_fields_sounds_like_a_child(model: Any) -> None:
    assert [name for name in model.model_fields if name != "children" and rules.names_a_child(name)] == []


def test_identifiers_of_ours_may_look_like_anything() -> None:
    row = {"school_id": "0199a4b2-7c3e-7d10-9a6b-850101300124", "month": "2026-03", "children": 24, "visits": 2**31 - 1}

    assert rules.of_children({"counts": [row]}) == []


@pytest.mark.parametrize("document", [None, 1, True, "text", [], {}, [[[]]], {"a": [None, {"b": False}]}])
def test_any_document_can_be_looked_through(document: Any) -> None:
    assert rules.of_children(document) == []


def test_a_long_list_of_children_is_told_by_its_first_hundred() -> None:
    assert len(rules.of_children([{"iin": "…"}] * 100_000)) == 100


@given(children=st.integers(0, 60), data=st.data())
def test_no_number_that_is_shown_leaves_one_to_four_children_to_be_worked_out(
    children: int, data: st.DataObject
) -> None:
    vouchers = data.draw(st.integers(0, children))

    shown, hidden = rules.shown({"children": children, "vouchers": vouchers, "visits": 100})

    known, paid = shown["children"], shown["vouchers"]
    assert {name for name, value in shown.items() if value is None} == set(hidden)
    assert known is None or known >= 5
    if paid is not None:
        assert known is not None
        assert not 0 < paid < 5
        assert not 0 < known - paid < 5
