"""Scenarios of construction: the pipeline, the 217 Keleshek schools, the 30 schools of sponsors, D6, D7, A10, F1-F3."""

import time
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from tests.support.registry import SHYMKENT, Registry

PROJECTS = "/v1/construction-projects"
GATES = (
    ("land", "land_decision"),
    ("design", "design_documentation"),
    ("contract", "contract"),
    ("construction", "construction_permit"),
    ("commissioned", "acceptance_act"),
    ("operating", "licence_annex"),
)
REGIONS = (
    *("100000000", "110000000", "150000000", "190000000", "230000000", "270000000", "310000000", "330000000"),
    *("350000000", "390000000", "430000000", "470000000", "550000000", "590000000", "610000000", "620000000"),
    *("630000000", "710000000", "750000000", "790000000"),
)


def passed(until: str, *, begun: date = date(2024, 1, 10), days: int = 60) -> list[dict[str, Any]]:
    """The gates up to one, each with its document, so many days apart."""
    history = []
    for number, (gate, document) in enumerate(GATES):
        on = begun + timedelta(days=days * (number + 1))
        evidence = [{"kind": document, "reference": f"№ {number + 1}", "dated": on.isoformat()}]
        history.append({"stage": gate, "on": on.isoformat(), "evidence": evidence})
        if gate == until:
            return history
    raise AssertionError(until)


def project(number: str, **more: Any) -> dict[str, Any]:
    return {
        "reference": number,
        "name": {"kk": f"{number} мектебі", "ru": f"Школа {number}"},
        "area": SHYMKENT,
        "setting": "city",
        "design_capacity": 1500,
        "valid_from": "2024-01-10",
        "is_synthetic": True,
        **more,
    }


def keleshek() -> list[dict[str, Any]]:
    """217 schools for 460,000 pupils, 84 of them in villages, 170 of them teaching."""
    capacities = [2500] * 70 + [2000] * 139 + [900] * 7
    capacities.append(460_000 - sum(capacities))
    assert len(capacities) == 217
    return [
        project(
            f"KEL-{number:03d}",
            programme="keleshek",
            area=REGIONS[number % 19],  # the last region has none
            setting="village" if number < 84 else "city",
            design_capacity=capacity,
            funding=[{"source": "state", "share": 1.0}],
            history=passed("operating" if number < 170 else "commissioned"),
        )
        for number, capacity in enumerate(capacities)
    ]


@pytest.fixture(scope="module")
async def country(registry: Registry) -> Mapping[str, Any]:
    """The 217 are in the registry; how long that took."""
    began = time.monotonic()
    made = await registry.post("/v1/construction-project-batches", {"projects": keleshek()})
    return {"ids": made["ids"], "seconds": time.monotonic() - began}


async def test_d6_217_schools_for_460_000_pupils_84_in_villages(registry: Registry, country: Mapping[str, Any]) -> None:
    totals = await registry.get(f"{PROJECTS}/totals", caller=registry.headers(None), programme="keleshek")

    assert len(set(country["ids"])) == 217
    assert country["seconds"] < 8
    assert (totals["projects"], totals["places"], totals["rural"]) == (217, 460_000, 84)
    assert totals["rural_percent"] == pytest.approx(38.71, abs=0.005)
    assert totals["mean_design_capacity"] == pytest.approx(2119.8, abs=0.05)
    regions = totals["by_region"]
    assert [region["area"] for region in regions] == sorted(REGIONS)
    assert sum(region["projects"] for region in regions) == 217
    assert sum(region["places"] for region in regions) == 460_000
    assert [region["projects"] for region in regions if region["area"] == SHYMKENT] == [0]


