"""Events and their plans as the source documents tell of them: the forum, the league, the marathon, calendars."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import icalendar
import pytest

from shared import clock
from shared.clock import day_in_kazakhstan
from tests.support.registry import ALATAU, AUEZOV, KYZYLORDA, WEST_KAZAKHSTAN, Registry

EVENTS, PLANS = "/v1/events", "/v1/event-plans"
YEAR = "2025-2026"


async def event(registry: Registry, when: str, **fields: Any) -> dict[str, Any]:
    """A seminar in the Kyzylorda region unless said otherwise."""
    place = {} if "host_id" in fields else {"area": KYZYLORDA}
    return await registry.post(EVENTS, {"kind": "seminar", "title": {"kk": "Семинар"}, "when": when, **place, **fields})


def item(month: str, kk: str = "«Тәжірибе алмасу» семинары", **fields: Any) -> dict[str, Any]:
    return {"month": month, "title": {"kk": kk}, "kind": "seminar", **fields}


async def plan(registry: Registry, *items: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A plan of the league in the Kyzylorda region, drafted and not yet approved."""
    given = {"area": KYZYLORDA, "network": "partner-directors", "academic_year": YEAR}
    return await registry.post(
        PLANS, {**given, "title": {"kk": "Лига іс-шараларының жоспары"}, "items": list(items), **fields}
    )


async def approve(registry: Registry, plan_id: str, *, expect: int = 200) -> dict[str, Any]:
    return await registry.post(f"{PLANS}/{plan_id}/approve", {"approver_role": "Басқарма басшысы"}, expect=expect)


async def calendar(registry: Registry, **params: Any) -> dict[str, Any]:
    """What a person's own program reads, by UID."""
    answer = await registry.call(
        "GET", "/v1/calendar.ics", expect=200, caller={}, params={"from": "2026-01-01", **params}
    )
    assert answer.headers["content-type"].startswith("text/calendar")
    parsed = icalendar.Calendar.from_ical(answer.content)
    return {str(component["UID"]): component for component in parsed.walk("VEVENT")}


async def test_b1_a_forum_in_the_week_before_26_december_2022_stands_between_its_neighbours(
    registry: Registry,
) -> None:
    host = await registry.organisation("Бауыржан Момышұлы атындағы №46 мектеп", area=WEST_KAZAKHSTAN)
    academy = await registry.organisation("«Өрлеу» академиясы", type="provider", area=WEST_KAZAKHSTAN)
    after = await event(registry, "2022-12-26", area=WEST_KAZAKHSTAN)
    before = await event(registry, "2022-12-18", area=WEST_KAZAKHSTAN)
    forum = await event(
        registry,
        "2022-W51",
        kind="forum",
        title={"kk": "Табысты мектеп акселераторы", "ru": "Акселератор успешной школы"},
        host_id=host["id"],
        duration_days=2,
        status="held",
        delegations=[
            {"body": {"ru": "Аким города"}, "role": "guest_of_honour", "people": 1},
            {"organisation_id": academy["id"], "role": "head", "people": 1},
            {"body": {"ru": "Делегация Арского района"}, "country": "RU", "role": "guest", "people": 5},
        ],
    )

    listed = await registry.get(EVENTS, caller={}, area=WEST_KAZAKHSTAN)
    found = await registry.get(EVENTS, caller={}, q="Момышулы 46")
    read = await registry.get(f"{EVENTS}/{forum['id']}", caller={})
    theirs = await registry.get(EVENTS, caller={}, participant_id=academy["id"])

    assert [one["id"] for one in listed["items"]] == [before["id"], forum["id"], after["id"]]
    assert [one["id"] for one in found["items"]] == [forum["id"]]
    assert (await registry.get("/v1/organisations", q="Момышулы 46"))["items"][0]["id"] == host["id"]
    assert (read["earliest"], read["latest"], read["precision"]) == ("2022-12-19", "2022-12-25", "week")
    assert (read["duration_days"], read["host"]["name"]["kk"]) == (2, "Бауыржан Момышұлы атындағы №46 мектеп")
    assert [(one["role"], one["people"], one["country"]) for one in read["delegations"]] == [
        ("guest_of_honour", 1, None),
        ("head", 1, None),
        ("guest", 5, "RU"),
    ]
    assert read["people"] == 7
    assert [one["id"] for one in theirs["items"]] == [forum["id"]]


