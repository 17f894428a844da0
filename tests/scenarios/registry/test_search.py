"""Finding organisations: the scenarios in which somebody looks for a school, and what is found is the right one."""

from typing import Any

import pytest

from tests.support.registry import ALATAU, AUEZOV, KYZYLORDA, SHYMKENT, WEST_KAZAKHSTAN, Registry

ORAL, KARAGANDA_CITY = "271000000", "351000000"


async def found(registry: Registry, **query: Any) -> list[str]:
    """The names of what is found, in its order; nobody needs a token to look."""
    page = await registry.get("/v1/organisations", caller={"Accept-Language": "kk"}, **query)
    return [item["name"]["kk"] for item in page["items"]]


async def ids(registry: Registry, **query: Any) -> list[str]:
    page = await registry.get("/v1/organisations", caller={}, **query)
    return [item["id"] for item in page["items"]]


async def test_b1_the_host_of_the_forum_is_found_without_kazakh_letters(registry: Registry) -> None:
    host = await registry.organisation(
        "Бауыржан Момышұлы атындағы №46 жалпы орта білім беретін мектеп",
        "Средняя общеобразовательная школа № 46 имени Бауыржана Момышулы",
        area=ORAL,
    )
    await registry.organisation("№46 мектеп-гимназия", "Школа-гимназия № 46", area=ORAL)

    for typed in ("Момышулы 46", "Момышұлы 46", "Momyshuly 46", "Мамышулы 46"):
        assert (await ids(registry, q=typed)) == [host["id"]], typed


async def test_c3_176_finds_number_176_and_not_1760(registry: Registry) -> None:
    for number in (176, 1760, 6176, 17):
        await registry.organisation(f"№{number} орта мектеп", f"Средняя школа № {number}", area="431000000")

    assert await found(registry, q="176") == ["№176 орта мектеп"]
    assert await found(registry, q="школа №176", area=KYZYLORDA) == ["№176 орта мектеп"]
    assert await found(registry, q="№\u00a0176 Кзыл-Орда") == ["№176 орта мектеп"]


async def test_e7_a_parent_finds_schools_near_by_that_have_the_conditions(registry: Registry) -> None:
    here = {"latitude": 42.3174, "longitude": 69.5967}
    near: dict[str, Any] = {"near": "42.317,69.597", "radius_km": 3}
    scored = await registry.organisation("Жағдайы бар мектеп", location=here)
    tagged = await registry.organisation("Белгісі бар мектеп", location=here, programme_tags=["inclusive"])
    without = await registry.organisation("Жағдайы жоқ мектеп", location=here)
    silent = await registry.organisation("Мәліметі жоқ мектеп", location=here)
    worse = await registry.organisation("Нашарлаған мектеп", location=here)
    far = await registry.organisation("Алыс мектеп", location={"latitude": 43.2, "longitude": 76.9})
    await registry.observe(
        _score(scored, "2025-2026", 72.5),
        _score(without, "2025-2026", 49.9),
        _score(worse, "2024-2025", 90),
        _score(worse, "2025-2026", 20),
        _score(far, "2025-2026", 100),
    )

    with_conditions = await registry.get("/v1/organisations", caller={}, inclusive="true", **near)
    without_conditions = await ids(registry, inclusive="false", **near)

    assert {item["id"] for item in with_conditions["items"]} == {scored["id"], tagged["id"]}
    assert set(without_conditions) == {without["id"], silent["id"], worse["id"]}
    assert all(item["distance_km"] < 3 for item in with_conditions["items"])
    assert "72.5" not in str(with_conditions), "no figure about children is told, only schools"
    assert far["id"] in await ids(registry, inclusive="true")


async def test_f10_one_number_in_many_cities_is_many_schools_told_apart_by_their_place(registry: Registry) -> None:
    schools = {
        area: await registry.organisation("№91 жалпы білім беретін мектеп", "Общеобразовательная школа № 91", area=area)
        for area in (ORAL, SHYMKENT, ALATAU, AUEZOV, KARAGANDA_CITY)
    }

    everywhere = await ids(registry, q="№91")

    assert set(everywhere) == {school["id"] for school in schools.values()}
    assert await ids(registry, q="91 Уральск") == [schools[ORAL]["id"]]
    assert await ids(registry, q="Чимкент школа 91") == [schools[SHYMKENT]["id"]]
    assert set(await ids(registry, q="91 Алма-Ата")) == {schools[ALATAU]["id"], schools[AUEZOV]["id"]}
    assert await ids(registry, q="91", area=WEST_KAZAKHSTAN) == [schools[ORAL]["id"]]


@pytest.mark.parametrize(
    "typed",
    [
        "«Өрлеу» мектебі 333",
        '"Орлеу" 333',
        "орлеу\u00a0№\u00a0333",
        "Школа № 333 – «Орлеу»",
        "ӨРЛЕУ - 333",
        "Örleu N333",
        "Pрлеу 333".replace("P", "Ө"),
        "Өрлey 333",  # e and y are Latin
    ],
)
async def test_f11_spaces_quotes_dashes_and_languages_make_no_difference(registry: Registry, typed: str) -> None:
    if not await ids(registry, q="333"):
        await registry.organisation("«Өрлеу»\u00a0№333\u00a0мектеп", "Школа № 333 — “Орлеу”", area=ORAL)

    assert len(await ids(registry, q=typed)) == 1


