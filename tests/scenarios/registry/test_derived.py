"""What the registry computes from itself, and shares of organisations with those that lag behind."""

from datetime import date
from typing import Any

from tests.support.registry import ALATAU, AUEZOV, KARAGANDA, KYZYLORDA, SHYMKENT, WEST_KAZAKHSTAN, Registry

ALMATY = "750000000"


async def derived(registry: Registry, code: str, **params: Any) -> dict[str, Any]:
    return await registry.get(f"/v1/derived-indicators/{code}", **params)


async def report(registry: Registry, indicator: str, period: str, values: dict[str, float]) -> None:
    """Values of organisations by their ids."""
    await registry.observe(
        *(
            {"organisation_id": organisation, "indicator": indicator, "period": period, "value": value}
            for organisation, value in values.items()
        )
    )


async def test_a9_a_school_of_three_shifts_leaves_the_list_from_1_september_only(registry: Registry) -> None:
    school = await registry.organisation(area=ALATAU, shift_count=3)
    await registry.organisation(area=ALATAU, shift_count=2)
    read = await registry.call("GET", f"/v1/organisations/{school['id']}", expect=200)
    await registry.call(
        "PATCH",
        f"/v1/organisations/{school['id']}",
        {"shift_count": 2},
        expect=200,
        params={"effective_from": "2026-09-01"},
        if_match=read.headers["ETag"],
    )

    before = await derived(registry, "REG_THREE_SHIFT_SCHOOLS", area=ALATAU, as_of="2026-08-31")
    after = await derived(registry, "REG_THREE_SHIFT_SCHOOLS", area=ALATAU, as_of="2026-09-01")

    assert (before["value"], after["value"]) == (1, 0)
    assert [one["id"] for one in before["organisations"]] == [school["id"]]
    assert before["explanation"]["considered"] == 2


async def test_a9_the_timetable_of_a_day_goes_before_the_report_of_a_year(registry: Registry) -> None:
    told = await registry.organisation(area=AUEZOV, shift_count=2)
    silent, unknown = await registry.organisation(area=AUEZOV), await registry.organisation(area=AUEZOV)
    await report(registry, "SCH_SHIFT_COUNT", "2025-2026", {told["id"]: 3, silent["id"]: 3})
    await report(registry, "SCH_SHIFT_COUNT", "2026-2027", {silent["id"]: 2})

    last_year = await derived(registry, "REG_THREE_SHIFT_SCHOOLS", area=AUEZOV, as_of="2026-08-31")
    this_year = await derived(registry, "REG_THREE_SHIFT_SCHOOLS", area=AUEZOV, as_of="2026-09-01")

    assert [one["id"] for one in last_year["organisations"]] == [silent["id"]]
    assert last_year["explanation"]["unreported"] == 1
    assert (last_year["value"], this_year["value"]) == (1, 0)
    assert unknown["id"] not in [one["id"] for one in this_year["organisations"]]
    page = await registry.get("/v1/reports/three-shift", area=AUEZOV, as_of="2026-08-31")
    assert (page["count"], [one["organisation_id"] for one in page["schools"]]) == (1, [silent["id"]])


async def test_a4_leading_schools_are_counted_from_the_networks_that_name_the_indicator(registry: Registry) -> None:
    code = "REG_NIS_LEADING_SCHOOLS"
    name = {"kk": "НЗМ жетекші мектептері", "ru": "Ведущие школы НИШ"}
    await registry.post("/v1/networks", {"code": "leading", "kind": "leading_schools", "name": name, "indicator": code})
    mentor = await registry.organisation(kind="intellectual")
    for _ in range(16):
        school = await registry.organisation()
        membership = {"organisation_id": school["id"], "role": "leading", "mentor_id": mentor["id"]}
        await registry.post("/v1/networks/leading/memberships", {**membership, "valid_from": "2024-09-01"})

    assert (await derived(registry, code, area=SHYMKENT))["value"] == 16
    assert (await derived(registry, code, area=SHYMKENT, as_of="2024-08-31"))["value"] == 0
    assert (await derived(registry, code, area=KYZYLORDA))["value"] == 0


async def test_e3_libraries_of_99_of_100_are_renewed_schools_and_colleges_apart_and_together(
    registry: Registry,
) -> None:
    schools = [(await registry.organisation(area=KARAGANDA))["id"] for _ in range(80)]
    colleges = [(await registry.organisation(area=KARAGANDA, type="college"))["id"] for _ in range(20)]
    await report(registry, "SCH_LIBRARY_RENEWAL", "2022", dict.fromkeys([*schools[:-1], *colleges], 12.0))

    share = await registry.get(
        "/v1/organisation-shares",
        indicator="SCH_LIBRARY_RENEWAL",
        organisation_type=["school", "college"],
        area=KARAGANDA,
        as_of="2022-12-31",
    )

    assert (share["holding"], share["of"], share["percent"], share["met"]) == (99, 100, 99.0, False)
    assert [one["id"] for one in share["laggards"]] == [schools[-1]]
    assert share["unreported"] == 1
    assert [(part["organisation_type"], part["holding"], part["of"]) for part in share["by_type"]] == [
        ("college", 20, 20),
        ("school", 79, 80),
    ]