async def test_d7_170_teach_47_stand_idle_each_with_a_reason_or_unknown(
    registry: Registry, country: Mapping[str, Any]
) -> None:
    idle = (await registry.get(f"{PROJECTS}/idle", programme="keleshek", limit=200))["items"]
    for one in idle[:12]:
        await registry.post(f"{PROJECTS}/{one['id']}/idle-reasons", {"reason": "utilities", "on": "2025-01-15"})

    totals = await registry.get(f"{PROJECTS}/totals", programme="keleshek")
    listed = await registry.get(f"{PROJECTS}/idle", programme="keleshek", limit=200, count="exact")

    assert (totals["built"], totals["commissioned"], totals["operating"], totals["idle"]) == (217, 217, 170, 47)
    assert totals["operating_percent"] == pytest.approx(78.34, abs=0.005)
    assert totals["idle_by_reason"] == {"unknown": 35, "utilities": 12}
    assert (len(listed["items"]), listed["total"]) == (47, 47)
    assert sorted(one["reason"] for one in listed["items"]) == ["unknown"] * 35 + ["utilities"] * 12


async def test_d7_built_commissioned_and_operating_are_three_facts_each_with_its_days(registry: Registry) -> None:
    made = await registry.post(PROJECTS, project("FACTS-1", history=passed("construction")))
    path = f"{PROJECTS}/{made['id']}"
    before = (await registry.get(f"{path}/facts"))["items"]
    built = await registry.post(f"{path}/facts", {"fact": "built", "on": "2025-02-01", "source": "Акт"})
    moment = built["items"][0]["recorded_at"]
    evidence = [{"kind": "acceptance_act", "reference": "Акт № 5"}]
    await registry.post(f"{path}/stage-changes", {"stage": "commissioned", "on": "2025-06-01", "evidence": evidence})
    await registry.post(f"{path}/facts", {"fact": "operating", "on": "2025-09-01"})
    await registry.post(f"{path}/facts", {"fact": "operating", "on": "2025-12-01", "holds": False})

    assert before == []
    days = {"2025-01-31": (False, False, False), "2025-02-01": (True, False, False), "2025-06-01": (True, True, False),
            "2025-09-01": (True, True, True), "2025-12-01": (True, True, False)}  # fmt: skip
    for day, expected in days.items():
        seen = await registry.get(path, as_of=day)
        facts = tuple(seen[f"{fact}_on"] is not None for fact in ("built", "commissioned", "operating"))
        assert facts == expected, day
        assert seen["idle"] is (expected[0] and not expected[2]), day
    known_then = await registry.get(path, as_of="2025-12-01", known_at=moment)
    assert (known_then["built_on"], known_then["commissioned_on"], known_then["stage"]) == (
        "2025-02-01",
        None,
        "construction",
    )


async def test_a10_of_30_schools_of_sponsors_4_are_commissioned_13_333_percent(registry: Registry) -> None:
    reached = ["commissioned"] * 4 + ["construction"] * 6 + ["contract"] * 5 + ["design"] * 5 + ["land"] * 4
    sponsored = [
        project(
            f"SHY-{number:02d}",
            programme="shymkent-sponsors",
            funding=[{"source": "sponsor", "amount": "6000000000.00"}, {"source": "state", "amount": "4000000000.00"}],
            history=passed(reached[number]) if number < len(reached) else [],
        )
        for number in range(30)
    ]
    made = await registry.post("/v1/construction-project-batches", {"projects": sponsored})

    totals = await registry.get(f"{PROJECTS}/totals", area=SHYMKENT, funding="sponsor")
    one = await registry.get(f"{PROJECTS}/{made['ids'][0]}")

    assert (totals["projects"], totals["commissioned"]) == (30, 4)
    assert totals["commissioned_percent"] == pytest.approx(13.333, abs=0.0005)
    assert totals["by_stage"] == {
        "commissioned": 4,
        "construction": 6,
        "contract": 5,
        "design": 5,
        "land": 4,
        "planned": 6,
    }
    assert [(share["source"], share["share"]) for share in one["funding"]] == [("sponsor", 0.6), ("state", 0.4)]


