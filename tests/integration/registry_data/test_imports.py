"""Files handed in through HTTP: applied whole, refused whole, kept in part, tried, repeated and undone."""

import asyncio
import io
import zipfile
from typing import Any

import httpx
import pytest
import xlsxwriter

from services.registry_api.imports import persons
from services.registry_api.indicators import catalogue
from tests.integration.registry_data.conftest import ENGLAND, HandIn, Headers, ended

CLASSIFIER = ENGLAND.parents[3] / "domain" / "data" / "kato_2022-10-17_ru.csv"
ORGANISATIONS = "identifier;scheme;name_kk;name_ru;type;area;valid_from\n"
SCHOOLS = ORGANISATIONS + "".join(
    f"{number};urn;№{number} мектеп;Школа № {number};школа;751310000;01.09.2015\n" for number in (1, 2, 3)
)
VALUES = "Идентификатор;Схема;Показатель;Период;Значение;Причина\n"
SOME_VALUES = VALUES + (
    "1;urn;SCH_UNT_MEAN;2025-2026;71,5;\n2;urn;SCH_UNT_MEAN;2025-2026;;suppressed\n3;urn;SCH_UNT_MEAN;2025-2026;64;\n"
)


async def total(client: httpx.AsyncClient, headers: dict[str, str], what: str, **filters: Any) -> int:
    answer = await client.get(f"/v1/{what}", params={"count": "exact", "limit": 1, **filters}, headers=headers)
    assert answer.status_code == 200, answer.text
    return int(answer.json()["total"])


def codes(report: dict[str, Any]) -> list[tuple[int | None, str | None, str]]:
    return [(one["row"], one["column"], one["code"]) for one in report["errors"]]


async def test_our_own_headings_need_no_mapping(
    registry_client: httpx.AsyncClient, admin: dict[str, str], hand_in: HandIn
) -> None:
    schools = await hand_in(SCHOOLS, "organisations")
    values = await hand_in(SOME_VALUES.encode("cp1251"), "observations", name="мәндер.csv")

    assert (schools["state"], schools["report"]["created"]) == ("applied", 3), schools["report"]["errors"]
    report = values["report"]
    assert (values["state"], report["created"], report["values"]) == ("applied", 3, 2), report["errors"]
    assert (report["encoding"], report["delimiter"]) == ("windows-1251", ";")
    assert report["by_reason"] == {"suppressed": 1}
    assert values["job"]["status"] == "succeeded"
    assert values["job"]["location"] == f"/v1/imports/{values['id']}"
    items = (await registry_client.get("/v1/observations", headers=admin)).json()["items"]
    assert sorted(one["value"] for one in items if one["value"] is not None) == [64.0, 71.5]
    assert {one["source_system"] for one in items} == {"NTC (ҰТО/НЦТ)"}


async def test_a_workbook_and_ndjson_bring_the_same_as_csv(
    registry_client: httpx.AsyncClient, admin: dict[str, str], hand_in: HandIn
) -> None:
    await hand_in(SCHOOLS, "organisations")
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    for number, row in enumerate(
        [["identifier", "scheme", "indicator", "period", "value"], [1, "urn", "SCH_UNT_MEAN", "2025-2026", 71.5]]
    ):
        sheet.write_row(number, 0, row)
    book.close()
    lines = '{"identifier": 1, "scheme": "urn", "indicator": "SCH_UNT_MEAN", "period": "2025-2026", "value": 71.5}\n'

    first = await hand_in(file.getvalue(), "observations", name="values.xlsx")
    second = await hand_in(lines, "observations", name="values.ndjson")

    assert (first["report"]["format"], first["report"]["created"]) == ("xlsx", 1), first["report"]
    assert (second["report"]["format"], second["report"]["unchanged"]) == ("ndjson", 1), second["report"]


async def test_a_dry_run_tells_what_would_happen_and_changes_nothing(
    registry_client: httpx.AsyncClient, admin: dict[str, str], hand_in: HandIn
) -> None:
    tried = await hand_in(SCHOOLS, "organisations", dry_run=True)

    assert (tried["state"], tried["report"]["created"]) == ("checked", 3)
    assert tried["job"]["status"] == "succeeded"
    assert await total(registry_client, admin, "organisations") == 0


