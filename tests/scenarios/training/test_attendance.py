"""Attendance: codes of the room, scans that come late, a trainer's word, and what looks odd."""

import asyncio
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from services.training_api.attendance import service as attendance
from shared.clock import KAZAKHSTAN
from tests.support.training import ALMATY, Json, World

NINE = datetime(2030, 1, 5, 9, 0, tzinfo=KAZAKHSTAN)
HOURS = {"held_on": "2030-01-05", "starts_at": "09:00", "ends_at": "16:00"}
At = Callable[..., None]
_HANDLERS = [
    import_module(f"services.training_api.attendance.router.{name}")
    for name in ("codes", "register", "reports", "scans")
]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    """Lets the handlers of attendance see another time, in minutes after nine."""

    def move(minutes: float = 0, *, days: int = 0) -> None:
        moment = (NINE + timedelta(minutes=minutes, days=days)).astimezone(UTC)
        for module in _HANDLERS:
            monkeypatch.setattr(module, "clock", SimpleNamespace(now=lambda: moment))

    move()
    return move


class Room:
    """A session with people who have seats, and what they do there."""

    def __init__(self, world: World, cohort: Json, session_id: str, enrolments: list[Json]) -> None:
        self.world = world
        self.cohort = cohort
        self.id = session_id
        self.path = f"/v1/sessions/{session_id}"
        self.enrolments = enrolments

    async def code(self, direction: str = "in") -> str:
        return str((await self.world.get(f"{self.path}/code", direction=direction))["code"])

    async def scan(self, who: int | Json, code: str, *, status: int | None = None, **more: Any) -> Json:
        enrolment = self.enrolments[who] if isinstance(who, int) else who
        body = {
            "enrolment_id": enrolment["id"],
            "code": code,
            "nonce": nonce(),
            "device": f"phone-{enrolment['id'][-8:]}",
            **more,
        }
        return await self.world.post(f"{self.path}/attendance", body, status=status)

    async def line(self, who: int) -> Json:
        return await self.world.get(f"{self.path}/attendance/{self.enrolments[who]['id']}")

    async def steps(self, who: int) -> list[Json]:
        listed = await self.world.get(f"{self.path}/attendance/{self.enrolments[who]['id']}/steps")
        return list(listed["items"])

    async def odd(self, kind: str) -> list[Json]:
        found = await self.world.get(
            "/v1/reports/attendance-anomalies", session_id=self.id, kind=kind, since="2030-01-01", until="2030-12-31"
        )
        return list(found["items"])


@contextmanager
def nobody(world: World) -> Iterator[None]:
    """A caller without a token."""
    token = world.http.headers.pop("Authorization")
    try:
        yield
    finally:
        world.http.headers["Authorization"] = token


_programmes: dict[int, str] = {}


async def course(world: World, **more: Any) -> Json:
    """A cohort; all are of one programme, which is made once."""
    if id(world) not in _programmes:
        _programmes[id(world)] = await world.programme()
    return await world.cohort(programme_id=_programmes[id(world)], **more)


def nonce() -> str:
    return f"n-{uuid.uuid4()}"


async def room(world: World, *, people: int = 1, cohort: Json | None = None, **session: Any) -> Room:
    cohort = cohort or await course(world)
    made = await world.post(f"/v1/cohorts/{cohort['id']}/sessions", {**HOURS, **session})
    enrolments = [await world.enrol(cohort, educator) for educator in await world.educators(people)] if people else []
    return Room(world, cohort, made["id"], enrolments)


