"""The life of a value: reported, approved by another, corrected, withdrawn; locked periods; rules as data."""

from typing import Any

import pytest

from tests.support.registry import ALATAU, AUEZOV, KARAGANDA, SHYMKENT, Registry

ALMATY = "750000000"
UNT: dict[str, Any] = {"indicator": "SCH_UNT_MEAN", "period": "2025-2026", "source_system": "NTC"}


async def _report(registry: Registry, *observations: dict[str, Any], expect: int = 201, caller: Any = None) -> Any:
    given = {"source_system": "scenario", "status": "provisional"}
    body = {"observations": [{**given, **one} for one in observations]}
    return await registry.post("/v1/observations", body, expect=expect, caller=caller)


async def test_a_value_is_approved_by_another_than_who_reported_it(registry: Registry) -> None:
    school = await registry.organisation(area=AUEZOV)
    first, second = (
        registry.headers("region_officer", subject=name, area=ALMATY) for name in ("officer-1", "officer-2")
    )
    elsewhere = registry.headers("region_officer", subject="officer-3", area=KARAGANDA)
    reported = await _report(registry, {**UNT, "organisation_id": school["id"], "value": 71.0}, caller=first)
    path = f"/v1/observations/{reported['items'][0]['id']}"

    own = await registry.post(f"{path}/transitions", {"to": "final"}, expect=409, caller=first)
    await registry.post(f"{path}/transitions", {"to": "final"}, expect=403, caller=elsewhere)
    director = registry.headers("director", organisation=school["id"])
    await registry.post(f"{path}/transitions", {"to": "final"}, expect=403, caller=director)
    approved = await registry.post(f"{path}/transitions", {"to": "final"}, expect=200, caller=second)
    again = await registry.post(f"{path}/transitions", {"to": "final"}, expect=409, caller=second)

    assert own["code"] == "own_report"
    assert (approved["status"], approved["revision"], approved["recorded_by"]) == ("final", 2, "officer-2")
    assert again["code"] == "observation_superseded"

    stands = f"/v1/observations/{approved['id']}"
    twice = await registry.post(f"{stands}/transitions", {"to": "final"}, expect=409, caller=first)
    assert twice["code"] == "observation_step_refused"
    corrected = await registry.post(
        f"{stands}/transitions",
        {"to": "corrected", "value": 70.5, "reason": "Two results were annulled"},
        expect=200,
        caller=first,
    )
    withdrawn = await registry.post(
        f"/v1/observations/{corrected['id']}/transitions",
        {"to": "withdrawn", "reason": "All results are looked at again"},
        expect=200,
        caller=first,
    )
    history = await registry.get(f"/v1/observations/{withdrawn['id']}/revisions")
    assert [(one["status"], one["value"], one["recorded_by"]) for one in history["items"]] == [
        ("provisional", 71.0, "officer-1"),
        ("final", 71.0, "officer-2"),
        ("corrected", 70.5, "officer-1"),
        ("withdrawn", 70.5, "officer-1"),
    ]
    dead = await registry.post(
        f"/v1/observations/{withdrawn['id']}/transitions",
        {"to": "corrected", "value": 1.0, "reason": "?"},
        expect=409,
        caller=second,
    )
    assert dead["code"] == "observation_step_refused"
    for wrong in ({"to": "corrected", "reason": "no value"}, {"to": "withdrawn"}, {"to": "final", "value": 3}):
        await registry.post(f"{stands}/transitions", wrong, expect=422)


