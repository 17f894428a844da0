"""Certificates by their numbers: D3, B6, and what becomes of them later."""

from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import httpx
import pytest

from services.training_api import worker
from shared import clock
from tests.support import apps
from tests.support.certificates import (
    FIRST,
    ISSUED,
    LAST,
    NAME,
    WRONG,
    app_of,
    earned,
    file_of,
    issued,
    moved,
    verified,
)
from tests.support.cluster import driver_url
from tests.support.training import World


@pytest.fixture(scope="module")
async def stranger(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """A caller without a token."""
    async with apps.client_for(app_of(world)) as client:
        yield client


async def test_d3_a_course_of_4_by_8_hours_does_not_count_and_one_of_4_by_9_does(world: World) -> None:
    short, full = await issued(world, hours=[8, 8, 8, 8]), await issued(world, hours=[9, 9, 9, 9])

    assert (short["academic_hours"], short["counts_toward_norm"], short["reason"]) == (32, False, "below_36_hours")
    assert (full["academic_hours"], full["counts_toward_norm"], full["reason"]) == (36, True, None)
    assert (short["valid_until"], full["valid_until"]) == (None, "2029-01-09")


async def test_b6_a_course_without_approval_gives_no_certificate(world: World) -> None:
    done = await earned(world, kind="author_course", approved=False)

    refused = await world.post("/v1/certificates", {"enrolment_id": done["id"]}, status=409)

    assert refused["code"] == "programme_not_approved"


async def test_the_certificates_of_a_cohort_are_given_at_once_and_each_is_answered_for(world: World) -> None:
    cohort = await world.cohort(venues=[5], first=FIRST, last=LAST)
    enrolments = [await world.enrol(cohort, person) for person in await world.educators(5)]
    for enrolment, score in zip(enrolments, (90, 80, None, 10), strict=False):
        await world.complete(enrolment, score=score)
    path = f"/v1/cohorts/{cohort['id']}/certificates"

    waiting = (await world.get(f"{path}/to-issue"))["items"]
    dry = await world.post(path, {"dry_run": True})
    one = await world.post("/v1/certificates", {"enrolment_id": enrolments[1]["id"]})
    given = await world.post(path, {})
    again = await world.post(path, {})

    assert [item["kind"] for item in waiting].count("attendance_reference") == 1
    assert (len(waiting), dry["issued"], {item["number"] for item in dry["items"]}) == (3, 3, {None})
    told = {item["enrolment_id"]: item["number"] or item["problem"]["code"] for item in given["items"]}
    assert told[enrolments[1]["id"]] == "already_issued"
    assert (given["issued"], given["refused"], again["issued"], again["refused"]) == (2, 1, 0, 3)
    serial = int(one["number"][-6:])
    assert told[enrolments[0]["id"]].endswith(f"-{serial + 1:06d}")
    assert told[enrolments[2]["id"]].startswith("ORLEU-R-")
    assert (await world.get(f"{path}/to-issue"))["items"] == []


async def test_what_was_suspended_reinstated_and_revoked_is_told_as_of_any_day(
    world: World, stranger: httpx.AsyncClient
) -> None:
    number = (await issued(world))["number"]
    await moved(world, number, "suspend", on="2026-02-01", evidence=[{"title": "Letter 7"}])
    await moved(world, number, "reinstate", on="2026-03-01")
    revoked = await moved(world, number, "revoke", on="2026-04-01", comment="Protocol 9")

    days = ["2026-01-08", "2026-01-09", "2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01", "2026-04-01"]
    read = [await world.get(f"/v1/certificates/{number}", as_of=day) for day in days]
    verified = [(await stranger.get("/v1/verify", params={"number": number, "as_of": day})).json() for day in days]

    states = [None, "issued", "issued", "suspended", "suspended", "issued", "revoked"]
    assert [one["status"] for one in read] == [one["status"] for one in verified] == states
    assert [one["valid"] for one in verified] == [state == "issued" for state in states]
    assert [one["reason"] for one in read] == [None, None, None, "suspended", "suspended", None, "revoked"]
    assert (revoked["counts_toward_norm"], revoked["allowed_actions"]) == (False, [])
    assert {one["action"] for one in revoked["refused_actions"]} == {"suspend", "reinstate", "revoke", "supersede"}
    steps = (await world.get(f"/v1/certificates/{number}/transitions"))["items"]
    assert [one["action"] for one in steps] == ["issue", "suspend", "reinstate", "revoke"]
    assert steps[1]["evidence"] == [{"title": "Letter 7", "url": None, "digest": None}]
    assert (steps[3]["reason_code"], steps[3]["comment"]) == ("issued_in_error", "Protocol 9")


async def test_what_cannot_be_done_with_a_certificate_is_refused_with_its_reason(world: World) -> None:
    number = (await issued(world))["number"]
    path = f"/v1/certificates/{number}"
    tomorrow = (clock.day_in_kazakhstan(clock.now()) + timedelta(days=1)).isoformat()

    refused = [
        (await world.post(f"{path}/reinstate", WRONG, status=409))["code"],
        (await world.post(f"{path}/revoke", {}, status=422))["code"],
        (await world.post(f"{path}/revoke", {"reason_code": "no_such_reason"}, status=422))["code"],
        (await world.post(f"{path}/suspend", {**WRONG, "effective_on": "2026-01-08"}, status=422))["code"],
        (await world.post(f"{path}/suspend", {**WRONG, "effective_on": tomorrow}, status=422))["code"],
        (await world.post("/v1/certificates/NONE-1/revoke", WRONG, status=404))["code"],
    ]

    assert refused == [
        "action_not_allowed",
        "reason_needed",
        "reason_unknown",
        "effective_too_early",
        "effective_in_future",
        "certificate_not_found",
    ]
    director = world.as_("director", organisation=await world.organisation())
    out_of_reach = await world.http.post(f"{path}/revoke", json=WRONG, headers=director)
    assert out_of_reach.status_code == 403


async def test_a_mistake_is_put_right_by_a_new_document_that_names_the_old_one(
    world: World, stranger: httpx.AsyncClient
) -> None:
    person = await world.educator(name=NAME)
    old = await issued(world, person, hours=[8, 8, 8, 8])
    found = await world.http.get(f"/v1/educators/{person}")
    corrected = {"kk": {**NAME["kk"], "family": "Үлгіқызы"}}
    headers = {"If-Match": found.headers["ETag"]}
    assert (await world.http.patch(f"/v1/educators/{person}", json={"name": corrected}, headers=headers)).is_success

    new = await moved(world, old["number"], "supersede", on="2026-02-01", academic_hours=36)

    assert (new["number"] != old["number"], new["supersedes"]) == (True, old["number"])
    assert (new["issued_on"], new["counts_toward_norm"], new["valid_until"]) == (ISSUED, True, "2029-01-09")
    before = (await stranger.get("/v1/verify", params={"number": old["number"], "as_of": "2026-01-31"})).json()
    after = (await stranger.get("/v1/verify", params={"number": old["number"]})).json()
    not_yet = (await stranger.get("/v1/verify", params={"number": new["number"], "as_of": "2026-01-31"})).json()
    assert (before["valid"], before["superseded_by"], not_yet["valid"]) == (True, None, False)
    assert (after["status"], after["superseded_by"]) == ("superseded", new["number"])
    listed = await world.http.get("/v1/certificates", params={"educator_id": person, "status": "issued"})
    assert [one["number"] for one in listed.json()["items"]] == [new["number"]]
    withdrawn = await world.http.get(f"/v1/certificates/{old['number']}/pdf")
    assert (withdrawn.status_code, withdrawn.json()["code"]) == (409, "document_withdrawn")
    assert await verified(stranger, await file_of(world, old["number"], "credential")) == ("not_valid", "superseded")


async def test_what_was_revoked_may_be_earned_again_under_another_number(world: World) -> None:
    given = await issued(world)
    body = {"enrolment_id": given["enrolment_id"]}

    twice = await world.post("/v1/certificates", body, status=409)
    await moved(world, given["number"], "revoke")
    again = await world.post("/v1/certificates", body)

    assert (twice["code"], again["number"] != given["number"]) == ("already_issued", True)


async def test_a_certificate_runs_out_with_the_window_of_the_norm(world: World, stranger: httpx.AsyncClient) -> None:
    given = await issued(world, ago=3)
    number = given["number"]

    told = await world.get(f"/v1/certificates/{number}")
    days = [
        (await stranger.get("/v1/verify", params={"number": number, "as_of": day})).json()
        for day in ("2026-01-08", "2026-01-09")
    ]
    ended = await worker.expire_certificates(world.database)
    steps = (await world.get(f"/v1/certificates/{number}/transitions"))["items"]

    assert (told["status"], told["reason"], told["valid_until"]) == ("expired", "expired", "2026-01-09")
    assert [(one["valid"], one["status"]) for one in days] == [(True, "issued"), (False, "expired")]
    assert ended >= 1
    assert (steps[-1]["action"], steps[-1]["effective_on"], steps[-1]["actor"]) == ("expire", "2026-01-09", "system")
    assert await worker.expire_certificates(world.database) == 0
    expired = (await world.http.get("/v1/certificates", params={"status": "expired"})).json()["items"]
    assert number in {one["number"] for one in expired}
    assert await verified(stranger, await file_of(world, number, "credential")) == ("not_valid", "expired")
    assert await verified(stranger, await file_of(world, number, "pdf")) == ("not_valid", "expired")


async def test_a_certificate_of_others_is_withdrawn_here_as_well_and_counts_no_more(world: World) -> None:
    person = await world.educator()
    row = {"educator_id": person, "number": "U-1", "title": {"ru": "Курс"}, "academic_hours": 72}
    body = {"source": "USTAZ", "certificates": [{**row, "issued_on": "2026-01-09"}]}
    await world.post("/v1/certificate-batches", body)

    revoked = await world.http.post("/v1/certificates/U-1/revoke", params={"source": "USTAZ"}, json=WRONG)
    not_ours = await world.post("/v1/certificates/U-1/supersede", WRONG, status=404)

    assert (revoked.json()["status"], revoked.json()["reason"]) == ("revoked", "revoked")
    assert not_ours["code"] == "certificate_not_found"


async def test_the_database_itself_refuses_moves_that_are_not_in_the_table(world: World) -> None:
    number = (await issued(world))["number"]
    await moved(world, number, "revoke")
    connection = await asyncpg.connect(driver_url(app_of(world).state.settings.database_url.get_secret_value()))
    add = (
        "INSERT INTO certificate_steps (certificate_id, number, action, from_status, to_status, actor, effective_on,"
        " recorded_at) SELECT id, 9, $2, $3, $4, 'test', '2026-05-01', now() FROM certificates WHERE number = $1"
    )
    try:
        for move in (
            ("reinstate", "revoked", "issued"),
            ("revoke", "issued", "suspended"),
            ("issue", "issued", "issued"),
        ):
            with pytest.raises(asyncpg.CheckViolationError):
                await connection.execute(add, number, *move)
        for statement in (
            "UPDATE certificates SET status = 'issued' WHERE number = $1",
            "UPDATE certificates SET status = 'pardoned' WHERE number = $1",
            "DELETE FROM certificate_steps USING certificates WHERE certificate_id = id AND certificates.number = $1",
            "UPDATE certificate_steps SET actor = 'x' FROM certificates WHERE certificate_id = id"
            " AND certificates.number = $1",
        ):
            with pytest.raises(asyncpg.CheckViolationError):
                await connection.execute(statement, number)
    finally:
        await connection.close()