async def test_partial_keeps_the_good_rows_and_names_the_bad_ones(
    registry_client: httpx.AsyncClient, admin: dict[str, str], hand_in: HandIn
) -> None:
    spoiled = SCHOOLS + (
        "4;urn;№4 мектеп;Школа № 4;замок;751310000;01.09.2015\n"
        "5;urn;№5 мектеп;Школа № 5;school;999999999;01.09.2015\n"
        "1;urn;№1 мектеп;Школа № 1;school;751310000;01.09.2015\n"
        ";urn;№7 мектеп;Школа № 7;school;751310000;01.09.2015\n"
        "8;urn;№8 мектеп\n"
    )

    refused = await hand_in(spoiled, "organisations")
    kept = await hand_in(spoiled, "organisations", partial=True)

    assert (refused["state"], refused["report"]["created"], kept["state"]) == ("refused", 0, "applied")
    assert (kept["report"]["created"], kept["report"]["rejected"], kept["report"]["rows"]) == (3, 5, 8)
    assert codes(kept["report"])[:3] == [
        (5, "type", "enum"),
        (6, "area", "string_pattern_mismatch"),
        (7, "identifier", "row_repeated"),
    ]
    assert {row for row, _, _ in codes(kept["report"])} == {5, 6, 7, 8, 9}
    assert await total(registry_client, admin, "organisations") == 3


async def test_the_report_speaks_the_readers_language(hand_in: HandIn) -> None:
    kazakh = await hand_in(VALUES + "9;urn;SCH_UNT_MEAN;2025-2026;71;\n", "observations", language="kk")
    russian = await hand_in(VALUES + "9;urn;SCH_UNT_MEAN;2025-2026;71;\n", "observations", language="ru")

    assert kazakh["report"]["errors"][0]["message"] == "Мұндай ұйым тіркелмеген"
    assert russian["report"]["errors"][0]["message"] == "Такой организации в реестре нет"
    assert russian["report"]["errors"][0]["code"] == kazakh["report"]["errors"][0]["code"] == "organisation_unknown"


async def test_every_fault_of_a_row_of_observations_is_named(hand_in: HandIn) -> None:
    await hand_in(SCHOOLS, "organisations")
    rows = (
        "1;urn;SCH_UNT_MEAN;2025-2026;many;\n"
        "1;urn;NO_SUCH;2025-2026;5;\n"
        "1;urn;SCH_UNT_MEAN;2025;5;\n"
        "1;urn;SCH_UNT_MEAN;2025-2026;5;suppressed\n"
        "1;urn;SCH_UNT_MEAN;2025-2026;;\n"
        "1;urn;SCH_UNT_MEAN;2025-2026;;because\n"
        "1;urn;SCH_UNT_MEAN;2025-2026;5%;\n"
        ";urn;SCH_UNT_MEAN;2025-2026;5;\n"
        "1;urn;SCH_UNT_MEAN;2025-2026;nan;\n"
        "2;urn;SCH_UNT_MEAN;2025-2026;5;\n"
        "2;urn;SCH_UNT_MEAN;2025-2026;6;\n"
    )

    refused = await hand_in(VALUES + rows, "observations")

    assert codes(refused["report"]) == [
        (2, "Значение", "not_a_number"),
        (3, "Показатель", "indicator_unknown"),
        (4, "Период", "period_unsuitable"),
        (5, "Значение", "value_and_reason"),
        (6, "Значение", "value_missing"),
        (7, "Значение", "reason_unknown"),
        (8, "Значение", "percent_unexpected"),
        (9, "Идентификатор", "identifier_missing"),
        (10, "Значение", "not_a_number"),
        (12, "Значение", "row_repeated"),
    ]
    assert (refused["report"]["rows"], refused["report"]["rejected"]) == (11, 10)


async def test_numbers_of_persons_are_refused_and_neither_repeated_nor_kept(
    registry_client: httpx.AsyncClient,
    registry_database: str,
    admin: dict[str, str],
    hand_in: HandIn,
) -> None:
    iin = next(f"90010130001{digit}" for digit in range(10) if persons.is_iin(f"90010130001{digit}"))
    named = "identifier;scheme;indicator;period;value;note;ИИН\n1;urn;SCH_UNT_MEAN;2025-2026;5;;123\n"
    hidden = f"identifier;scheme;indicator;period;value;note\n1;urn;SCH_UNT_MEAN;2025-2026;5;Иванов {iin}\n"
    in_value = f"identifier;scheme;indicator;period;value;note\n1;urn;SCH_UNT_MEAN;2025-2026;{iin};\n"
    mapping = {
        "organisation": {"scheme": "urn", "column": "identifier"},
        "period": "2025-2026",
        "indicators": {"value": "SCH_UNT_MEAN"},
    }
    await hand_in(SCHOOLS, "organisations")

    for content in (named, hidden, in_value):
        refused = await hand_in(content, "observations", mapping)
        assert refused["state"] == "refused"
        assert [code for _, _, code in codes(refused["report"])] == ["personal_identifier"]
        assert refused["report"]["errors"][0]["value"] is None
        assert iin not in str(refused)
    assert await total(registry_client, admin, "observations") == 0


