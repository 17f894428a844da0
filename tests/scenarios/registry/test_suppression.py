"""Scenarios C7, E7, E8, E9, E10, E11: what is shown of few people, and how sure it is."""

from typing import Any

import pytest

from tests.support.registry import ALATAU, AUEZOV, KARAGANDA, SHYMKENT, Registry

ALMATY = "750000000"
BOSTANDYK, TURKSIB = "751410000", "751910000"
HALF = "2025-H2"


async def _family_placement(registry: Registry) -> None:
    """Almaty and four of its districts: 3, 12, 20 and 25 children without parental care."""
    children = {AUEZOV: (3, 2), ALATAU: (12, 9), BOSTANDYK: (20, 16), TURKSIB: (25, 20)}
    whole = (sum(n for n, _ in children.values()), sum(placed for _, placed in children.values()))
    await registry.observe(
        *(
            {"area": area, "indicator": "REG_FAMILY_PLACEMENT", "period": HALF, "value": 100 * placed / n, "n": n}
            for area, (n, placed) in {**children, ALMATY: whole}.items()
        )
    )


def _by_area(table: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {item["area"]: item for item in table["items"]}


async def test_e8_a_district_of_three_children_is_hidden_and_one_more_so_that_it_cannot_be_derived(
    registry: Registry,
) -> None:
    await _family_placement(registry)

    asked: dict[str, Any] = {"indicator": "REG_FAMILY_PLACEMENT", "period": HALF, "area": ALMATY}
    public = await registry.get("/v1/area-table", caller={}, **asked)
    cells = _by_area(public)

    hidden = {area for area, cell in cells.items() if cell["value"] is None}
    assert hidden == {AUEZOV, ALATAU}
    assert {cells[area]["reason"] for area in hidden} == {"suppressed"}
    assert all(cells[area][name] is None for area in hidden for name in ("n", "count", "interval"))
    assert (cells[ALMATY]["n"], cells[ALMATY]["count"]) == (60, 47)
    shown = [cell for area, cell in cells.items() if area in {BOSTANDYK, TURKSIB}]
    assert sum(cell["n"] for cell in shown) == 45
    # All that can be had by subtraction is that the two hidden districts have 15 children together.
    assert public["split"] is None

    officer = registry.headers("region_officer", area=ALMATY)
    inside = await registry.get("/v1/area-table", caller=officer, **asked)
    assert {area: cell["n"] for area, cell in _by_area(inside).items()} == {
        ALMATY: 60, AUEZOV: 3, ALATAU: 12, BOSTANDYK: 20, TURKSIB: 25,
    }  # fmt: skip
    assert inside["split"] == {"areas": 4, "value": pytest.approx(100 * 47 / 60), "n": 60, "count": 47, "agrees": True}
    outside = await registry.get("/v1/area-table", caller=registry.headers("region_officer", area=KARAGANDA), **asked)
    assert {area for area, cell in _by_area(outside).items() if cell["value"] is None} == hidden
    only_district = await registry.get("/v1/area-table", caller={}, **{**asked, "area": AUEZOV})
    assert _by_area(only_district)[AUEZOV]["value"] is None


async def test_e8_the_list_of_observations_hides_the_same_from_those_who_work_elsewhere(registry: Registry) -> None:
    asked: dict[str, Any] = {"indicator": "REG_FAMILY_PLACEMENT", "period": HALF}
    own = await registry.get("/v1/observations", caller=registry.headers("region_officer", area=ALMATY), **asked)
    other = await registry.get("/v1/observations", caller=registry.headers("region_officer", area=KARAGANDA), **asked)

    assert all(item["value"] is not None for item in own["items"])
    assert {item["area"] for item in other["items"] if item["missing_reason"] == "suppressed"} == {AUEZOV, ALATAU}
    assert all(item["n"] is None for item in other["items"] if item["missing_reason"] == "suppressed")


async def test_c7_a_survey_of_parents_is_hidden_below_twenty_answers_and_shown_with_its_interval_from_twenty_on(
    registry: Registry,
) -> None:
    await registry.post(
        "/v1/indicators",
        {
            "code": "ORG_CLIMATE_GOOD_SHARE",
            "organisation_types": ["school"],
            "pillar": "voice",
            "name": {"kk": "Мектептегі жайлы ахуал", "ru": "Доля довольных климатом школы"},
            "unit": "percent",
            "polarity": "higher",
            "formula": "parents who call the climate of the school good / parents who answered * 100",
            "period_kind": "school_year",
            "min_n": 20,
        },
    )
    few, enough = await registry.organisation(), await registry.organisation()
    await registry.observe(
        *(
            {
                "organisation_id": school["id"],
                "indicator": "ORG_CLIMATE_GOOD_SHARE",
                "period": "2025-2026",
                "value": value,
                "n": n,
            }
            for school, value, n in ((few, 100 * 15 / 19, 19), (enough, 75.0, 20))
        )
    )

    asked: dict[str, Any] = {"indicator": "ORG_CLIMATE_GOOD_SHARE", "period": "2025-2026"}
    page = await registry.get("/v1/organisation-figures", caller={}, **asked)
    figures = {item["organisation_id"]: item for item in page["items"]}

    assert (figures[few["id"]]["value"], figures[few["id"]]["reason"]) == (None, "below_min_n")
    assert figures[few["id"]]["n"] is None
    shown = figures[enough["id"]]
    assert (shown["value"], shown["n"], shown["reason"]) == (75.0, 20, None)
    assert shown["interval"]["method"] == "wilson"
    assert round(shown["interval"]["low"], 2) == 53.13
    assert round(shown["interval"]["high"], 2) == 88.81


async def test_e9_a_school_without_psychologist_has_no_value_but_a_flag_and_comes_last(registry: Registry) -> None:
    busy, calm, without, empty = [await registry.organisation() for _ in range(4)]
    told: dict[str, Any] = {"indicator": "SCH_PUPILS_PER_PSYCHOLOGIST", "period": "2025-2026"}
    await registry.observe(
        {**told, "organisation_id": without["id"], "missing_reason": "not_applicable", "missing_code": "none"},
        {**told, "organisation_id": empty["id"], "missing_reason": "not_applicable", "n": 0},
        {**told, "organisation_id": busy["id"], "value": 900.0},
        {**told, "organisation_id": calm["id"], "value": 420.0},
    )

    for sort, expected in (("value", [calm, busy, without, empty]), ("-value", [busy, calm, without, empty])):
        page = await registry.get("/v1/organisation-figures", caller={}, sort=sort, **told)
        assert [item["organisation_id"] for item in page["items"]] == [school["id"] for school in expected]
        for last in page["items"][-2:]:
            assert (last["value"], last["flag"], last["reason"]) == (None, "none", "not_applicable")

    walked: list[str] = []
    cursor: dict[str, Any] = {}
    while True:
        page = await registry.get("/v1/organisation-figures", caller={}, limit=1, **told, **cursor)
        walked += [item["organisation_id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert walked == [school["id"] for school in (calm, busy, without, empty)]


async def test_e7_no_count_of_children_below_five_is_shown_of_a_school(registry: Registry) -> None:
    schools = [await registry.organisation() for _ in range(4)]
    children = [(4, 3), (30, 4), (30, 0), (40, 34)]
    told: dict[str, Any] = {"indicator": "SEN_SUPPORT_COVERAGE", "period": "2025-2026"}
    await registry.observe(
        *(
            {**told, "organisation_id": school["id"], "value": 100 * supported / n, "n": n}
            for school, (n, supported) in zip(schools, children, strict=True)
        )
    )

    page = await registry.get("/v1/organisation-figures", caller={}, **told)
    figures = {item["organisation_id"]: item for item in page["items"]}

    assert [figures[school["id"]]["reason"] for school in schools] == ["suppressed", "suppressed", None, None]
    for item in page["items"]:
        assert item["n"] is None or item["n"] >= 5
        assert item["count"] is None or item["count"] == 0 or item["count"] >= 5
    own = await registry.get(
        "/v1/organisation-figures", caller=registry.headers("director", organisation=schools[0]["id"]), **told
    )
    seen = {item["organisation_id"]: item["n"] for item in own["items"]}
    assert [seen[school["id"]] for school in schools] == [4, None, 30, 40]
    for caller, expected in (
        (registry.headers("director", organisation=schools[0]["id"]), [4, None, 30, 40]),
        (registry.headers("region_officer", area=KARAGANDA), [None, None, 30, 40]),
        (registry.headers("integration"), [4, 30, 30, 40]),
    ):
        table = await registry.get(
            "/v1/observation-table",
            caller=caller,
            indicators="SEN_SUPPORT_COVERAGE",
            period="2025-2026",
            organisation_type="school",
        )
        column = table["columns"]["SEN_SUPPORT_COVERAGE"]
        n = dict(zip(table["organisations"], column["n"], strict=True))
        assert [n[school["id"]] for school in schools] == expected


async def test_e10_ninety_of_a_hundred_teachers_are_ninety_percent(registry: Registry) -> None:
    school = await registry.organisation()
    told: dict[str, Any] = {"indicator": "TCH_PD_3Y_SHARE", "period": "2025-2026"}
    await registry.observe({**told, "organisation_id": school["id"], "value": 90.0, "n": 100})

    (figure,) = (await registry.get("/v1/organisation-figures", caller={}, **told))["items"]

    assert (figure["value"], figure["n"], figure["count"]) == (90.0, 100, 90)
    assert (round(figure["interval"]["low"], 2), round(figure["interval"]["high"], 2)) == (82.56, 94.48)


async def test_e11_service_housing_for_forty_of_hundred_and_twenty_is_a_third_and_the_districts_add_up(
    registry: Registry,
) -> None:
    need = {AUEZOV: (60, 25), ALATAU: (40, 10), BOSTANDYK: (20, 5)}
    told: dict[str, Any] = {"indicator": "REG_SERVICE_HOUSING", "period": HALF}
    await registry.observe(
        {**told, "area": ALMATY, "value": 33.3, "n": 120},
        *({**told, "area": area, "value": 100 * provided / n, "n": n} for area, (n, provided) in need.items()),
    )

    table = await registry.get("/v1/area-table", caller={}, area=ALMATY, **told)

    cells = _by_area(table)
    assert (cells[ALMATY]["value"], cells[ALMATY]["n"], cells[ALMATY]["count"]) == (33.3, 120, 40)
    assert table["items"][0]["area"] == ALMATY
    split = table["split"]
    assert (split["n"], split["count"], split["agrees"], round(split["value"], 1)) == (120, 40, True, 33.3)
    assert sum(cells[area]["count"] for area in need) == 40


async def test_a_figure_of_a_period_nobody_knows_is_refused(registry: Registry) -> None:
    wrong = await registry.get(
        "/v1/area-table", caller={}, expect=422, indicator="REG_SERVICE_HOUSING", period="2025-2027"
    )
    unknown = await registry.get("/v1/area-table", caller={}, expect=422, indicator="NO_SUCH", period="2025")

    assert (wrong["code"], unknown["code"]) == ("period_unknown", "indicator_unknown")
    assert SHYMKENT not in str(wrong)
