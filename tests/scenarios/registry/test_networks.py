"""Networks as the authority asks for them: leading schools and their mentors, leagues, operators."""

from datetime import date, timedelta
from typing import Any

import pytest

from shared.clock import day_in_kazakhstan, now
from tests.support.registry import ALATAU, AUEZOV, KYZYLORDA, SHYMKENT, Registry

AKTOBE = "150000000"
ALMATY = "750000000"


def today() -> date:
    return day_in_kazakhstan(now())


def day(offset: int) -> str:
    return (today() + timedelta(days=offset)).isoformat()


async def network(registry: Registry, code: str, **fields: Any) -> dict[str, Any]:
    """A network; of leading schools unless it is said otherwise."""
    name = {"kk": "НЗМ жетекші мектептері", "ru": "Ведущие школы НИШ"}
    return await registry.post("/v1/networks", {"code": code, "kind": "leading_schools", "name": name, **fields})


async def campus(registry: Registry) -> str:
    """An intellectual school, which may be a mentor."""
    return str((await registry.organisation(kind="intellectual"))["id"])


async def member(registry: Registry, code: str, organisation: str, **fields: Any) -> dict[str, Any]:
    """A membership since 2020; a leading one unless it is said otherwise."""
    body = {"organisation_id": organisation, "role": "leading", "valid_from": "2020-09-01", **fields}
    return await registry.post(f"/v1/networks/{code}/memberships", body)


async def command(registry: Registry, membership: str, what: str, body: dict[str, Any], expect: int = 200) -> Any:
    """Something done to a membership as it stands now."""
    answer = await registry.call("POST", f"/v1/memberships/{membership}/{what}", body, expect=expect, if_match="*")
    return answer.json()


async def test_a3_thirteen_leading_schools_are_1_857_percent_of_700(registry: Registry) -> None:
    await network(registry, "a3-leading")
    mentor = await campus(registry)
    stays = []
    for _ in range(13):
        school = await registry.organisation()
        stays.append(await member(registry, "a3-leading", school["id"], mentor_id=mentor))
    elsewhere = await registry.organisation(area=ALATAU)
    await member(registry, "a3-leading", elsewhere["id"], mentor_id=mentor)
    await registry.post(
        "/v1/networks/a3-leading/national-figures",
        {"value": 700, "valid_from": "2018-09-01", "source": "memorandum text", "qualifier": "about"},
    )

    counted = await registry.get("/v1/networks/a3-leading/count", caller={}, area=SHYMKENT, role="leading")

    assert (counted["value"], counted["national"]["value"], counted["share_percent"]) == (13, 700, 1.857)
    assert counted["national"]["source"] == "memorandum text"
    everywhere = await registry.get("/v1/networks/a3-leading/count", caller={})
    assert everywhere["value"] == 14
    assert everywhere["by_area"] == [{"area": ALMATY, "value": 1}, {"area": SHYMKENT, "value": 13}]

    await command(registry, stays[0]["id"], "end", {"on": day(0), "reason": "Келісім тоқтатылды"})

    after = await registry.get("/v1/networks/a3-leading/count", area=SHYMKENT)
    before = await registry.get("/v1/networks/a3-leading/count", area=SHYMKENT, as_of=day(-1))
    assert (after["value"], before["value"]) == (12, 13)


async def test_a3_a_later_national_figure_makes_a_series_and_no_conflict(registry: Registry) -> None:
    await network(registry, "a3-series")
    for value, since in ((1412, "2021-12-31"), (700, "2018-09-01")):
        told = {"value": value, "valid_from": since, "source": "cpm.kz"}
        figures = await registry.post("/v1/networks/a3-series/national-figures", told)

    assert [(one["value"], one["valid_from"], one["valid_to"]) for one in figures["items"]] == [
        (700, "2018-09-01", "2021-12-31"),
        (1412, "2021-12-31", None),
    ]
    then = await registry.get("/v1/networks/a3-series/count", as_of="2020-01-01")
    assert then["national"]["value"] == 700