async def test_e5_demonstration_exams_in_24_of_25_colleges_are_96_percent_private_ones_included(
    registry: Registry,
) -> None:
    colleges = [
        await registry.organisation(
            area=WEST_KAZAKHSTAN, type="college", ownership="private" if number % 5 == 0 else "state"
        )
        for number in range(25)
    ]
    values = {one["id"]: 35.0 for one in colleges[:-1]}
    await report(registry, "COL_DEMO_EXAM_SHARE", "2024-2025", {**values, colleges[-1]["id"]: 0.0})

    found = await derived(registry, "REG_COL_DEMO_EXAM", area=WEST_KAZAKHSTAN, as_of="2025-07-01")

    assert (found["value"], found["n"]) == (96.0, 25)
    assert [one["id"] for one in found["laggards"]] == [colleges[-1]["id"]]
    counted = {one["id"] for one in found["organisations"]}
    assert {one["id"] for one in colleges if one["ownership"] == "private"} <= counted


async def test_an_empty_whole_has_no_share(registry: Registry) -> None:
    found = await derived(registry, "REG_COL_DEMO_EXAM", area=KYZYLORDA)

    assert (found["value"], found["n"], found["organisations"]) == (None, 0, [])


async def test_what_is_not_computed_is_not_found(registry: Registry) -> None:
    listed = await registry.get("/v1/derived-indicators")

    assert {"REG_THREE_SHIFT_SCHOOLS", "REG_COL_DEMO_EXAM"} <= {one["code"] for one in listed["items"]}
    await registry.get("/v1/derived-indicators/SCH_UNT_MEAN", expect=404)
    await registry.get("/v1/derived-indicators/REG_COL_DEMO_EXAM", expect=401, caller={})
    refused = await registry.get("/v1/organisation-shares", expect=422, indicator="NO_SUCH", organisation_type="school")
    assert refused["code"] == "indicator_unknown"
    await registry.get(
        "/v1/organisation-shares",
        expect=422,
        indicator="SCH_UNT_MEAN",
        organisation_type="school",
        holds="about 3",
    )


async def test_employer_partners_of_a_college_are_the_businesses_of_its_memoranda_in_force(registry: Registry) -> None:
    code = "COL_EMPLOYER_PARTNERS"
    college = await registry.organisation(area=SHYMKENT, type="college")
    students = {"indicator": "COL_DUAL_COVERAGE", "period": "2025-2026", "value": 25.0, "n": 400}
    await registry.observe({"organisation_id": college["id"], **students})
    business = {"kind": "business", "country": "DE", "name": {"en": "Maschinenbau GmbH"}}
    mill = {"kind": "business", "country": "TR", "name": {"en": "Değirmen A.Ş."}}
    academy = await registry.organisation(type="provider", kind="academy")
    for parties in ([business], [business, mill], [{"organisation_id": academy["id"]}]):
        await agreed(registry, {"organisation_id": college["id"]}, *parties)
    await agreed(registry, {"organisation_id": college["id"]}, {**mill, "name": {"en": "Draft Ltd"}}, in_force=False)

    found = await derived(registry, code, organisation_id=college["id"])

    assert (found["value"], found["n"], found["explanation"]["considered"]) == (0.5, 400, 2)
    assert (await derived(registry, code, expect=422))["code"] == "organisation_needed"
    strange = await derived(registry, code, expect=422, organisation_id="0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4999")
    assert strange["code"] == "organisation_unknown"
    refused = await derived(registry, "REG_COL_DEMO_EXAM", expect=422, organisation_id=college["id"])
    assert refused["code"] == "organisation_not_expected"


async def agreed(registry: Registry, *parties: dict[str, Any], in_force: bool = True) -> None:
    """A memorandum of these parties."""
    title = {"kk": "Дуальды оқыту туралы келісім", "ru": "Соглашение о дуальном обучении"}
    body = {"title": title, "area": SHYMKENT, "parties": list(parties)}
    memorandum = await registry.post("/v1/memoranda", body)
    for step in ("submit", "send", "sign") if in_force else ():
        await registry.post(f"/v1/memoranda/{memorandum['id']}/{step}", {}, expect=200)


async def test_a10_schools_built_by_sponsors_are_those_commissioned_with_their_money(registry: Registry) -> None:
    day, gates = date(2025, 1, 10), ("land", "design", "contract", "construction", "commissioned")
    documents = ("land_decision", "design_documentation", "contract", "construction_permit", "acceptance_act")
    passed = [
        {"stage": gate, "on": f"2025-0{number}-10", "evidence": [{"kind": kind, "reference": "1"}]}
        for number, (gate, kind) in enumerate(zip(gates, documents, strict=True), start=2)
    ]

    def project(number: int, source: str, stages: int) -> dict[str, Any]:
        return {
            "reference": f"derived-{number}",
            "name": {"kk": f"Жаңа мектеп {number}", "ru": f"Новая школа {number}"},
            "area": KYZYLORDA,
            "setting": "city",
            "design_capacity": 900,
            "valid_from": day.isoformat(),
            "is_synthetic": True,
            "funding": [{"source": source, "amount": "1000000.00"}],
            "history": passed[:stages],
        }

    projects = [project(1, "sponsor", 5), project(2, "sponsor", 4), project(3, "state", 5)]
    await registry.post("/v1/construction-project-batches", {"projects": projects})

    found = await derived(registry, "REG_SPONSOR_BUILT_SCHOOLS", area=KYZYLORDA, as_of="2025-06-10")
    before = await derived(registry, "REG_SPONSOR_BUILT_SCHOOLS", area=KYZYLORDA, as_of="2025-06-09")

    assert (found["value"], before["value"]) == (1, 0)
