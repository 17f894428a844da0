"""Directives of the August conference: nine directions on one page, and what a new year takes over."""

from typing import Any

import pytest

from tests.support.registry import KARAGANDA, SHYMKENT, Registry

DIRECTIONS = (
    ("Балабақшамен қамту", "Охват дошкольным образованием"),
    ("Мектептер мен колледждердің рейтингі", "Рейтинг школ и колледжей"),
    ("«Оқуға құштар мектеп»", "«Читающая школа»"),
    ("Қосымша білім", "Дополнительное образование"),
    ("Дуалды оқыту және WorldSkills", "Дуальное обучение и WorldSkills"),
    ("Инклюзивті білім", "Инклюзивное образование"),
    ("Патронаттық тәрбие", "Патронатное воспитание"),
    ("Психологиялық көмек", "Психологическая помощь"),
    ("Педагогтер және тұрғын үй", "Педагоги и жильё"),
)


@pytest.fixture(scope="module")
async def years(registry: Registry) -> None:
    for first in (2021, 2022, 2023):
        await registry.post(
            "/v1/academic-years",
            {
                "code": f"{first}-{first + 1}",
                "starts_on": f"{first}-09-01",
                "ends_on": f"{first + 1}-05-25",
                "order_reference": "№ 213-НҚ",
            },
        )


@pytest.fixture(scope="module")
async def coverage(registry: Registry) -> dict[str, Any]:
    target = await registry.post(
        "/v1/targets",
        {
            "indicator": "REG_PRE_COVERAGE_1_6",
            "area": KARAGANDA,
            "baseline_value": 84,
            "baseline_on": "2021-08",
            "value_low": 86.5,
            "comparator": "ge",
            "due": "2022-05",
            "stated_on": "2021-08-20",
            "stated_by_role": "akim_of_region",
            "authoritative": True,
        },
    )
    for period, value in (("2021-Q3", 84.5), ("2021-Q4", 85.0)):
        await registry.post(
            f"/v1/targets/{target['id']}/observations",
            {"period": period, "value": value, "source_system": "NEDB", "status": "final"},
        )
    return target


@pytest.fixture(scope="module")
async def conference(registry: Registry, years: None, coverage: dict[str, Any]) -> dict[str, Any]:
    """Nine directions of the conference of August 2021; one of them is measured."""
    return await registry.post(
        "/v1/directives",
        {
            "title": {"kk": "Тамыз кеңесі", "ru": "Августовская конференция"},
            "academic_year": "2021-2022",
            "area": KARAGANDA,
            "source_kind": "august_conference",
            "stated_by_role": "akim_of_region",
            "stated_on": "2021-08",
            "source_url": "https://www.zakon.kz/5079779",
            "items": [
                {
                    "code": f"K{number}",
                    "title": {"kk": kk, "ru": ru},
                    "responsible_unit": "Білім басқармасы",
                    "due": "2022-12-31",
                    "target_ids": [coverage["id"]] if number == 1 else [],
                }
                for number, (kk, ru) in enumerate(DIRECTIONS, start=1)
            ],
        },
    )


async def test_e12_nine_directions_are_on_one_page_and_those_without_data_say_so(
    registry: Registry, conference: dict[str, Any], coverage: dict[str, Any]
) -> None:
    page = await registry.get("/v1/reports/dashboard", directive=conference["id"], as_of="2022-01-10")

    assert [item["code"] for item in page["items"]] == [f"K{number}" for number in range(1, 10)]
    assert {item["mapping"] for item in page["items"]} == {"ours"}
    assert [item["light"] for item in page["items"]] == ["amber", *["no_data"] * 8]
    first = page["items"][0]
    assert (first["responsible_unit"], first["due"], first["status"]) == ("Білім басқармасы", "2022-12-31", "open")
    assert [(one["target_id"], one["progress"]) for one in first["targets"]] == [(coverage["id"], 40.0)]
    assert (page["area"], page["directive"]["id"]) == (KARAGANDA, conference["id"])