async def test_c1_adding_an_item_to_an_approved_plan_creates_revision_2_and_leaves_revision_1_as_it_is(
    registry: Registry,
) -> None:
    drafted = await plan(registry, item("2026-03"), item("2025-10"))
    url = f"{PLANS}/{drafted['id']}"

    approved = await approve(registry, drafted["id"])
    revision_1 = await registry.get(url, revision=1)
    revised = await registry.post(f"{url}/items", item("2026-04", "TEDx кездесуі"))

    assert (drafted["status"], drafted["latest_revision"]) == ("draft", 1)
    assert (approved["status"], approved["approved_revision"]) == ("approved", 1)
    assert (revised["status"], revised["revision"], revised["approved_revision"]) == ("revised", 2, 1)
    assert [one["month"] for one in revised["items"]] == ["2025-10", "2026-03", "2026-04"]
    again = await registry.get(url, revision=1)
    assert (again["items"], again["revisions"][0]) == (revision_1["items"], revision_1["revisions"][0])
    assert [one["month"] for one in again["items"]] == ["2025-10", "2026-03"]
    assert {one["id"] for one in again["items"]} < {one["id"] for one in revised["items"]}
    seen_by_strangers = await registry.get(url, caller={})
    assert (seen_by_strangers["revision"], seen_by_strangers["status"]) == (1, "approved")

    in_force = await approve(registry, drafted["id"])

    assert (in_force["status"], in_force["approved_revision"]) == ("approved", 2)
    assert [one["item_count"] for one in in_force["revisions"]] == [2, 3]
    assert (await registry.get(url, caller={}))["revision"] == 2
    assert (await approve(registry, drafted["id"], expect=409))["code"] == "nothing_to_approve"


async def test_c1_of_four_events_planned_for_march_three_were_held_and_the_rate_is_75_percent(
    registry: Registry,
) -> None:
    drafted = await plan(registry, *(item("2026-03", f"«{number}» семинары") for number in range(4)), item("2026-05"))
    await approve(registry, drafted["id"])
    march = [one["id"] for one in drafted["items"] if one["month"] == "2026-03"]
    may = next(one["id"] for one in drafted["items"] if one["month"] == "2026-05")
    for item_id, when in zip(march[:3], ("2026-03-05", "2026-03", "2026-04-02"), strict=True):
        await event(registry, when, plan_item_id=item_id, status="held")
    await event(registry, "2026-03-06", plan_item_id=march[0], status="held")
    cancelled = await event(registry, "2026-05-12", plan_item_id=may)
    step = {"to": "cancelled", "reason": "Карантин"}
    await registry.post(f"{EVENTS}/{cancelled['id']}/transitions", step, expect=200)

    report = await registry.get(f"{PLANS}/{drafted['id']}/report", caller={})
    carried_out = await registry.get(EVENTS, caller={}, plan_id=drafted["id"], count="exact")

    months = {one["month"]: one for one in report["months"]}
    assert list(months) == [*(f"2025-{month:02}" for month in range(9, 13)), *(f"2026-0{m}" for m in range(1, 9))]
    assert (months["2026-03"]["planned"], months["2026-03"]["held"], months["2026-03"]["rate"]) == (4, 3, 0.75)
    assert (months["2026-03"]["late"], months["2026-03"]["open"]) == (1, 1)
    assert (months["2026-05"]["rate"], months["2026-05"]["cancelled"]) == (0.0, 1)
    assert (months["2025-09"]["planned"], months["2025-09"]["rate"]) == (0, None)
    assert (report["planned"], report["held"], report["rate"]) == (5, 3, 0.6)
    assert carried_out["total"] == 5


