"""Organisations object in time, are answered in time, and what is upheld is put right in the open."""

from datetime import datetime, timedelta
from typing import Any

from tests.integration.rating.conftest import AREA, PERIOD, Town, run
from tests.integration.rating.lives import (
    BOTH,
    agreed,
    appeal,
    calling,
    close_window,
    decided,
    execute,
    previewed,
    refused,
    sent,
)


async def read(town: Town, path: str, **params: Any) -> Any:
    answer = await town.house.rating.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def body(done: dict[str, Any], school: str, **more: Any) -> dict[str, Any]:
    return {"run_id": done["id"], "organisation_id": school, "ground": "other", "text": "Неверно", **more}


async def test_a_director_objects_for_the_own_school_only_and_readers_not_at_all(town: Town) -> None:
    shown = await previewed(town, "own-school")
    answers = []
    for role, claims in (
        ("director", {"organisation": town.schools[0]}),
        ("director", {"organisation": town.schools[1]}),
        ("region_officer", {"area": AREA}),
        ("rating_analyst", {}),
        ("auditor", {}),
    ):
        async with calling(town, role, **claims) as http:
            asked = body(shown, town.schools[0], indicator=None if role == "director" else "SCH_UNT_MEAN")
            answers.append((await http.post("/v1/appeals", json=asked)).status_code)

    assert answers == [201, 403, 201, 403, 403]
    async with calling(town, "director", organisation=town.schools[1]) as stranger:
        listed = (await stranger.get("/v1/appeals", params={"run_id": shown["id"], "count": "exact"})).json()
    assert (listed["items"], listed["total"]) == ([], 0)


async def test_appeals_are_made_within_the_window_and_about_what_is_rated(town: Town) -> None:
    plain = await run(town, await agreed(town, "no-appeals"))
    await sent(town, f"/v1/runs/{plain['id']}/preview")
    unseen = await run(town, await agreed(town, "not-yet", appeals={}))
    shown = await previewed(town, "in-time")
    await appeal(town, shown, town.schools[0])

    told = [
        await refused(town, "/v1/appeals", body(plain, town.schools[0])),
        await refused(town, "/v1/appeals", body(unseen, town.schools[0])),
        await refused(town, "/v1/appeals", body(shown, town.schools[0], indicator="SCH_UNT_MEAN")),
        await refused(town, "/v1/appeals", body(shown, town.schools[0], indicator="SCH_BULLYING_RATE")),
        await refused(town, "/v1/appeals", body(shown, town.schools[0], ground="value_wrong")),
        await refused(town, "/v1/appeals", body(shown, shown["id"])),
    ]
    await close_window(town, shown)
    told.append(await refused(town, "/v1/appeals", body(shown, town.schools[1])))

    assert told == [
        (409, "appeals_not_foreseen"),
        (409, "appeal_window_closed"),
        (409, "appeal_exists"),
        (422, "indicator_not_of_methodology"),
        (422, "validation_failed"),
        (404, "result_not_found"),
        (409, "appeal_window_closed"),
    ]


async def test_a_disputed_value_says_so_until_the_decision(town: Town) -> None:
    shown = await previewed(town, "disputed")
    made = await appeal(town, shown, town.schools[0])
    address = f"/v1/runs/{shown['id']}/preview/{town.schools[0]}"

    during = await read(town, address)
    await decided(town, made, "rejected")
    after = await read(town, address)

    def reasons(told: dict[str, Any]) -> dict[str, Any]:
        return {one["indicator"]: one["reason"] for one in told["contributions"]}

    assert reasons(during)["SCH_UNT_MEAN"] == "under_appeal"
    assert reasons(after)["SCH_UNT_MEAN"] is None
    assert during["score"] == after["score"], "the value stands until the decision"
    assert [one["state"] for one in after["appeals"]] == ["rejected"]


async def test_the_answer_is_due_within_ten_working_days_and_late_ones_are_listed(town: Town) -> None:
    shown = await previewed(town, "due")
    made = await appeal(town, shown, town.schools[0])
    on_time = await appeal(town, shown, town.schools[1])
    due = datetime.fromisoformat(made["answer_due_at"]) - datetime.fromisoformat(made["submitted_at"])
    await execute(
        town, "UPDATE appeals SET answer_due_at = now() - interval '1 day' WHERE id = $1::text::uuid", made["id"]
    )

    late = await read(town, "/v1/appeals", run_id=shown["id"], overdue=True)
    others = await read(town, "/v1/appeals", run_id=shown["id"], overdue=False)
    await decided(town, made, "rejected")
    answered = await read(town, "/v1/appeals", run_id=shown["id"], overdue=True)

    assert timedelta(days=11) < due < timedelta(days=25)
    assert [one["id"] for one in late["items"]] == [made["id"]]
    assert [one["id"] for one in others["items"]] == [on_time["id"]]
    assert answered["items"] == []


