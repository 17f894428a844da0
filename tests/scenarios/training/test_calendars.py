"""Calendars: what a teacher, a trainer and a room have before them, as phones read it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import icalendar
import pytest
from sqlalchemy import text

from tests.support.training import ALMATY, Json, World

HOURS = {"held_on": "2030-01-05", "starts_at": "09:00", "ends_at": "16:00"}
NINE = datetime(2030, 1, 5, 4, tzinfo=UTC)


async def feed(world: World, path: str, **params: Any) -> httpx.Response:
    answer = await world.http.get(path, params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/calendar")
    return answer


async def events(world: World, path: str, **params: Any) -> list[Any]:
    calendar = icalendar.Calendar.from_ical((await feed(world, path, **params)).content)
    return [event for event in calendar.walk("VEVENT") if isinstance(event, icalendar.Event)]


async def one(world: World, path: str, **params: Any) -> Any:
    (event,) = await events(world, path, **params)
    return event


async def session(world: World, cohort: Json, **more: Any) -> Json:
    return await world.post(f"/v1/cohorts/{cohort['id']}/sessions", {**HOURS, **more})


async def change(world: World, made: Json, **patch: Any) -> Json:
    path = f"/v1/sessions/{made['id']}"
    tag = (await world.http.get(path)).headers["etag"]
    headers = {"If-Match": tag, "Content-Type": "application/merge-patch+json"}
    answer = await world.http.patch(path, json=patch, headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@contextmanager
def nobody(world: World) -> Iterator[None]:
    token = world.http.headers.pop("Authorization")
    try:
        yield
    finally:
        world.http.headers["Authorization"] = token


async def test_a_teacher_s_calendar_has_the_hours_of_kazakhstan_and_one_uid_for_ever(world: World) -> None:
    cohort = await world.cohort()
    made = await session(world, cohort, title="Оптика")
    educator, other = await world.educators(2)
    await world.enrol(cohort, educator)
    await world.enrol(cohort, other)
    path = f"/v1/educators/{educator}/calendar.ics"

    event = await one(world, path, language="ru")
    moved = await change(world, made, starts_at="10:00")
    later = await one(world, path, language="ru")

    assert event["DTSTART"].dt == NINE
    assert event["DTEND"].dt == NINE.replace(hour=11)
    assert event["STATUS"] == "CONFIRMED"
    assert str(event["SUMMARY"]).endswith(": Оптика")
    assert cohort["code"] in str(event["DESCRIPTION"])
    assert str(event["LOCATION"]).startswith("Школа №")
    assert event["UID"] == f"{made['id']}.{educator}@bilim"
    assert (later["UID"], later["DTSTART"].dt) == (event["UID"], NINE.replace(hour=5))
    assert later["SEQUENCE"] > event["SEQUENCE"]
    assert moved["starts_at"] == "10:00:00"
    told = (await feed(world, path)).text
    assert other not in told
    assert "Үлгі" not in told


async def test_who_withdraws_finds_the_session_cancelled_and_who_resumes_finds_it_again(world: World) -> None:
    cohort = await world.cohort()
    made = await session(world, cohort)
    educator = await world.educator()
    enrolment = await world.enrol(cohort, educator)
    path = f"/v1/educators/{educator}/calendar.ics"
    seen = [await one(world, path)]

    await world.post(f"/v1/enrolments/{enrolment['id']}/defer", {"reason_code": "illness"})
    seen.append(await one(world, path))
    message = await feed(world, path, method="cancel")
    await world.post(f"/v1/enrolments/{enrolment['id']}/resume", {})
    seen.append(await one(world, path))
    await world.post(f"/v1/enrolments/{enrolment['id']}/withdraw", {"reason_code": "workload"})
    seen.append(await one(world, path))

    assert [event["STATUS"] for event in seen] == ["CONFIRMED", "CANCELLED", "CONFIRMED", "CANCELLED"]
    assert {str(event["UID"]) for event in seen} == {f"{made['id']}.{educator}@bilim"}
    sequences = [int(event["SEQUENCE"]) for event in seen]
    assert sequences == sorted(set(sequences))
    assert "METHOD:CANCEL" in message.text
    assert "STATUS:CANCELLED" in message.text
    assert "METHOD:PUBLISH" in (await feed(world, path)).text


async def test_who_only_waited_has_nothing_and_an_offered_seat_is_tentative(world: World) -> None:
    cohort = await world.cohort(venues=(1,))
    await session(world, cohort)
    first, second, third = await world.educators(3)
    enrolment = await world.enrol(cohort, first)
    for educator in (second, third):
        await world.enrol(cohort, educator)

    before = await events(world, f"/v1/educators/{second}/calendar.ics")
    await world.post(f"/v1/enrolments/{enrolment['id']}/withdraw", {"reason_code": "illness"})

    assert before == []
    assert (await one(world, f"/v1/educators/{second}/calendar.ics"))["STATUS"] == "TENTATIVE"
    assert await events(world, f"/v1/educators/{third}/calendar.ics") == []


async def test_a_transfer_between_venues_cancels_one_session_and_confirms_another(world: World) -> None:
    cohort = await world.cohort(venues=(5, 5))
    here = await session(world, cohort, venue_id=cohort["venues"][0])
    there = await session(world, cohort, venue_id=cohort["venues"][1])
    both = await session(world, cohort, held_on="2030-01-06")
    educator = await world.educator()
    enrolment = await world.enrol(cohort, educator, venue=0)
    path = f"/v1/educators/{educator}/calendar.ics"
    before = {str(event["UID"]): int(event["SEQUENCE"]) for event in await events(world, path)}

    body = {"cohort_id": cohort["id"], "venue_id": cohort["venues"][1], "reason_code": "nearer"}
    await world.post(f"/v1/enrolments/{enrolment['id']}/transfer", body)
    after = {str(event["UID"]): event for event in await events(world, path)}

    def uid(made: Json) -> str:
        return f"{made['id']}.{educator}@bilim"

    assert set(before) == {uid(here), uid(both)}
    assert {name: event["STATUS"] for name, event in after.items()} == {
        uid(here): "CANCELLED",
        uid(there): "CONFIRMED",
        uid(both): "CONFIRMED",
    }
    assert all(int(after[name]["SEQUENCE"]) > sequence for name, sequence in before.items())


async def test_trainers_and_rooms_have_calendars_and_a_cancelled_session_stays_in_them(world: World) -> None:
    host = await world.organisation()
    cohort = await world.cohort(hosts=[host])
    room = await world.post("/v1/rooms", {"organisation_id": host, "name": "214", "seats": 30, "equipment": []})
    trainer = await world.post(
        "/v1/trainers", {"provider_id": world.provider_id, "display_name": "Үлгі тренер", "consent_public": True}
    )
    made = await session(world, cohort, venue_id=cohort["venues"][0], room_id=room["id"])
    given = await world.http.put(f"/v1/sessions/{made['id']}/trainers/{trainer['id']}")
    assert given.status_code < 300, given.text
    paths = [f"/v1/trainers/{trainer['id']}/calendar.ics", f"/v1/rooms/{room['id']}/calendar.ics"]

    before = [await one(world, path) for path in paths]
    await world.post(f"/v1/sessions/{made['id']}/cancel", {"reason_code": "weather"})
    after = [await one(world, path) for path in paths]

    assert [event["STATUS"] for event in before] == ["CONFIRMED"] * 2
    assert [event["STATUS"] for event in after] == ["CANCELLED"] * 2
    assert all(later["SEQUENCE"] > event["SEQUENCE"] for event, later in zip(before, after, strict=True))
    assert str(before[0]["LOCATION"]).endswith(", 214")
    assert before[0]["UID"] != before[1]["UID"]
    with nobody(world):
        assert len(await events(world, paths[1])) == 1
        await world.get(paths[0], status=401)
    assert "Үлгі" not in (await feed(world, paths[1])).text


async def test_a_cancelled_cohort_cancels_what_is_in_the_calendars(world: World) -> None:
    cohort = await world.cohort()
    await session(world, cohort)
    educator = await world.educator()
    await world.enrol(cohort, educator)

    await world.post(f"/v1/cohorts/{cohort['id']}/cancel", {"reason_code": "weather"})

    assert (await one(world, f"/v1/educators/{educator}/calendar.ics"))["STATUS"] == "CANCELLED"


async def test_a_phone_reads_a_calendar_by_a_secret_address_until_it_is_revoked(world: World) -> None:
    cohort = await world.cohort()
    await session(world, cohort)
    school = await world.organisation()
    educator = await world.educator(school)
    await world.enrol(cohort, educator)
    director, stranger = world.as_("director", organisation=school), world.as_("training_coordinator", area=ALMATY)
    body = {"owner_kind": "educator", "owner_id": educator, "label": "Телефон"}

    refused = await world.http.post("/v1/calendar-subscriptions", json=body, headers=stranger)
    made = (await world.http.post("/v1/calendar-subscriptions", json=body, headers=director)).json()
    listed = await world.get("/v1/calendar-subscriptions", owner_kind="educator", owner_id=educator)
    with nobody(world):
        event = await one(world, made["path"])
        first = await feed(world, made["path"])
        same = await world.http.get(made["path"], headers={"If-None-Match": first.headers["etag"]})
    for _ in range(2):
        revoked = await world.post(f"/v1/calendar-subscriptions/{made['id']}/revoke")
    with nobody(world):
        gone = await world.get(made["path"], status=404)
        unknown = await world.get("/v1/calendar-feeds/" + "A" * 43, status=404)

    assert refused.status_code == 403
    assert event["STATUS"] == "CONFIRMED"
    assert same.status_code == 304
    assert gone["code"] == unknown["code"] == "calendar_feed_not_found"
    assert revoked["revoked_at"] is not None
    secret = made["path"].rpartition("/")[2]
    assert secret not in str(listed)
    assert "path" not in listed["items"][0]
    async with world.database.reading() as reading:
        kept = (
            (await reading.execute(text("SELECT row_to_json(t)::text FROM calendar_subscriptions t"))).scalars().all()
        )
        audited = (await reading.execute(text("SELECT row_to_json(t)::text FROM audit_entries t"))).scalars().all()
        keys = (await reading.execute(text("SELECT count(*) FROM idempotency_keys"))).scalar_one()
    assert not any(secret in row for row in [*kept, *audited])
    assert keys == 0


async def test_the_address_of_a_person_whose_data_are_blocked_shows_nothing(world: World) -> None:
    educator = await world.educator()
    made = await world.post("/v1/calendar-subscriptions", {"owner_kind": "educator", "owner_id": educator})
    await feed(world, made["path"])
    async with world.database.writing() as session_:
        block = text("UPDATE educators SET state = 'blocked' WHERE id = :who")
        await session_.execute(block, {"who": UUID(educator)})

    assert (await world.get(made["path"], status=404))["code"] == "calendar_feed_not_found"


async def test_a_calendar_gives_out_twenty_addresses_and_no_more(world: World) -> None:
    body = {"owner_kind": "educator", "owner_id": await world.educator()}
    for _ in range(20):
        made = await world.post("/v1/calendar-subscriptions", body)

    refused = await world.post("/v1/calendar-subscriptions", body, status=409)
    await world.post(f"/v1/calendar-subscriptions/{made['id']}/revoke")

    assert refused["code"] == "calendar_subscriptions_full"
    await world.post("/v1/calendar-subscriptions", body)


async def test_a_teacher_s_calendar_is_read_only_within_reach(world: World) -> None:
    school = await world.organisation()
    educator = await world.educator(school)
    path = f"/v1/educators/{educator}/calendar.ics"
    statuses = {
        role: (await world.http.get(path, headers=world.as_(role, **claims))).status_code
        for role, claims in {
            "director": {"organisation": school},
            "training_coordinator": {"area": ALMATY},
            "auditor": {},
            "rating_analyst": {},
        }.items()
    }

    assert statuses == {"director": 200, "training_coordinator": 404, "auditor": 200, "rating_analyst": 403}


@pytest.mark.parametrize("owner", ["educators", "trainers", "rooms"])
async def test_a_calendar_of_nobody_is_not_found(world: World, owner: str) -> None:
    await world.get(f"/v1/{owner}/0198c0de-0000-7000-8000-000000000999/calendar.ics", status=404)