async def test_the_same_file_twice_changes_nothing_and_a_new_value_is_a_revision(
    registry_client: httpx.AsyncClient, admin: dict[str, str], hand_in: HandIn
) -> None:
    await hand_in(SCHOOLS, "organisations")
    await hand_in(SOME_VALUES, "observations")

    again = await hand_in(SOME_VALUES, "observations")
    schools = await hand_in(SCHOOLS, "organisations")
    mended = await hand_in(SOME_VALUES.replace("71,5", "72,5"), "observations")

    assert [again["report"][name] for name in ("created", "changed", "unchanged")] == [0, 0, 3]
    assert [schools["report"][name] for name in ("created", "changed", "unchanged")] == [0, 0, 3]
    assert [mended["report"][name] for name in ("created", "changed", "unchanged")] == [0, 1, 2]
    assert await total(registry_client, admin, "observations", revisions="all") == 4


async def undo(client: httpx.AsyncClient, headers: dict[str, str], import_id: str) -> httpx.Response:
    answer = await client.post(f"/v1/imports/{import_id}/undo", headers=headers)
    if answer.status_code == 202:
        job = await ended(client, answer.headers["location"], headers)
        assert job["status"] == "succeeded", job
    return answer


async def test_an_import_of_observations_is_undone_and_what_stood_before_stands_again(
    registry_client: httpx.AsyncClient, admin: dict[str, str], hand_in: HandIn
) -> None:
    await hand_in(SCHOOLS, "organisations")
    await hand_in(SOME_VALUES, "observations")
    second = await hand_in(
        SOME_VALUES.replace("71,5", "72,5") + "3;urn;SCH_UNT_PASS_RATE;2025-2026;80%;\n", "observations"
    )
    assert (second["report"]["changed"], second["report"]["created"]) == (1, 1), second["report"]

    answer = await undo(registry_client, admin, second["id"])

    assert answer.status_code == 202
    items = (await registry_client.get("/v1/observations", headers=admin)).json()["items"]
    assert sorted((one["indicator"], one["value"], one["revision"]) for one in items if one["value"]) == [
        ("SCH_UNT_MEAN", 64.0, 1),
        ("SCH_UNT_MEAN", 71.5, 3),
    ]
    assert (await registry_client.get(f"/v1/imports/{second['id']}", headers=admin)).json()["state"] == "undone"
    assert (await undo(registry_client, admin, second["id"])).status_code == 409
    again = await hand_in(
        "identifier;scheme;indicator;period;value\n3;urn;SCH_UNT_PASS_RATE;2025-2026;81\n", "observations"
    )
    assert again["report"]["created"] == 1
    (rate,) = (await registry_client.get("/v1/observations?indicator=SCH_UNT_PASS_RATE", headers=admin)).json()["items"]
    assert (rate["value"], rate["revision"]) == (81.0, 2)


async def test_an_import_is_not_undone_under_something_newer(
    registry_client: httpx.AsyncClient, admin: dict[str, str], hand_in: HandIn
) -> None:
    schools = await hand_in(SCHOOLS, "organisations")
    first = await hand_in(SOME_VALUES, "observations")
    second = await hand_in(SOME_VALUES.replace("71,5", "72,5"), "observations")

    refused = await undo(registry_client, admin, first["id"])

    assert (refused.status_code, refused.json()["code"]) == (409, "import_stood_upon")
    assert (await undo(registry_client, admin, second["id"])).status_code == 202
    assert (await undo(registry_client, admin, first["id"])).status_code == 202
    assert await total(registry_client, admin, "observations") == 0
    assert schools["state"] == "applied"


async def test_registered_organisations_are_taken_back(
    registry_client: httpx.AsyncClient, admin: dict[str, str], hand_in: HandIn
) -> None:
    schools = await hand_in(SCHOOLS, "organisations")

    answer = await undo(registry_client, admin, schools["id"])

    assert answer.status_code == 202
    assert await total(registry_client, admin, "organisations") == 0
    again = await hand_in(SCHOOLS, "organisations")
    assert (again["state"], again["report"]["created"]) == ("applied", 3), again["report"]["errors"]