async def test_what_is_upheld_is_put_right_in_another_run_and_the_old_one_is_not_published(town: Town) -> None:
    methodology = await agreed(town, "upheld", appeals={})
    first = await run(town, methodology)
    before = await run(town, methodology)
    await sent(town, f"/v1/runs/{first['id']}/preview")
    made = await appeal(town, first, town.schools[0])
    answer = await decided(town, made, "upheld", SCH_UNT_MEAN="invalidate")
    await close_window(town, first)

    async def published(done: dict[str, Any]) -> tuple[int, str]:
        return await refused(town, "/v1/publications", {"run_id": done["id"], "waive_appeals": BOTH})

    old = await published(first)
    unlinked = await published(await run(town, methodology))
    asked = {"methodology_id": methodology["id"], "period": PERIOD, "as_of": "2026-11-01", "corrects": first["id"]}
    accepted = await town.house.rating.post("/v1/runs", json=asked)
    await town.house.finished(accepted, of="rating")
    corrected = accepted.json()
    third = await published(corrected)
    stale = await published(before)

    assert (answer["state"], answer["corrections"]) == (
        "upheld",
        [{"indicator": "SCH_UNT_MEAN", "remedy": "invalidate"}],
    )
    assert [old, unlinked, third, stale] == [
        (409, "correction_needed"),
        (409, "correction_outstanding"),
        (201, "upheld"),
        (409, "correction_too_early"),
    ]
    told = await read(town, f"/v1/runs/{corrected['id']}/preview/{town.schools[0]}")
    reasons = {one["indicator"]: (one["value"], one["reason"]) for one in told["contributions"]}
    assert reasons["SCH_UNT_MEAN"] == (None, "invalidated")
    assert (await read(town, f"/v1/runs/{first['id']}"))["corrected_by"] == corrected["id"]


async def test_one_run_puts_right_what_was_upheld_against_two(town: Town) -> None:
    methodology = await agreed(town, "upheld-twice", appeals={})
    shown = [await run(town, methodology) for _ in range(2)]
    for done, school in zip(shown, town.schools, strict=False):
        await sent(town, f"/v1/runs/{done['id']}/preview")
        await decided(town, await appeal(town, done, school), "upheld", SCH_UNT_MEAN="invalidate")
    asked = {"methodology_id": methodology["id"], "period": PERIOD, "as_of": "2026-11-01", "corrects": shown[1]["id"]}
    accepted = await town.house.rating.post("/v1/runs", json=asked)
    await town.house.finished(accepted, of="rating")
    corrected = accepted.json()["id"]

    await sent(town, "/v1/publications", {"run_id": corrected, "waive_appeals": BOTH}, status=201)

    for done, school in zip(shown, town.schools, strict=False):
        assert (await read(town, f"/v1/runs/{done['id']}"))["corrected_by"] == corrected
        told = await read(town, f"/v1/runs/{corrected}/preview/{school}")
        reasons = {one["indicator"]: one["reason"] for one in told["contributions"]}
        assert reasons["SCH_UNT_MEAN"] == "invalidated"


async def test_only_what_was_upheld_is_corrected(town: Town) -> None:
    shown = await previewed(town, "nothing-upheld")
    asked = {"methodology_id": shown["methodology_id"], "period": PERIOD, "corrects": shown["id"]}

    assert await refused(town, "/v1/runs", asked) == (409, "nothing_to_correct")


async def test_a_decision_names_what_follows_and_is_taken_once(town: Town) -> None:
    shown = await previewed(town, "once")
    made = await appeal(town, shown, town.schools[0])
    address = f"/v1/appeals/{made['id']}"
    reason = {"kk": "Тексерілді", "ru": "Проверено"}
    fix = [{"indicator": "SCH_UNT_MEAN", "remedy": "at_source"}]

    told = [
        await refused(town, f"{address}/decide", {"outcome": "rejected", "reason": reason}),
        (await sent(town, f"{address}/review", {"comment": "Asked the registry"}))["state"],
        await refused(town, f"{address}/decide", {"outcome": "upheld", "reason": reason}),
        await refused(town, f"{address}/decide", {"outcome": "rejected", "reason": reason, "corrections": fix}),
        await refused(town, f"{address}/decide", {"outcome": "rejected", "reason": {"ru": "Проверено"}}),
        (await sent(town, f"{address}/decide", {"outcome": "partly_upheld", "reason": reason, "corrections": fix}))[
            "state"
        ],
        await refused(town, f"{address}/withdraw"),
    ]

    assert told == [
        (409, "appeal_step_refused"),
        "in_review",
        (422, "validation_failed"),
        (422, "validation_failed"),
        (422, "validation_failed"),
        "partly_upheld",
        (409, "appeal_step_refused"),
    ]
    steps = (await read(town, f"{address}/steps"))["items"]
    assert [(step["action"], step["to_state"], step["comment"]) for step in steps] == [
        ("submit", "submitted", None),
        ("review", "in_review", "Asked the registry"),
        ("decide", "partly_upheld", None),
    ]


async def test_events_tell_of_appeals_without_words_or_persons(town: Town) -> None:
    shown = await previewed(town, "quiet")
    made = await appeal(town, shown, town.schools[0], text="Иванова Айгуль Серикқызы ошиблась")
    await decided(town, made, "upheld", SCH_UNT_MEAN="at_source")

    found: list[dict[str, Any]] = []
    while not any(event["kind"] == "appeal.decided" and event["subject_id"] == made["id"] for event in found):
        after = found[-1]["position"] if found else 0
        page = await read(town, "/v1/changes", limit=200, wait=5, after=after)
        assert page["items"], "the feed tells of it within seconds"
        found += page["items"]

    mine = [event for event in found if event["subject_id"] == made["id"]]
    assert [event["kind"] for event in mine] == ["appeal.submitted", "appeal.taken_up", "appeal.decided"]
    assert all("Айгуль" not in str(event) for event in found)
    assert mine[-1]["data"]["corrections"] == [{"indicator": "SCH_UNT_MEAN", "remedy": "at_source"}]
