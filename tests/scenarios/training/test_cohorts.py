"""Cohorts: venues, sessions, rooms and trainers, hours that do not overlap, and too few people."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import httpx

from services.training_api.cohorts import service as cohorts
from services.training_api.worker import decide_due_cohorts
from tests.support.training import ALMATY, SHYMKENT, Json, World

DAYS = [f"2026-01-0{day}" for day in (5, 6, 7, 8)]
REGIONS = [
    f"{code}0000000" for code in (10, 11, 15, 19, 23, 27, 31, 33, 35, 39, 43, 47, 55, 59, 61, 62, 63, 71, 75, 79)
]


async def patched(world: World, path: str, body: Json, *, version: int | None = None, status: int = 200) -> Json:
    """What a merge patch answers."""
    headers = {"Content-Type": "application/merge-patch+json", "If-Match": f'"{version}"' if version else "*"}
    answer = await world.http.patch(path, json=body, headers=headers)
    assert answer.status_code == status, answer.text
    found: Json = answer.json()
    return found


async def put(world: World, path: str, *, status: int = 200) -> Json:
    answer = await world.http.put(path)
    assert answer.status_code == status, answer.text
    found: Json = answer.json()
    return found


async def meet(world: World, cohort: Json, day: str, begins: str, ends: str, *, status: int = 201, **more: Any) -> Json:
    """A session of the cohort."""
    body = {"held_on": day, "starts_at": begins, "ends_at": ends, **more}
    return await world.post(f"/v1/cohorts/{cohort['id']}/sessions", body, status=status)


async def evening_and_morning(world: World, **more: Any) -> tuple[Json, Json]:
    """Two cohorts of the same day, one before noon and one after work."""
    day = date(2030, 2, 4)
    morning = await world.cohort(first=day, last=day, **more)
    evening = await world.cohort(first=day, last=day, **more)
    await meet(world, morning, "2030-02-04", "09:00", "12:00")
    await meet(world, evening, "2030-02-04", "18:00", "20:00")
    return morning, evening


async def test_d2_courses_of_5_to_8_january_at_20_venues_and_a_warning_for_the_7th(world: World) -> None:
    hosts = [await world.organisation(area=area) for area in REGIONS]
    cohort = await world.cohort(
        venues=[85] * 20, hosts=hosts, first=date(2026, 1, 5), last=date(2026, 1, 8), opened=False
    )

    made = [await meet(world, cohort, day, "09:00", "16:00") for day in DAYS]

    assert [[one["code"] for one in session["warnings"]] for session in made] == [[], [], ["public_holiday"], []]
    venues = await world.get(f"/v1/cohorts/{cohort['id']}/venues")
    assert [venue["capacity"] for venue in venues["items"]] == [85] * 20
    assert {venue["area"] for venue in venues["items"]} == set(REGIONS)
    listed = await world.get(f"/v1/cohorts/{cohort['id']}/sessions")
    assert [session["held_on"] for session in listed["items"]] == DAYS
    assert listed["items"][0]["begins"] == "2026-01-05T09:00:00+05:00"


async def test_d4_a_region_without_a_venue_shows_none_and_the_others_one(world: World) -> None:
    programme = await world.programme()
    hosts = [await world.organisation(area=area) for area in REGIONS[:19]]
    await world.cohort(programme_id=programme, venues=[85] * 19, hosts=hosts, opened=False)

    found = {area: await world.get("/v1/venues", programme_id=programme, area=area, count="exact") for area in REGIONS}

    assert [found[area]["total"] for area in REGIONS] == [1] * 19 + [0]
    assert found[REGIONS[0]]["items"][0]["free"] == 85


async def test_cohorts_and_venues_go_out_as_files(world: World) -> None:
    cohort = await world.cohort(venues=[3, 4], minimum_seats_taken=2)

    as_csv = {"Accept": "text/csv"}
    venues = (await world.http.get("/v1/venues", params={"cohort_id": cohort["id"]}, headers=as_csv)).text
    listed = (await world.http.get("/v1/cohorts", params={"status": "open"}, headers=as_csv)).text
    book = await world.http.get(
        "/v1/cohorts", headers={"Accept": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
    )

    assert len(venues.splitlines()) == 3
    assert any(cohort["code"] in line and line.endswith(",2,,0,false") for line in listed.splitlines())
    assert book.content.startswith(b"PK")


async def test_a_morning_and_an_evening_course_on_one_day_are_no_double_booking(world: World) -> None:
    morning, evening = await evening_and_morning(world)
    person = await world.educator()

    taken = [await world.enrol(cohort, person) for cohort in (morning, evening)]

    assert [one["status"] for one in taken] == ["confirmed", "confirmed"]


async def test_sessions_that_overlap_by_a_minute_are_a_double_booking_naming_the_other(world: World) -> None:
    _, evening = await evening_and_morning(world)
    late = await world.cohort(first=date(2030, 2, 4), last=date(2030, 2, 4))
    await meet(world, late, "2030-02-04", "17:00", "18:01")
    person = await world.educator()
    held = await world.enrol(evening, person)

    refused = await world.enrol(late, person, status=409)

    (session,) = (await world.get(f"/v1/cohorts/{evening['id']}/sessions"))["items"]
    assert refused["code"] == "double_booking"
    assert refused["context"] == {
        "cohort": evening["code"],
        "cohort_id": evening["id"],
        "enrolment_id": held["id"],
        "session_id": session["id"],
    }


async def test_a_person_busy_at_one_venue_is_given_another_of_the_same_cohort(world: World) -> None:
    home, away = await world.organisation(), await world.organisation(area="750000000")
    day = date(2030, 2, 5)
    other = await world.cohort(first=day, last=day)
    await meet(world, other, "2030-02-05", "09:00", "12:00")
    cohort = await world.cohort(venues=[5, 5], hosts=[home, away], first=day, last=day)
    await meet(world, cohort, "2030-02-05", "10:00", "13:00", venue_id=cohort["venues"][0])
    await meet(world, cohort, "2030-02-05", "15:00", "18:00", venue_id=cohort["venues"][1])
    person = await world.educator(home)
    await world.enrol(other, person)

    near = await world.enrol(cohort, person, venue=0, status=409)
    found = await world.enrol(cohort, person)

    assert near["code"] == "double_booking"
    assert found["venue_id"] == cohort["venues"][1]


async def test_moving_a_session_into_the_time_of_another_booking_is_refused_and_names_it(world: World) -> None:
    morning, evening = await evening_and_morning(world)
    person = await world.educator()
    await world.enrol(morning, person)
    held = await world.enrol(evening, person)
    (session,) = (await world.get(f"/v1/cohorts/{morning['id']}/sessions"))["items"]
    path = f"/v1/sessions/{session['id']}"

    refused = await patched(world, path, {"starts_at": "17:00", "ends_at": "18:30"}, status=409)
    stale = await patched(world, path, {"title": "Physics"}, version=session["version"] + 7, status=412)
    moved = await patched(world, path, {"starts_at": "13:00", "ends_at": "18:00"}, version=session["version"])

    assert refused["code"] == "double_booking"
    assert (refused["context"]["cohort"], refused["context"]["enrolment_id"]) == (evening["code"], held["id"])
    assert stale["code"] == "precondition_failed"
    assert moved["begins"] == "2030-02-04T13:00:00+05:00"
    assert moved["version"] > session["version"]


async def test_a_cancelled_session_frees_the_hours_and_needs_a_reason_of_the_list(world: World) -> None:
    morning, evening = await evening_and_morning(world)
    extra = await meet(world, evening, "2030-02-04", "11:00", "13:00")
    person = await world.educator()
    await world.enrol(evening, person)
    await world.enrol(morning, person, status=409)
    path = f"/v1/sessions/{extra['id']}/cancel"

    unknown = await world.post(path, {"reason_code": "no_such_reason"}, status=422)
    cancelled = await world.post(path, {"reason_code": "trainer_ill"})
    again = await world.post(path, {"reason_code": "trainer_ill"}, status=409)
    changed = await patched(world, f"/v1/sessions/{extra['id']}", {"title": "—"}, status=409)

    assert unknown["code"] == "reason_unknown"
    assert (cancelled["status"], cancelled["reason_code"]) == ("cancelled", "trainer_ill")
    assert (again["code"], changed["code"]) == ("session_cancelled", "session_cancelled")
    assert (await world.enrol(morning, person))["status"] == "confirmed"


async def test_a_room_holds_one_session_at_a_time_also_of_another_cohort(world: World) -> None:
    host = await world.organisation()
    room = await world.post(
        "/v1/rooms", {"organisation_id": host, "name": "214", "seats": 30, "equipment": ["projector"]}
    )
    one, other = [await world.cohort(hosts=[host]) for _ in range(2)]
    held = await meet(world, one, "2030-01-05", "09:00", "12:00", venue_id=one["venues"][0], room_id=room["id"])
    here = {"venue_id": other["venues"][0], "room_id": room["id"]}

    taken = await meet(world, other, "2030-01-05", "11:59", "13:00", status=409, **here)
    after = await meet(world, other, "2030-01-05", "12:00", "13:00", **here)
    moved = await patched(world, f"/v1/sessions/{after['id']}", {"starts_at": "10:00"}, status=409)
    nowhere = await meet(world, other, "2030-01-06", "09:00", "10:00", status=422, room_id=room["id"])
    elsewhere = await world.cohort()
    foreign = await meet(
        world,
        elsewhere,
        "2030-01-06",
        "09:00",
        "10:00",
        status=409,
        room_id=room["id"],
        venue_id=elsewhere["venues"][0],
    )

    assert (taken["code"], taken["context"]["session_id"]) == ("room_taken", held["id"])
    assert (moved["code"], moved["context"]["session_id"]) == ("room_taken", held["id"])
    assert (nowhere["code"], foreign["code"]) == ("venue_needed", "room_unknown")
    listed = await world.get("/v1/rooms", organisation_id=host, equipment="projector", min_seats=25)
    assert [one["name"] for one in listed["items"]] == ["214"]


async def test_a_cancelled_cohort_leaves_its_room_and_its_trainer_to_others(world: World) -> None:
    host = await world.organisation()
    room = await world.post("/v1/rooms", {"organisation_id": host, "name": "9", "seats": 30})
    guest = {"provider_id": world.provider_id, "display_name": "Үлгі Мысал", "consent_public": True}
    trainer = await world.post("/v1/trainers", guest)
    one, other = [await world.cohort(hosts=[host]) for _ in range(2)]
    held, wanted = [{"venue_id": cohort["venues"][0], "room_id": room["id"]} for cohort in (one, other)]
    first = await meet(world, one, "2030-01-05", "09:00", "12:00", **held)
    await put(world, f"/v1/sessions/{first['id']}/trainers/{trainer['id']}")

    await world.post(f"/v1/cohorts/{one['id']}/cancel", {"reason_code": "too_few"})

    second = await meet(world, other, "2030-01-05", "09:00", "12:00", **wanted)
    await put(world, f"/v1/sessions/{second['id']}/trainers/{trainer['id']}")
    cancelled = await world.get(f"/v1/sessions/{first['id']}")
    assert (cancelled["status"], cancelled["reason_code"]) == ("cancelled", "cohort_cancelled")
    assert cancelled["version"] > first["version"]


async def test_a_room_wanted_twice_at_once_is_given_once(world: World) -> None:
    host = await world.organisation()
    room = await world.post("/v1/rooms", {"organisation_id": host, "name": "1", "seats": 30})
    runs = [await world.cohort(hosts=[host]) for _ in range(4)]

    async def book(run: Json) -> httpx.Response:
        body = {"held_on": "2030-01-05", "starts_at": "09:00", "ends_at": "12:00"}
        body |= {"venue_id": run["venues"][0], "room_id": room["id"]}
        return await world.http.post(f"/v1/cohorts/{run['id']}/sessions", json=body)

    answers = await asyncio.gather(*map(book, runs))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"room_taken"}


async def test_a_trainer_teaches_one_session_at_a_time(world: World) -> None:
    guest = await world.post(
        "/v1/trainers", {"provider_id": world.provider_id, "display_name": "Үлгі Мысал", "consent_public": True}
    )
    one, other = await world.cohort(), await world.cohort()
    held = await meet(world, one, "2030-01-05", "09:00", "12:00")
    late = await meet(world, other, "2030-01-05", "13:00", "15:00")
    clash = await meet(world, other, "2030-01-05", "11:00", "12:30")
    given = await put(world, f"/v1/sessions/{held['id']}/trainers/{guest['id']}")
    await put(world, f"/v1/sessions/{late['id']}/trainers/{guest['id']}")

    taken = await put(world, f"/v1/sessions/{clash['id']}/trainers/{guest['id']}", status=409)
    moved = await patched(world, f"/v1/sessions/{late['id']}", {"starts_at": "11:00"}, status=409)

    assert given["trainers"] == [{"id": guest["id"], "display_name": "Үлгі Мысал"}]
    assert (taken["code"], taken["context"]["session_id"]) == ("trainer_taken", held["id"])
    assert (moved["code"], moved["context"]["session_id"]) == ("trainer_taken", held["id"])
    freed = await world.http.delete(f"/v1/sessions/{held['id']}/trainers/{guest['id']}")
    assert (freed.status_code, freed.json()["trainers"]) == (200, [])
    await put(world, f"/v1/sessions/{clash['id']}/trainers/{guest['id']}")


async def test_nobody_takes_up_the_hours_of_another_providers_trainer(world: World) -> None:
    academy = await world.organisation(type_="provider", area=ALMATY)
    provider = await world.post("/v1/providers", {"organisation_id": academy, "code": "ALMATYPD"})
    trainer = await world.post(
        "/v1/trainers", {"provider_id": provider["id"], "display_name": "Үлгі Мысал", "consent_public": True}
    )
    held = await meet(world, await world.cohort(), "2030-01-05", "09:00", "12:00")
    path = f"/v1/sessions/{held['id']}/trainers/{trainer['id']}"

    refused = await world.http.put(path, headers=world.as_("training_coordinator", area=SHYMKENT))

    assert (refused.status_code, refused.json()["code"]) == (403, "out_of_reach")
    assert (await put(world, path))["trainers"][0]["id"] == trainer["id"], "who manages both may"


async def test_a_trainer_is_named_with_consent_only_and_forgotten_without(world: World) -> None:
    body = {"provider_id": world.provider_id, "display_name": "Үлгі Мысал"}

    unasked = await world.post("/v1/trainers", body, status=422)
    nameless = await world.post("/v1/trainers", {"provider_id": world.provider_id}, status=422)
    made = await world.post("/v1/trainers", {**body, "consent_public": True})
    left_in_use = await patched(world, f"/v1/trainers/{made['id']}", {"consent_public": False}, status=422)
    forgotten = await patched(world, f"/v1/trainers/{made['id']}", {"consent_public": False, "in_use": False})

    assert unasked["errors"][0]["code"] == "consent_needed"
    assert nameless["errors"][0]["code"] == "name_needed"
    assert left_in_use["code"] == "name_needed"
    assert forgotten["display_name"] is None


async def test_who_teaches_cannot_sit_and_learn_at_the_same_time(world: World) -> None:
    person = await world.educator()
    trainer = await world.post("/v1/trainers", {"provider_id": world.provider_id, "educator_id": person})
    morning, evening = await evening_and_morning(world)
    (held,) = (await world.get(f"/v1/cohorts/{morning['id']}/sessions"))["items"]
    (later,) = (await world.get(f"/v1/cohorts/{evening['id']}/sessions"))["items"]
    await put(world, f"/v1/sessions/{held['id']}/trainers/{trainer['id']}")

    refused = await world.enrol(morning, person, status=409)
    seat = await world.enrol(evening, person)
    learns = await put(world, f"/v1/sessions/{later['id']}/trainers/{trainer['id']}", status=409)
    moved = await patched(world, f"/v1/sessions/{held['id']}", {"starts_at": "17:00", "ends_at": "19:00"}, status=409)

    assert (refused["code"], refused["context"]["session_id"]) == ("teaches_then", held["id"])
    assert (learns["code"], learns["context"]["enrolment_id"]) == ("trainer_learns", seat["id"])
    assert moved["code"] == "trainer_learns"


async def test_too_few_people_on_the_day_of_decision_are_a_warning_and_an_event(world: World) -> None:
    cohort = await world.cohort(minimum_seats_taken=2, decide_on="2026-01-01")
    await world.enrol(cohort, await world.educator())
    path = f"/v1/cohorts/{cohort['id']}"

    await decide_due_cohorts(world.database)
    await decide_due_cohorts(world.database)
    read = await world.get(path)
    told = [
        one for one in (await world.get("/v1/changes", limit=200))["items"] if one["kind"] == "cohort.below_minimum"
    ]
    await world.enrol(cohort, await world.educator())
    enough = await world.get(path)

    assert read["viability"] == {"minimum": 2, "taken": 1, "reached": False, "decide_on": "2026-01-01"}
    assert [one["code"] for one in read["warnings"]] == ["below_minimum"]
    assert read["status"] == "open"
    assert [(one["subject_id"], one["data"]["taken"]) for one in told] == [(cohort["id"], 1)]
    assert (enough["viability"]["reached"], enough["warnings"]) == (True, [])


async def test_a_cohort_that_has_not_begun_may_be_changed_and_takes_its_learners_along(world: World) -> None:
    cohort = await world.cohort(first=date(2030, 3, 4), last=date(2030, 3, 5))
    other = await world.cohort(first=date(2030, 3, 11), last=date(2030, 3, 11))
    person = await world.educator()
    await world.enrol(cohort, person)
    await world.enrol(other, person)
    path = f"/v1/cohorts/{cohort['id']}"

    clash = await patched(world, path, {"ends_on": "2030-03-11"}, status=409)
    backwards = await patched(world, path, {"ends_on": "2030-03-01"}, status=422)
    nothing = await patched(world, path, {"name": None}, status=422)
    late = await patched(world, path, {"waiting_policy": "priority"}, status=409)
    moved = await patched(
        world, path, {"starts_on": "2030-03-05", "ends_on": "2030-03-06", "changes_close_on": "2030-03-01"}
    )
    free = await world.cohort(first=date(2030, 3, 4), last=date(2030, 3, 4))

    assert (clash["code"], clash["context"]["cohort"]) == ("double_booking", other["code"])
    assert [one["code"] for one in (backwards, nothing, late)] == [
        "period_reversed",
        "field_required",
        "waiting_policy_fixed",
    ]
    assert (moved["starts_on"], moved["changes_close_on"]) == ("2030-03-05", "2030-03-01")
    assert (await world.enrol(free, person))["status"] == "confirmed"
    await meet(world, cohort, "2030-03-05", "09:00", "12:00")
    outside = await patched(world, path, {"starts_on": "2030-03-06"}, status=409)
    assert outside["code"] == "sessions_outside"


async def test_other_rooms_read_the_hours_and_meetings_of_a_venue(world: World) -> None:
    cohort = await world.cohort(venues=[5, 5])
    first = await meet(world, cohort, "2030-01-05", "09:00", "10:30", venue_id=cohort["venues"][0])
    await meet(world, cohort, "2030-01-05", "10:30", "12:00", venue_id=cohort["venues"][0])

    async with world.database.reading() as session:
        ids = [UUID(one) for one in (cohort["id"], *cohort["venues"])]
        there = await cohorts.hours(session, ids[0], ids[1])
        elsewhere = await cohorts.hours(session, ids[0], ids[2])
        met = await cohorts.meetings(session, ids[0], venue_id=ids[1])
        none = await cohorts.meetings(session, ids[0], venue_id=ids[2])
        one = await cohorts.meeting(session, UUID(first["id"]))

    assert [(begins.isoformat(), ends.isoformat()) for begins, ends in there] == [
        ("2030-01-05T04:00:00+00:00", "2030-01-05T07:00:00+00:00")
    ]
    assert [(ends - begins).days for begins, ends in elsewhere] == [4]
    assert ([meeting.minutes for meeting in met], none, one.minutes) == ([90, 90], [], 90)