async def test_all_that_others_reported_is_approved_at_once(registry: Registry) -> None:
    schools = [await registry.organisation(area=ALATAU) for _ in range(3)]
    far = await registry.organisation(area=SHYMKENT)
    asked: dict[str, Any] = {"indicator": "SCH_KNOWLEDGE_QUALITY", "period": "2025-2026"}
    reporter, approver = (
        registry.headers("region_officer", subject=name, area=ALMATY) for name in ("reporter", "approver")
    )
    await _report(
        registry, *({**asked, "organisation_id": one["id"], "value": 60.0} for one in schools[:2]), caller=reporter
    )
    await _report(registry, {**asked, "organisation_id": schools[2]["id"], "value": 61.0}, caller=approver)
    await _report(registry, {**asked, "organisation_id": far["id"], "value": 62.0})

    done = await registry.post("/v1/observations/approve", asked, expect=200, caller=approver)

    assert done == {"approved": 2, "reported_by_caller": 1}
    listed = await registry.get("/v1/observations", limit=200, **asked)
    statuses = {item["organisation_id"]: item["status"] for item in listed["items"]}
    assert [statuses[one["id"]] for one in (*schools, far)] == ["final", "final", "provisional", "provisional"]
    outside = {**asked, "area": SHYMKENT}
    await registry.post("/v1/observations/approve", outside, expect=403, caller=approver)


async def test_a_caller_with_bounds_hands_in_nothing_final(registry: Registry) -> None:
    school = await registry.organisation(area=AUEZOV)
    director = registry.headers("director", organisation=school["id"])

    refused = await _report(
        registry,
        {**UNT, "organisation_id": school["id"], "value": 99.0, "status": "final"},
        expect=409,
        caller=director,
    )

    assert (refused["code"], refused["errors"][0]["pointer"]) == ("approval_needed", "/observations/0/status")


async def test_a_final_number_said_differently_is_a_correction_and_never_provisional_again(registry: Registry) -> None:
    school = await registry.organisation()
    told: dict[str, Any] = {**UNT, "organisation_id": school["id"]}
    await _report(registry, {**told, "value": 70.0, "status": "final"})

    again = await _report(registry, {**told, "value": 70.0, "status": "final"})
    other = await _report(registry, {**told, "value": 71.0, "status": "final"})
    unchanged = await _report(registry, {**told, "value": 71.0, "status": "final"})
    back = await _report(registry, {**told, "value": 71.0}, expect=409)

    assert (again["unchanged"], other["changed"], unchanged["unchanged"]) == (1, 1, 1)
    assert (await registry.get(f"/v1/observations/{other['items'][0]['id']}"))["status"] == "corrected"
    assert (back["code"], back["errors"][0]["pointer"]) == ("observation_step_refused", "/observations/0/status")


async def test_a_locked_period_refuses_revisions_until_it_is_opened_with_a_reason(registry: Registry) -> None:
    inside, outside = await registry.organisation(area=AUEZOV), await registry.organisation(area=SHYMKENT)
    told: dict[str, Any] = {"indicator": "SCH_OLYMPIAD_PRIZES", "period": "2025-2026", "value": 12.0}
    await _report(registry, {**told, "organisation_id": inside["id"]})
    officer = registry.headers("region_officer", subject="keeper", area=ALMATY)
    asked: dict[str, Any] = {
        "indicator": "SCH_OLYMPIAD_PRIZES",
        "period": "2025-2026",
        "area": ALMATY,
        "reason": "Rating computed",
    }
    abroad = {**asked, "area": SHYMKENT}
    await registry.post("/v1/data-quality/locks", abroad, expect=403, caller=officer)
    lock = await registry.post("/v1/data-quality/locks", asked, caller=officer)

    refused = await _report(registry, {**told, "organisation_id": inside["id"], "value": 13.0}, expect=409)
    await _report(registry, {**told, "organisation_id": inside["id"]})
    await _report(registry, {**told, "organisation_id": outside["id"]})
    await _report(registry, {**told, "organisation_id": inside["id"], "period": "2024-2025"})
    approval = await registry.post(
        "/v1/observations/approve", {"indicator": told["indicator"], "period": "2025-2026"}, expect=409,
        caller=registry.headers("region_officer", subject="other", area=ALMATY),
    )  # fmt: skip
    twice = await registry.post("/v1/data-quality/locks", asked, expect=409, caller=officer)

    assert refused["code"] == approval["code"] == "period_locked"
    assert refused["errors"][0]["pointer"] == "/observations/0/period"
    assert "Rating computed" in refused["detail"]
    assert twice["code"] == "lock_exists"

    path = f"/v1/data-quality/locks/{lock['id']}/reopen"
    await registry.post(path, {"reason": ""}, expect=422, caller=officer)
    opened = await registry.post(path, {"reason": "Appeal was granted"}, expect=200, caller=officer)
    await _report(registry, {**told, "organisation_id": inside["id"], "value": 13.0})
    closed_twice = await registry.post(path, {"reason": "again"}, expect=409, caller=officer)

    assert (opened["reopened_by"], opened["reopen_reason"]) == ("keeper", "Appeal was granted")
    assert closed_twice["code"] == "lock_reopened"
    listed = await registry.get("/v1/data-quality/locks", indicator="SCH_OLYMPIAD_PRIZES", state="reopened")
    assert [one["id"] for one in listed["items"]] == [lock["id"]]


