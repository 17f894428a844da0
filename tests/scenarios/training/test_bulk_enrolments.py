"""A methodologist hands in a list: each person is answered, and a dry run holds no seat."""

import io
from typing import Any

import httpx
import pytest
import xlsxwriter

from tests.support.training import ALMATY, SHYMKENT, World

Json = dict[str, Any]
IIN = "850101300124"


async def hand_in(
    world: World,
    content: bytes,
    cohort: Json,
    *,
    name: str = "тізім.csv",
    headers: dict[str, str] | None = None,
    **form: Any,
) -> httpx.Response:
    return await world.http.post(
        "/v1/bulk-enrolments",
        files={"file": (name, content)},
        data={"cohort_id": cohort["id"], **{key: str(value) for key, value in form.items()}},
        headers=headers,
    )


async def answers(world: World, bulk: Json, **query: Any) -> list[Json]:
    items: list[Json] = (await world.get(f"/v1/bulk-enrolments/{bulk['id']}/rows", limit=200, **query))["items"]
    return items


def csv(*lines: str) -> bytes:
    """As a spreadsheet of this country saves it."""
    return "\r\n".join(lines).encode("utf-8-sig")


async def test_everybody_on_the_list_is_answered_confirmed_waitlisted_or_refused_with_the_reason(world: World) -> None:
    programme = await world.programme(audience=[{"role": "teacher", "subjects": ["physics"]}])
    cohort = await world.cohort(programme_id=programme, venues=[3])
    physicists = await world.educators(5)
    geographer = await world.educator(subjects=["geography"])
    lines = [*physicists, geographer, physicists[0], "0198c0de-0000-7000-8000-00000000dead"]

    answer = await hand_in(world, csv("id", *lines), cohort)
    bulk = answer.json()
    rows = await answers(world, bulk)

    assert answer.status_code == 201, answer.text
    assert bulk["counts"] == {"rows": 8, "confirmed": 3, "waitlisted": 2, "submitted": 0, "refused": 3}
    assert [one["answer"] for one in rows] == ["confirmed"] * 3 + ["waitlisted"] * 2 + ["refused"] * 3
    assert [one["row"] for one in rows] == list(range(2, 10))
    assert [one["position"] for one in rows[3:5]] == [1, 2]
    assert [one["refusal"]["code"] for one in rows[5:]] == ["not_eligible", "person_repeated", "educator_unknown"]
    assert all(one["refusal"]["message"]["kk"] for one in rows[5:])
    assert [one["row"] for one in await answers(world, bulk, answer="waitlisted")] == [5, 6]
    seats = await world.get(f"/v1/cohorts/{cohort['id']}/seats")
    assert (seats["taken"], seats["waiting"]) == (3, 2)


async def test_nobody_is_sent_to_another_venue_because_the_one_named_cannot_be_read(world: World) -> None:
    cohort = await world.cohort(venues=[3, 3])
    there, other = await world.educators(2)
    second = cohort["venues"][1]

    bulk = (await hand_in(world, csv("id,venue", f"{there},{second}", f"{other},Мектеп № 5"), cohort)).json()
    rows = await answers(world, bulk)

    assert [(one["answer"], one["venue_id"]) for one in rows] == [("confirmed", second), ("refused", None)]
    assert rows[1]["refusal"]["code"] == "venue_unknown"


async def test_a_dry_run_answers_the_same_and_reserves_nothing(world: World) -> None:
    cohort = await world.cohort(venues=[2])
    people = await world.educators(3)
    content = csv("Педагог id", *people)

    tried = (await hand_in(world, content, cohort, dry_run=True)).json()
    before = await world.get(f"/v1/cohorts/{cohort['id']}/seats")
    done = (await hand_in(world, content, cohort)).json()

    assert tried["counts"] == done["counts"]
    assert (before["taken"], before["waiting"]) == (0, 0)
    assert [one["enrolment_id"] for one in await answers(world, tried)] == [None] * 3
    assert all(one["enrolment_id"] for one in await answers(world, done))