async def test_who_scans_in_the_doors_hour_is_present_and_who_leaves_gets_the_minutes(world: World, at: At) -> None:
    here = await room(world, people=2)
    at(-10)
    came = await here.scan(0, await here.code())
    at(30)
    late = await here.scan(1, await here.code())
    at(300)
    left = await here.scan(0, await here.code("out"))

    assert (came["status"], came["minutes"], came["outcome"]) == ("present", 420, "recorded")
    assert (late["status"], late["minutes"]) == ("late", 390)
    assert (left["status"], left["minutes"], left["direction"]) == ("left_early", 300, "out")
    line = await here.line(0)
    assert line["known_by"] == "code"
    assert line["allowed_actions"] == ["check_in", "check_out", "correct"]
    assert [(one["action"], one["code"]) for one in line["refused_actions"]] == [("mark", "wrong_state")]
    assert [(one["from_status"], one["to_status"]) for one in await here.steps(0)] == [
        ("expected", "present"),
        ("present", "left_early"),
    ]
    async with world.database.reading() as session:
        shares = await attendance.attended(session, [uuid.UUID(one["id"]) for one in here.enrolments])
    assert {(one.minutes, one.of_minutes) for one in shares.values()} == {(300, 420), (390, 420)}


async def test_where_nobody_s_attendance_was_kept_nothing_is_said_of_it(world: World, at: At) -> None:
    here = await room(world, people=2)
    ids = [uuid.UUID(one["id"]) for one in here.enrolments]
    async with world.database.reading() as session:
        before = await attendance.attended(session, ids)
    await here.scan(0, await here.code())
    async with world.database.reading() as session:
        after = await attendance.attended(session, ids)

    assert [before[one].share for one in ids] == [None, None]
    assert [after[one].share for one in ids] == [1.0, 0.0]


async def test_only_sessions_that_take_place_at_the_persons_venue_count(world: World, at: At) -> None:
    cohort = await course(world, venues=(5, 5))
    here = await room(world, cohort=cohort, people=0, venue_id=cohort["venues"][0])
    there = await room(world, cohort=cohort, people=0, venue_id=cohort["venues"][1], held_on="2030-01-06")
    off = await room(world, cohort=cohort, people=0, held_on="2030-01-07")
    await world.post(f"/v1/sessions/{off.id}/cancel", {"reason_code": "weather"})
    enrolment = await world.enrol(cohort, await world.educator(), venue=0)
    await here.scan(enrolment, await here.code())

    elsewhere = await there.world.post(f"{there.path}/attendance-marks", marks(enrolment), status=409)
    cancelled = await off.world.post(f"{off.path}/attendance-marks", marks(enrolment), status=409)
    async with world.database.reading() as session:
        (share,) = (await attendance.attended(session, [uuid.UUID(enrolment["id"])])).values()

    assert (elsewhere["code"], cancelled["code"]) == ("seat_at_another_venue", "session_cancelled")
    assert (share.minutes, share.of_minutes, share.share) == (420, 420, 1.0)


def marks(*enrolments: Json, status: str = "present", **more: Any) -> Json:
    return {"marks": [{"enrolment_id": one["id"], "status": status} for one in enrolments], **more}


async def test_the_code_of_another_session_is_refused(world: World, at: At) -> None:
    here, there = await room(world), await room(world)

    refused = await here.scan(0, await there.code(), status=409)

    assert refused["code"] == "code_of_another_session"
    assert (await here.line(0))["status"] == "expected"


async def test_an_early_scan_is_refused_and_told_when_scanning_begins(world: World, at: At) -> None:
    here = await room(world)
    code = await here.code()
    at(-31)

    refused = await here.scan(0, code, status=409)
    not_shown = await world.get(f"{here.path}/code", status=409)

    assert (refused["code"], refused["context"]["opens_at"]) == ("scan_too_early", "2030-01-05T08:30:00+05:00")
    assert not_shown["code"] == "scan_too_early"
    at(-30)
    assert (await here.scan(0, await here.code()))["status"] == "present"


async def test_a_late_scan_is_refused_and_a_code_lives_a_minute_at_most(world: World, at: At) -> None:
    here = await room(world, people=3)
    shown = await here.code()
    at(0.99)
    assert (await here.scan(0, shown))["outcome"] == "recorded"
    at(1)
    expired = await here.scan(1, shown, status=409)
    at(419)
    last = await here.code()
    at(420)
    over = await here.scan(2, last, status=409)
    out = await here.code("out")
    at(480)
    closed = await here.scan(2, out, status=409)

    assert (expired["code"], expired["context"]["shown_until"]) == ("code_expired", "2030-01-05T09:00:30+05:00")
    assert over["code"] == "code_expired" or over["code"] == "scan_too_late"
    assert (closed["code"], closed["context"]["closed_at"]) == ("scan_too_late", "2030-01-05T17:00:00+05:00")