async def test_a7_every_leading_school_has_exactly_one_mentor_of_nis(registry: Registry) -> None:
    await network(registry, "a7-leading")
    first, second = await campus(registry), await campus(registry)
    ordinary, school = await registry.organisation(), await registry.organisation(ru="Ведущая школа № 7")
    path = "/v1/networks/a7-leading/memberships"
    body = {"organisation_id": school["id"], "role": "leading", "valid_from": "2024-09-01"}

    missing = await registry.post(path, body, expect=422)
    unsuitable = await registry.post(path, {**body, "mentor_id": ordinary["id"]}, expect=409)
    made = await registry.post(path, {**body, "mentor_id": first})
    two = await registry.post(path, {**body, "mentor_id": second, "valid_from": "2025-01-01"}, expect=409)
    again = await registry.post(path, {**body, "mentor_id": first, "valid_from": "2025-01-01"}, expect=409)

    assert missing["code"] == "mentor_needed"
    assert unsuitable["code"] == "mentor_unsuitable"
    assert two["code"] == "mentors_overlap"
    assert two["context"]["membership_id"] == made["id"]
    assert again["code"] == "membership_overlaps"
    asked = await registry.get("/v1/memberships", caller={}, organisation_id=school["id"])
    assert [one["mentor"]["id"] for one in asked["items"]] == [first]


async def test_a7_schools_are_listed_by_their_campus_and_a_new_mentor_keeps_the_old_one_in_history(
    registry: Registry,
) -> None:
    await network(registry, "a7-campus")
    first, second = await campus(registry), await campus(registry)
    school = await registry.organisation()
    made = await member(registry, "a7-campus", school["id"], mentor_id=first)

    await command(registry, made["id"], "mentor", {"mentor_id": second, "valid_from": "2025-01-01"})

    mentored = await registry.get("/v1/networks/a7-campus/memberships", mentor_id=second, status="active")
    formerly = await registry.get("/v1/networks/a7-campus/memberships", mentor_id=first, as_of="2024-12-31")
    assert [one["organisation"]["id"] for one in mentored["items"]] == [school["id"]]
    assert [one["id"] for one in formerly["items"]] == [made["id"]]
    read = await registry.get(f"/v1/memberships/{made['id']}")
    assert [(one["valid_from"], one["mentor_id"]) for one in read["periods"]] == [
        ("2020-09-01", first),
        ("2025-01-01", second),
    ]
    as_known = await registry.get(f"/v1/memberships/{made['id']}", known_at=made["recorded_at"])
    assert as_known["mentor"]["id"] == first


async def test_c2_the_league_has_coordinators_at_three_levels_with_their_own_reach(registry: Registry) -> None:
    await network(registry, "c2-league", kind="league", area=ALMATY)
    path = "/v1/networks/c2-league/memberships"
    department = await registry.organisation(type="authority", kind="department", area=ALATAU)
    alatau = await registry.organisation(type="authority", kind="district_department", area=ALATAU)
    auezov = await registry.organisation(type="authority", kind="district_department", area=AUEZOV)
    school = await registry.organisation(area=ALATAU)
    since = {"role": "coordinator", "valid_from": "2024-09-01"}
    for organisation, reach in ((department, ALMATY), (alatau, ALATAU), (auezov, AUEZOV)):
        await registry.post(path, {**since, "organisation_id": organisation["id"], "area": reach})

    covering = await registry.get("/v1/networks/c2-league/coordinators", caller={}, area=ALATAU)

    assert [(one["level"], one["area"]) for one in covering["items"]] == [("region", ALMATY), ("district", ALATAU)]
    assert [one["organisation"]["id"] for one in covering["items"]] == [department["id"], alatau["id"]]
    everybody = await registry.get("/v1/networks/c2-league/coordinators", caller={})
    assert len(everybody["items"]) == 3
    members = await registry.get("/v1/networks/c2-league/count")
    coordinators = await registry.get("/v1/networks/c2-league/count", role="coordinator")
    assert (members["value"], coordinators["value"]) == (0, 3)
    refused = {**since, "organisation_id": auezov["id"], "area": ALATAU}
    assert (await registry.post(path, refused, expect=409))["code"] == "reach_not_its_own"
    refused = {**since, "organisation_id": school["id"], "area": ALATAU}
    assert (await registry.post(path, refused, expect=409))["code"] == "coordinator_not_authority"
    refused = {**since, "organisation_id": alatau["id"]}
    assert (await registry.post(path, refused, expect=422))["errors"][0]["code"] == "coordinator_and_area"