async def test_e12_the_page_tells_lights_and_what_changed_since_a_month_before(
    registry: Registry, conference: dict[str, Any], coverage: dict[str, Any]
) -> None:
    page = await registry.get("/v1/reports/dashboard", area=KARAGANDA, as_of="2021-10-20")

    assert page["compared_with"] == "2021-09-20"
    assert page["directive"]["id"] == conference["id"]
    assert page["counts"] == {"green": 1, "amber": 0, "red": 0, "no_data": 0}
    assert page["changes"] == [
        {
            "target_id": coverage["id"],
            "indicator": "REG_PRE_COVERAGE_1_6",
            "area": KARAGANDA,
            "light_before": "green",
            "light_now": "green",
            "actual_before": 84.5,
            "actual_now": 85.0,
        }
    ]
    assert page["three_shift"] == {"count": 0, "considered": 0, "unreported": 0}
    assert (page["quiet_memoranda"], page["quiet_count"]) == ([], 0)
    assert page["commitments"] == {"green": 0, "amber": 0, "red": 0, "none": 0}
    assert (page["place_deficit"]["deficit"], page["foreseen_for"]) == (0, "2024-10-20")


@pytest.mark.parametrize("day", ["1900-01-01", "2199-12-31"])
async def test_e12_the_page_opens_on_any_day(registry: Registry, conference: dict[str, Any], day: str) -> None:
    page = await registry.get("/v1/reports/dashboard", directive=conference["id"], as_of=day)

    assert page["as_of"] == day


async def test_e12_the_page_is_for_those_who_may_read_the_registry(registry: Registry) -> None:
    await registry.get("/v1/reports/dashboard", expect=401, caller=registry.headers(None))


async def test_e13_a_new_year_takes_over_what_is_open_and_leaves_what_is_closed(
    registry: Registry, conference: dict[str, Any]
) -> None:
    path = f"/v1/directives/{conference['id']}"
    done, begun = conference["items"][1], conference["items"][2]
    for item, status in ((done, "done"), (begun, "in_progress")):
        etag = (await registry.call("GET", path, expect=200)).headers["ETag"]
        await registry.call("PATCH", f"{path}/items/{item['id']}", {"status": status}, expect=200, if_match=etag)

    following = await registry.post(f"{path}/roll-over", {"academic_year": "2022-2023", "stated_on": "2022-08"})
    before = await registry.get(path)

    assert following["origin_id"] == conference["id"]
    assert [item["code"] for item in following["items"]] == ["K1", "K3", "K4", "K5", "K6", "K7", "K8", "K9"]
    origins = {item["id"]: item["code"] for item in conference["items"]}
    assert [origins[item["origin_item_id"]] for item in following["items"]] == [
        item["code"] for item in following["items"]
    ]
    assert following["items"][1]["status"] == "in_progress"
    assert len(before["items"]) == 9
    continued = {item["code"]: item["continued_in"] for item in before["items"]}
    assert continued["K2"] is None
    assert continued["K1"] == following["items"][0]["id"]
    again = await registry.post(f"{path}/roll-over", {"academic_year": "2022-2023"}, expect=409)
    assert (again["code"], again["context"]["directive_id"]) == ("already_rolled_over", following["id"])


async def test_e13_a_year_that_is_no_later_or_not_known_takes_nothing_over(
    registry: Registry, conference: dict[str, Any]
) -> None:
    path = f"/v1/directives/{conference['id']}/roll-over"

    earlier = await registry.post(path, {"academic_year": "2021-2022"}, expect=422)
    unknown = await registry.post(path, {"academic_year": "2031-2032"}, expect=422)

    assert (earlier["code"], unknown["code"]) == ("academic_year_not_later", "academic_year_unknown")