async def test_the_server_s_time_decides_and_not_the_device_s(world: World, at: At) -> None:
    here = await room(world)
    shown = await here.code()
    at(45)

    refused = await here.scan(0, shown, status=409, scanned_at="2030-01-05T09:00:10+05:00")

    assert refused["code"] == "code_expired"


async def test_a_nonce_counts_once_and_a_repetition_is_answered_the_same(world: World, at: At) -> None:
    here = await room(world, people=2)
    code, same = await here.code(), nonce()

    first = await here.scan(0, code, nonce=same)
    at(20)
    again = await here.scan(0, code, nonce=same)
    other = await here.scan(1, await here.code(), nonce=same, status=409)

    assert again == first
    assert other["code"] == "nonce_replayed"
    assert len(await here.steps(0)) == 1


async def test_scans_at_the_same_moment_count_once_each(world: World, at: At) -> None:
    here = await room(world, people=5)
    code, same = await here.code(), nonce()

    def sent(who: int, nonce_: str) -> Json:
        one = here.enrolments[who]["id"]
        return {"enrolment_id": one, "code": code, "nonce": nonce_, "device": f"phone-{one[-8:]}"}

    async def post(body: Json) -> tuple[int, str | None]:
        answer = await world.http.post(f"{here.path}/attendance", json=body)
        return answer.status_code, answer.json().get("outcome") or answer.json()["code"]

    one_person = await asyncio.gather(*(post(sent(0, nonce())) for _ in range(8)))
    one_nonce = await asyncio.gather(*(post(sent(who, same)) for who in range(5)))

    assert sorted(one_person) == [(200, "recorded")] + [(200, "unchanged")] * 7
    assert sorted(status for status, _ in one_nonce) == [200] + [409] * 4
    assert {code for status, code in one_nonce if status == 409} == {"nonce_replayed"}
    assert len(await here.steps(0)) == 1


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
async def test_a_refusal_speaks_three_languages(world: World, at: At, language: str) -> None:
    here = await room(world)
    body = {"enrolment_id": here.enrolments[0]["id"], "code": "0000-0000-0001", "nonce": nonce(), "device": "phone-01"}

    refused = await world.post(f"{here.path}/attendance", body, status=422, Accept_Language=language)

    title = {"kk": "Код дұрыс терілмеген", "ru": "Код набран с ошибкой"}.get(language, "The code was mistyped")
    assert refused["code"] == "code_malformed"
    assert refused["title"].startswith(title)


async def test_who_has_no_seat_there_is_refused_and_told_of(world: World, at: At) -> None:
    cohort = await course(world, venues=(1, 5))
    here = await room(world, cohort=cohort, people=0, venue_id=cohort["venues"][0])
    seated = await world.enrol(cohort, await world.educator(), venue=0)
    waiting = await world.enrol(cohort, await world.educator(), venue=0)
    elsewhere = await world.enrol(cohort, await world.educator(), venue=1)
    stranger = await world.enrol(
        await course(world, first=NINE.date().replace(day=20), last=NINE.date().replace(day=21)), await world.educator()
    )
    code = await here.code()

    assert (await here.scan(waiting, code, status=409))["code"] == "not_enrolled"
    assert (await here.scan(stranger, code, status=409))["code"] == "not_enrolled"
    other = await here.scan(elsewhere, code, status=409)
    assert (other["code"], other["context"]["venue_id"]) == ("seat_at_another_venue", cohort["venues"][1])
    assert (await here.scan({"id": str(uuid.uuid4())}, code, status=409))["code"] == "enrolment_unknown"
    assert (await here.scan(seated, code))["status"] == "present"
    told = await here.odd("not_expected")
    assert {one["subject"] for one in told} == {waiting["id"], stranger["id"], elsewhere["id"]}