async def test_c1_changing_and_removing_items_of_an_approved_plan_revise_it_and_a_draft_is_changed_in_place(
    registry: Registry,
) -> None:
    drafted = await plan(registry, item("2026-02"))
    url, item_id = f"{PLANS}/{drafted['id']}", drafted["items"][0]["id"]

    in_place = await registry.call(
        "PATCH", f"{url}/items/{item_id}", {"month": "2026-03"}, expect=200, if_match=drafted["etag"]
    )
    await approve(registry, drafted["id"])
    same = await registry.call("PATCH", f"{url}/items/{item_id}", {"month": "2026-03"}, expect=200, if_match="*")
    moved = await registry.call("PATCH", f"{url}/items/{item_id}", {"month": "2026-04"}, expect=200, if_match="*")
    await registry.call("DELETE", f"{url}/items/{item_id}", expect=204, if_match="*")

    assert in_place.json()["latest_revision"] == 1
    assert same.json()["latest_revision"] == 1
    assert (moved.json()["latest_revision"], moved.json()["items"][0]["id"]) == (2, item_id)
    assert (await registry.get(url))["items"] == []
    assert [one["month"] for one in (await registry.get(url, revision=1))["items"]] == ["2026-03"]
    assert (await approve(registry, drafted["id"], expect=409))["code"] == "nothing_to_approve"


async def test_c1_a_draft_is_nobodys_business_and_only_who_may_approve_approves(registry: Registry) -> None:
    drafted = await plan(registry, item("2026-03"))
    url = f"{PLANS}/{drafted['id']}"
    neighbour = registry.headers("region_officer", area=WEST_KAZAKHSTAN)
    director = registry.headers("director", organisation=str(uuid4()))
    own = registry.headers("region_officer", area=KYZYLORDA)
    by = {"approver_role": "Басқарма басшысы"}

    assert (await registry.get(url, expect=404, caller={}))["code"] == "event_plan_not_found"
    assert (await registry.post(f"{url}/approve", by, expect=403, caller=neighbour))["code"] == "out_of_reach"
    assert (await registry.post(f"{url}/approve", by, expect=403, caller=director))["code"] == "scope_missing"
    assert (await registry.post(f"{url}/approve", by, expect=200, caller=own))["status"] == "approved"
    assert drafted["id"] in {one["id"] for one in (await registry.get(PLANS, caller={}, area=KYZYLORDA))["items"]}
    problem = await registry.post(f"{url}/items", item("2026-09"), expect=422)
    assert (problem["code"], problem["errors"][0]["pointer"]) == ("month_outside_year", "/month")


async def test_c2_a_district_coordinator_edits_events_of_the_own_district_only(registry: Registry) -> None:
    own_school = await registry.organisation("№12 мектеп", area=ALATAU)
    other_school = await registry.organisation("№13 мектеп", area=AUEZOV)
    coordinator = registry.headers("region_officer", area=ALATAU)
    body = {"kind": "seminar", "title": {"kk": "Семинар"}, "when": "2026-03"}
    own = await registry.post(EVENTS, {**body, "host_id": own_school["id"]}, caller=coordinator)
    other = await registry.post(EVENTS, {**body, "host_id": other_school["id"]})
    patch = {"title": {"ru": "Семинар для завучей"}}
    url = f"{EVENTS}/{other['id']}"

    changed = await registry.call(
        "PATCH", f"{EVENTS}/{own['id']}", patch, expect=200, caller=coordinator, if_match=own["etag"]
    )
    refused = [
        await registry.call("PATCH", url, patch, expect=403, caller=coordinator, if_match=other["etag"]),
        await registry.call(
            "POST", f"{url}/transitions", {"to": "cancelled", "reason": "жоқ"}, expect=403, caller=coordinator
        ),
        await registry.call("POST", EVENTS, {**body, "area": AUEZOV}, expect=403, caller=coordinator),
        await registry.call(
            "POST", EVENTS, {**body, "area": ALATAU, "host_id": other_school["id"]}, expect=403, caller=coordinator
        ),
        await registry.call(
            "PATCH",
            f"{EVENTS}/{own['id']}",
            {"host_id": other_school["id"], "area": AUEZOV},
            expect=403,
            caller=coordinator,
            if_match="*",
        ),
    ]

    assert changed.json()["title"] == {"kk": "Семинар", "ru": "Семинар для завучей", "en": None}
    assert {answer.json()["code"] for answer in refused} == {"out_of_reach"}
    assert (await registry.get(url))["title"]["ru"] is None


