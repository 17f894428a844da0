"""Data quality: findings, reports, duplicates, rules of disclosure; scenario E5 and traps F3 and F4."""

import asyncio
from typing import Any

import pytest

from tests.support.registry import ALATAU, AUEZOV, KARAGANDA, Registry

ALMATY = "750000000"


async def _report(registry: Registry, *observations: dict[str, Any], expect: int = 201, caller: Any = None) -> Any:
    given = {"source_system": "scenario", "status": "provisional"}
    body = {"observations": [{**given, **one} for one in observations]}
    return await registry.post("/v1/observations", body, expect=expect, caller=caller)


async def _check(registry: Registry, indicator: str | None = None) -> dict[str, Any]:
    """A check, when it is over."""
    answer = await registry.call("POST", "/v1/data-quality/checks", {"indicator": indicator}, expect=202)
    for _ in range(600):
        job = await registry.get(answer.headers["Location"])
        if job["status"] not in ("queued", "running"):
            assert job["status"] == "succeeded", job
            run = next(
                one
                for one in (await registry.get("/v1/data-quality/runs", limit=200))["items"]
                if one["id"] == answer.json()["id"]
            )
            return dict(run["figures"])
        await asyncio.sleep(0.02)
    raise AssertionError("the check does not end")


async def _findings(registry: Registry, **filters: Any) -> list[dict[str, Any]]:
    return list((await registry.get("/v1/data-quality/findings", limit=200, **filters))["items"])


async def test_a_finding_is_open_acknowledged_and_resolved_when_the_data_changes(registry: Registry) -> None:
    school = await registry.organisation(area=AUEZOV)
    told: dict[str, Any] = {"organisation_id": school["id"], "indicator": "SCH_CT_G9", "period": "2025-2026"}
    await _report(registry, {**told, "value": 140.0})

    figures = await _check(registry, "SCH_CT_G9")
    (finding,) = await _findings(registry, indicator="SCH_CT_G9")

    assert figures["opened"] == 1
    assert (finding["rule"], finding["severity"], finding["state"]) == ("value_implausible", "warning", "open")
    assert (finding["value"], finding["low"], finding["high"], finding["area"]) == (140.0, 0.0, 100.0, AUEZOV)
    path = f"/v1/data-quality/findings/{finding['id']}"
    far = registry.headers("region_officer", area=KARAGANDA)
    await registry.get(path, expect=404, caller=far)
    assert await registry.get("/v1/data-quality/findings", caller=far, indicator="SCH_CT_G9") == {
        "items": [], "next_cursor": None, "total": None,
    }  # fmt: skip
    officer = registry.headers("region_officer", subject="officer-1", area=ALMATY)
    kept = await registry.post(f"{path}/acknowledge", {"reason": "Bonus points"}, expect=200, caller=officer)
    assert (kept["state"], kept["acknowledged_by"]) == ("acknowledged", "officer-1")
    twice = await registry.post(f"{path}/acknowledge", {"reason": "Bonus points"}, expect=409, caller=officer)
    assert twice["code"] == "finding_not_open"

    await _check(registry, "SCH_CT_G9")
    assert (await registry.get(path))["state"] == "acknowledged"
    await _report(registry, {**told, "value": 150.0})
    await _check(registry, "SCH_CT_G9")
    assert (await registry.get(path))["state"] == "open"
    await _report(registry, {**told, "value": 95.0})
    figures = await _check(registry, "SCH_CT_G9")
    gone = await registry.get(path)
    assert (gone["state"], figures["resolved"]) == ("resolved", 1)
    assert gone["resolved_at"] is not None

    runs = (await registry.get("/v1/data-quality/runs"))["items"]
    assert [one["figures"]["resolved"] for one in runs[:4]][:1] == [1]


