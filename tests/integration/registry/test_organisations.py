"""An organisation is registered, changed, moved on in its life and withdrawn, and nothing of it is ever lost."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.integration.registry.conftest import ALATAU_DISTRICT, ALMATY, SHYMKENT, Headers, Register, demo_number

WHOLE: dict[str, Any] = {
    "name": {"kk": "Бауыржан Момышұлы атындағы №46 мектеп", "ru": "Школа № 46 имени Бауыржана Момышулы"},
    "short_name": {"kk": "№46 мектеп", "ru": "Школа № 46"},
    "type": "school",
    "kind": "school_lyceum",
    "ownership": "state",
    "legal_form": "KGU",
    "levels": ["primary", "lower_secondary"],
    "languages_of_instruction": ["kk", "ru"],
    "setting": "city",
    "multigrade": False,
    "boarding": False,
    "selective": True,
    "shift_count": 2,
    "design_capacity": 1200,
    "area": ALATAU_DISTRICT,
    "address": {"kk": "Абай даңғылы, 10", "ru": "проспект Абая, 10"},
    "location": {"latitude": 43.238, "longitude": 76.945},
    "contacts": {"phone": "+7 727 000 00 46", "email": "s46@example.invalid", "website": "https://s46.example.invalid"},
    "programme_tags": ["keleshek"],
    "valid_from": "2020-09-01",
    "identifiers": [{"scheme": "demo", "value": demo_number(46)}],
    "is_synthetic": True,
}


async def change(
    client: httpx.AsyncClient,
    organisation: Mapping[str, Any],
    patch: Mapping[str, Any],
    headers: Mapping[str, str],
    **period: str,
) -> httpx.Response:
    """PATCH upon the version that was read last."""
    path = f"/v1/organisations/{organisation['id']}"
    tag = (await client.get(path, headers=dict(headers))).headers["ETag"]
    return await client.patch(path, json=dict(patch), params=period, headers={**headers, "If-Match": tag})


async def feed(client: httpx.AsyncClient, headers: Mapping[str, str]) -> list[dict[str, Any]]:
    """All that happened to organisations so far."""
    answer = await client.get("/v1/changes", params={"wait": 5}, headers=dict(headers))
    return [one for one in answer.json()["items"] if one["subject"] == "organisation"]


async def test_what_was_registered_is_read_back_whole(
    registry_client: httpx.AsyncClient, admin: dict[str, str]
) -> None:
    made = await registry_client.post("/v1/organisations", json=WHOLE, headers=admin)

    read = await registry_client.get(made.headers["Location"], headers=admin)

    assert made.status_code == 201
    assert read.json() == made.json()
    found = read.json()
    for name in WHOLE.keys() - {"name", "short_name", "address", "identifiers"}:
        assert found[name] == WHOLE[name], name
    assert found["name"] == {**WHOLE["name"], "en": None}
    assert found["identifiers"] == [
        {"scheme": "demo", "value": demo_number(46), "valid_from": "2020-09-01", "valid_until": None}
    ]
    assert (found["status"], found["version"], found["school_number"]) == ("open", 1, 46)


async def test_a_stranger_sees_the_allow_list_and_nothing_that_is_only_proposed(
    registry_client: httpx.AsyncClient, register: Register, admin: dict[str, str]
) -> None:
    school = await register(identifiers=[{"scheme": "nobd", "value": "N-17"}, {"scheme": "urn", "value": "100001"}])
    plan = await register(status="proposed")

    seen = (await registry_client.get(f"/v1/organisations/{school['id']}")).json()
    hidden = await registry_client.get(f"/v1/organisations/{plan['id']}")
    listed = (await registry_client.get("/v1/organisations")).json()["items"]

    assert seen["version"] is None
    assert seen["recorded_at"] is None
    assert [one["scheme"] for one in seen["identifiers"]] == ["urn"]
    assert hidden.status_code == 404
    assert [one["id"] for one in listed] == [school["id"]]
    assert (await registry_client.get(f"/v1/organisations/{plan['id']}", headers=admin)).status_code == 200


async def test_a_change_holds_from_its_day_and_leaves_the_days_before_alone(
    registry_client: httpx.AsyncClient, register: Register, admin: dict[str, str]
) -> None:
    school = await register(ru="Школа № 46", kk="№46 мектеп", shift_count=3)

    changed = await change(
        registry_client,
        school,
        {"name": {"ru": "Школа-лицей № 46"}, "shift_count": 2},
        admin,
        effective_from="2024-09-01",
    )

    path = f"/v1/organisations/{school['id']}"
    before = (await registry_client.get(path, params={"as_of": "2024-08-31"})).json()
    after = (await registry_client.get(path, params={"as_of": "2024-09-01"})).json()
    assert changed.status_code == 200, changed.text
    assert (before["name"]["ru"], before["shift_count"]) == ("Школа № 46", 3)
    assert (after["name"]["ru"], after["shift_count"]) == ("Школа-лицей № 46", 2)
    assert after["name"]["kk"] == "№46 мектеп"
    assert (before["valid_until"], after["valid_from"]) == ("2024-09-01", "2024-09-01")


async def test_what_was_known_before_a_correction_can_still_be_read(
    registry_client: httpx.AsyncClient, register: Register, admin: dict[str, str]
) -> None:
    school = await register(design_capacity=120)
    before = datetime.now(UTC)

    await change(registry_client, school, {"design_capacity": 1200}, admin, effective_from="2020-09-01")

    path = f"/v1/organisations/{school['id']}"
    then = (await registry_client.get(path, params={"known_at": before.isoformat()})).json()
    now = (await registry_client.get(path, params={"as_of": "2020-09-01"})).json()
    assert (then["design_capacity"], now["design_capacity"]) == (120, 1200)


async def test_before_its_first_day_there_is_no_such_organisation(
    registry_client: httpx.AsyncClient, register: Register
) -> None:
    school = await register(valid_from="2020-09-01")

    answer = await registry_client.get(f"/v1/organisations/{school['id']}", params={"as_of": "2020-08-31"})

    assert (answer.status_code, answer.json()["code"]) == (404, "organisation_not_found")


async def test_a_patch_merges_objects_and_null_removes(
    registry_client: httpx.AsyncClient, admin: dict[str, str]
) -> None:
    school = (await registry_client.post("/v1/organisations", json=WHOLE, headers=admin)).json()

    answer = await change(
        registry_client,
        school,
        {"kind": None, "contacts": {"phone": None}, "name": {"en": "School No. 46"}, "levels": ["upper_secondary"]},
        admin,
    )

    found = answer.json()
    assert found["kind"] is None
    assert found["contacts"] == {**WHOLE["contacts"], "phone": None}
    assert found["name"] == {**WHOLE["name"], "en": "School No. 46"}
    assert found["levels"] == ["upper_secondary"]


async def test_a_patch_that_leaves_nothing_of_the_name_is_refused(
    registry_client: httpx.AsyncClient, register: Register, admin: dict[str, str]
) -> None:
    school = await register(kk="№46 мектеп", ru="Школа № 46")

    answer = await change(registry_client, school, {"name": {"kk": None, "ru": None}, "type": None}, admin)

    assert answer.status_code == 422
    assert {error["pointer"] for error in answer.json()["errors"]} >= {"/type"}


async def test_a_change_needs_the_tag_of_what_was_read(
    registry_client: httpx.AsyncClient, register: Register, admin: dict[str, str]
) -> None:
    school = await register()
    path = f"/v1/organisations/{school['id']}"

    blind = await registry_client.patch(path, json={"shift_count": 1}, headers=admin)
    first = await registry_client.patch(path, json={"shift_count": 1}, headers={**admin, "If-Match": school["etag"]})
    late = await registry_client.patch(path, json={"shift_count": 2}, headers={**admin, "If-Match": school["etag"]})
    blind_delete = await registry_client.delete(path, headers=admin)

    assert (blind.status_code, first.status_code, late.status_code) == (428, 200, 412)
    assert blind_delete.status_code == 428
    assert first.json()["version"] == 2


async def test_what_has_not_changed_is_not_sent_again(registry_client: httpx.AsyncClient, register: Register) -> None:
    school = await register()
    path = f"/v1/organisations/{school['id']}"
    tag = (await registry_client.get(path)).headers["ETag"]

    again = await registry_client.get(path, headers={"If-None-Match": tag})
    other_day = await registry_client.get(path, params={"as_of": "2020-09-01"}, headers={"If-None-Match": tag})

    assert (again.status_code, again.content) == (304, b"")
    assert other_day.status_code == 304  # the same state, so the same bytes


async def test_a_patch_that_says_what_is_so_changes_nothing(
    registry_client: httpx.AsyncClient, register: Register, admin: dict[str, str]
) -> None:
    school = await register(shift_count=2)

    answer = await change(registry_client, school, {"shift_count": 2}, admin)

    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert [one["kind"] for one in await feed(registry_client, admin)] == ["organisation.registered"]


async def test_a_change_under_a_later_one_needs_an_end(
    registry_client: httpx.AsyncClient, register: Register, admin: dict[str, str]
) -> None:
    school = await register(shift_count=3)
    await change(registry_client, school, {"shift_count": 1}, admin, effective_from="2024-09-01")

    open_ended = await change(registry_client, school, {"shift_count": 2}, admin, effective_from="2022-09-01")
    bounded = await change(
        registry_client, school, {"shift_count": 2}, admin, effective_from="2022-09-01", effective_until="2024-09-01"
    )
    backwards = await change(
        registry_client, school, {"shift_count": 2}, admin, effective_from="2022-09-01", effective_until="2021-09-01"
    )

    assert (open_ended.status_code, open_ended.json()["code"]) == (409, "later_change_exists")
    assert open_ended.json()["context"]["later_from"] == "2024-09-01"
    assert bounded.status_code == 200, bounded.text
    assert (backwards.status_code, backwards.json()["code"]) == (422, "period_empty")
    path = f"/v1/organisations/{school['id']}"
    shifts = {
        day: (await registry_client.get(path, params={"as_of": day})).json()["shift_count"]
        for day in ("2021-01-01", "2023-01-01", "2025-01-01")
    }
    assert shifts == {"2021-01-01": 3, "2023-01-01": 2, "2025-01-01": 1}


async def test_a_change_over_several_periods_keeps_what_differs_between_them(
    registry_client: httpx.AsyncClient, register: Register, admin: dict[str, str]
) -> None:
    school = await register(ru="Школа № 46", shift_count=2)
    await change(registry_client, school, {"name": {"ru": "Школа-лицей № 46"}}, admin, effective_from="2023-09-01")

    await change(
        registry_client, school, {"shift_count": 1}, admin, effective_from="2022-09-01", effective_until="2025-01-01"
    )

    history = (await registry_client.get(f"/v1/organisations/{school['id']}/history")).json()
    told = [(entry["valid_from"], [change["field"] for change in entry["changes"]]) for entry in history["entries"]]
    assert told[1:] == [
        ("2022-09-01", ["shift_count"]),
        ("2023-09-01", ["name.ru"]),
        ("2025-01-01", ["shift_count"]),
    ]


async def test_history_tells_field_by_field_and_shows_what_was_once_believed_to_insiders(
    registry_client: httpx.AsyncClient, register: Register, admin: dict[str, str]
) -> None:
    school = await register(shift_count=3, design_capacity=120)
    await change(registry_client, school, {"design_capacity": 1200}, admin, effective_from="2020-09-01")
    await change(registry_client, school, {"shift_count": 2}, admin, effective_from="2024-09-01")
    path = f"/v1/organisations/{school['id']}/history"

    believed = (await registry_client.get(path)).json()["entries"]
    everything = (await registry_client.get(path, params={"superseded": True}, headers=admin)).json()["entries"]
    refused = await registry_client.get(path, params={"superseded": True})

    assert [entry["valid_from"] for entry in believed] == ["2020-09-01", "2024-09-01"]
    assert believed[1]["changes"] == [{"field": "shift_count", "before": 3, "after": 2}]
    assert {"field": "design_capacity", "before": None, "after": 1200} in believed[0]["changes"]
    assert len([entry for entry in everything if entry["superseded_at"] is not None]) == 2
    assert refused.status_code == 401


async def test_closing_holds_from_its_day_and_reopening_too(
    registry_client: httpx.AsyncClient, register: Register, admin: dict[str, str]
) -> None:
    school = await register()
    path = f"/v1/organisations/{school['id']}"

    closed = await registry_client.post(f"{path}/close", json={"on": "2024-09-01"}, headers=admin)
    twice = await registry_client.post(f"{path}/close", json={"on": "2025-09-01"}, headers=admin)
    reopened = await registry_client.post(f"{path}/reopen", json={"on": "2025-09-01"}, headers=admin)

    status = {
        day: (await registry_client.get(path, params={"as_of": day})).json()["status"]
        for day in ("2024-08-31", "2024-09-01", "2025-09-01")
    }
    assert (closed.status_code, closed.json()["status"]) == (200, "closed")
    assert (twice.status_code, twice.json()["code"]) == (409, "transition_refused")
    assert twice.json()["context"]["allowed"] == "open"
    assert reopened.json()["status"] == "open"
    assert status == {"2024-08-31": "open", "2024-09-01": "closed", "2025-09-01": "open"}
    kinds = [one["kind"] for one in await feed(registry_client, admin)]
    assert kinds == ["organisation.registered", "organisation.closed", "organisation.changed"]


async def test_a_life_goes_step_by_step(
    registry_client: httpx.AsyncClient, register: Register, admin: dict[str, str]
) -> None:
    plan = await register(status="proposed")
    path = f"/v1/organisations/{plan['id']}/transitions"

    jumped = await registry_client.post(path, json={"to": "open", "on": "2021-01-01"}, headers=admin)
    steps = [
        (await registry_client.post(path, json={"to": status, "on": day}, headers=admin)).status_code
        for status, day in (
            ("approved", "2021-01-01"),
            ("under_construction", "2022-01-01"),
            ("open", "2023-09-01"),
            ("suspended", "2024-01-01"),
            ("open", "2024-09-01"),
        )
    ]
    merged = await registry_client.post(path, json={"to": "merged"}, headers=admin)
    unmade = await registry_client.post(path, json={"to": "created_in_error"}, headers=admin)

    assert (jumped.status_code, jumped.json()["code"]) == (409, "transition_refused")
    assert steps == [200] * 5
    assert [merged.status_code, unmade.status_code] == [422, 422]


async def test_a_record_made_in_error_is_gone_and_its_identifier_free_but_its_history_stays(
    registry_client: httpx.AsyncClient, register: Register, admin: dict[str, str]
) -> None:
    number = {"scheme": "demo", "value": demo_number(700)}
    school = await register(identifiers=[number])
    path = f"/v1/organisations/{school['id']}"

    deleted = await registry_client.delete(path, headers={**admin, "If-Match": school["etag"]})
    again = await register(identifiers=[number])

    assert (deleted.status_code, deleted.content) == (204, b"")
    gone = await registry_client.get(path)
    assert (gone.status_code, gone.json()["code"]) == (410, "organisation_created_in_error")
    assert [one["id"] for one in (await registry_client.get("/v1/organisations")).json()["items"]] == [again["id"]]
    history = await registry_client.get(f"{path}/history", params={"superseded": True}, headers=admin)
    assert [entry["status"] for entry in history.json()["entries"]] == ["open", "created_in_error"]
    patched = await registry_client.patch(path, json={"shift_count": 1}, headers={**admin, "If-Match": "*"})
    assert patched.status_code == 410
    assert [one["kind"] for one in await feed(registry_client, admin)][1] == "organisation.deleted"


async def test_a_record_on_which_others_stand_was_no_error(
    registry_client: httpx.AsyncClient, register: Register, admin: dict[str, str]
) -> None:
    school = await register()
    await register(parent_id=school["id"])

    answer = await registry_client.delete(
        f"/v1/organisations/{school['id']}", headers={**admin, "If-Match": school["etag"]}
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "organisation_in_use")


async def test_an_organisation_is_no_part_of_its_own_part(
    registry_client: httpx.AsyncClient, register: Register, admin: dict[str, str]
) -> None:
    school = await register()
    branch = await register(parent_id=school["id"])

    circle = await change(registry_client, school, {"parent_id": branch["id"]}, admin)
    itself = await change(registry_client, school, {"parent_id": school["id"]}, admin)
    nobody = await change(registry_client, school, {"parent_id": str(uuid4())}, admin)

    assert [circle.json()["code"], itself.json()["code"]] == ["parents_in_circle"] * 2
    assert (nobody.status_code, nobody.json()["code"]) == (422, "parent_unknown")


async def test_a_profile_says_by_name_where_a_school_stands_and_what_it_was_called(
    registry_client: httpx.AsyncClient, register: Register, admin: dict[str, str]
) -> None:
    department = await register(kk="Білім басқармасы", type="authority", kind="department", area=ALMATY)
    school = await register(kk="№46 мектеп", parent_id=department["id"])
    branch = await register(kk="№46 мектептің филиалы", parent_id=school["id"])
    await change(registry_client, school, {"name": {"kk": "№46 мектеп-лицей"}}, admin, effective_from="2024-09-01")

    profile = (await registry_client.get(f"/v1/organisations/{school['id']}/profile")).json()

    assert [area["name"]["kk"] or area["name"]["ru"] for area in profile["area_path"]] == [
        "Алматы қаласы",
        "Ауэзовский район",
    ]
    assert profile["parent"]["id"] == department["id"]
    assert [one["id"] for one in profile["branches"]] == [branch["id"]]
    assert [name["kk"] for name in profile["names_before"]] == ["№46 мектеп"]


async def test_the_same_request_twice_registers_once(registry_client: httpx.AsyncClient, admin: dict[str, str]) -> None:
    headers = {**admin, "Idempotency-Key": "register-46"}

    first = await registry_client.post("/v1/organisations", json=WHOLE, headers=headers)
    second = await registry_client.post("/v1/organisations", json=WHOLE, headers=headers)
    other = await registry_client.post("/v1/organisations", json={**WHOLE, "shift_count": 1}, headers=headers)

    assert (first.status_code, second.status_code, other.status_code) == (201, 201, 422)
    assert second.content == first.content
    assert second.headers["ETag"] == first.headers["ETag"]
    assert (await registry_client.get("/v1/organisations", params={"count": "exact"})).json()["total"] == 1


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"name": {"en": "School"}}, "/name", "name_needs_kk_or_ru"),
        ({"kind": "college"}, "/kind", "kind_not_of_type"),
        ({"status": "merged"}, "/status", "literal_error"),
        ({"area": "759999999"}, "/area", "area_unknown"),
        (
            {"identifiers": [{"scheme": "demo", "value": "230990000461"}]},
            "/identifiers/0/value",
            "identifier_malformed",
        ),
        ({"levels": ["primary", "primary"]}, "/levels", "not_distinct"),
        ({"colour": "red"}, "/colour", "unknown_field"),
    ],
)
async def test_what_cannot_be_registered_is_refused_with_its_place(
    registry_client: httpx.AsyncClient, admin: dict[str, str], fields: dict[str, Any], pointer: str, code: str
) -> None:
    answer = await registry_client.post("/v1/organisations", json={**WHOLE, **fields}, headers=admin)

    assert answer.status_code == 422
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]


async def test_every_mistake_is_named_at_once(registry_client: httpx.AsyncClient, admin: dict[str, str]) -> None:
    document = {**WHOLE, "name": {"en": "School"}, "kind": "college"}

    answer = await registry_client.post("/v1/organisations", json=document, headers=admin)

    assert [error["pointer"] for error in answer.json()["errors"]] == ["/name", "/kind"]


async def test_a_writer_reaches_the_own_area_and_no_other(
    registry_client: httpx.AsyncClient, register: Register, headers_of: Headers
) -> None:
    almaty, shymkent = headers_of("region_officer", area=ALMATY), headers_of("region_officer", area=SHYMKENT)
    school = await register(area=ALATAU_DISTRICT)
    document = {**WHOLE, "identifiers": []}

    own = await registry_client.post("/v1/organisations", json=document, headers=almaty)
    foreign = await registry_client.post("/v1/organisations", json=document, headers=shymkent)
    nowhere = await registry_client.post(
        "/v1/organisations", json={key: value for key, value in document.items() if key != "area"}, headers=almaty
    )
    patched = await change(registry_client, school, {"shift_count": 1}, shymkent)
    carried_off = await change(registry_client, school, {"area": SHYMKENT}, almaty)
    nobody = await registry_client.post("/v1/organisations", json=document)
    reader = await registry_client.post("/v1/organisations", json=document, headers=headers_of("auditor"))

    assert own.status_code == 201, own.text
    assert [one.status_code for one in (foreign, nowhere, patched, carried_off, reader)] == [403] * 5
    assert patched.json()["code"] == "out_of_reach"
    assert nobody.status_code == 401


async def test_a_director_keeps_the_facts_of_the_own_school_but_not_its_life(
    registry_client: httpx.AsyncClient, register: Register, headers_of: Headers
) -> None:
    school, neighbour = await register(), await register()
    director = headers_of("director", organisation=school["id"])
    path = f"/v1/organisations/{school['id']}"

    kept = await change(registry_client, school, {"contacts": {"phone": "+7 727 000 00 99"}}, director)
    refused = [
        await change(registry_client, neighbour, {"shift_count": 1}, director),
        await change(registry_client, school, {"area": SHYMKENT}, director),
        await registry_client.post(f"{path}/close", json={}, headers=director),
        await registry_client.post(
            f"{path}/identifiers", json={"scheme": "demo", "value": demo_number(99)}, headers=director
        ),
        await registry_client.delete(path, headers={**director, "If-Match": "*"}),
    ]

    assert kept.status_code == 200, kept.text
    assert [answer.status_code for answer in refused] == [403] * 5


async def test_every_change_is_in_the_audit_trail_with_who_what_and_why(
    registry_client: httpx.AsyncClient, register: Register, admin: dict[str, str], headers_of: Headers
) -> None:
    school = await register(shift_count=3)

    await change(
        registry_client,
        school,
        {"shift_count": 2},
        {**headers_of("region_officer", area=ALMATY), "X-Reason": "order 17"},
        effective_from="2024-09-01",
    )

    trail = (
        await registry_client.get(
            "/v1/audit", params={"resource_type": "organisation", "resource_id": school["id"]}, headers=admin
        )
    ).json()["items"]
    latest = next(entry for entry in trail if "shift_count" in entry["changes"])
    assert latest["changes"]["shift_count"] == [3, 2]
    assert (latest["actor"], latest["reason"]) == ("bilim-local#region_officer", "order 17")


async def test_the_feed_tells_the_whole_public_state(registry_client: httpx.AsyncClient, admin: dict[str, str]) -> None:
    document = {
        **WHOLE,
        "identifiers": [*WHOLE["identifiers"], {"scheme": "nobd", "value": "N-46"}],
    }
    school = (await registry_client.post("/v1/organisations", json=document, headers=admin)).json()

    (event,) = await feed(registry_client, admin)

    assert (event["kind"], event["subject_id"]) == ("organisation.registered", school["id"])
    assert event["data"] == {
        "id": school["id"],
        "type": "school",
        "kind": "school_lyceum",
        "status": "open",
        "name": {**WHOLE["name"], "en": None},
        "area": ALATAU_DISTRICT,
        "area_path": [ALMATY, ALATAU_DISTRICT],
        "ownership": "state",
        "setting": "city",
        "languages": ["kk", "ru"],
        "identifiers": [{"scheme": "demo", "value": demo_number(46)}],
        "is_synthetic": True,
        "valid_from": "2020-09-01",
    }