async def test_c3_a_marathon_keeps_three_sessions_as_they_are_written_and_is_found_by_176_and_not_by_1760(
    registry: Registry,
) -> None:
    titles = [
        "«Заманауи сабақ: дәстүр мен жаңашылдық»",
        "«Lesson Study – мұғалім зерттеуші»",
        "«Функционалдық\u00a0сауаттылық» шеберлік сыныбы",
    ]
    host = await registry.organisation("№176 мектеп", area=KYZYLORDA)
    other = await registry.organisation("№1760 мектеп", area=KYZYLORDA)
    marathon = await event(
        registry,
        "2026-03",
        kind="methodical_marathon",
        title={"kk": "Әдістемелік марафон"},
        host_id=host["id"],
        audience=["trainer"],
        sessions=[
            {"title": {"kk": title}, "audience": ["master"] if place else []} for place, title in enumerate(titles)
        ],
    )
    await event(registry, "2026-03", kind="methodical_marathon", host_id=other["id"], audience=["moderator"])

    read = await registry.get(f"{EVENTS}/{marathon['id']}", caller={})
    for_masters = await registry.get(EVENTS, caller={}, category="master")
    by_number = await registry.get(EVENTS, caller={}, q="176")

    assert [one["title"]["kk"] for one in read["sessions"]] == titles
    assert [one["id"] for one in for_masters["items"]] == [marathon["id"]]
    assert for_masters["items"][0]["session_count"] == 3
    assert [one["host"]["id"] for one in by_number["items"]] == [host["id"]]
    assert (await registry.get(EVENTS, caller={}, category="trainer"))["items"][0]["id"] == marathon["id"]


@pytest.mark.parametrize(
    ("when", "earliest", "latest", "precision"),
    [
        ("2022-W51", "2022-12-19", "2022-12-25", "week"),
        ("2026-03", "2026-03-01", "2026-03-31", "month"),
        ("2021-12-31~", "2021-12-31", "2021-12-31", "day"),
        ("2026?", "2026-01-01", "2026-12-31", "year"),
    ],
)
async def test_f6_a_partial_date_is_kept_as_it_was_told_with_its_precision(
    registry: Registry, when: str, earliest: str, latest: str, precision: str
) -> None:
    told = await event(registry, when)

    assert (told["when"], told["earliest"], told["latest"], told["precision"]) == (when, earliest, latest, precision)
    assert (told["approximate"], told["uncertain"]) == (when.endswith("~"), when.endswith("?"))


async def test_f6_days_that_no_calendar_has_are_refused(registry: Registry) -> None:
    for when in ("2025-W53", "2026-02-30", "2026-13", "last week", "2026-03-05\x00", 2026, None):
        body = {"kind": "seminar", "title": {"kk": "Семинар"}, "when": when, "area": KYZYLORDA}
        problem = await registry.post(EVENTS, body, expect=422)
        assert problem["errors"][0]["pointer"] == "/when"


async def test_an_event_is_asked_for_by_the_days_it_may_last(registry: Registry) -> None:
    network = "days-league"
    in_march = await event(registry, "2024-03", network=network)
    two_days = await event(registry, "2024-03-31", network=network, duration_days=2)

    async def ids(**params: Any) -> list[str]:
        listed = await registry.get(EVENTS, caller={}, network=network, **params)
        return [one["id"] for one in listed["items"]]

    assert await ids() == [in_march["id"], two_days["id"]]
    assert await ids(sort="-when") == [two_days["id"], in_march["id"]]
    assert await ids(**{"from": "2024-04-01"}) == [two_days["id"]]
    assert await ids(until="2024-03-30") == [in_march["id"]]
    first = await registry.get(EVENTS, network=network, limit=1)
    second = await registry.get(EVENTS, network=network, limit=1, cursor=first["next_cursor"])
    assert [one["id"] for page in (first, second) for one in page["items"]] == await ids()
    file = await registry.call("GET", EVENTS, expect=200, caller={"Accept": "text/csv"}, params={"network": network})
    assert [line.split(",")[0] for line in file.text.splitlines()] == ["id", in_march["id"], two_days["id"]]