async def test_c2_an_officer_of_a_district_admits_schools_of_that_district_only(registry: Registry) -> None:
    await network(registry, "c2-reach", kind="league", area=ALMATY)
    officer = registry.headers("region_officer", area=ALATAU)
    own, other = await registry.organisation(area=ALATAU), await registry.organisation(area=AUEZOV)
    path, since = "/v1/networks/c2-reach/memberships", {"role": "member", "valid_from": "2024-09-01"}

    made = await registry.post(path, {**since, "organisation_id": own["id"]}, caller=officer)
    refused = await registry.post(path, {**since, "organisation_id": other["id"]}, caller=officer, expect=403)

    assert refused["code"] == "out_of_reach"
    stranger = registry.headers("region_officer", area=AUEZOV)
    answer = await registry.call(
        "POST",
        f"/v1/memberships/{made['id']}/end",
        {"reason": "Басқа аудан"},
        expect=403,
        caller=stranger,
        if_match="*",
    )
    assert answer.json()["code"] == "out_of_reach"


async def test_d1_keleshek_changes_its_operator_and_keeps_the_history(registry: Registry) -> None:
    basis: dict[str, Any] = {
        "title": {"kk": "Мемлекет басшысының тапсырмасы", "ru": "Поручение Главы государства"},
        "number": "1024",
        "on": "2025-09-08",
        "url": "https://adilet.example.invalid/1024",
    }
    name = {"kk": "Келешек мектептері", "ru": "Школы «Келешек»"}
    await network(registry, "keleshek", kind="programme", name=name, basis=basis)
    former = await registry.organisation(kk="Бұрынғы оператор", type="provider", kind="network_operator")
    academy = await registry.organisation(
        kk="Ы. Алтынсарин атындағы Ұлттық білім академиясы", type="provider", kind="academy"
    )
    path = "/v1/networks/keleshek/operators"
    await registry.post(path, {"organisation_id": former["id"], "valid_from": "2023-01-01"})

    appointed = await registry.post(
        path, {"organisation_id": academy["id"], "valid_from": "2025-09-08", "basis": basis}
    )

    assert appointed["operator"]["organisation"]["id"] == academy["id"]
    assert appointed["operator"]["valid_from"] == "2025-09-08"
    assert appointed["operator"]["basis"] == basis | {"title": {**basis["title"], "en": None}}
    then = await registry.get("/v1/networks/keleshek", caller={}, as_of="2024-01-01")
    assert then["operator"]["organisation"]["id"] == former["id"]
    history = await registry.get(path, caller={})
    assert [(one["organisation"]["id"], one["valid_from"], one["valid_to"]) for one in history["items"]] == [
        (former["id"], "2023-01-01", "2025-09-08"),
        (academy["id"], "2025-09-08", None),
    ]


