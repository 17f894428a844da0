"""Scenarios of facilities: standards, assessments, gaps and what-ifs, B6, C5, D8, D9, D10."""

from typing import Any

import pytest

from tests.support.registry import KYZYLORDA, WEST_KAZAKHSTAN, Registry

ROOMS = ("physics", "chemistry", "biology", "labour", "music", "choreography", "stem_lab", "robotics", "coworking")
HALLS = {"sports_hall_large": 1, "sports_hall_small": 3}


async def furnish(registry: Registry, school: str, rooms: dict[str, int], *, since: str = "2025-09-01") -> None:
    given = [
        {"organisation_id": school, "kind": kind, "count": count, "opened_on": since} for kind, count in rooms.items()
    ]
    await registry.post("/v1/facilities", {"facilities": given})


async def keleshek_school(registry: Registry, rooms: dict[str, int], **more: Any) -> str:
    school = await registry.organisation(
        programme_tags=["keleshek"], valid_from="2025-01-01", **{"design_capacity": 1500, **more}
    )
    await furnish(registry, school["id"], rooms)
    return str(school["id"])


async def assess(registry: Registry, school: str, **more: Any) -> dict[str, Any]:
    return await registry.post(
        "/v1/facility-assessments", {"organisation_id": school, "assessed_on": "2026-01-12", **more}
    )


async def everything(registry: Registry) -> list[Any]:
    """All that is kept of facilities, and the trail of changes."""
    paths = ("facility-standards", "facilities", "facility-assessments", "audit")
    return [(await registry.get(f"/v1/{path}", limit=200))["items"] for path in paths]


async def gap_kinds(registry: Registry, **asked: Any) -> list[str]:
    found = await registry.get("/v1/facility-gaps", caller=registry.headers(None), **asked)
    return [one["kind"] for one in found["items"]]


async def test_the_standard_of_keleshek_schools_is_there_from_the_beginning(registry: Registry) -> None:
    standard = await registry.get("/v1/facility-standards/keleshek", caller=registry.headers(None))

    assert standard["version"] == 1
    assert [step["capacity"] for step in standard["by_capacity"]] == [300, 600, 900, 1200, 1500, 2000, 2500]
    halls = {
        step["capacity"]: [item["count"] for item in step["items"] if item["group"] == "sports_hall"]
        for step in standard["by_capacity"]
    }
    assert halls == {300: [1], 600: [1, 1], 900: [1, 2], 1200: [1, 2], 1500: [1, 3], 2000: [2, 2], 2500: [2, 2]}
    assert all(len({item["group"] for item in step["items"]}) == 10 for step in standard["by_capacity"])


async def test_b6_a_school_without_coworking_has_coworking_in_its_gap_list(registry: Registry) -> None:
    school = await registry.organisation(area=WEST_KAZAKHSTAN, design_capacity=600)
    await furnish(registry, school["id"], {"physics": 1, "chemistry": 1, "stem_lab": 1})

    kinds = await gap_kinds(registry, standard="keleshek", organisation=school["id"])
    found = await registry.get("/v1/facility-gaps", standard="keleshek", area=WEST_KAZAKHSTAN, kind="coworking")

    assert "coworking" in kinds
    assert not {"physics", "chemistry", "stem_lab"} & set(kinds)
    (gap,) = [one for one in found["items"] if one["organisation_id"] == school["id"]]
    assert (gap["required"], gap["present"], gap["missing"], gap["surveyed"]) == (1, 0, 1, True)


async def test_c5_a_coworking_centre_is_there_from_its_opening_day_on(registry: Registry) -> None:
    school = await registry.organisation("№101 мектеп", "Школа № 101", area=KYZYLORDA, design_capacity=600)
    await furnish(registry, school["id"], {"coworking": 1}, since="2026-03-16")

    async def there(day: str) -> list[str]:
        found = await registry.get("/v1/facilities", organisation=school["id"], as_of=day)
        return [one["kind"] for one in found["items"]]

    assert (await there("2026-03-15"), await there("2026-03-16")) == ([], ["coworking"])
    later = await registry.organisation(area=KYZYLORDA, design_capacity=600)
    await furnish(registry, later["id"], {"coworking": 1}, since="2199-09-01")
    for one, kinds in ((school, ["coworking"]), (later, [])):
        profile = await registry.get(f"/v1/organisations/{one['id']}/profile", caller=registry.headers(None))
        assert [room["kind"] for room in profile["facilities"]] == kinds