async def test_the_report_says_how_complete_each_district_is_who_is_silent_and_who_reports_how_well(
    registry: Registry,
) -> None:
    here = [await registry.organisation(area=AUEZOV, type="college") for _ in range(4)]
    there = [await registry.organisation(area=ALATAU, type="college") for _ in range(2)]
    told: dict[str, Any] = {"indicator": "COL_DUAL_COVERAGE", "period": "2025-2026"}
    await _report(
        registry,
        *(
            {**told, "organisation_id": one["id"], "value": value}
            for one, value in zip(here, (20, 30, 140), strict=False)
        ),
        {**told, "organisation_id": there[0]["id"], "missing_reason": "not_reported"},
        {**told, "organisation_id": there[1]["id"], "missing_reason": "not_applicable"},
    )

    report = await registry.get("/v1/data-quality/completeness", by="area", area=ALMATY, **told)
    lines = {one["key"]: one for one in report["items"]}

    def counts(line: dict[str, Any]) -> tuple[int, ...]:
        return tuple(line[name] for name in ("expected", "reported", "valued", "implausible"))

    assert counts(lines[AUEZOV]) == (4, 3, 3, 1)
    assert counts(lines[ALATAU]) == (2, 1, 0, 0)
    assert counts(report["total"]) == (6, 4, 3, 1)
    assert (lines[AUEZOV]["completeness"], lines[ALATAU]["plausibility"]) == (0.75, None)
    assert lines[AUEZOV]["plausibility"] == pytest.approx(2 / 3)
    for by in ("indicator", "owner"):
        assert (await registry.get("/v1/data-quality/completeness", by=by, **told))["total"]["expected"] >= 6
    silent = await registry.get("/v1/data-quality/not-reported", area=ALMATY, count="exact", **told)
    assert {one["organisation_id"] for one in silent["items"]} == {here[3]["id"], there[0]["id"]}
    assert silent["total"] == 2

    walked: list[dict[str, Any]] = []
    more: dict[str, Any] = {}
    while True:
        page = await registry.get(
            "/v1/data-quality/scores", period="2025-2026", area=ALMATY, organisation_type="college", limit=4, **more
        )
        walked += page["items"]
        if page["next_cursor"] is None:
            break
        more = {"cursor": page["next_cursor"]}
    scores = {one["organisation_id"]: one for one in walked}
    assert len(walked) == len(scores) == 6
    assert [one["score"] for one in walked] == sorted(one["score"] for one in walked)
    expected = scores[here[0]["id"]]["expected"]
    assert scores[here[0]["id"]]["score"] == pytest.approx(100 / expected, abs=0.01)
    assert (scores[here[2]["id"]]["implausible"], scores[here[2]["id"]]["score"]) == (1, 0.0)


async def test_an_outlier_is_far_from_the_median_of_its_type(registry: Registry) -> None:
    schools = [await registry.organisation() for _ in range(11)]
    told: dict[str, Any] = {"indicator": "SCH_BULLYING_RATE", "period": "2025-2026"}
    values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 39]
    await _report(
        registry, *({**told, "organisation_id": one["id"], "value": v} for one, v in zip(schools, values, strict=True))
    )

    found = (await registry.get("/v1/data-quality/outliers", **told))["items"]

    assert [one["organisation_id"] for one in found] == [schools[-1]["id"]]
    # median 6, MAD 3: 0.6745 * (39 - 6) / 3 = 7.42
    assert (found[0]["median"], found[0]["mad"], found[0]["peers"]) == (6.0, 3.0, 11)
    assert round(found[0]["z"], 2) == 7.42


async def test_one_number_twice_in_a_district_is_asked_about_once(registry: Registry) -> None:
    name = {"kk": "№77 жалпы білім беретін мектеп", "ru": "Общеобразовательная школа № 77"}
    alike = {"kk": "№77 мектеп-гимназия", "ru": "Школа-гимназия № 77"}
    place = {"latitude": 43.238, "longitude": 76.889}
    first = await registry.organisation(area=AUEZOV, name=name, location=place)
    second = await registry.organisation(area=AUEZOV, name=alike, location={**place, "latitude": 43.2383})
    await registry.organisation(area=ALATAU, name=name)
    await registry.organisation(area=AUEZOV, kk="№78 жалпы білім беретін мектеп", ru="Общеобразовательная школа № 78")

    await _check(registry)
    pairs = [
        one
        for one in (await registry.get("/v1/data-quality/duplicates", area=AUEZOV, limit=200))["items"]
        if one["same_number"]
    ]

    (pair,) = pairs
    assert {pair["first"]["organisation_id"], pair["second"]["organisation_id"]} == {first["id"], second["id"]}
    assert (pair["same_area"], pair["state"], pair["distance_m"]) == (True, "open", 33)
    path = f"/v1/data-quality/duplicates/{pair['id']}"
    far = registry.headers("region_officer", area=KARAGANDA)
    decision = {"decision": "different", "reason": "A gymnasium in the building next door"}
    await registry.post(f"{path}/decision", decision, expect=403, caller=far)
    decided = await registry.post(f"{path}/decision", decision, expect=200)
    again = await registry.post(f"{path}/decision", decision, expect=409)
    await _check(registry)

    assert (decided["state"], decided["hint"]) == ("different", None)
    assert again["code"] == "duplicate_decided"
    assert (await registry.get(path))["state"] == "different"
    open_pairs = (await registry.get("/v1/data-quality/duplicates", area=AUEZOV, limit=200))["items"]
    assert pair["id"] not in {one["id"] for one in open_pairs}


async def test_two_records_of_one_school_are_pointed_to_a_merger(registry: Registry) -> None:
    name = {"kk": "Абай атындағы №91 мектеп", "ru": "Школа № 91 имени Абая"}
    first, second = [await registry.organisation(area=ALATAU, name=name) for _ in range(2)]

    await _check(registry)
    (pair,) = (await registry.get("/v1/data-quality/duplicates", area=ALATAU, limit=200))["items"]
    decided = await registry.post(
        f"/v1/data-quality/duplicates/{pair['id']}/decision",
        {"decision": "same", "reason": "Entered twice"},
        expect=200,
    )

    assert pair["similarity"] == 1.0
    assert decided["hint"] == {
        "action": "merge",
        "path": "/v1/reorganisations",
        "predecessor": second["id"],
        "successor": first["id"],
    }