async def test_an_event_goes_through_its_life_by_the_table_and_cancelling_needs_a_reason(registry: Registry) -> None:
    future = (day_in_kazakhstan(clock.now()) + timedelta(days=40)).isoformat()
    made = await event(registry, future)
    url = f"{EVENTS}/{made['id']}/transitions"

    unexplained = await registry.post(url, {"to": "postponed"}, expect=422)
    too_early = await registry.post(url, {"to": "held"}, expect=409)
    postponed = await registry.post(url, {"to": "postponed", "reason": "Боран"}, expect=200)
    planned = await registry.post(url, {"to": "planned", "when": "2024-02-01"}, expect=200)
    held = await registry.post(url, {"to": "held"}, expect=200)
    over = await registry.post(url, {"to": "cancelled", "reason": "кеш"}, expect=409)

    assert (unexplained["code"], unexplained["errors"][0]["pointer"]) == ("reason_needed", "/reason")
    assert too_early["code"] == "event_not_yet"
    assert (postponed["status"], postponed["status_reason"]) == ("postponed", "Боран")
    assert (planned["when"], planned["status_reason"]) == ("2024-02-01", None)
    assert (held["status"], held["next_statuses"]) == ("held", [])
    assert over["code"] == "event_transition_refused"


async def test_a_calendar_keeps_its_uid_and_counts_what_matters_until_the_event_is_cancelled(
    registry: Registry,
) -> None:
    network = "calendar-league"
    host = await registry.organisation("№101 мектеп", area=KYZYLORDA)
    forum = await event(
        registry,
        "2026-11-26",
        network=network,
        kind="forum",
        host_id=host["id"],
        duration_days=2,
        title={"kk": "Форум"},
    )
    await event(registry, "2026-W51", network=network, title={"kk": "Семинар, күні белгісіз"}, duration_days=2)
    url, uid = f"{EVENTS}/{forum['id']}", f"{forum['id']}@bilim"

    async def entry() -> Any:
        return (await calendar(registry, network=network))[uid]

    first = await entry()
    await registry.call("PATCH", url, {"notes": "Акт залы", "audience": ["director"]}, expect=200, if_match="*")
    untouched = await entry()
    await registry.call("PATCH", url, {"when": "2026-11-27"}, expect=200, if_match="*")
    moved = await entry()
    await registry.post(f"{url}/transitions", {"to": "cancelled", "reason": "Карантин"}, expect=200)
    cancelled = await entry()
    imprecise = next(one for key, one in (await calendar(registry, network=network)).items() if key != uid)

    assert [one["SEQUENCE"] for one in (first, untouched, moved, cancelled)] == [0, 0, 1, 2]
    assert first["DTSTART"].dt == date(2026, 11, 26)
    assert first["DTEND"].dt == date(2026, 11, 28), "the first day after the event"
    assert (str(first["STATUS"]), str(first["LOCATION"])) == ("CONFIRMED", "№101 мектеп")
    assert untouched["LAST-MODIFIED"].dt == first["LAST-MODIFIED"].dt <= moved["LAST-MODIFIED"].dt
    assert moved["DTSTART"].dt == date(2026, 11, 27)
    assert str(cancelled["STATUS"]) == "CANCELLED"
    assert "Карантин" in str(cancelled["DESCRIPTION"])
    assert (imprecise["DTSTART"].dt, imprecise["DTEND"].dt) == (date(2026, 12, 14), date(2026, 12, 21))
    assert (str(imprecise["STATUS"]), "2026-W51" in str(imprecise["DESCRIPTION"])) == ("TENTATIVE", True)