async def test_a_status_is_granted_by_rule_with_a_trace_and_renewed_by_it(registry: Registry) -> None:
    rules = [
        {"subject": "type", "one_of": ["school"]},
        {"subject": "indicator", "indicator": "SCH_UNT_MEAN", "at_least": 70, "roles": ["leading"]},
    ]
    await network(registry, "by-rule", eligibility=rules, term_months=36)
    mentor = await campus(registry)
    good, poor = await registry.organisation(), await registry.organisation()
    await registry.observe(
        {"organisation_id": good["id"], "indicator": "SCH_UNT_MEAN", "period": "2019-2020", "value": 82.5},
        {"organisation_id": poor["id"], "indicator": "SCH_UNT_MEAN", "period": "2019-2020", "value": 61.0},
    )
    path = "/v1/networks/by-rule/memberships"
    body = {"role": "leading", "mentor_id": mentor, "valid_from": "2020-09-01"}

    granted = await registry.post(path, {**body, "organisation_id": good["id"]})
    refused = await registry.post(path, {**body, "organisation_id": poor["id"]}, expect=409)
    asked = await registry.get(
        "/v1/networks/by-rule/eligibility", organisation_id=poor["id"], role="leading", as_of="2020-09-01"
    )
    reason = "Аймақта басқа мектеп жоқ"
    decided = await registry.post(path, {**body, "organisation_id": poor["id"], "override": reason})

    assert (granted["granted_by"], granted["valid_to"], granted["status"]) == ("rule", "2023-09-01", "ended")
    assert [(step["value"], step["met"]) for step in granted["trace"]] == [("school", True), ("82.5", True)]
    assert granted["trace"][1]["expected"] == ">= 70"
    public = await registry.get(f"/v1/memberships/{granted['id']}", caller={})
    assert [(step["value"], step["met"]) for step in public["trace"]] == [(None, True), (None, True)]
    assert refused["code"] == "not_eligible"
    assert [error["code"] for error in refused["errors"]] == ["rule_not_met"]
    assert asked["eligible"] is False
    assert (decided["granted_by"], decided["override_reason"]) == ("override", reason)
    assert decided["trace"][1]["met"] is False

    renewed = await command(registry, granted["id"], "renew", {})
    assert (renewed["valid_from"], renewed["valid_to"]) == ("2020-09-01", "2026-09-01")
    assert [(one["valid_from"], one["valid_to"]) for one in renewed["periods"]] == [
        ("2020-09-01", "2023-09-01"),
        ("2023-09-01", "2026-09-01"),
    ]
    assert (await command(registry, decided["id"], "renew", {}, 409))["code"] == "not_eligible"
    assert (await command(registry, granted["id"], "renew", {"valid_to": "2025-01-01"}, 409))["code"] == (
        "renewal_too_short"
    )


async def test_lists_tell_what_is_active_expiring_ended_and_to_come(registry: Registry) -> None:
    await network(registry, "four-states", kind="hub_schools")
    code = "four-states"
    made: dict[str, dict[str, Any]] = {}
    days: dict[str, tuple[str, str | None]] = {
        "active": ("2024-09-01", None),
        "expiring": ("2024-09-01", day(30)),
        "ended": ("2022-09-01", day(0)),
        "upcoming": (day(1), day(400)),
    }
    for status, (since, until) in days.items():
        school = await registry.organisation()
        made[status] = await member(registry, code, school["id"], role="hub", valid_from=since, valid_to=until)

    assert {status: one["status"] for status, one in made.items()} == {status: status for status in days}
    path = f"/v1/networks/{code}/memberships"
    for status, expected in (
        ("active", {"active", "expiring"}),
        ("expiring", {"expiring"}),
        ("ended", {"ended"}),
        ("upcoming", {"upcoming"}),
    ):
        listed = await registry.get(path, caller={}, status=status, count="exact")
        assert {one["id"] for one in listed["items"]} == {made[name]["id"] for name in expected}
        assert listed["total"] == len(expected)
    pages: list[str] = []
    more: dict[str, Any] = {}
    while True:
        page = await registry.get(path, limit=1, **more)
        pages += [one["id"] for one in page["items"]]
        more = {"cursor": page["next_cursor"]}
        if page["next_cursor"] is None:
            break
    assert sorted(pages) == sorted(one["id"] for one in made.values())
    file = await registry.call("GET", path, expect=200, caller={"Accept": "text/csv"})
    assert len(file.text.strip().splitlines()) == 5


