"""Identifiers come and go, the organisation stays, and any of them leads to it for ever."""

import asyncio

import httpx
import pytest

from services.registry_api.organisations import errors, identifiers
from shared.schemas.registry.organisation_words import IdentifierScheme
from tests.integration.registry.conftest import Headers, Register, demo_number


def number_with_check_digit(eleven: str) -> str:
    return f"{eleven}{identifiers.check_digit(eleven)}"


async def test_a_school_registered_anew_is_found_by_its_old_number_and_by_its_new_one(
    registry_client: httpx.AsyncClient, register: Register, admin: dict[str, str]
) -> None:
    old, new = demo_number(801), demo_number(802)
    school = await register(identifiers=[{"scheme": "demo", "value": old}])

    answer = await registry_client.post(
        f"/v1/organisations/{school['id']}/identifiers",
        json={"scheme": "demo", "value": new, "valid_from": "2024-01-01"},
        headers=admin,
    )

    assert answer.status_code == 201, answer.text
    assert [one["value"] for one in answer.json()["identifiers"]] == [new]
    by_old = (await registry_client.get("/v1/resolve", params={"scheme": "demo", "value": old})).json()
    by_new = (await registry_client.get("/v1/resolve", params={"scheme": "demo", "value": new})).json()
    assert (by_old["organisation"]["id"], by_old["current"]) == (school["id"], False)
    assert by_old["identifier"]["valid_until"] == "2024-01-01"
    assert (by_new["organisation"]["id"], by_new["current"]) == (school["id"], True)
    then = await registry_client.get(f"/v1/organisations/{school['id']}", params={"as_of": "2023-12-31"})
    assert [one["value"] for one in then.json()["identifiers"]] == [old]
    changes = (await registry_client.get("/v1/changes", params={"wait": 5}, headers=admin)).json()["items"]
    assert changes[-1]["kind"] == "organisation.rekeyed"
    assert changes[-1]["data"]["identifiers"] == [{"scheme": "demo", "value": new}]


async def test_an_identifier_can_be_asked_for_as_of_a_day(
    registry_client: httpx.AsyncClient, register: Register, admin: dict[str, str]
) -> None:
    old = demo_number(803)
    school = await register(identifiers=[{"scheme": "demo", "value": old}])
    await registry_client.post(
        f"/v1/organisations/{school['id']}/identifiers",
        json={"scheme": "demo", "value": demo_number(804), "valid_from": "2024-01-01"},
        headers=admin,
    )

    then = await registry_client.get("/v1/resolve", params={"scheme": "demo", "value": old, "as_of": "2023-01-01"})
    later = await registry_client.get("/v1/resolve", params={"scheme": "demo", "value": old, "as_of": "2024-01-01"})

    assert then.status_code == 200
    assert (later.status_code, later.json()["code"]) == (404, "identifier_not_found")


async def test_an_identifier_is_never_given_to_another_even_when_it_is_free(
    registry_client: httpx.AsyncClient, register: Register, admin: dict[str, str]
) -> None:
    old = demo_number(805)
    first = await register(identifiers=[{"scheme": "demo", "value": old}])
    await registry_client.post(
        f"/v1/organisations/{first['id']}/identifiers",
        json={"scheme": "demo", "value": demo_number(806)},
        headers=admin,
    )
    second = await register()

    answer = await registry_client.post(
        f"/v1/organisations/{second['id']}/identifiers", json={"scheme": "demo", "value": old}, headers=admin
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "identifier_taken")
    assert answer.json()["context"]["organisation_id"] == first["id"]


async def test_of_two_who_register_one_number_at_once_only_one_gets_it(
    registry_client: httpx.AsyncClient, admin: dict[str, str]
) -> None:
    document = {
        "name": {"kk": "№46 мектеп"},
        "type": "school",
        "identifiers": [{"scheme": "demo", "value": demo_number(807)}],
    }

    answers = await asyncio.gather(
        *(registry_client.post("/v1/organisations", json=document, headers=admin) for _ in range(5))
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]


async def test_giving_what_is_held_already_changes_nothing(
    registry_client: httpx.AsyncClient, register: Register, admin: dict[str, str]
) -> None:
    school = await register(identifiers=[{"scheme": "demo", "value": demo_number(808)}])

    answer = await registry_client.post(
        f"/v1/organisations/{school['id']}/identifiers",
        json={"scheme": "demo", "value": demo_number(808)},
        headers=admin,
    )

    assert (answer.status_code, answer.json()["version"]) == (201, 1)


async def test_who_was_merged_leads_to_its_successors(
    registry_client: httpx.AsyncClient, register: Register, admin: dict[str, str]
) -> None:
    number = demo_number(809)
    old = await register(identifiers=[{"scheme": "demo", "value": number}])
    heir = await register()

    merged = await registry_client.post(
        f"/v1/organisations/{old['id']}/close", json={"on": "2024-09-01", "successors": [heir["id"]]}, headers=admin
    )
    itself = await registry_client.post(
        f"/v1/organisations/{heir['id']}/close", json={"successors": [heir["id"]]}, headers=admin
    )

    assert merged.json()["status"] == "merged"
    assert (itself.status_code, itself.json()["errors"][0]["pointer"]) == (422, "/successors/0")
    answer = await registry_client.get("/v1/resolve", params={"scheme": "demo", "value": number})
    assert (answer.status_code, answer.json()["code"]) == (410, "organisation_merged")
    assert answer.json()["context"]["successors"] == heir["id"]
    assert f'</v1/organisations/{heir["id"]}>; rel="successor-version"' in answer.headers["Link"]
    profile = (await registry_client.get(f"/v1/organisations/{old['id']}/profile")).json()
    assert [one["id"] for one in profile["successors"]] == [heir["id"]]