async def test_a10_a_stage_cannot_be_jumped(registry: Registry) -> None:
    made = await registry.post(PROJECTS, project("JUMP-1"))
    path = f"{PROJECTS}/{made['id']}/stage-changes"
    act = [{"kind": "acceptance_act", "reference": "Акт"}]

    jump = await registry.post(path, {"stage": "commissioned", "evidence": act}, expect=409)
    back = await registry.post(path, {"stage": "planned"}, expect=409)
    at_once = await registry.post(
        PROJECTS, project("JUMP-2", history=[{"stage": "commissioned", "evidence": act}]), expect=409
    )

    assert (jump["code"], jump["context"]["allowed"]) == ("stage_jump", "land, suspended, cancelled")
    assert (back["code"], at_once["code"]) == ("stage_jump", "stage_jump")
    assert at_once["errors"][0]["pointer"] == "/history/0/stage"
    assert [step["to_stage"] for step in (await registry.get(path))["items"]] == ["planned"]


async def test_a_gate_is_passed_with_its_document_and_the_line_is_left_with_a_reason(registry: Registry) -> None:
    made = await registry.post(PROJECTS, project("GATE-1"))
    path = f"{PROJECTS}/{made['id']}/stage-changes"
    land = [{"kind": "land_decision", "reference": "№ 112"}]

    without = await registry.post(path, {"stage": "land"}, expect=409)
    silent = await registry.post(path, {"stage": "suspended"}, expect=409)
    await registry.post(path, {"stage": "land", "on": "2024-03-04", "evidence": land})
    early = await registry.post(path, {"stage": "suspended", "reason": "funding", "on": "2024-03-03"}, expect=409)
    await registry.post(path, {"stage": "suspended", "reason": "funding", "on": "2024-04-01"})
    elsewhere = await registry.post(
        path, {"stage": "design", "evidence": [{"kind": "design_documentation", "reference": "ПСД"}]}, expect=409
    )
    resumed = await registry.post(path, {"stage": "land", "on": "2024-06-01"})
    cancelled = await registry.post(path, {"stage": "cancelled", "reason": "demand"})

    assert (without["code"], without["context"]["evidence"]) == ("evidence_missing", "land_decision")
    assert (silent["code"], early["code"]) == ("change_reason_needed", "stage_before_last")
    assert (elsewhere["code"], elsewhere["context"]["allowed"]) == ("stage_jump", "land, cancelled")
    assert (resumed["stage"], cancelled["stage"]) == ("land", "cancelled")
    steps = (await registry.get(path))["items"]
    assert [(step["from_stage"], step["to_stage"], step["reason"]) for step in steps] == [
        (None, "planned", None),
        ("planned", "land", None),
        ("land", "suspended", "funding"),
        ("suspended", "land", None),
        ("land", "cancelled", "demand"),
    ]


async def test_a_step_is_not_taken_in_the_future_nor_by_who_does_not_reach_the_place(registry: Registry) -> None:
    made = await registry.post(PROJECTS, project("REACH-1"))
    path = f"{PROJECTS}/{made['id']}/stage-changes"
    land = {"stage": "land", "evidence": [{"kind": "land_decision", "reference": "№ 1"}]}
    stranger = registry.headers("region_officer", area="350000000")

    ahead = await registry.post(path, {**land, "on": "2199-01-01"}, expect=422)
    await registry.post(path, land, expect=403, caller=stranger)
    await registry.post(PROJECTS, project("REACH-2"), expect=403, caller=stranger)
    await registry.post(path, land, caller=registry.headers("region_officer", area=SHYMKENT))

    assert ahead["code"] == "in_future"


async def test_f1_design_capacity_is_counted_as_places_and_never_as_pupils(
    registry: Registry, country: Mapping[str, Any]
) -> None:
    totals = await registry.get(f"{PROJECTS}/totals", programme="keleshek")

    assert country["ids"]
    assert totals["places"] == 460_000
    assert not {"pupils", "enrolment", "enrolled"} & set(totals)
    assert totals["operating"] == 170