async def test_e5_colleges_with_demonstration_exams_are_flagged_one_by_one_private_ones_too(registry: Registry) -> None:
    owners = ["state"] * 20 + ["private"] * 5
    colleges = [await registry.organisation(type="college", area=KARAGANDA, ownership=owner) for owner in owners]
    told: dict[str, Any] = {"indicator": "COL_DEMO_EXAM_SHARE", "period": "2024-2025", "status": "final"}
    await registry.observe(
        *(
            {**told, "organisation_id": college["id"], "value": 0.0 if place == 7 else 50.0, "n": 60}
            for place, college in enumerate(colleges)
        )
    )

    page = await registry.get(
        "/v1/organisation-figures",
        caller={},
        indicator="COL_DEMO_EXAM_SHARE",
        period="2024-2025",
        area=KARAGANDA,
        limit=200,
    )

    with_exam = [item for item in page["items"] if item["value"] is not None and item["value"] > 0]
    assert (len(page["items"]), len(with_exam), 100 * len(with_exam) / len(page["items"])) == (25, 24, 96.0)
    assert page["items"][0]["organisation_id"] == colleges[7]["id"]


async def test_f3_three_sources_that_disagree_about_the_rural_share_stand_side_by_side(registry: Registry) -> None:
    told: dict[str, Any] = {"area": KARAGANDA, "indicator": "KEL_RURAL_SHARE", "period": "2025-Q4"}
    said = {"Kazinform 2026-01-06": 100 * 84 / 217, "qazmonitor 2025": 40.0, "blog 2025": 50.0}
    for source, value in said.items():
        await _report(registry, {**told, "source_system": source, "value": value})

    listed = (await registry.get("/v1/observations", **told))["items"]

    assert {one["source_system"]: one["value"] for one in listed} == said
    assert round(said["Kazinform 2026-01-06"], 1) == 38.7
    assert all(one["recorded_to"] is None for one in listed)
    for source, value in said.items():
        table = await registry.get(
            "/v1/area-table",
            caller={},
            indicator="KEL_RURAL_SHARE",
            period="2025-Q4",
            area=KARAGANDA,
            source_system=source,
        )
        assert [(item["value"], item["source_system"]) for item in table["items"]] == [(value, source)]


async def test_f4_the_age_band_belongs_to_the_indicator_and_a_break_in_the_series_is_marked(registry: Registry) -> None:
    definition = await registry.get("/v1/indicators/REG_PRE_COVERAGE_1_6", caller={})
    other = await registry.get("/v1/indicators/REG_PRE_COVERAGE_2_6", caller={})
    assert (definition["age_band"], other["age_band"]) == (
        {"youngest": 1, "oldest": 6},
        {"youngest": 2, "oldest": 6},
    )
    told: dict[str, Any] = {"area": KARAGANDA, "indicator": "REG_PRE_COVERAGE_1_6"}
    await _report(
        registry,
        {**told, "period": "2018-Q4", "value": 89.8},
        {**told, "period": "2021-Q3", "value": 84.0, "break_in_series": True},
    )

    listed = (await registry.get("/v1/observations", **told))["items"]
    then = (await registry.get("/v1/observations", as_of="2018-11-01", **told))["items"]

    assert [(one["period"], one["value"], one["break_in_series"]) for one in listed] == [
        ("2018-Q4", 89.8, False),
        ("2021-Q3", 84.0, True),
    ]
    assert [one["value"] for one in then] == [89.8]
    assert (await registry.get("/v1/observations", as_of="2019-01-01", **told))["items"] == []


async def test_disclosure_rules_are_set_and_lifted_by_who_answers_for_the_country(registry: Registry) -> None:
    path = "/v1/data-quality/disclosure-rules"
    shipped = {one["indicator"] for one in (await registry.get(path))["items"]}
    assert {"REG_FAMILY_PLACEMENT", "SEN_SUPPORT_COVERAGE"} <= shipped
    rule = {"fewest": 10, "basis": "Few children"}
    officer = registry.headers("region_officer", area=ALMATY)
    await registry.call("PUT", f"{path}/REG_PRE_QUEUE", rule, expect=403, caller=officer)
    made = await registry.call("PUT", f"{path}/REG_PRE_QUEUE", rule, expect=201)
    await registry.call("PUT", f"{path}/REG_PRE_QUEUE", rule, expect=428)
    await registry.call("DELETE", f"{path}/REG_PRE_QUEUE", expect=412, if_match='"99"')
    await registry.call("DELETE", f"{path}/REG_PRE_QUEUE", expect=204, if_match=made.headers["ETag"])
    await registry.get(f"{path}/REG_PRE_QUEUE", expect=404)
    await registry.call("PUT", f"{path}/NO_SUCH", rule, expect=422)