async def test_our_own_id_resolves_and_nonsense_does_not(
    registry_client: httpx.AsyncClient, register: Register
) -> None:
    school = await register()

    ours = await registry_client.get("/v1/resolve", params={"scheme": "id", "value": school["id"]})
    nonsense = await registry_client.get("/v1/resolve", params={"scheme": "id", "value": "46"})

    assert ours.json()["organisation"]["id"] == school["id"]
    assert nonsense.status_code == 404


async def test_codes_of_other_systems_resolve_for_insiders_only(
    registry_client: httpx.AsyncClient, register: Register, headers_of: Headers
) -> None:
    school = await register(identifiers=[{"scheme": "nobd", "value": "N-46"}])
    asked = {"scheme": "nobd", "value": "N-46"}

    stranger = await registry_client.get("/v1/resolve", params=asked)
    insider = await registry_client.get("/v1/resolve", params=asked, headers=headers_of("rating_analyst"))

    assert stranger.status_code == 401
    assert insider.json()["organisation"]["id"] == school["id"]


async def test_a_persons_number_is_compared_and_never_seen_again(
    registry_client: httpx.AsyncClient,
    admin: dict[str, str],
    registry_database: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    number = number_with_check_digit("85010130012")
    document = {
        "name": {"kk": "«Балапан» балабақшасы"},
        "type": "preschool",
        "identifiers": [{"scheme": "kz-iin", "value": number}],
    }

    made = await registry_client.post("/v1/organisations", json=document, headers=admin)
    again = await registry_client.post("/v1/organisations", json=document, headers=admin)

    assert made.status_code == 201, made.text
    assert made.json()["identifiers"][0]["value"] is None
    assert (again.status_code, again.json()["code"]) == (409, "identifier_taken")
    public = await registry_client.get(f"/v1/organisations/{made.json()['id']}")
    assert public.json()["identifiers"] == []
    asked = await registry_client.get("/v1/resolve", params={"scheme": "kz-iin", "value": number})
    assert asked.status_code == 422
    trail = await registry_client.get("/v1/audit", headers=admin)
    feed = await registry_client.get("/v1/changes", params={"wait": 5}, headers=admin)
    for text in (made.text, again.text, public.text, asked.text, trail.text, feed.text, capsys.readouterr().out):
        assert number not in text


async def test_one_organisation_has_one_identifier_of_a_scheme(
    registry_client: httpx.AsyncClient, admin: dict[str, str]
) -> None:
    two = [{"scheme": "demo", "value": demo_number(place)} for place in (810, 811)]

    answer = await registry_client.post(
        "/v1/organisations", json={"name": {"kk": "№46 мектеп"}, "type": "school", "identifiers": two}, headers=admin
    )

    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [
        ("/identifiers/1/scheme", "scheme_repeated")
    ]


def test_a_bin_has_its_structure_and_its_check_digit() -> None:
    good = number_with_check_digit("99034000597")

    checked = identifiers.check(IdentifierScheme.KZ_BIN, good, secret=None)

    assert (checked.value, checked.key) == (good, good)
    wrong = f"{good[:11]}{(int(good[11]) + 1) % 10}"
    for value in (wrong, good[:11], good + "0", "99134000597" + "0"):
        with pytest.raises(errors.IdentifierMalformed):
            identifiers.check(IdentifierScheme.KZ_BIN, value, secret=None)


def test_a_demonstration_number_is_no_bin_and_a_bin_is_no_demonstration_number() -> None:
    demo, real = demo_number(1), number_with_check_digit("99034000597")

    assert identifiers.check(IdentifierScheme.DEMO, demo, secret=None).value == demo
    with pytest.raises(errors.DemoIsNoBin):
        identifiers.check(IdentifierScheme.KZ_BIN, demo, secret=None)
    with pytest.raises(errors.IdentifierMalformed):
        identifiers.check(IdentifierScheme.DEMO, real, secret=None)


def test_the_second_weights_are_used_and_some_numbers_are_never_issued() -> None:
    firsts = {
        eleven: sum(weight * int(digit) for weight, digit in zip(range(1, 12), eleven, strict=True)) % 11
        for eleven in (f"99034{serial:06d}" for serial in range(400))
    }
    tens = [eleven for eleven, remainder in firsts.items() if remainder == 10]
    second = {eleven: identifiers.check_digit(eleven) for eleven in tens}

    assert tens
    assert any(digit is not None for digit in second.values())
    for eleven, digit in second.items():
        weights = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
        remainder = sum(weight * int(one) for weight, one in zip(weights, eleven, strict=True)) % 11
        assert digit == (None if remainder == 10 else remainder)


def test_without_a_key_a_persons_number_is_refused() -> None:
    with pytest.raises(errors.IinNotAccepted):
        identifiers.check(IdentifierScheme.KZ_IIN, number_with_check_digit("85010130012"), secret=None)