async def test_the_classifier_and_definitions_come_by_import_too(
    registry_client: httpx.AsyncClient, admin: dict[str, str], hand_in: HandIn
) -> None:
    shipped = await hand_in(catalogue.FILE.read_bytes(), "indicators", name="indicators.csv")
    mapping = {"columns": {"te": "code", "parent": "parent", "name_rus": "name.ru"}}
    areas = await hand_in("te,parent,name_rus\n751310001,751310000,с.Пробное\n", "areas", mapping)

    assert (shipped["state"], shipped["report"]["unchanged"]) == ("applied", 73), shipped["report"]["errors"][:3]
    assert (areas["state"], areas["report"]["created"]) == ("applied", 1), areas["report"]["errors"]
    assert (await registry_client.get("/v1/areas/751310001")).json()["name"]["ru"] == "с.Пробное"


@pytest.mark.skipif(not CLASSIFIER.exists(), reason="the full classifier is not at hand")
async def test_the_full_classifier_goes_in_though_its_parents_are_row_numbers(
    registry_client: httpx.AsyncClient, hand_in: HandIn
) -> None:
    mapping = {
        "columns": {"code": "code", "parent_id": "parent", "name": "name.ru"},
        "constants": {"valid_from": "2022-10-17"},
        "row_id": "id",
    }

    done = await hand_in(CLASSIFIER.read_bytes(), "areas", mapping, name=CLASSIFIER.name)

    assert (done["state"], done["report"]["rows"]) == ("applied", 16_264), done["report"]["errors"][:5]
    assert done["report"]["created"] == 16_024
    atbasar = (await registry_client.get("/v1/areas/113820100")).json()
    assert [area["code"] for area in atbasar["path"]] == ["110000000", "113800000", "113820100"]


async def test_a_region_officer_imports_inside_the_region_only(
    registry_client: httpx.AsyncClient, headers_of: Headers, hand_in: HandIn
) -> None:
    officer = headers_of("region_officer", area="790000000")

    refused = await hand_in(SCHOOLS, "organisations", headers=officer)

    assert refused["state"] == "refused"
    assert {code for _, _, code in codes(refused["report"])} == {"out_of_reach"}
    answer = await registry_client.post(
        "/v1/imports", data={"kind": "indicators"}, files={"file": ("a.csv", b"code\nX\n")}, headers=officer
    )
    assert answer.status_code == 403


async def test_imports_are_their_authors_and_the_admins(
    registry_client: httpx.AsyncClient, admin: dict[str, str], headers_of: Headers, hand_in: HandIn
) -> None:
    machine = headers_of("integration", subject="nobd")
    mine = await hand_in(SCHOOLS, "organisations", headers=machine)
    path = f"/v1/imports/{mine['id']}"

    assert (await registry_client.get(path)).status_code == 401
    assert (await registry_client.get(path, headers=headers_of("integration", subject="other"))).status_code == 404
    assert (await registry_client.get(path, headers=admin)).status_code == 200
    listed = await registry_client.get("/v1/imports", params={"kind": "organisations"}, headers=machine)
    assert [one["id"] for one in listed.json()["items"]] == [mine["id"]]
    assert (await registry_client.get("/v1/imports", headers=headers_of("integration", subject="other"))).json()[
        "items"
    ] == []


async def test_a_repeated_request_hands_in_one_file(registry_client: httpx.AsyncClient, admin: dict[str, str]) -> None:
    async def send(content: str) -> httpx.Response:
        return await registry_client.post(
            "/v1/imports",
            data={"kind": "organisations"},
            files={"file": ("schools.csv", content.encode())},
            headers={**admin, "Idempotency-Key": "schools-1"},
        )

    first, second, other = await send(SCHOOLS), await send(SCHOOLS), await send(SCHOOLS + "\n")

    assert (first.status_code, second.status_code, other.status_code) == (202, 202, 422)
    assert first.json()["id"] == second.json()["id"]
    assert first.headers["location"] == second.headers["location"]