async def test_f2_superseded_plans_stay_with_their_source_and_date(
    registry: Registry, country: Mapping[str, Any]
) -> None:
    path = "/v1/construction-programmes/keleshek/plans"
    first = {"source": "timesca.com", "stated_on": "2024-02", "schools": 369, "places": 740_000}
    later = {"source": "Kazinform", "stated_on": "2026-01-06", "schools": 217, "places": 460_000, "rural_schools": 84}

    plan = await registry.post(path, first)
    await registry.post(path, later)

    listed = (await registry.get(path, caller=registry.headers(None)))["items"]
    told = [(one["source"], one["stated_on"], one["schools"], one["places"], one["superseded"]) for one in listed]
    assert told[:1] == [("timesca.com", "2024-02", 369, 740_000, True)]
    assert ("Kazinform", "2026-01-06", 217, 460_000, False) in told
    then = (await registry.get(path, known_at=plan["recorded_at"]))["items"]
    assert [(one["schools"], one["superseded"]) for one in then] == [(369, False)]
    totals = await registry.get(f"{PROJECTS}/totals", programme="keleshek")
    assert (totals["projects"], {one["schools"] for one in totals["stated"]} >= {369, 217}) == (217, True)
    assert country["ids"]


async def test_f3_the_rural_share_of_three_sources_stands_beside_our_own(
    registry: Registry, country: Mapping[str, Any]
) -> None:
    path = "/v1/construction-programmes/keleshek/plans"
    await registry.post(
        path, {"source": "qazmonitor", "stated_on": "2025", "rural_percent_low": 40, "qualifier": "at_least"}
    )
    await registry.post(
        path,
        {
            "source": "blog",
            "stated_on": "2025",
            "rural_percent_low": 50,
            "rural_percent_high": 50,
            "qualifier": "about",
        },
    )

    totals = await registry.get(f"{PROJECTS}/totals", programme="keleshek")

    assert country["ids"]
    assert totals["rural_percent"] == pytest.approx(38.71, abs=0.005)
    shares = {one["source"]: (one["rural_percent_low"], one["qualifier"]) for one in totals["stated"]}
    assert (shares["qazmonitor"], shares["blog"]) == ((40.0, "at_least"), (50.0, "about"))


async def test_a_plan_does_not_contradict_itself(registry: Registry) -> None:
    path = "/v1/construction-programmes/keleshek/plans"

    more = await registry.post(
        path, {"source": "x", "stated_on": "2025", "schools": 10, "rural_schools": 11}, expect=422
    )
    reversed_ = await registry.post(
        path, {"source": "x", "stated_on": "2025", "rural_percent_low": 50, "rural_percent_high": 40}, expect=422
    )

    assert (more["code"], reversed_["code"]) == ("plan_contradicts_itself",) * 2


async def test_dates_keep_their_history_and_tell_the_slip(registry: Registry) -> None:
    made = await registry.post(PROJECTS, project("DATES-1", programme="dates", history=passed("construction")))
    path = f"{PROJECTS}/{made['id']}/dates"
    await registry.post(path, {"gate": "commissioned", "kind": "agreed", "date": "2024-12-05"})
    await registry.post(path, {"gate": "commissioned", "kind": "forecast", "date": "2024-12-20"})

    silent = await registry.post(path, {"gate": "commissioned", "kind": "forecast", "date": "2025-03"}, expect=409)
    moved = await registry.post(
        path, {"gate": "commissioned", "kind": "forecast", "date": "2025-03", "reason": "utilities"}
    )
    foreseen = next(gate for gate in moved["gates"] if gate["gate"] == "commissioned")
    evidence = [{"kind": "acceptance_act", "reference": "Акт"}]
    await registry.post(
        f"{PROJECTS}/{made['id']}/stage-changes", {"stage": "commissioned", "on": "2025-03-15", "evidence": evidence}
    )
    reached = next(gate for gate in (await registry.get(path))["gates"] if gate["gate"] == "commissioned")
    slips = await registry.get(f"{PROJECTS}/slips", programme="dates", gate="commissioned")

    assert silent["code"] == "change_reason_needed"
    assert (foreseen["agreed"], foreseen["forecast"], foreseen["slip_days"]) == ("2024-12-05", "2025-03", 86)
    assert [one["moved_days"] for one in foreseen["history"]] == [None, None, 71]
    assert (reached["actual"], reached["slip_days"]) == ("2025-03-15", 100)
    assert (slips["n"], slips["on_time"], slips["median_days"]) == (1, 0, 100)
    assert slips["by_reason"] == {"utilities": 1}