async def test_a_closed_school_belongs_to_nothing(registry: Registry) -> None:
    await network(registry, "closed", kind="hub_schools")
    school = await registry.organisation()
    await member(registry, "closed", school["id"], role="hub")

    await registry.post(f"/v1/organisations/{school['id']}/close", {"on": day(0)}, expect=200)

    assert (await registry.get("/v1/networks/closed/count"))["value"] == 0
    assert (await registry.get("/v1/networks/closed/count", as_of=day(-1)))["value"] == 1
    listed = await registry.get("/v1/networks/closed/memberships", status="active")
    assert listed["items"] == []


async def test_memberships_refuse_what_cannot_be(registry: Registry) -> None:
    await network(registry, "refusals", kind="league", area=KYZYLORDA)
    school, outside = await registry.organisation(area=KYZYLORDA), await registry.organisation(area=AKTOBE)
    path = "/v1/networks/refusals/memberships"
    body = {"organisation_id": school["id"], "role": "member", "valid_from": "2024-09-01"}

    async def refused(expect: int, **fields: Any) -> str:
        problem = await registry.post(path, {**body, **fields}, expect=expect)
        return str(problem["errors"][0]["code"])

    assert await refused(422, valid_to="2024-09-01") == "period_reversed"
    assert await refused(422, valid_from=None, valid_to="2020-01-01") == "period_reversed"
    assert await refused(422, organisation_id="0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4999") == "organisation_unknown"
    assert await refused(422, mentor_id=school["id"]) == "mentor_not_expected"
    assert await refused(409, organisation_id=outside["id"]) == "area_outside_network"
    assert await refused(422, role="coordinator", area="790000001") in {"area_unknown"}
    await registry.post("/v1/networks/no-such/memberships", body, expect=404)
    made = await registry.post(path, body)
    assert (await command(registry, made["id"], "end", {"on": "2024-09-01", "reason": "Қате"}, 409))["code"] == (
        "outside_membership"
    )
    assert (await command(registry, made["id"], "renew", {}, 409))["code"] == "nothing_to_renew"
    await registry.call("POST", f"/v1/memberships/{made['id']}/end", {"reason": "Қате"}, expect=412, if_match='"1"')
    await registry.call("POST", f"/v1/memberships/{made['id']}/end", {"reason": "Қате"}, expect=428)


async def test_a_network_is_patched_by_who_read_it_and_only_by_those_who_may(registry: Registry) -> None:
    made = await network(registry, "patched", term_months=12)
    officer = registry.headers("region_officer", area=SHYMKENT)
    country_wide = {"code": "patched-2", "kind": "other", "name": {"kk": "Желі", "ru": "Сеть"}}

    answer = await registry.call(
        "PATCH", "/v1/networks/patched", {"term_months": None}, expect=200, if_match=made["etag"]
    )

    assert answer.json()["term_months"] is None
    await registry.call("PATCH", "/v1/networks/patched", {"term_months": 5}, expect=412, if_match=made["etag"])
    await registry.call("PATCH", "/v1/networks/patched", {"name": None}, expect=422, if_match="*")
    await registry.post("/v1/networks", country_wide, caller=officer, expect=403)
    await registry.post("/v1/networks", {**country_wide, "area": SHYMKENT}, caller=officer)
    assert (await registry.post("/v1/networks", {**country_wide, "code": "patched"}, expect=409))["code"] == (
        "network_exists"
    )
    bad = {
        **country_wide,
        "code": "x3",
        "eligibility": [{"subject": "indicator", "indicator": "NO_SUCH", "at_least": 1}],
    }
    assert (await registry.post("/v1/networks", bad, expect=422))["code"] == "indicator_unknown"


@pytest.mark.parametrize("rule", [{"subject": "type", "one_of": ["castle"]}, {"subject": "kind"}, {"subject": "area"}])
async def test_a_rule_that_says_nothing_is_refused(registry: Registry, rule: dict[str, Any]) -> None:
    body = {"code": "odd", "kind": "other", "name": {"kk": "Желі", "ru": "Сеть"}, "eligibility": [rule]}

    problem = await registry.post("/v1/networks", body, expect=422)

    assert problem["errors"][0]["code"] in {"rule_word_unknown", "rule_incomplete"}