@pytest.mark.parametrize(
    ("fields", "status", "pointer"),
    [
        ({"kind": "castles"}, 422, "/kind"),
        ({}, 422, "/kind"),
        ({"kind": "organisations", "mapping": "{"}, 422, "/mapping"),
        ({"kind": "organisations", "mapping": "[]"}, 422, "/mapping"),
        ({"kind": "organisations", "mapping": '{"columns": {"A": "colour"}}'}, 422, "/mapping/columns/A"),
        ({"kind": "organisations", "mapping": '{"columns": {}}'}, 422, "/mapping/columns"),
        ({"kind": "observations", "mapping": '{"period": "2025-2026"}'}, 422, "/mapping"),
        ({"kind": "organisations", "delimiter": "#"}, 422, "/delimiter"),
        ({"kind": "organisations", "encoding": "koi8-r"}, 422, "/encoding"),
        ({"kind": "organisations", "dry_run": "perhaps"}, 422, "/dry_run"),
    ],
)
async def test_a_request_that_makes_no_sense_is_refused_at_once(
    registry_client: httpx.AsyncClient, admin: dict[str, str], fields: dict[str, str], status: int, pointer: str
) -> None:
    answer = await registry_client.post(
        "/v1/imports", data=fields, files={"file": ("a.csv", SCHOOLS.encode())}, headers=admin
    )

    assert answer.status_code == status, answer.text
    assert any(one["pointer"].startswith(pointer) for one in answer.json()["errors"]), answer.text


async def test_an_empty_file_and_one_too_large_are_refused_at_once(
    registry_client: httpx.AsyncClient, admin: dict[str, str]
) -> None:
    empty = await registry_client.post(
        "/v1/imports", data={"kind": "areas"}, files={"file": ("a.csv", b"")}, headers=admin
    )
    huge = await registry_client.post(
        "/v1/imports", data={"kind": "areas"}, files={"file": ("a.csv", bytes(68 << 20))}, headers=admin
    )
    nothing = await registry_client.post("/v1/imports", data={"kind": "areas"}, headers=admin)

    assert (empty.status_code, empty.json()["code"]) == (422, "file_empty")
    assert (huge.status_code, huge.json()["code"]) == (413, "body_too_large")
    assert nothing.status_code == 422


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/a.xml", "w") as member:
        for _ in range(300):
            member.write(bytes(1 << 20))
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"name_kk;type\nA\x00;school\n", "file_has_nul"),
        (b"a", "column_unknown"),
        (b"name_kk;type\n", "rows_missing"),
        (b"name_kk;name_kk\nA;B\n", "heading_repeated"),
        (b'name_kk;type\n"A;school\n', "file_unreadable"),
        (b"name_kk;type\nA;school;;x\n", "row_ragged"),
        (b"name_kk;type\n\x01\x02;school\n", "string_pattern_mismatch"),
        (b"\xff\xfe" + "name_kk;type\n".encode("utf-16-le") + b"\x00\xd8", "encoding_unreadable"),
        (b"PK\x03\x04" + bytes(100), "file_unreadable"),
        (bomb(), "workbook_too_large"),
        (b"name_kk;type\n" + b"A" * 20_000 + b";school\n", "cell_too_long"),
        (b'{"name": {"kk": "\\ud800"}, "type": "school"}\n', "identifier_needed"),
        ("name_kk;type\n" + "=cmd|' /C calc'!A0;school\n", "identifier_needed"),
    ],
)
async def test_a_poisoned_file_is_refused_with_a_report_and_never_a_fault_of_ours(
    hand_in: HandIn, content: bytes | str, code: str
) -> None:
    refused = await hand_in(content, "organisations")

    assert refused["state"] == "refused"
    assert refused["job"]["problem"]["code"] == "import_refused"
    assert code in refused["report"]["errors_by_code"], refused["report"]["errors"]


async def test_two_readers_of_the_same_new_file_do_not_double_it(
    registry_client: httpx.AsyncClient, admin: dict[str, str], hand_in: HandIn
) -> None:
    await hand_in(SCHOOLS, "organisations")

    both = await asyncio.gather(hand_in(SOME_VALUES, "observations"), hand_in(SOME_VALUES, "observations"))

    assert sorted(one["report"]["created"] for one in both) == [0, 3]
    assert await total(registry_client, admin, "observations", revisions="all") == 3


async def test_a_column_nobody_knows_is_not_passed_over_in_silence(hand_in: HandIn) -> None:
    with_colour = await hand_in("name_kk;colour\nA;red\n", "organisations")
    strict = await hand_in(
        "A;B\n1;2\n", "organisations", {"columns": {"A": "identifier.urn"}, "ignore_other_columns": False}
    )
    lenient = await hand_in("A;B\n1;2\n", "organisations", {"columns": {"A": "identifier.urn"}})
    missing = await hand_in("A;B\n1;2\n", "organisations", {"columns": {"C": "identifier.urn"}})

    assert codes(with_colour["report"]) == [(1, "colour", "column_unknown")]
    assert codes(strict["report"]) == [(1, "B", "column_unmapped")]
    assert lenient["report"]["ignored_columns"] == ["B"]
    assert codes(missing["report"]) == [(1, "C", "column_missing")]