async def test_costs_keep_their_variations_with_reasons(registry: Registry) -> None:
    made = await registry.post(PROJECTS, project("COST-1"))
    path = f"{PROJECTS}/{made['id']}/costs"
    await registry.post(path, {"kind": "plan", "amount": "9400000000.00", "on": "2024-02-01"})
    await registry.post(path, {"kind": "contract", "amount": "9400000000.00", "on": "2024-06-01"})

    silent = await registry.post(path, {"kind": "contract", "amount": "9800000000.01"}, expect=409)
    varied = await registry.post(path, {"kind": "contract", "amount": "9800000000.01", "reason": "prices"})
    malformed = await registry.post(path, {"kind": "contract", "amount": 9800000000.01}, expect=422)

    assert silent["code"] == "change_reason_needed"
    assert malformed["errors"][0]["pointer"] == "/amount"
    assert (varied["plan"], varied["contract"], varied["actual"]) == ("9400000000.00", "9800000000.01", None)
    assert varied["over_plan_percent"] == pytest.approx(4.2553, abs=0.0001)
    assert [(one["variation"], one["reason"]) for one in varied["history"]] == [
        (None, None),
        (None, None),
        ("400000000.01", "prices"),
    ]


async def test_risks_have_four_levels_in_four_areas_and_a_history(registry: Registry) -> None:
    made = await registry.post(PROJECTS, project("RISK-1"))
    path = f"{PROJECTS}/{made['id']}/risks"
    await registry.post(path, {"area": "opening", "level": "high", "on": "2024-03-01"})
    await registry.post(path, {"area": "money", "level": "low", "on": "2024-03-01"})
    await registry.post(path, {"area": "opening", "level": "medium", "on": "2024-09-01"})
    await registry.post(path, {"area": "opening", "level": "extreme"}, expect=422)

    risks = (await registry.get(path))["items"]

    assert [(one["area"], one["level"], one["valid_from"], one["valid_until"]) for one in risks] == [
        ("money", "low", "2024-03-01", None),
        ("opening", "high", "2024-03-01", "2024-09-01"),
        ("opening", "medium", "2024-09-01", None),
    ]
    await registry.get(path, expect=401, caller=registry.headers(None))


async def test_opening_is_one_action_that_registers_the_school_and_closes_the_project(registry: Registry) -> None:
    made = await registry.post(
        PROJECTS, project("OPEN-1", programme="keleshek-open", setting="village", history=passed("construction"))
    )
    path = f"{PROJECTS}/{made['id']}"
    school = {"name": {"kk": "№777 мектеп", "ru": "Школа № 777"}, "type": "school"}
    licence = [{"kind": "licence_annex", "reference": "№ 7"}]

    too_soon = await registry.post(f"{path}/open", {"organisation": school, "evidence": licence}, expect=409)
    evidence = [{"kind": "acceptance_act", "reference": "Акт"}]
    await registry.post(f"{path}/stage-changes", {"stage": "commissioned", "on": "2025-06-01", "evidence": evidence})
    neither = await registry.post(f"{path}/open", {"evidence": licence}, expect=422)
    opened = await registry.post(f"{path}/open", {"on": "2025-09-01", "organisation": school, "evidence": licence})
    again = await registry.post(f"{path}/open", {"organisation": school, "evidence": licence}, expect=409)

    assert (too_soon["code"], neither["code"], again["code"]) == (
        "not_commissioned",
        "school_needed",
        "not_commissioned",
    )
    assert (opened["stage"], opened["operating_on"]) == ("operating", "2025-09-01")
    found = await registry.get(f"/v1/organisations/{opened['organisation_id']}", as_of="2025-09-01")
    assert (found["status"], found["design_capacity"], found["setting"]) == ("open", 1500, "village")
    assert (found["area"], found["programme_tags"]) == (SHYMKENT, ["keleshek-open"])