async def test_a_parent_asks_by_language_shift_and_places_in_one_call(registry: Registry) -> None:
    place = {"latitude": 50.0, "longitude": 60.0}
    one = await registry.organisation(
        "Бір ауысымды мектеп",
        location=place,
        languages_of_instruction=["kk", "ru"],
        shift_count=1,
        design_capacity=900,
    )
    await registry.organisation(
        "Үш ауысымды мектеп", location=place, languages_of_instruction=["kk"], shift_count=3, design_capacity=900
    )
    await registry.organisation(
        "Шағын мектеп", location=place, languages_of_instruction=["ru"], shift_count=1, design_capacity=90
    )

    page = await registry.get(
        "/v1/organisations",
        caller={},
        near="50,60",
        language="ru",
        shift=[1, 2],
        capacity_min=300,
        facets="shift,language",
    )
    upside_down = await registry.get("/v1/organisations", expect=422, caller={}, capacity_min=5, capacity_max=4)

    assert [item["id"] for item in page["items"]] == [one["id"]]
    assert page["facets"] == {
        "shift": [{"value": "1", "count": 1}],
        "language": [{"value": "kk", "count": 1}, {"value": "ru", "count": 1}],
    }
    assert upside_down["code"] == "capacity_upside_down"


async def test_members_of_a_network_are_listed_with_whatever_else_is_asked(registry: Registry) -> None:
    network = {"code": "search-hubs", "kind": "hub_schools", "name": {"kk": "Тірек мектептер", "ru": "Опорные школы"}}
    await registry.post("/v1/networks", network)
    member, other = [await registry.organisation("Тірек мектеп", area=ORAL, kind="lyceum") for _ in range(2)]
    await registry.post(
        "/v1/networks/search-hubs/memberships",
        {"organisation_id": member["id"], "role": "hub", "valid_from": "2025-09-01"},
    )

    assert await ids(registry, network="search-hubs", kind="lyceum", area=ORAL) == [member["id"]]
    assert await ids(registry, network="search-hubs", as_of="2025-08-31") == []
    assert await ids(registry, network="no-such-network") == []
    assert {member["id"], other["id"]} <= set(await ids(registry, q="тірек мектеп"))


async def test_a_selection_is_asked_anew_each_time_and_is_its_owners(registry: Registry) -> None:
    first = await registry.organisation("Іріктеме бір", area=KARAGANDA_CITY, kind="lyceum")
    owner, other = (
        registry.headers("region_officer", area="350000000"),
        registry.headers("region_officer", area="350000000", subject="somebody-else"),
    )
    saved = await registry.post(
        "/v1/selections",
        {"name": "Қарағанды лицейлері", "criteria": {"area": "350000000", "kind": ["lyceum"]}},
        caller=owner,
    )
    second = await registry.organisation("Іріктеме екі", area=KARAGANDA_CITY, kind="lyceum")

    async def listed(caller: Any, expect: int = 200, **more: Any) -> Any:
        return await registry.get("/v1/organisations", expect=expect, caller=caller, selection=saved["id"], **more)

    assert {item["id"] for item in (await listed(owner))["items"]} == {first["id"], second["id"]}
    assert (await listed(owner, kind="general"))["items"] == []
    assert (await listed(other, expect=404))["code"] == "selection_not_found"
    assert (await listed({}, expect=404))["errors"][0]["pointer"] == "?selection"

    path = f"/v1/selections/{saved['id']}"
    shared = await registry.call("PATCH", path, {"shared": True}, expect=200, caller=owner, if_match=saved["etag"])
    assert len((await listed({}))["items"]) == 2
    assert (await registry.get(path, caller={}))["criteria"]["kind"] == ["lyceum"]
    await registry.call("PATCH", path, {"shared": False}, expect=403, caller=other, if_match=shared.headers["ETag"])
    await registry.call("PATCH", path, {"name": "x"}, expect=412, caller=owner, if_match=saved["etag"])
    await registry.call("DELETE", path, expect=428, caller=owner)
    await registry.call("DELETE", path, expect=204, caller=owner, if_match=shared.headers["ETag"])
    await registry.get(path, expect=404, caller=owner)


async def test_a_selection_may_be_a_list_of_its_own(registry: Registry) -> None:
    chosen = [await registry.organisation() for _ in range(3)]
    await registry.organisation()
    saved = await registry.post(
        "/v1/selections", {"name": "Үшеуі", "organisation_ids": [one["id"] for one in chosen], "shared": True}
    )

    page = await registry.get("/v1/organisations", caller={}, selection=saved["id"], count="exact")
    mine = await registry.get("/v1/selections")

    assert {item["id"] for item in page["items"]} == {one["id"] for one in chosen}
    assert (page["total"], saved["kind"]) == (3, "list")
    assert saved["id"] in [one["id"] for one in mine["items"]]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": "x"}, ""),
        ({"name": "x", "criteria": {}, "organisation_ids": ["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"]}, ""),
        ({"name": "x", "organisation_ids": ["0199a4b2-7c3e-7d10-9a6b-0f6f0f3f4601"]}, "/organisation_ids"),
        ({"name": "x", "organisation_ids": []}, "/organisation_ids"),
        ({"name": "x", "criteria": {"colour": "red"}}, "/criteria/colour"),
        ({"name": "x", "criteria": {"near": "north"}}, "/criteria/near"),
        ({"name": "", "criteria": {}}, "/name"),
    ],
)
async def test_a_selection_that_makes_no_sense_is_refused(
    registry: Registry, body: dict[str, Any], pointer: str
) -> None:
    refused = await registry.post("/v1/selections", body, expect=422)

    assert [error["pointer"] for error in refused["errors"]] == [pointer]


def _score(school: dict[str, Any], period: str, value: float) -> dict[str, Any]:
    return {
        "organisation_id": school["id"],
        "indicator": "SCH_INCLUSIVE_CONDITIONS",
        "period": period,
        "value": value,
    }