async def test_a_calendar_is_narrowed_and_read_again_only_when_it_changed(registry: Registry) -> None:
    network = "narrow-league"
    school = await registry.organisation("№153 мектеп", area=ALATAU)
    mine = await event(registry, "2026-12-01", network=network, host_id=school["id"], kind="conference")
    await event(registry, "2026-12-01", network=network, area=AUEZOV, kind="seminar")

    narrow = [
        await calendar(registry, network=network, **one)
        for one in ({"area": ALATAU}, {"host_id": school["id"]}, {"kind": "conference"})
    ]
    answer = await registry.call("GET", "/v1/calendar.ics", expect=200, caller={}, params={"network": network})
    again = {"If-None-Match": answer.headers["ETag"]}
    await registry.call("GET", "/v1/calendar.ics", expect=304, caller=again, params={"network": network})

    assert [list(one) for one in narrow] == [[f"{mine['id']}@bilim"]] * 3
    assert len(await calendar(registry, network=network)) == 2


async def test_notes_are_for_those_who_work_and_outcomes_for_everybody(registry: Registry) -> None:
    made = await event(
        registry,
        "2025-08-20",
        kind="conference",
        status="held",
        notes="Тек іште",
        outcomes={"ru": "Девять направлений"},
    )
    url = f"{EVENTS}/{made['id']}"

    seen = await registry.get(url, caller={})

    assert (seen["notes"], seen["outcomes"]["ru"]) == (None, "Девять направлений")
    assert (await registry.get(url))["notes"] == "Тек іште"
    listed = await registry.get(EVENTS, caller={}, kind="conference", status="held", area=KYZYLORDA)
    assert made["id"] in {one["id"] for one in listed["items"]}


@pytest.mark.parametrize(
    ("fields", "code", "pointer"),
    [
        ({"area": None}, "place_needed", "/area"),
        ({"host_id": str(uuid4())}, "organisation_unknown", "/host_id"),
        ({"area": "799999999"}, "area_unknown", "/area"),
        ({"plan_item_id": str(uuid4())}, "plan_item_unknown", "/plan_item_id"),
        (
            {"delegations": [{"organisation_id": str(uuid4())}]},
            "organisation_unknown",
            "/delegations/0/organisation_id",
        ),
        ({"delegations": [{"role": "guest"}]}, "validation_failed", "/delegations/0"),
        ({"duration_days": 0}, "validation_failed", "/duration_days"),
        ({"audience": ["master", "master"]}, "validation_failed", "/audience"),
        ({"title": {"kk": "\x00"}}, "validation_failed", "/title/kk"),
        ({"iin": "850101300123"}, "validation_failed", "/iin"),
    ],
)
async def test_an_event_that_is_wrong_is_refused_with_the_place_of_the_mistake(
    registry: Registry, fields: dict[str, Any], code: str, pointer: str
) -> None:
    body = {"kind": "seminar", "title": {"kk": "Семинар"}, "when": "2026-03", "area": KYZYLORDA, **fields}

    problem = await registry.post(EVENTS, body, expect=422)

    assert (problem["code"], problem["errors"][0]["pointer"]) == (code, pointer)


async def test_what_others_follow_tells_of_events_without_notes(registry: Registry) -> None:
    made = await event(registry, "2026-03-05", notes="Тек іште")
    await registry.call("PATCH", f"{EVENTS}/{made['id']}", {"when": "2026-03-06"}, expect=200, if_match=made["etag"])
    await registry.call("PATCH", f"{EVENTS}/{made['id']}", {"when": "2026-03-06"}, expect=412, if_match=made["etag"])

    history = await registry.get("/v1/audit", resource_type="event", resource_id=made["id"])

    assert {entry["action"] for entry in history["items"]} == {"create", "update"}
    changed = next(entry for entry in history["items"] if entry["action"] == "update")
    assert changed["changes"]["when_text"] == ["2026-03-05", "2026-03-06"]