async def test_c5_a_room_that_closes_is_gone_from_that_day_on_and_what_was_known_before_stays(
    registry: Registry,
) -> None:
    school = await registry.organisation(area=KYZYLORDA)
    room = {"organisation_id": school["id"], "kind": "coworking", "opened_on": "2025-03-16"}
    await registry.post("/v1/facilities", {"facilities": [room]})
    moment = (await registry.get(f"/v1/organisations/{school['id']}"))["recorded_at"]
    await registry.post("/v1/facilities", {"facilities": [{**room, "closed_on": "2026-01-01"}]})

    async def there(**when: Any) -> int:
        return len((await registry.get("/v1/facilities", organisation=school["id"], **when))["items"])

    assert [await there(as_of=day) for day in ("2025-03-15", "2025-12-31", "2026-01-01")] == [0, 1, 0]
    assert await there(as_of="2025-12-31", known_at=moment) == 0


async def test_d8_17_percent_more_floor_is_within_the_expected_range_and_equipment_is_four_times(
    registry: Registry,
) -> None:
    school = await keleshek_school(registry, dict.fromkeys(ROOMS, 1) | HALLS)
    figures = {"gross_area_m2": 11700, "typical_area_m2": 10000, "equipment_units": 48, "typical_equipment_units": 12}

    found = await assess(registry, school, **figures)
    larger = await assess(registry, school, **{**figures, "gross_area_m2": 12001})
    silent = await assess(registry, school)

    assert found["area_over_typical_percent"] == pytest.approx(17.0)
    assert found["within_expected_range"] is True
    assert (found["equipment_index"], found["equipment_met"]) == (4.0, True)
    assert larger["within_expected_range"] is False
    assert (silent["area_over_typical_percent"], silent["within_expected_range"]) == (None, None)


async def test_d8_version_2_of_a_standard_does_not_alter_what_version_1_found(registry: Registry) -> None:
    school = await keleshek_school(registry, {"physics": 1})
    standard = {
        "code": "rooms-of-a-village",
        "name": {"kk": "Ауыл мектебі", "ru": "Сельская школа"},
        "by_capacity": [{"capacity": 2500, "items": [{"kind": "physics", "count": 1}]}],
    }
    first = await registry.post("/v1/facility-standards", standard)
    before = await assess(registry, school, standard="rooms-of-a-village")
    same = await registry.post("/v1/facility-standards", standard, expect=409)

    stricter = {**standard, "by_capacity": [{"capacity": 2500, "items": [{"kind": "physics", "count": 2}]}]}
    second = await registry.post("/v1/facility-standards", stricter)
    after = await assess(registry, school, standard="rooms-of-a-village")
    by_first = await assess(registry, school, standard="rooms-of-a-village", version=1)

    assert (first["version"], second["version"], same["code"]) == (1, 2, "facility_standard_unchanged")
    kept = await registry.get(f"/v1/facility-assessments/{before['id']}")
    assert (kept["version"], kept["conformity_percent"], kept["gap"]) == (1, 100.0, [])
    assert (after["version"], after["conformity_percent"], after["gap"]) == (2, 0.0, ["physics"])
    assert by_first["conformity_percent"] == 100.0
    assert (await registry.get("/v1/facility-standards/rooms-of-a-village", version=1))["by_capacity"] == (
        first["by_capacity"]
    )


async def test_d9_9_of_10_kinds_are_90_percent_and_the_gap_is_the_missing_kind(registry: Registry) -> None:
    rooms = {kind: 1 for kind in ROOMS if kind != "choreography"} | HALLS
    school = await keleshek_school(registry, rooms)

    found = await assess(registry, school)

    assert (found["conformity_percent"], found["gap"]) == (90.0, ["choreography"])
    assert {kind["kind"]: kind["percent"] for kind in found["kinds"]} == {
        **dict.fromkeys(ROOMS, 100.0),
        "sports_hall": 100.0,
        "choreography": 0.0,
    }
    assert await gap_kinds(registry, organisation=school) == ["choreography"]