async def test_e13_the_dates_of_a_year_are_data_that_a_later_order_sets_anew(registry: Registry, years: None) -> None:
    path = "/v1/academic-years/2023-2024"
    first = await registry.call("GET", path, expect=200, caller=registry.headers(None))
    terms = [{"kind": "break", "name": "Күзгі каникул", "first": "2023-10-30", "last": "2023-11-05", "grades": [1]}]
    body = {"starts_on": "2023-09-01", "ends_on": "2024-05-31", "terms": terms}

    changed = await registry.call("PUT", path, body, expect=200, if_match=first.headers["ETag"])
    await registry.call("PUT", path, body, expect=412, if_match=first.headers["ETag"])
    await registry.call("PUT", path, body, expect=428)

    assert (changed.json()["ends_on"], changed.json()["version"]) == ("2024-05-31", 2)
    assert changed.json()["terms"] == terms
    reversed_ = {"code": "2029-2030", "starts_on": "2030-09-01", "ends_on": "2030-05-25"}
    refused = await registry.post("/v1/academic-years", reversed_, expect=422)
    assert refused["errors"][0]["code"] == "period_reversed"


async def test_an_item_of_another_region_cannot_be_changed(registry: Registry, conference: dict[str, Any]) -> None:
    path = f"/v1/directives/{conference['id']}"
    etag = (await registry.call("GET", path, expect=200)).headers["ETag"]

    refused = await registry.call(
        "PATCH",
        f"{path}/items/{conference['items'][0]['id']}",
        {"note": "басқа өңір"},
        expect=403,
        caller=registry.headers("region_officer", area=SHYMKENT),
        if_match=etag,
    )

    assert refused.json()["code"] == "out_of_reach"


async def test_a_closed_item_is_opened_again_before_it_is_worked_upon(
    registry: Registry, conference: dict[str, Any]
) -> None:
    path, item = f"/v1/directives/{conference['id']}", conference["items"][8]
    for status in ("dropped", "in_progress"):
        etag = (await registry.call("GET", path, expect=200)).headers["ETag"]
        answer = await registry.call(
            "PATCH",
            f"{path}/items/{item['id']}",
            {"status": status},
            expect=409 if status == "in_progress" else 200,
            if_match=etag,
        )

    assert answer.json()["code"] == "item_step_refused"
    assert answer.json()["context"]["allowed"] == "open"


async def test_an_item_is_read_as_it_was_and_as_it_was_known(registry: Registry, conference: dict[str, Any]) -> None:
    path, item = f"/v1/directives/{conference['id']}", conference["items"][6]
    known = (await registry.get(path))["updated_at"]
    etag = (await registry.call("GET", path, expect=200)).headers["ETag"]

    await registry.call(
        "PATCH",
        f"{path}/items/{item['id']}",
        {"due": "2023-05"},
        expect=200,
        params={"effective_from": "2022-02-01"},
        if_match=etag,
    )

    async def due(**moment: Any) -> Any:
        found = await registry.get(path, **moment)
        return next(one["due"] for one in found["items"] if one["id"] == item["id"])

    assert (await due(as_of="2022-01-31"), await due(as_of="2022-02-01")) == ("2022-12-31", "2023-05")
    assert await due(as_of="2022-02-01", known_at=known) == "2022-12-31"


async def test_an_unknown_target_event_year_or_unit_is_refused_where_it_stands(registry: Registry, years: None) -> None:
    nobody = "01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"
    body: dict[str, Any] = {
        "title": {"kk": "Кеңес", "ru": "Совещание"},
        "academic_year": "2021-2022",
        "area": SHYMKENT,
        "source_kind": "meeting",
        "stated_by_role": "akim_of_city",
    }
    item = {"code": "1", "title": {"kk": "Іс", "ru": "Дело"}}

    target = await registry.post("/v1/directives", {**body, "items": [{**item, "target_ids": [nobody]}]}, expect=422)
    unit = await registry.post(
        "/v1/directives", {**body, "items": [{**item, "responsible_organisation_id": nobody}]}, expect=422
    )
    twice = await registry.post("/v1/directives", {**body, "items": [item, item]}, expect=422)

    assert (target["code"], target["errors"][0]["pointer"]) == ("target_unknown", "/items/0/target_ids")
    assert (unit["code"], unit["errors"][0]["pointer"]) == (
        "organisation_unknown",
        "/items/0/responsible_organisation_id",
    )
    assert twice["errors"][0]["code"] == "item_repeated"