async def test_a_locked_pillar_locks_the_shorter_periods_within_the_period(registry: Registry) -> None:
    school = await registry.organisation()
    lock = {"pillar": "teachers", "period": "2025-2026", "reason": "Closed"}
    made = await registry.post("/v1/data-quality/locks", lock)
    told: dict[str, Any] = {"organisation_id": school["id"], "indicator": "TCH_VACANCY_RATE", "value": 4.0}

    refused = await _report(registry, {**told, "period": "2026-03"}, expect=409)
    await _report(registry, {**told, "period": "2025-03"})
    await registry.post(f"/v1/data-quality/locks/{made['id']}/reopen", {"reason": "Open"}, expect=200)
    await _report(registry, {**told, "period": "2026-03"})

    assert refused["code"] == "period_locked"
    wrong = {"pillar": "no_such", "period": "2025-2026", "reason": "?"}
    assert (await registry.post("/v1/data-quality/locks", wrong, expect=422))["code"] == "pillar_unknown"


async def test_an_error_refuses_the_value_and_a_warning_is_told(registry: Registry) -> None:
    school = await registry.organisation()
    rule = {
        "indicators": ["SCH_READING_PARTICIPATION"],
        "severity": "error",
        "expression": {"kind": "range", "low": 0, "high": 100},
        "text": {"kk": "Үлес 0-ден 100-ге дейін", "ru": "Доля от 0 до 100", "en": "A share is 0 to 100"},
        "valid_from": "2026-01-01",
    }
    path = "/v1/data-quality/rules/reading_is_a_share"
    made = await registry.call("PUT", path, rule, expect=201)
    told: dict[str, Any] = {"organisation_id": school["id"], "indicator": "SCH_READING_PARTICIPATION"}

    refused = await _report(registry, {**told, "period": "2025-2026", "value": 130.0}, expect=422)
    await _report(registry, {**told, "period": "2024-2025", "value": 130.0})
    blind = await registry.call("PUT", path, {**rule, "severity": "warning"}, expect=428)
    await registry.call("PUT", path, {**rule, "severity": "warning"}, expect=200, if_match=made.headers["ETag"])
    warned = await _report(registry, {**told, "period": "2025-2026", "value": 130.0})

    assert refused["code"] == "observations_refused"
    assert [(error["pointer"], error["code"]) for error in refused["errors"]] == [
        ("/observations/0/value", "reading_is_a_share")
    ]
    assert ("/observations/0/value", "reading_is_a_share") in [
        (one["pointer"], one["code"]) for one in warned["warnings"]
    ]
    assert blind.json()["code"] == "precondition_required"
    before = await registry.get(path, as_of="2026-08-31", known_at=made.json()["recorded_from"])
    assert (before["severity"], (await registry.get(path, as_of="2026-08-31"))["severity"]) == ("error", "warning")
    await registry.post(f"{path}/end", {"on": "2026-01-01"}, expect=204)
    await registry.get(path, as_of="2026-08-31", expect=404)