@pytest.mark.parametrize(
    ("halls", "conforms", "missing"),
    [
        ({"sports_hall_large": 1, "sports_hall_small": 3}, True, {}),
        ({"sports_hall_large": 1, "sports_hall_small": 2}, False, {"sports_hall_small": 1}),
        ({"sports_hall_large": 4}, False, {"sports_hall_small": 3}),
    ],
)
async def test_d9_a_school_of_1500_places_needs_1_large_and_3_small_halls(
    registry: Registry, halls: dict[str, int], conforms: bool, missing: dict[str, int]
) -> None:
    school = await keleshek_school(registry, dict.fromkeys(ROOMS, 1) | halls)

    found = await assess(registry, school)

    (judged,) = [kind for kind in found["kinds"] if kind["kind"] == "sports_hall"]
    assert (found["capacity"], found["capacity_step"], judged["required"]) == (1500, 1500, 4)
    assert (judged["conforms"], judged["missing"]) == (conforms, missing)


async def test_d10_a_what_if_counts_gaps_and_costs_over_any_set_of_schools_and_writes_nothing(
    registry: Registry,
) -> None:
    area = "710000000"
    furnished = await registry.organisation(area=area, design_capacity=900)
    bare = await registry.organisation(area=area, design_capacity=300, setting="village")
    await furnish(registry, furnished["id"], dict.fromkeys(ROOMS, 1) | {"sports_hall_large": 1, "sports_hall_small": 1})
    before = await everything(registry)
    asked = {
        "standard": "keleshek",
        "selection": {"area": area, "without_programme": "keleshek"},
        "unit_costs": {"coworking": "45000000.00", "sports_hall_small": "300000000.50"},
    }

    found = await registry.post("/v1/facility-gaps/what-if", asked, expect=200)
    named = await registry.post(
        "/v1/facility-gaps/what-if",
        {
            "content": {"by_capacity": [{"capacity": 2500, "items": [{"kind": "coworking", "count": 2}]}]},
            "organisations": [furnished["id"], bare["id"]],
            "unit_costs": {"coworking": "45000000.00"},
        },
        expect=200,
    )

    assert (found["organisations"], found["surveyed"], found["conforming"]) == (2, 1, 0)
    kinds = {kind["kind"]: kind for kind in found["kinds"]}
    assert (kinds["coworking"]["organisations"], kinds["coworking"]["of_them_not_surveyed"]) == (1, 1)
    assert (kinds["sports_hall_small"]["missing"], kinds["sports_hall_small"]["cost"]) == (1, "300000000.50")
    assert (found["missing"], found["cost"], found["cost_known_for"]) == (11, None, 2)
    assert (named["standard"], named["missing"], named["cost"]) == (None, 3, "135000000.00")
    assert await everything(registry) == before


async def test_gaps_are_listed_page_by_page_and_given_as_a_file(registry: Registry) -> None:
    area = "620000000"
    for _ in range(3):
        await registry.organisation(area=area, design_capacity=300)

    first = await registry.get("/v1/facility-gaps", area=area, limit=20, count="exact")
    second = await registry.get("/v1/facility-gaps", area=area, limit=20, cursor=first["next_cursor"])
    csv = await registry.call(
        "GET", "/v1/facility-gaps", expect=200, params={"area": area}, caller={"Accept": "text/csv"}
    )

    pairs = {(one["organisation_id"], one["kind"]) for one in [*first["items"], *second["items"]]}
    assert (first["total"], len(pairs), second["next_cursor"]) == (30, 30, None)
    assert {one["surveyed"] for one in first["items"]} == {False}
    assert len(csv.text.strip().splitlines()) == 31