async def test_people_are_known_by_number_or_name_and_neither_is_kept(world: World) -> None:
    school, cohort = await world.organisation(), await world.cohort()
    name = {"kk": {"family": "Қуанышбекұлы", "given": "Әділхан", "patronymic": "Ғалымұлы"}}
    by_number = await world.educator(school, iin=IIN)
    by_name = await world.educator(school, name=name)
    twins = {"kk": {"family": "Егізбай", "given": "Асан"}}
    for _ in range(2):
        await world.educator(school, name=twins)
    workbook = io.BytesIO()
    with xlsxwriter.Workbook(workbook, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["№", "Аты-жөні", "ЖСН"])
        sheet.write_row(1, 0, [1, "", IIN])
        sheet.write_row(2, 0, [2, "Қуанышбекұлы  Әділхан Ғалымұлы", ""])
        sheet.write_row(3, 0, [3, "Егізбай Асан", ""])
        sheet.write_row(4, 0, [4, "Белгісіз Біреу", ""])

    bulk = (await hand_in(world, workbook.getvalue(), cohort, name="қаңтар.xlsx")).json()
    rows = await answers(world, bulk)
    stored = await world.get(f"/v1/bulk-enrolments/{bulk['id']}")

    assert [one["educator_id"] for one in rows[:2]] == [by_number, by_name]
    assert [one["refusal"]["code"] for one in rows[2:]] == ["person_ambiguous", "person_not_recognised"]
    assert stored["file_name"] == "қаңтар.xlsx"
    assert IIN not in str(rows) + str(stored)
    async with world.database.reading() as session:
        connection = await (await session.connection()).get_raw_connection()
        kept = await connection.driver_connection.fetch(  # type: ignore[union-attr]
            "SELECT row_to_json(t)::text AS row FROM bulk_enrolment_rows t"
        )
    assert not any(IIN in row["row"] or "Қуаныш" in row["row"] for row in kept)


async def test_a_director_enrols_own_teachers_and_nobody_elses(world: World) -> None:
    own, other = await world.organisation(area=ALMATY), await world.organisation(area=ALMATY)
    mine, theirs = await world.educator(own), await world.educator(other)
    cohort = await world.cohort()
    director = world.as_("director", organisation=own)

    bulk = (await hand_in(world, csv("id", mine, theirs), cohort, headers=director)).json()
    listed = await world.http.get(f"/v1/bulk-enrolments/{bulk['id']}/rows", headers=director)

    assert [one["answer"] for one in listed.json()["items"]] == ["confirmed", "refused"]
    assert listed.json()["items"][1]["refusal"]["code"] == "out_of_reach"
    stranger = world.as_("training_coordinator", area=SHYMKENT)
    assert (await world.http.get(f"/v1/bulk-enrolments/{bulk['id']}", headers=stranger)).status_code == 404


async def test_the_answers_come_as_a_file_that_a_spreadsheet_opens(world: World) -> None:
    cohort = await world.cohort()
    bulk = (await hand_in(world, csv("id", await world.educator(), "жоқ"), cohort)).json()

    answer = await world.http.get(f"/v1/bulk-enrolments/{bulk['id']}/rows", headers={"Accept": "text/csv"})

    head, first, second = answer.text.removeprefix("\ufeff").splitlines()
    assert head.startswith("row,answer,educator_id")
    assert (first.split(",")[1], second.split(",")[1]) == ("confirmed", "refused")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (csv("Мектеп", "№5"), "column_needed"),
        (b"", "list_unreadable"),
        (b"\x00\x01\x02", "list_unreadable"),
        (b"PK\x03\x04 not a workbook", "list_unreadable"),
        (csv("id", *["x"] * 2001), "list_too_long"),
    ],
    ids=["no column of people", "empty", "binary", "broken workbook", "too long"],
)
async def test_a_file_that_is_no_list_is_refused_with_the_reason(world: World, content: bytes, code: str) -> None:
    answer = await hand_in(world, content, await world.cohort())

    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert answer.json()["errors"][0]["pointer"] == "/file"