async def test_the_code_of_a_cancelled_session_is_refused(world: World, at: At) -> None:
    here = await room(world)
    code = await here.code()
    await world.post(f"{here.path}/cancel", {"reason_code": "trainer_ill"})

    refused = await here.scan(0, code, status=409)
    line = await here.line(0)

    assert refused["code"] == "session_cancelled"
    assert line["allowed_actions"] == []
    assert {one["code"] for one in line["refused_actions"]} == {"session_cancelled"}


async def test_people_scan_with_devices_of_their_own_and_many_on_one_device_are_told(world: World, at: At) -> None:
    here = await room(world, people=4)
    code = await here.code()
    badges = [(await world.get(f"/v1/enrolments/{one['id']}/badge"))["badge"] for one in here.enrolments]
    for place, badge in enumerate(badges):
        device = "shared-phone" if place < 3 else "another-phone"
        body = {"session_id": here.id, "badge": badge, "code": code, "nonce": nonce(), "device": device}
        with nobody(world):
            scanned = await world.post("/v1/attendance-scans", body)
        assert scanned["status"] == "present"

    (told,) = await here.odd("one_device")
    assert told["how_many"] == 3
    assert set(told["enrolment_ids"]) == {one["id"] for one in here.enrolments[:3]}
    assert "shared" not in told["subject"]
    forged = {"session_id": here.id, "badge": "A" * 43, "code": code, "nonce": nonce(), "device": "shared-phone"}
    assert (await world.post("/v1/attendance-scans", forged, status=422))["code"] == "badge_invalid"