@pytest.mark.parametrize(
    ("expression", "wrong"),
    [
        ({"kind": "range"}, "bounds_missing"),
        ({"kind": "range", "low": 2, "high": 1}, "bounds_reversed"),
        ({"kind": "sql", "text": "DROP TABLE observations"}, None),
        ({"kind": "change", "most": -1}, None),
        ({"kind": "ratio", "to": "NO_SUCH", "low": 1}, "indicator_unknown"),
    ],
)
async def test_what_is_no_expression_is_no_rule(registry: Registry, expression: Any, wrong: str | None) -> None:
    rule = {
        "indicators": ["SCH_UNT_MEAN"],
        "severity": "info",
        "expression": expression,
        "text": {"kk": "ереже", "ru": "правило"},
        "valid_from": "2026-01-01",
    }
    answer = await registry.call("PUT", "/v1/data-quality/rules/wrong", rule, expect=422)

    codes = {answer.json()["code"], *(error["code"] for error in answer.json()["errors"])}
    assert wrong is None or wrong in codes


async def test_rules_compare_with_the_period_before_with_another_indicator_and_with_the_sum_of_parts(
    registry: Registry,
) -> None:
    school = await registry.organisation()
    text = {"kk": "тексеріңіз", "ru": "проверьте", "en": "please check"}
    common = {"severity": "error", "text": text, "valid_from": "2020-01-01"}
    rules = {
        "class_size_jumps": (["SCH_MEAN_CLASS_SIZE"], {"kind": "change", "most": 20, "measured": "percent"}),
        "destination_needs_graduates": (
            ["SCH_GRADUATE_DESTINATION"],
            {"kind": "compare", "to": "SCH_UNT_PARTICIPATION", "comparator": "ge", "tolerance": 0},
        ),
        "pupils_per_device": (
            ["SCH_PUPILS_PER_DEVICE"],
            {"kind": "ratio", "to": "TCH_PUPIL_RATIO", "low": 0.1, "high": 2},
        ),
    }
    for code, (names, expression) in rules.items():
        body = {**common, "indicators": names, "expression": expression}
        await registry.call("PUT", f"/v1/data-quality/rules/{code}", body, expect=201)
    told: dict[str, Any] = {"organisation_id": school["id"], "period": "2025-2026"}
    await _report(registry, {**told, "period": "2024-2025", "indicator": "SCH_MEAN_CLASS_SIZE", "value": 20.0})

    async def codes(*observations: dict[str, Any]) -> set[str]:
        body = {"observations": [{"source_system": "scenario", **one} for one in observations]}
        answer = await registry.client.post("/v1/observations", json=body, headers=registry.headers())
        assert answer.status_code in (201, 422), answer.text
        return {error["code"] for error in answer.json().get("errors", ())}

    assert await codes({**told, "indicator": "SCH_MEAN_CLASS_SIZE", "value": 25.0}) == {"class_size_jumps"}
    assert await codes({**told, "indicator": "SCH_MEAN_CLASS_SIZE", "value": 25.0, "break_in_series": True}) == set()
    assert await codes({**told, "indicator": "SCH_GRADUATE_DESTINATION", "value": 80.0}) == set()
    assert await codes({**told, "indicator": "SCH_UNT_PARTICIPATION", "value": 90.0}) == {"destination_needs_graduates"}
    assert await codes({**told, "indicator": "SCH_UNT_PARTICIPATION", "value": 80.0}) == set()
    assert await codes(
        {**told, "indicator": "SCH_PUPILS_PER_DEVICE", "value": 30.0},
        {**told, "indicator": "TCH_PUPIL_RATIO", "value": 10.0},
    ) == {"pupils_per_device"}

    queue: dict[str, Any] = {"indicator": "REG_PRE_QUEUE", "period": "2026-03"}
    districts = (await registry.get("/v1/areas", parent=ALMATY, limit=200))["items"]
    parts = [{**queue, "area": district["code"], "value": 10.0} for district in districts]
    answer = await _report(registry, *parts, {**queue, "area": ALMATY, "value": 10.0 * len(parts) + 7})
    assert {(one["pointer"], one["code"]) for one in answer["warnings"]} == {
        ("/observations/0/value", "parts_do_not_add_up")
    }
    right = await _report(registry, {**queue, "area": ALMATY, "value": 10.0 * len(parts)})
    assert right["warnings"] == []