async def test_what_is_wrong_is_told_with_its_place(registry: Registry) -> None:
    school = (await registry.organisation())["id"]
    item = {"kind": "physics", "count": 1}
    name = {"kk": "Стандарт", "ru": "Стандарт"}
    nobody = "0199a4b2-7c3e-7d10-9a6b-000000000000"
    wrong: list[tuple[str, dict[str, Any], str]] = [
        (
            "/v1/facility-standards",
            {
                "code": "x",
                "name": name,
                "by_capacity": [{"capacity": 600, "items": [item]}, {"capacity": 300, "items": [item]}],
            },
            "capacity_steps_disordered",
        ),
        (
            "/v1/facility-standards",
            {"code": "x", "name": name, "by_capacity": [{"capacity": 600, "items": [item, item]}]},
            "room_kind_repeated",
        ),
        (
            "/v1/facilities",
            {"facilities": [{"organisation_id": nobody, "kind": "a1"}]},
            "facility_organisation_unknown",
        ),
        (
            "/v1/facilities",
            {
                "facilities": [
                    {"organisation_id": school, "kind": "a1", "opened_on": "2025-01-02", "closed_on": "2025-01-02"}
                ]
            },
            "closed_before_opened",
        ),
        ("/v1/facility-assessments", {"organisation_id": school, "standard": "no-such"}, "facility_standard_unknown"),
        ("/v1/facility-assessments", {"organisation_id": school, "gross_area_m2": 10.0}, "typical_needed"),
        ("/v1/facility-gaps/what-if", {}, "standard_needed"),
        ("/v1/facility-gaps/what-if", {"standard": "keleshek", "version": 9}, "facility_standard_unknown"),
        (
            "/v1/facility-gaps/what-if",
            {"standard": "keleshek", "organisations": [school], "selection": {}},
            "selection_twice",
        ),
    ]

    for path, body, code in wrong:
        assert (await registry.post(path, body, expect=422))["code"] == code

    await registry.get("/v1/facility-standards/no-such", expect=404)
    await registry.get("/v1/facility-gaps", standard="no-such", expect=422)
    room = {"facilities": [{"organisation_id": school, "kind": "physics"}]}
    await registry.post("/v1/facilities", room, expect=403, caller=registry.headers("director", organisation=nobody))
    await registry.post("/v1/facilities", room, caller=registry.headers("director", organisation=school))
    await registry.post("/v1/facility-gaps/what-if", {}, expect=401, caller=registry.headers(None))


async def test_rooms_follow_a_merger_to_the_successor_and_come_back_when_it_is_undone(registry: Registry) -> None:
    old = await registry.organisation(area=KYZYLORDA, design_capacity=300)
    new = await registry.organisation(area=KYZYLORDA, design_capacity=600)
    await furnish(registry, old["id"], {"coworking": 1, "physics": 1}, since="2016-09-01")
    await furnish(registry, new["id"], {"physics": 2}, since="2016-09-01")

    async def rooms(school: str, day: str) -> dict[str, int]:
        found = await registry.get("/v1/facilities", organisation=school, as_of=day)
        return {one["kind"]: one["count"] for one in found["items"]}

    merger = {
        "kind": "merge",
        "reason": "Бір ғимарат",
        "legal_basis": "Постановление № 214 от 14.08.2022",
        "predecessors": [old["id"]],
        "successor": new["id"],
        "on": "2022-09-01",
    }
    done = await registry.post("/v1/reorganisations", merger)

    totals = {one["of"]: (one["bound"], one["moved"], one["ended"], one["kept"]) for one in done["effects"]["totals"]}
    assert totals["facilities"] == (2, 1, 1, 0)
    assert await rooms(old["id"], "2022-08-31") == {"coworking": 1, "physics": 1}
    assert await rooms(old["id"], "2022-09-01") == {}
    assert await rooms(new["id"], "2022-08-31") == {"physics": 2}
    assert await rooms(new["id"], "2022-09-01") == {"coworking": 1, "physics": 3}
    await registry.post(f"/v1/reorganisations/{done['id']}/undo", {"reason": "Отменено"}, expect=200)
    assert await rooms(old["id"], "2022-09-01") == {"coworking": 1, "physics": 1}
    assert await rooms(new["id"], "2022-09-01") == {"physics": 2}