async def test_a_patch_is_true_from_its_day_on_and_the_days_before_stay(registry: Registry) -> None:
    made = await registry.post(PROJECTS, project("PATCH-1"))
    path = f"{PROJECTS}/{made['id']}"

    await registry.call("PATCH", path, {"design_capacity": 2000}, expect=428)
    changed = await registry.call(
        "PATCH",
        path,
        {"design_capacity": 2000},
        expect=200,
        if_match=made["etag"],
        params={"effective_from": "2025-01-01"},
    )
    await registry.call("PATCH", path, {"design_capacity": 900}, expect=412, if_match=made["etag"])
    await registry.call("PATCH", path, {"name": None}, expect=422, if_match=changed.headers["ETag"])

    assert (await registry.get(path, as_of="2024-12-31"))["design_capacity"] == 1500
    assert (await registry.get(path, as_of="2025-01-01"))["design_capacity"] == 2000
    assert (await registry.get(path, known_at=made["stage_since"] + "T00:00:00Z", expect=404))["status"] == 404


async def test_what_is_wrong_with_a_project_is_told_with_its_place(registry: Registry) -> None:
    halves = [{"source": "state", "share": 0.5}, {"source": "sponsor", "share": 0.4}]
    twice = [{"source": "state", "share": 0.5}, {"source": "state", "share": 0.5}]
    party = [{"role": "builder", "name": "ТОО", "scheme": "kz-bin", "value": "123456789012"}]
    await registry.post(PROJECTS, project("WRONG-1"))

    answers = [
        await registry.post(PROJECTS, project("WRONG-2", **more), expect=status)
        for more, status in (
            ({"funding": halves}, 422),
            ({"funding": twice}, 422),
            ({"parties": party}, 422),
            ({"area": "123456789"}, 422),
            ({"valid_from": "2199-01-01"}, 422),
            ({"reference": "WRONG-1"}, 409),
        )
    ]
    batch = {"projects": [project("WRONG-3"), project("WRONG-3")]}
    repeated = await registry.post("/v1/construction-project-batches", batch, expect=422)

    assert [(answer["code"], answer["errors"][0]["pointer"]) for answer in [*answers, repeated]] == [
        ("shares_do_not_add_up", "/funding"),
        ("funding_source_repeated", "/funding/1/source"),
        ("identifier_malformed", "/parties/0/value"),
        ("area_unknown", "/area"),
        ("in_future", "/valid_from"),
        ("reference_taken", "/reference"),
        ("reference_repeated", "/projects/1/reference"),
    ]


async def test_projects_are_listed_page_by_page_and_given_as_files(
    registry: Registry, country: Mapping[str, Any]
) -> None:
    first = await registry.get(PROJECTS, programme="keleshek", stage="operating", limit=100, count="exact")
    second = await registry.get(
        PROJECTS, programme="keleshek", stage="operating", limit=100, cursor=first["next_cursor"]
    )
    csv = await registry.call(
        "GET", PROJECTS, expect=200, params={"programme": "keleshek"}, caller={"Accept": "text/csv"}
    )

    assert first["total"] == 170
    assert len({one["id"] for one in [*first["items"], *second["items"]]} & set(country["ids"])) == 170
    assert second["next_cursor"] is None
    assert len(csv.text.strip().splitlines()) == 218
