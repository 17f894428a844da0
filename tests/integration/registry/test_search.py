"""Finding organisations: by words as people type them, by number, by place, in Kazakh order, page by page."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.integration.registry.conftest import ALATAU_DISTRICT, ALMATY, AUEZOV_DISTRICT, SHYMKENT, Register


async def found(client: httpx.AsyncClient, *, reader: str = "kk", **query: Any) -> list[str]:
    """The names of what is found, in its order."""
    answer = await client.get("/v1/organisations", params=query, headers={"Accept-Language": reader})
    assert answer.status_code == 200, answer.text
    return [item["name"]["kk"] or item["name"]["ru"] for item in answer.json()["items"]]


async def names(register: Register, *kk: str, **fields: Any) -> None:
    for name in kk:
        await register(kk=name, **fields)


@pytest.mark.parametrize(
    "query",
    [
        "момышулы 46",
        "Момышұлы 46",
        "46 момышұлы",
        "БАУЫРЖАН",
        "атындағы №46",
        "«Бауыржан» 46",
        "момышул",
        "атын момышулы",
        "Бaуыржан",  # with a Latin a
    ],
)
async def test_a_school_is_found_as_people_type_its_name(
    registry_client: httpx.AsyncClient, register: Register, query: str
) -> None:
    await names(register, "Бауыржан Момышұлы атындағы №46", "Абай атындағы №47", "Бауыржан Момышұлы атындағы №460")

    assert "Бауыржан Момышұлы атындағы №46" in await found(registry_client, q=query)
    assert "Абай атындағы №47" not in await found(registry_client, q=query)


async def test_a_number_is_found_whole_and_never_inside_another(
    registry_client: httpx.AsyncClient, register: Register
) -> None:
    await names(register, "№176 мектеп", "№1760 мектеп", "№6176 мектеп", "№17 мектеп")

    assert await found(registry_client, q="176") == ["№176 мектеп"]


async def test_a_name_is_found_in_any_of_its_languages_and_by_its_abbreviation(
    registry_client: httpx.AsyncClient, register: Register
) -> None:
    await register(kk="№5 орта мектеп", ru="Средняя школа № 5")
    await register(kk="№5 лицей", ru="Лицей № 5")

    assert await found(registry_client, q="СШ 5") == ["№5 орта мектеп"]
    assert await found(registry_client, q="средняя 5") == ["№5 орта мектеп"]
    assert await found(registry_client, q="лицей") == ["№5 лицей"]


@pytest.mark.parametrize("query", ["%", "_", "\\", "а%б", "100%", "'; --", "«»", "   "])
async def test_marks_mean_nothing_in_a_search(
    registry_client: httpx.AsyncClient, register: Register, query: str
) -> None:
    await names(register, "Абай мектебі")

    answer = await registry_client.get("/v1/organisations", params={"q": query})

    assert answer.status_code == 200


async def test_names_are_listed_in_kazakh_order_and_numbers_by_value(
    registry_client: httpx.AsyncClient, register: Register
) -> None:
    ordered = [
        "№9 мектеп",
        "№46 мектеп",
        "№101 мектеп",
        "Абай",
        "«Әлем» гимназиясы",
        "Бала",
        "Гүл",
        "Ғабит",
        "Каратау",
        "Қаратау",
        "Орал",
        "Өскемен",
        "Ушарал",
        "Ұлытау",
        "Үлкен",
        "Хан",
        "Һәм",
        "Ыбырай",
        "Іле",
        "Яблоко",
    ]
    await names(register, *reversed(ordered))

    assert await found(registry_client) == ordered
    assert await found(registry_client, sort="-name") == ordered[::-1]


async def test_russian_readers_get_russian_order(registry_client: httpx.AsyncClient, register: Register) -> None:
    await register(kk="Әлем", ru="Яблоко")
    await register(kk="Яблоко", ru="Арбуз")

    assert await found(registry_client, reader="kk") == ["Әлем", "Яблоко"]
    assert await found(registry_client, reader="ru") == ["Яблоко", "Әлем"]


@pytest.mark.parametrize("sort", ["name", "-name", "capacity,name", "-capacity", "number", "registered", "-registered"])
async def test_pages_hold_each_organisation_once_in_any_order(
    registry_client: httpx.AsyncClient, register: Register, sort: str
) -> None:
    for place in range(7):
        await register(kk=f"№{place % 3} мектеп", design_capacity=[None, 300, 600][place % 3])
    await register(kk="Атаусыз мектеп")
    whole = [
        item["id"] for item in (await registry_client.get("/v1/organisations", params={"sort": sort})).json()["items"]
    ]

    collected: list[str] = []
    query: dict[str, Any] = {"sort": sort, "limit": 3}
    while True:
        answer = await registry_client.get("/v1/organisations", params=query)
        collected += [item["id"] for item in answer.json()["items"]]
        if answer.json()["next_cursor"] is None:
            break
        assert 'rel="next"' in answer.headers["Link"]
        query["cursor"] = answer.json()["next_cursor"]

    assert collected == whole
    assert len(set(collected)) == 8


async def test_a_cursor_is_of_its_list_only(registry_client: httpx.AsyncClient, register: Register) -> None:
    await names(register, "А", "Б", "В")
    cursor = (await registry_client.get("/v1/organisations", params={"limit": 1})).json()["next_cursor"]

    other_list = await registry_client.get("/v1/organisations", params={"cursor": cursor, "type": "college"})
    forged = await registry_client.get("/v1/organisations", params={"cursor": "AAAA.BBBB"})

    assert [other_list.status_code, forged.status_code] == [422, 422]
    assert other_list.json()["code"] == "cursor_invalid"


async def test_filters_say_what_and_where(registry_client: httpx.AsyncClient, register: Register) -> None:
    await register(kk="Алатау", area=ALATAU_DISTRICT, languages_of_instruction=["kk", "ru"], setting="city")
    await register(kk="Әуезов", area=AUEZOV_DISTRICT, ownership="private", kind="lyceum", programme_tags=["keleshek"])
    await register(kk="Шымкент", area=SHYMKENT, type="college", kind="college", languages_of_instruction=["ru"])

    async def of(**query: Any) -> Sequence[str]:
        return await found(registry_client, **query)

    assert await of(area=ALMATY) == ["Алатау", "Әуезов"]
    assert await of(area=ALATAU_DISTRICT) == ["Алатау"]
    assert await of(type="college") == ["Шымкент"]
    assert await of(type=["college", "school"]) == ["Алатау", "Әуезов", "Шымкент"]
    assert await of(language="ru") == ["Алатау", "Шымкент"]
    assert await of(language=["kk", "ru"], area=ALMATY) == ["Алатау"]
    assert await of(ownership="private") == ["Әуезов"]
    assert await of(kind=["lyceum", "college"]) == ["Әуезов", "Шымкент"]
    assert await of(setting="city") == ["Алатау"]
    assert await of(programme="keleshek") == ["Әуезов"]
    assert await of(status="closed") == []
    assert await of(area="110000000") == []


async def test_a_list_is_as_of_its_day(
    registry_client: httpx.AsyncClient, register: Register, admin: dict[str, str]
) -> None:
    school = await register(kk="№46 мектеп", valid_from="2020-09-01")
    await register(kk="№47 мектеп", valid_from="2024-09-01")
    await registry_client.post(f"/v1/organisations/{school['id']}/close", json={"on": "2023-09-01"}, headers=admin)

    assert await found(registry_client, as_of="2020-08-31") == []
    assert await found(registry_client, as_of="2021-01-01", status="open") == ["№46 мектеп"]
    assert await found(registry_client, as_of="2025-01-01", status="open") == ["№47 мектеп"]
    assert await found(registry_client, as_of="2025-01-01", known_at="2020-01-01T00:00:00+05:00") == []


async def test_near_finds_by_distance_and_a_box_by_its_sides(
    registry_client: httpx.AsyncClient, register: Register
) -> None:
    for name, latitude, longitude in (("Алыс", 43.30, 76.90), ("Жақын", 43.24, 76.95), ("Шымкент", 42.31, 69.60)):
        await register(kk=name, location={"latitude": latitude, "longitude": longitude})
    await register(kk="Мекенжайсыз")

    answer = await registry_client.get("/v1/organisations", params={"near": "43.238,76.945", "radius_km": 20})
    items = answer.json()["items"]

    assert [item["name"]["kk"] for item in items] == ["Жақын", "Алыс"]
    assert items[0]["distance_km"] == pytest.approx(0.463, abs=0.01)
    assert items[1]["distance_km"] == pytest.approx(7.81, abs=0.1)
    assert await found(registry_client, near="43.238,76.945", radius_km=1) == ["Жақын"]
    assert await found(registry_client, bbox="69,42,70,43") == ["Шымкент"]
    assert await found(registry_client, bbox="170,-80,-170,80") == []
    page = await registry_client.get("/v1/organisations", params={"near": "43.238,76.945", "radius_km": 20, "limit": 1})
    rest = await registry_client.get(
        "/v1/organisations",
        params={"near": "43.238,76.945", "radius_km": 20, "limit": 1, "cursor": page.json()["next_cursor"]},
    )
    assert [item["name"]["kk"] for item in rest.json()["items"]] == ["Алыс"]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"near": "91,0"}, "?near"),
        ({"bbox": "0,10,0,5"}, "?bbox"),
        ({"sort": "distance"}, "?sort"),
        ({"sort": "colour"}, "?sort"),
        ({"as_of": "2026-02-30"}, "?as_of"),
        ({"limit": "0"}, "?limit"),
        ({"type": "scool"}, "?type/0"),
        ({"area": "1"}, "?area"),
    ],
)
async def test_what_cannot_be_asked_is_refused_with_its_place(
    registry_client: httpx.AsyncClient, query: dict[str, str], pointer: str
) -> None:
    answer = await registry_client.get("/v1/organisations", params=query)

    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_a_misspelt_parameter_or_field_gets_a_suggestion(registry_client: httpx.AsyncClient) -> None:
    parameter = await registry_client.get("/v1/organisations", params={"langage": "kk"})
    field = await registry_client.get("/v1/organisations", params={"fields": "name,statuss"})
    facet = await registry_client.get("/v1/organisations", params={"facets": "tipe"})

    assert [one.status_code for one in (parameter, field, facet)] == [422] * 3
    for answer, suggestion in ((parameter, "language"), (field, "status"), (facet, "type")):
        assert suggestion in answer.json()["errors"][0]["message"]


async def test_fields_choose_and_facets_count_over_all_pages(
    registry_client: httpx.AsyncClient, register: Register
) -> None:
    await register(kk="А", languages_of_instruction=["kk", "ru"])
    await register(kk="Б", languages_of_instruction=["kk"])
    await register(kk="В", type="college", kind="college")

    answer = await registry_client.get(
        "/v1/organisations", params={"limit": 1, "fields": "name", "facets": "type,language", "count": "exact"}
    )

    page = answer.json()
    assert [sorted(item) for item in page["items"]] == [["id", "name"]]
    assert page["total"] == 3
    assert page["facets"] == {
        "type": [{"value": "school", "count": 2}, {"value": "college", "count": 1}],
        "language": [{"value": "kk", "count": 2}, {"value": "ru", "count": 1}],
    }


async def test_a_list_is_also_a_file_safe_for_spreadsheets(
    registry_client: httpx.AsyncClient, register: Register
) -> None:
    await register(kk="=1+1 мектебі", location={"latitude": 43.2, "longitude": 76.9})
    await register(kk="Абай мектебі")

    as_csv = await registry_client.get("/v1/organisations", params={"limit": 1}, headers={"Accept": "text/csv"})
    as_lines = await registry_client.get("/v1/organisations", headers={"Accept": "application/x-ndjson"})
    as_sheet = await registry_client.get(
        "/v1/organisations",
        params={"fields": "name"},
        headers={"Accept": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    )

    rows = list(csv.DictReader(io.StringIO(as_csv.text)))
    assert [row["name_kk"] for row in rows] == ["'=1+1 мектебі", "Абай мектебі"]
    assert rows[0]["latitude"] == "43.2"
    assert [json.loads(line)["name_kk"] for line in as_lines.text.splitlines()] == ["=1+1 мектебі", "Абай мектебі"]
    assert as_sheet.content.startswith(b"PK")


_ASKED_ELSEWHERE = ("network", "selection", "inclusive", "voucher", "shift", "capacity_min", "programme", "head_held")
POISON = ["\x00", "\ud800", "a" * 10_000, "ﷺ" * 300, "1" * 300, "\u202e", "'", '"', "{}", "%00", "NaN", "😀" * 100]


@pytest.mark.parametrize("poison", POISON)
async def test_no_text_breaks_the_registry(
    registry_client: httpx.AsyncClient, admin: dict[str, str], poison: str
) -> None:
    body = json.dumps({"name": {"kk": poison}, "type": "school", "valid_from": "2020-01-01"})

    written = await registry_client.post(
        "/v1/organisations", content=body, headers={**admin, "Content-Type": "application/json"}
    )
    answers = [written]
    if "\ud800" not in poison:
        for name in ("q", "sort", "near", "cursor", "fields", "as_of", "known_at", "area", *_ASKED_ELSEWHERE):
            answers.append(await registry_client.get("/v1/organisations", params={name: poison}))
        answers.append(await registry_client.get("/v1/organisations/suggest", params={"q": poison}))
        answers.append(await registry_client.get(f"/v1/selections/{quote(poison)}"))
        answers.append(await registry_client.get("/v1/resolve", params={"scheme": "urn", "value": poison}))

    assert all(answer.status_code in {200, 201, 404, 422} for answer in answers), [a.text for a in answers]


@pytest.mark.parametrize(
    "query", ["а" * 500, "Жы" * 250, "щ" * 41, "ш" * 40, "1" * 12, "0", "00046", "№" * 20, "а б в г д е"]
)
async def test_whatever_is_typed_is_answered(
    registry_client: httpx.AsyncClient, register: Register, query: str
) -> None:
    await register(kk="№46 мектеп", ru="Школа № 46")

    answers = [
        await registry_client.get(
            "/v1/organisations", params={"q": query, "facets": "area,programme", "count": "exact"}
        ),
        await registry_client.get("/v1/organisations", params={"q": query, "sort": "-relevance", "limit": 1}),
        await registry_client.get("/v1/organisations", params={"q": query}, headers={"Accept": "text/csv"}),
    ]

    assert [answer.status_code for answer in answers] == [200] * 3