async def test_scans_without_a_network_are_answered_one_by_one_and_their_order_does_not_matter(
    world: World, at: At
) -> None:
    here, there = await room(world, people=3), await room(world)
    at(-60)
    comings = await world.get(f"{here.path}/codes", direction="in")
    leavings = await world.get(f"{here.path}/codes", direction="out")
    foreign = await world.get(f"{there.path}/codes", direction="in")
    badge = (await world.get(f"/v1/enrolments/{here.enrolments[1]['id']}/badge"))["badge"]

    def kept(codes_: Json, minutes: int, **who: str) -> Json:
        place = int((NINE + timedelta(minutes=minutes) - datetime.fromisoformat(codes_["first_at"])).total_seconds())
        clock = (NINE + timedelta(minutes=minutes, seconds=7)).isoformat()
        code = codes_["codes"][place // codes_["step_seconds"]]
        return {**who, "code": code, "nonce": nonce(), "device_clock": clock}

    first, third = here.enrolments[0]["id"], here.enrolments[2]["id"]
    sent = [
        kept(leavings, 210, enrolment_id=first),
        kept(comings, 2, enrolment_id=first),
        kept(comings, 20, badge=badge),
        kept(foreign, 2, enrolment_id=third),
        kept(comings, 2, badge="B" * 43),
    ]
    at(days=1)
    answered = await world.post(f"{here.path}/attendance-batches", {"device": "trainer-tablet", "scans": sent})
    again = await world.post(f"{here.path}/attendance-batches", {"device": "trainer-tablet", "scans": sent[:3]})

    assert [one["outcome"] for one in answered["items"]] == ["recorded"] * 3 + ["refused"] * 2
    assert [one["code"] for one in answered["items"][3:]] == ["code_of_another_session", "badge_invalid"]
    assert (answered["recorded"], answered["refused"], again["unchanged"]) == (3, 2, 3)
    left, late = await here.line(0), await here.line(1)
    assert (left["status"], left["minutes"], left["known_by"]) == ("left_early", 208, "offline")
    assert (late["status"], late["minutes"]) == ("late", 400)
    at(days=15)
    too_late = await world.post(
        f"{here.path}/attendance-batches", {"device": "trainer-tablet", "scans": sent}, status=409
    )
    assert too_late["code"] == "upload_too_late"


async def test_a_clock_that_disagrees_with_the_codes_is_told(world: World, at: At) -> None:
    here = await room(world)
    code = await here.code()
    scan = {
        "enrolment_id": here.enrolments[0]["id"],
        "code": code,
        "nonce": nonce(),
        "device_clock": (NINE + timedelta(minutes=40)).isoformat(),
    }
    at(60)
    batch = {"device": "trainer-tablet", "clock_offset_seconds": -600, "scans": [scan]}
    answered = await world.post(f"{here.path}/attendance-batches", batch)

    assert answered["items"][0]["outcome"] == "recorded"
    (told,) = await here.odd("clock_drift")
    assert told["how_many"] == 1800


async def test_a_correction_keeps_what_was_written_and_no_later_scan_changes_it(world: World, at: At) -> None:
    here = await room(world)
    enrolment = here.enrolments[0]["id"]
    at(1)
    offline = {"enrolment_id": enrolment, "code": await here.code(), "nonce": nonce()}
    await here.scan(0, await here.code())
    at(300)
    path = f"{here.path}/attendance/{enrolment}/correct"
    said = {"status": "left_early", "minutes": 100}
    without = await world.post(path, said, status=422)
    unknown = await world.post(path, {**said, "reason_code": "boredom"}, status=422)
    evidence = [{"title": "Sheet of signatures"}]
    corrected = await world.post(path, {**said, "reason_code": "mistake", "evidence": evidence})
    at(301)
    live = await here.scan(0, await here.code())
    at(days=2)
    scan = {**offline, "device_clock": (NINE + timedelta(minutes=1)).isoformat()}
    later = await world.post(f"{here.path}/attendance-batches", {"device": "trainer-tablet", "scans": [scan]})

    assert (without["code"], unknown["code"]) == ("missing", "reason_unknown") or unknown["code"] == "reason_unknown"
    assert (corrected["status"], corrected["minutes"], corrected["known_by"]) == ("left_early", 100, "correction")
    assert (live["outcome"], live["status"], live["minutes"]) == ("kept", "left_early", 100)
    assert later["items"][0]["outcome"] == "kept"
    last = (await here.steps(0))[-1]
    assert (last["from_status"], last["to_status"], last["reason_code"]) == ("present", "left_early", "mistake")
    assert last["evidence"][0]["title"] == "Sheet of signatures"
    assert (await here.line(0))["minutes"] == 100


async def test_a_trainer_marks_without_a_code_and_who_was_absent_may_still_come(world: World, at: At) -> None:
    here = await room(world, people=4)
    path = f"{here.path}/attendance-marks"
    at(-60)
    early = await world.post(path, marks(here.enrolments[0]), status=409)
    excused = await world.post(path, marks(here.enrolments[0], status="excused", reason_code="illness"))
    at(10)
    no_reason = await world.post(path, marks(here.enrolments[1], status="excused"), status=422)
    minutes = await world.post(path, marks(here.enrolments[1], status="late"), status=422)
    personal = await world.post(path, marks(here.enrolments[1], comment="8 (701) 123-45-67"), status=422)
    await world.post(path, marks(*here.enrolments[1:3], status="absent"))
    twice = await world.post(path, marks(*here.enrolments[2:4]), status=409)
    at(30)
    came = await here.scan(1, await here.code())

    assert (early["code"], excused["items"][0]["status"]) == ("session_not_begun", "excused")
    assert (no_reason["code"], minutes["code"]) == ("reason_needed", "minutes_needed")
    assert personal["code"] == "comment_looks_personal"
    assert (twice["code"], twice["context"]["status"]) == ("attendance_step_not_allowed", "absent")
    assert (await here.line(3))["status"] == "expected"
    assert (came["status"], came["minutes"]) == ("late", 390)


async def test_a_register_is_closed_and_a_scan_that_comes_later_still_counts(world: World, at: At) -> None:
    here = await room(world, people=3)
    code = await here.code()
    await here.scan(0, code)
    not_over = await world.post(f"{here.path}/close-register", status=409)
    at(421)
    closed = await world.post(f"{here.path}/close-register")
    scan = {"enrolment_id": here.enrolments[1]["id"], "code": code, "nonce": nonce(), "device_clock": NINE.isoformat()}
    await world.post(f"{here.path}/attendance-batches", {"device": "trainer-tablet", "scans": [scan]})
    again = await world.post(f"{here.path}/close-register")

    assert not_over["code"] == "session_not_over"
    assert (closed["expected"], closed["attended"], closed["absent"], closed["closed_now"]) == (3, 1, 2, 2)
    assert (again["attended"], again["absent"], again["closed_now"]) == (2, 1, 0)
    assert [one["action"] for one in await here.steps(1)] == ["close", "check_in"]
    gaps = await world.get("/v1/reports/attendance-gaps", cohort_id=here.cohort["id"], never=True, count="exact")
    assert [one["enrolment_id"] for one in gaps["items"]] == [here.enrolments[2]["id"]]
    assert (gaps["items"][0]["missed"], gaps["items"][0]["of_minutes"], gaps["total"]) == (1, 420, 1)


async def test_a_register_shows_names_only_to_who_is_responsible_for_the_workplace(world: World, at: At) -> None:
    shymkent, almaty = await world.organisation(), await world.organisation(area=ALMATY)
    cohort = await course(world)
    here = await room(world, cohort=cohort, people=0)
    near = await world.enrol(cohort, await world.educator(shymkent))
    far = await world.enrol(cohort, await world.educator(almaty))
    coordinator = world.as_("training_coordinator", area="790000000")
    director = world.as_("director", organisation=almaty)

    async def lines(headers: dict[str, str], **accept: str) -> list[Json]:
        answer = await world.http.get(f"{here.path}/attendance", headers={**headers, **accept})
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    runs_it = {one["enrolment_id"]: one["name"] for one in await lines(coordinator)}
    own = await lines(director)
    table = await world.http.get(f"{here.path}/attendance", headers={"Accept": "text/csv"})
    analyst = await world.http.get(f"{here.path}/attendance", headers=world.as_("rating_publisher"))
    paged = await world.get(f"{here.path}/attendance", limit=1, count="exact")

    assert runs_it[near["id"]] is not None
    assert runs_it[far["id"]] is None
    assert [one["enrolment_id"] for one in own] == [far["id"]]
    async with world.database.reading() as session:
        shown = text(
            "SELECT count(*) FROM personal_reads WHERE shown = 'session_attendance' AND :who = ANY(educator_ids)"
        )
        noted = [await session.scalar(shown, {"who": uuid.UUID(one["educator_id"])}) for one in (near, far)]

    assert noted == [2, 1]  # the page of one line shows the first only
    assert table.text.count("\r\n") == 3
    assert "Үлгі" not in table.text
    assert "expected" in table.text
    assert analyst.status_code == 403
    assert (len(paged["items"]), paged["total"], paged["next_cursor"] is not None) == (1, 2, True)


async def test_who_does_not_run_the_course_gets_no_code_and_marks_nobody(world: World, at: At) -> None:
    here = await room(world)
    elsewhere = world.as_("training_coordinator", area=ALMATY)
    director = world.as_("director", organisation=here.enrolments[0]["organisation_id"])

    shown = await world.http.get(f"{here.path}/code", headers=elsewhere)
    marked = await world.http.post(f"{here.path}/attendance-marks", json=marks(here.enrolments[0]), headers=director)
    body = {"enrolment_id": here.enrolments[0]["id"], "code": await here.code(), "nonce": nonce(), "device": "phone-00"}
    scanned = await world.http.post(f"{here.path}/attendance", json=body, headers=elsewhere)
    own = await world.http.post(f"{here.path}/attendance", json=body, headers=director)

    assert (shown.status_code, marked.status_code, scanned.status_code) == (403, 403, 403)
    assert own.json()["status"] == "present"


async def test_what_looks_odd_is_told(world: World, at: At) -> None:
    here = await room(world, people=12)
    await world.post(f"{here.path}/attendance-marks", marks(*here.enrolments[:3]))
    by_hand = await here.odd("all_by_hand")
    code = await here.code()
    for who in range(3, 12):
        await here.scan(who, code)
    few = await here.odd("burst")
    extra = await world.enrol(here.cohort, await world.educator())
    await here.scan(extra, code)
    burst = await here.odd("burst")
    for _ in range(10):
        await here.scan(0, "0000-0000-0000", status=409, device="guessing-phone")
    (guesses,) = await here.odd("many_refused")

    assert by_hand[0]["how_many"] == 3
    assert await here.odd("all_by_hand") == []
    assert few == []
    assert burst[0]["how_many"] == 10
    assert guesses["how_many"] == 10


async def test_minutes_of_a_session_that_was_shortened_are_told_and_count_no_more_than_it_lasts(
    world: World, at: At
) -> None:
    here = await room(world)
    await here.scan(0, await here.code())
    path = f"/v1/sessions/{here.id}"
    tag = (await world.http.get(path)).headers["etag"]
    headers = {"If-Match": tag, "Content-Type": "application/merge-patch+json"}
    shortened = await world.http.patch(path, json={"ends_at": "12:00"}, headers=headers)
    async with world.database.reading() as session:
        (share,) = (await attendance.attended(session, [uuid.UUID(here.enrolments[0]["id"])])).values()

    assert shortened.status_code == 200, shortened.text
    (told,) = await here.odd("over_length")
    assert (told["how_many"], told["subject"]) == (420, here.enrolments[0]["id"])
    assert (share.minutes, share.of_minutes) == (180, 180)
    assert (await here.line(0))["of_minutes"] == 180


async def test_one_device_at_two_venues_within_minutes_is_told(world: World, at: At) -> None:
    hosts = [await world.organisation(), await world.organisation(area=ALMATY)]
    cohort = await course(world, venues=(5, 5), hosts=hosts)
    one = await room(world, cohort=cohort, people=0, venue_id=cohort["venues"][0])
    other = await room(world, cohort=cohort, people=0, venue_id=cohort["venues"][1])
    here = await world.enrol(cohort, await world.educator(), venue=0)
    there = await world.enrol(cohort, await world.educator(), venue=1)
    badges = [(await world.get(f"/v1/enrolments/{one['id']}/badge"))["badge"] for one in (here, there)]
    for session, badge, minutes in ((one, badges[0], 0), (other, badges[1], 25)):
        at(minutes)
        body = {"session_id": session.id, "badge": badge, "code": await session.code(), "nonce": nonce()}
        await world.post("/v1/attendance-scans", {**body, "device": "travelling-phone"})

    (told,) = await other.odd("two_places")
    assert told["how_many"] == 25 * 60
    assert await one.odd("two_places") == []


_ILLEGAL = [
    "UPDATE attendances SET status = 'expected', minutes = 0, known_by = NULL",
    "UPDATE attendances SET minutes = 1441",
    "UPDATE attendances SET status = 'absent'",
    "UPDATE attendances SET known_by = 'correction', settled_at = NULL",
    "UPDATE attendance_steps SET actor = 'nobody'",
    "DELETE FROM attendance_steps",
    "INSERT INTO attendance_steps (attendance_id, number, action, from_status, to_status, minutes, actor,"
    " effective_on, recorded_at) SELECT id, 9, 'mark', 'present', 'absent', 0, 'x', now(), now() FROM attendances",
    "INSERT INTO attendance_steps (attendance_id, number, action, from_status, to_status, minutes, actor,"
    " effective_on, recorded_at) SELECT id, 9, 'correct', 'expected', 'absent', 0, 'x', now(), now()"
    " FROM attendances",
]


async def test_the_database_refuses_what_the_machine_refuses(world: World, at: At) -> None:
    here = await room(world)
    await here.scan(0, await here.code())

    for statement in _ILLEGAL:
        with pytest.raises(IntegrityError) as refused:
            async with world.database.writing() as session:
                await session.execute(text(statement))
        assert isinstance(getattr(refused.value.orig, "__cause__", None), asyncpg.CheckViolationError), statement
