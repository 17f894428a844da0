"""Targets over time: what stands, what was known, what took the place of what, and what follows whom."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from services.registry_api.organisations.succession import Succession, Undoing
from services.registry_api.targets import service as targets
from shared import clock
from shared.db.bitemporal import NewerStandsError
from shared.db.engine import Database
from tests.support import apps
from tests.support.cluster import Databases
from tests.support.registry import ALATAU, AUEZOV, SHYMKENT, Registry

ALMATY = "750000000"
CODE = "SCH_TEXTBOOK_PROVISION"


@dataclass(frozen=True)
class House:
    registry: Registry
    database: Database


@pytest.fixture(scope="module")
async def house(databases: Databases, local_key_file: Path, token_for: Callable[..., str]) -> AsyncIterator[House]:
    async with databases.database_for("registry") as url:
        environment = {"REGISTRY_DATABASE_URL": url, "BILIM_LOCAL_KEY_FILE": str(local_key_file)}
        app = apps.build_app("registry", environment)
        async with apps.running(app), apps.client_for(app) as client:
            yield House(Registry(client, token_for), app.state.database)


@pytest.fixture
def registry(house: House) -> Registry:
    return house.registry


async def stated(registry: Registry, *, expect: int = 201, **fields: Any) -> dict[str, Any]:
    given = {"indicator": CODE, "comparator": "ge", "value_low": 98, "stated_by_role": "akim_of_city"}
    if not {"area", "organisation_id"} & fields.keys():
        given["area"] = SHYMKENT
    return await registry.post("/v1/targets", {**given, **fields}, expect=expect)


async def tag(registry: Registry, target: dict[str, Any]) -> str:
    return (await registry.call("GET", f"/v1/targets/{target['id']}", expect=200)).headers["ETag"]


async def patched(registry: Registry, target: dict[str, Any], patch: dict[str, Any], **more: Any) -> dict[str, Any]:
    more = {"expect": 200, **more}
    answer = await registry.call(
        "PATCH", f"/v1/targets/{target['id']}", patch, if_match=await tag(registry, target), **more
    )
    found: dict[str, Any] = answer.json()
    return found


async def test_a_change_is_true_from_its_day_and_known_from_its_hour(registry: Registry) -> None:
    target = await stated(registry, value_low=90, stated_on="2024-08-20", indicator="ORG_INTERNET_MBPS")
    known = (await registry.get(f"/v1/targets/{target['id']}"))["recorded_at"]

    await patched(registry, target, {"value_low": 95, "due": "2027"}, params={"effective_from": "2025-09-01"})

    async def value(**moment: Any) -> Any:
        found = await registry.get(f"/v1/targets/{target['id']}", **moment)
        return found["value_low"], found["due"]

    assert await value(as_of="2025-08-31") == (90, None)
    assert await value(as_of="2025-09-01") == (95, "2027")
    assert await value(as_of="2025-09-01", known_at=known) == (90, None)
    history = (await registry.get(f"/v1/targets/{target['id']}/history"))["items"]
    assert [(one["value_low"], one["valid_from"], one["valid_until"]) for one in history] == [
        (90, "2024-08-20", "2025-09-01"),
        (95, "2025-09-01", None),
    ]
    assert [one["value_low"] for one in (await registry.get("/v1/targets", as_of="2025-08-31"))["items"]] == [90]


async def test_a_target_that_takes_the_place_of_another_ends_the_conflict(registry: Registry) -> None:
    old = await stated(registry, area=AUEZOV, authoritative=True, stated_on="2024-08-20")
    new = await stated(
        registry, area=AUEZOV, value_low=99, authoritative=True, stated_on="2025-08-20", supersedes_id=old["id"]
    )

    listed = (await registry.get("/v1/targets", indicator=CODE, area=AUEZOV))["items"]
    before = (await registry.get("/v1/targets", indicator=CODE, area=AUEZOV, as_of="2025-08-19"))["items"]
    again = await stated(registry, area=AUEZOV, supersedes_id=old["id"], expect=409)

    assert [(one["status"], one["conflict"], one["superseded_by"]) for one in listed] == [
        ("superseded", False, new["id"]),
        ("stated", False, None),
    ]
    assert [(one["id"], one["status"]) for one in before] == [(old["id"], "stated")]
    assert again["code"] == "target_no_longer_stands"


async def test_other_dates_and_aspirations_are_no_conflict(registry: Registry) -> None:
    for fields in ({"due": "2026"}, {"due": "2030", "value_low": 99}, {"qualifier": "aspiration", "value_low": 100}):
        await stated(registry, area="710000000", **fields)

    calm = (await registry.get("/v1/targets", area="710000000", conflict=True))["items"]
    await stated(registry, area="710000000", due="2030", value_low=97)
    disputed = (await registry.get("/v1/targets", area="710000000", conflict=True))["items"]

    assert calm == []
    assert [one["value_low"] for one in disputed] == [99, 97]


async def test_the_cascade_of_a_city_adds_up_or_tells_by_how_much_it_does_not(registry: Registry) -> None:
    code = "REG_TEACHER_SHORTAGE"
    whole = await stated(registry, indicator=code, area=ALMATY, comparator="le", value_low=20, children_rule="sum")
    for area, value in ((AUEZOV, 12), (ALATAU, 6)):
        await stated(registry, indicator=code, area=area, comparator="le", value_low=value, parent_id=whole["id"])

    short = await registry.get(f"/v1/targets/{whole['id']}/cascade")
    await patched(registry, whole, {"children_note": "2 орын қалалық резервте"})
    explained = await registry.get(f"/v1/targets/{whole['id']}/cascade")

    assert {one["area"]: one["value_low"] for one in short["children"]} == {AUEZOV: 12, ALATAU: 6}
    assert short["promised"] == {"whole": 20, "parts": 18, "difference": 2, "reconciles": False}
    assert (short["explained"], explained["explained"]) == (False, True)
    assert "2" in short["explanation"]["kk"]


async def test_a_part_lies_within_its_whole_and_no_target_within_itself(registry: Registry) -> None:
    whole = await stated(registry, area=ALMATY)
    school = await registry.organisation(area=AUEZOV)
    part = await stated(registry, organisation_id=school["id"], parent_id=whole["id"])

    outside = await stated(registry, area=SHYMKENT, parent_id=whole["id"], expect=422)
    other = await stated(registry, area=AUEZOV, indicator="ORG_INTERNET_MBPS", parent_id=whole["id"], expect=422)
    nobody = await stated(registry, area=AUEZOV, parent_id=str(uuid4()), expect=422)
    same = await stated(registry, area=ALMATY, parent_id=whole["id"])
    circle = await patched(registry, whole, {"parent_id": same["id"]}, expect=409)

    assert part["parent_id"] == whole["id"]
    assert [one["code"] for one in (outside, other, nobody, circle)] == [
        "parent_does_not_hold",
        "parent_does_not_hold",
        "target_unknown",
        "targets_in_circle",
    ]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"value_low": None}, "target_value_missing"),
        ({"comparator": "range", "value_high": None}, "target_range_incomplete"),
        ({"comparator": "range", "value_low": 50, "value_high": 40}, "range_reversed"),
        ({"comparator": "all", "value_low": 99}, "target_value_fixed"),
        ({"baseline_on": "2021"}, "baseline_incomplete"),
        ({"organisation_id": "01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"}, "subject_not_one"),
        ({"due": "2022-13"}, "string_pattern_mismatch"),
        ({"quote": "а" * 201}, "too_long"),
        ({"stated_by_role": "Ахметов А."}, "enum"),
        ({"source_url": "javascript:alert(1)"}, "string_pattern_mismatch"),
    ],
)
async def test_what_says_no_one_clear_thing_is_refused(registry: Registry, wrong: dict[str, Any], code: str) -> None:
    refused = await stated(registry, **{"area": SHYMKENT, **wrong}, expect=422)

    assert code in {error["code"] for error in refused["errors"]}


async def test_what_does_not_exist_or_does_not_fit_is_refused_by_its_code(registry: Registry) -> None:
    school = await registry.organisation(area=AUEZOV)
    everybody = {"indicator": CODE, "comparator": "all", "value_low": None}
    cases = {
        "indicator_unknown": {"indicator": "NO_SUCH_THING"},
        "area_unknown": {"area": "199999999"},
        "organisation_unknown": {"organisation_id": str(uuid4())},
        "indicator_of_areas": {"indicator": "REG_PRE_QUEUE", "organisation_id": school["id"]},
        "each_at_least_missing": everybody,
        "target_unknown": {"supersedes_id": str(uuid4())},
    }

    found = {code: (await stated(registry, **fields, expect=422))["code"] for code, fields in cases.items()}

    assert found == {code: code for code in cases}


async def test_a_patch_that_contradicts_is_refused_and_one_that_says_nothing_new_changes_nothing(
    registry: Registry,
) -> None:
    target = await stated(registry, area="330000000")

    refused = await patched(registry, target, {"comparator": "range"}, expect=422)
    emptied = await patched(registry, target, {"quote": None}, expect=422)
    early = await patched(registry, target, {"value_low": 1}, params={"effective_from": "1900-01-01"})
    same = await patched(registry, target, {"value_low": 1})

    assert refused["code"] == emptied["code"] == "target_invalid"
    assert (early["version"], same["version"]) == (2, 2)


async def test_another_region_and_strangers_may_not_write(registry: Registry) -> None:
    officer = registry.headers("region_officer", area=SHYMKENT)
    body = {"indicator": CODE, "comparator": "ge", "value_low": 98, "stated_by_role": "akim_of_city"}
    target = await registry.post("/v1/targets", {**body, "area": SHYMKENT}, caller=officer)

    await registry.post("/v1/targets", {**body, "area": ALMATY}, expect=403, caller=officer)
    await registry.post("/v1/targets", {**body, "area": ALMATY}, expect=401, caller=registry.headers(None))
    await registry.call("DELETE", f"/v1/targets/{target['id']}", expect=428, caller=officer)
    etag = await tag(registry, target)
    await registry.call("DELETE", f"/v1/targets/{target['id']}", expect=204, caller=officer, if_match=etag)
    found = await registry.get(f"/v1/targets/{target['id']}", caller=registry.headers(None))
    gone = await patched(registry, target, {"value_low": 97}, expect=409)

    assert (found["status"], gone["code"]) == ("withdrawn", "target_no_longer_stands")


async def test_the_list_goes_page_by_page_and_out_as_a_file(registry: Registry) -> None:
    for value in range(5):
        await stated(registry, area="620000000", value_low=value, due=f"203{value}")

    seen: list[float] = []
    cursor: dict[str, Any] = {}
    while True:
        page = await registry.get("/v1/targets", inside="620000000", limit=2, count="exact", **cursor)
        seen += [one["value_low"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    csv = await registry.call(
        "GET", "/v1/targets", expect=200, params={"area": "620000000"}, caller={"Accept": "text/csv"}
    )

    assert (seen, page["total"]) == ([0, 1, 2, 3, 4], 5)
    assert len(csv.text.splitlines()) == 6
    assert csv.text.startswith("id,version,status,indicator")


async def test_a_forecast_needs_three_values_since_the_last_break(registry: Registry) -> None:
    target = await stated(
        registry,
        area="470000000",
        baseline_value=80,
        baseline_on="2024-12-31",
        value_low=98,
        due="2026-12-31",
        indicator="REG_PRE_COVERAGE_2_6",
    )
    path = f"/v1/targets/{target['id']}"
    found = []
    for quarter, value in (("2025-Q1", 82.0), ("2025-Q2", 84.0), ("2025-Q3", 86.1), ("2025-Q4", 88.0)):
        await registry.post(f"{path}/observations", {"period": quarter, "value": value, "source_system": "NEDB"})
        found.append((await registry.get(f"{path}/progress", as_of="2026-01-15"))["forecast"])

    assert [one is None for one in found] == [True, True, False, False]
    assert found[-1]["low"] < found[-1]["value"] < found[-1]["high"]
    assert found[-1]["value"] == pytest.approx(96.1, abs=0.2)
    assert (found[-1]["on"], found[-1]["points"]) == ("2026-12-31", 4)


async def test_progress_is_told_as_it_was_known(registry: Registry) -> None:
    target = await stated(registry, area="610000000", baseline_value=80, indicator="REG_PRE_COVERAGE_2_6")
    path = f"/v1/targets/{target['id']}"
    body = {"period": "2026-Q1", "source_system": "NEDB"}
    await registry.post(f"{path}/observations", {**body, "value": 83})
    known = (await registry.get("/v1/observations", area="610000000"))["items"][0]["recorded_from"]
    await registry.post(f"{path}/observations", {**body, "value": 84.5, "status": "final"})

    now, then = [await registry.get(f"{path}/progress", **moment) for moment in ({}, {"known_at": known})]

    assert (now["actual"]["value"], now["progress"]) == (84.5, 25)
    assert (then["actual"]["value"], round(then["progress"], 3)) == (83, 16.667)


async def test_targets_follow_the_successor_and_come_back_when_the_event_is_undone(house: House) -> None:
    registry = house.registry
    old, new = [await registry.organisation(area=AUEZOV) for _ in range(2)]
    moved = await stated(registry, organisation_id=old["id"], value_low=95, authoritative=True)
    own = await stated(registry, organisation_id=new["id"], value_low=97, authoritative=True)
    now = clock.now()
    succession = Succession(uuid4(), (UUID(old["id"]),), UUID(new["id"]), date(2026, 9, 1))

    async with house.database.writing() as session:
        assert await targets.bound(session, [UUID(old["id"])], on=date(2026, 8, 31)) == 1
        carried = await targets.carry(session, succession, now=now)
    before = await registry.get(f"/v1/targets/{moved['id']}", as_of="2026-08-31")
    after = (await registry.get("/v1/targets", organisation=new["id"], as_of="2026-09-01"))["items"]

    assert [(one.subject, str(one.subject_id), one.outcome) for one in carried] == [("target", moved["id"], "moved")]
    assert (before["organisation_id"], before["authoritative"]) == (old["id"], True)
    assert [(one["id"], one["conflict"], one["authoritative"]) for one in after] == [
        (moved["id"], True, False),
        (own["id"], True, True),
    ]
    async with house.database.writing() as session:
        await targets.take_back(session, Undoing(succession.reorganisation_id, now, clock.now()))
    back = await registry.get(f"/v1/targets/{moved['id']}", as_of="2026-09-01")
    assert (back["organisation_id"], back["authoritative"], back["conflict"]) == (old["id"], True, False)


async def test_what_is_newer_than_the_event_stands_in_the_way_of_its_undoing(house: House) -> None:
    registry = house.registry
    old, new = [await registry.organisation(area=AUEZOV) for _ in range(2)]
    moved = await stated(registry, organisation_id=old["id"], value_low=95)
    now = clock.now()
    succession = Succession(uuid4(), (UUID(old["id"]),), UUID(new["id"]), date(2026, 9, 1))
    async with house.database.writing() as session:
        await targets.carry(session, succession, now=now)
    await patched(registry, moved, {"value_low": 96})

    with pytest.raises(NewerStandsError):
        async with house.database.writing() as session:
            await targets.take_back(session, Undoing(succession.reorganisation_id, now, clock.now()))


async def test_lists_and_summaries_cost_the_same_statements_however_many_targets_there_are(house: House) -> None:
    registry, area = house.registry, "190000000"
    statements: list[str] = []
    told = partial(event.listen, house.database.reader.sync_engine, "before_cursor_execute")
    told(lambda *sent: statements.append(str(sent[2])))

    async def cost() -> tuple[int, int]:
        statements.clear()
        await registry.get("/v1/targets", area=area)
        listed = len(statements)
        async with house.database.reading() as session:
            statements.clear()
            await targets.summaries(session, area=area, on=date(2026, 1, 1))
        return listed, len(statements)

    await stated(registry, area=area)
    one = await cost()
    for number in range(12):
        await stated(registry, area=area, indicator="REG_PRE_QUEUE" if number % 2 else CODE, due=f"20{30 + number}")
    many = await cost()

    assert one == many
    assert many[0] <= 2
    assert many[1] <= 4


async def test_of_two_stated_at_once_one_becomes_the_one_to_go_by(registry: Registry) -> None:
    body = {"indicator": CODE, "comparator": "ge", "stated_by_role": "minister", "area": "350000000"}
    bodies = [{**body, "value_low": value, "authoritative": True} for value in (90, 91, 92)]

    answers = await asyncio.gather(
        *(registry.client.post("/v1/targets", json=one, headers=registry.headers()) for one in bodies)
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]


async def test_no_number_is_too_large_and_no_day_too_far(registry: Registry) -> None:
    target = await stated(registry, area="430000000", indicator="REG_PRE_QUEUE", value_low=1)
    path = f"/v1/targets/{target['id']}"
    for number, value in enumerate((1e308, -1e308, 1e308, -1e308)):
        told = {"period": f"202{number}-03", "value": value, "source_system": "x"}
        await registry.post(f"{path}/observations", told)
    far = {"baseline_value": 1e-15, "baseline_on": "1900", "value_low": 1e15, "due": "2200"}
    await patched(registry, target, far)

    for day in ("1900-01-01", "2023-06-01", "2199-12-31"):
        for part in ("/progress", "/cascade", "/split", "/history", ""):
            await registry.get(path + part, as_of=day)
        await registry.get("/v1/reports/dashboard", as_of=day)


async def test_what_happened_to_targets_is_in_the_feed(registry: Registry) -> None:
    target = await stated(registry, area="550000000", value_low=91)
    await patched(registry, target, {"value_low": 92})

    told: list[dict[str, Any]] = []
    seen = 0
    while len(told) < 2:
        feed = await registry.get("/v1/changes", after=seen, limit=1000, wait=5)
        assert feed["items"], "the feed went silent"
        seen = feed["next_after"]
        told += [one for one in feed["items"] if one["subject_id"] == target["id"]]

    assert [(one["kind"], one["data"]["value_low"]) for one in told] == [("target.stated", 91), ("target.changed", 92)]
