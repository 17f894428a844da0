"""What a person may ask for, and what nobody may know."""

from typing import Any

import asyncpg
import pytest

from tests.support.training import ALMATY, SHYMKENT, World

Json = dict[str, Any]
IIN = "850101300124"


async def command(
    world: World, educator_id: str, action: str, *, status: int = 200, reason: str = "own_request"
) -> Json:
    answer = await world.http.post(
        f"/v1/educators/{educator_id}/{action}", json={"reason_code": reason}, headers={"If-Match": "*"}
    )
    assert answer.status_code == status, answer.text
    told: Json = answer.json()
    return told


async def test_every_reading_of_a_name_is_written_down_for_the_person_to_see(world: World) -> None:
    school = await world.organisation()
    person = await world.educator(school)
    coordinator = world.as_("training_coordinator", area=SHYMKENT)

    await world.http.get(f"/v1/educators/{person}", headers={**coordinator, "X-Reason": "List for the order"})
    await world.http.get("/v1/educators", params={"organisation_id": school}, headers=coordinator)
    log = await world.get(f"/v1/educators/{person}/reads", count="exact")

    assert (log["total"], [one["shown"] for one in log["items"]]) == (2, ["educators", "educator"])
    assert log["items"][1]["reason"] == "List for the order"
    assert log["items"][0]["actor"] == log["items"][1]["actor"]


async def test_who_has_no_reach_is_told_nothing_and_leaves_no_trace_of_a_reading(world: World) -> None:
    person = await world.educator(await world.organisation(area=SHYMKENT))
    elsewhere = world.as_("training_coordinator", area=ALMATY)

    hidden = await world.http.get(f"/v1/educators/{person}", headers=elsewhere)
    log = await world.http.get(f"/v1/educators/{person}/reads", headers=elsewhere)

    assert (hidden.status_code, log.status_code) == (404, 404)
    assert (await world.get(f"/v1/educators/{person}/reads", count="exact"))["total"] == 0


async def test_persons_do_not_come_as_a_file(world: World) -> None:
    for wanted in ("text/csv", "application/x-ndjson"):
        answer = await world.http.get("/v1/educators", headers={"Accept": wanted})
        assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


async def test_consent_and_its_withdrawal_stay_on_record(world: World) -> None:
    person = await world.educator(consent_public=True)

    for agreed in (False, True, False):
        answer = await world.http.patch(
            f"/v1/educators/{person}", json={"consent_public": agreed}, headers={"If-Match": "*"}
        )
        assert answer.status_code == 200, answer.text

    standing = await world.get(f"/v1/educators/{person}/privacy")
    assert [one["consent_public"] for one in standing["consents"]] == [True, False, True, False]
    assert [one["number"] for one in standing["consents"]] == [1, 2, 3, 4]


async def test_blocked_data_are_neither_shown_nor_used_and_come_back(world: World) -> None:
    person, cohort = await world.educator(), await world.cohort()
    name = (await world.get(f"/v1/educators/{person}"))["name"]

    blocked = await command(world, person, "block", reason="data_disputed")
    shown = await world.get(f"/v1/educators/{person}")
    refused = await world.enrol(cohort, person, status=409)
    again = await command(world, person, "block", status=409)
    told = {"number": "B-1", "educator_id": person, "title": {"ru": "Курс"}, "academic_hours": 36}
    batch = {"source": "USTAZ", "certificates": [{**told, "issued_on": "2025-06-01"}]}
    of_outside = await world.post("/v1/certificate-batches", batch, status=422)
    await command(world, person, "unblock")

    assert (blocked["status"], blocked["allowed_actions"]) == ("blocked", ["unblock", "erase"])
    assert [one["code"] for one in blocked["refused_actions"]] == ["wrong_state"]
    assert shown["name"]["kk"]["family"] == "Бұғатталған"
    assert refused["code"] == "educator_blocked"
    assert of_outside["errors"][0]["pointer"] == "/certificates/0/educator_id"
    assert again["code"] == "person_step_refused"
    assert (await world.get(f"/v1/educators/{person}"))["name"] == name
    assert (await world.enrol(cohort, person))["status"] == "confirmed"


async def test_who_is_erased_leaves_no_name_and_the_register_keeps_its_number(world: World) -> None:
    host = await world.organisation()
    person = await world.educator(host, iin=IIN, consent_public=True, category="expert")
    cohort = await world.cohort()
    enrolment = await world.enrol(cohort, person)

    too_early = await command(world, person, "erase", status=409)
    await world.post(f"/v1/enrolments/{enrolment['id']}/withdraw", {"reason_code": "illness"})
    erased = await command(world, person, "erase")
    last = await command(world, person, "unblock", status=409)

    assert (too_early["code"], last["code"]) == ("still_enrolled", "person_step_refused")
    assert (erased["status"], erased["allowed_actions"]) == ("erased", [])
    assert [one["consent_public"] for one in erased["consents"]] == [True, False]
    shown = await world.get(f"/v1/educators/{person}")
    assert (shown["name"]["kk"]["family"], shown["category"], shown["consent_public"]) == ("Өшірілген", None, False)
    assert (await world.get(f"/v1/enrolments/{enrolment['id']}"))["status"] == "withdrawn"
    (row,) = await run(
        world,
        "SELECT family_kk, given_kk, family_ru, iin_hash, search_key FROM educators WHERE id = $1::text::uuid",
        person,
    )
    assert set(row) == {None, ""}
    # The number is free again: nothing of the person is kept to know it by.
    assert await world.educator(host, iin=IIN)


async def test_a_reason_outside_the_list_is_refused_with_the_list(world: World) -> None:
    person = await world.educator()

    told = await command(world, person, "block", status=422, reason="because")

    assert told["code"] == "reason_unknown"
    assert "own_request" in told["detail"]


async def test_the_database_keeps_the_trails_and_the_machine(world: World) -> None:
    person = await world.educator()
    await world.get(f"/v1/educators/{person}")
    await command(world, person, "block")
    await command(world, person, "erase")

    for statement in (
        "UPDATE personal_reads SET actor = 'nobody'",
        "DELETE FROM personal_reads",
        "UPDATE educator_steps SET actor = 'nobody'",
        f"UPDATE educators SET state = 'active' WHERE id = '{person}'",
        f"UPDATE educators SET family_kk = 'Үлгі' WHERE id = '{person}'",
    ):
        with pytest.raises(asyncpg.CheckViolationError):
            await run(world, statement)


async def run(world: World, statement: str, *arguments: Any) -> Any:
    """What the database itself says, past the service."""
    async with world.database.writing() as session:
        connection = await (await session.connection()).get_raw_connection()
        driver = connection.driver_connection
        assert isinstance(driver, asyncpg.Connection)
        return await driver.fetch(statement, *arguments)


async def test_a_blocked_person_is_not_found_by_the_hidden_name(world: World) -> None:
    school = await world.organisation()
    person = await world.educator(school, name={"kk": {"family": "Жасырынов", "given": "Мысал"}})
    before = await world.get("/v1/educators", organisation_id=school, q="Жасырынов")

    await command(world, person, "block")

    assert [one["id"] for one in before["items"]] == [person]
    assert (await world.get("/v1/educators", organisation_id=school, q="Жасырынов"))["items"] == []
    assert [one["id"] for one in (await world.get("/v1/educators", organisation_id=school))["items"]] == [person]
