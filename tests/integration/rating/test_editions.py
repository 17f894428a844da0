"""From a computed run to an edition and its correction: each step by the table, none in silence."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from shared.clock import KAZAKHSTAN, day_in_kazakhstan
from tests.integration.rating.conftest import AREA, Town, run
from tests.integration.rating.lives import (
    BOTH,
    agreed,
    appeal,
    calling,
    close_window,
    execute,
    previewed,
    public,
    refused,
    sent,
)


async def read(town: Town, path: str, **params: Any) -> Any:
    answer = await town.house.rating.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_run_tells_its_stage_what_may_be_done_to_it_and_why_not_the_rest(town: Town) -> None:
    done = await run(town, await agreed(town, "told", appeals={"working_days": 5}))

    assert (done["stage"], done["appeal_days"]) == ("computed", 5)
    assert done["allowed_actions"] == ["check", "preview", "withdraw"]
    assert [(one["action"], one["code"]) for one in done["refused_actions"]] == [("publish", "preview_needed")]
    assert all(one["message"][language] for one in done["refused_actions"] for language in ("kk", "ru", "en"))

    checked = await sent(town, f"/v1/runs/{done['id']}/check", {"comment": "Compared by hand"})
    shown = await sent(town, f"/v1/runs/{done['id']}/preview")

    assert (checked["stage"], checked["checked_by_another"]) == ("checked", False)
    assert shown["allowed_actions"] == ["withdraw"]
    assert {one["code"] for one in shown["refused_actions"] if one["action"] == "publish"} == {"appeal_window_open"}
    listed = await read(town, "/v1/runs", stage="preview")
    assert done["id"] in {one["id"] for one in listed["items"]}


async def test_somebody_else_checks_and_the_edition_tells_it(town: Town) -> None:
    done = await run(town, await agreed(town, "four-eyes"))
    async with calling(town, "rating_publisher") as publisher, calling(town, "rating_analyst") as analyst:
        by_analyst = await analyst.post(f"/v1/runs/{done['id']}/check", json={})
        by_publisher = await publisher.post(f"/v1/runs/{done['id']}/check", json={})

    publication = await sent(town, "/v1/publications", {"run_id": done["id"]}, status=201)

    assert by_analyst.status_code == 403
    assert by_publisher.json()["checked_by_another"] is True
    assert publication["checked_by_another"] is True
    steps = (await read(town, f"/v1/runs/{done['id']}/steps"))["items"]
    assert [step["to_stage"] for step in steps] == ["computed", "checked", "published"]
    assert steps[1]["actor"].endswith("#rating_publisher")


async def test_the_window_closes_at_midnight_after_its_last_working_day(town: Town) -> None:
    shown = await previewed(town, "window")

    until = datetime.fromisoformat(shown["appeals_until"])
    assert until.astimezone(KAZAKHSTAN).time().isoformat() == "00:00:00"
    assert until - datetime.now(UTC) > timedelta(days=11)


async def test_a_day_declared_free_moves_the_deadlines_set_after_it(town: Town) -> None:
    before = await previewed(town, "moved-before")
    last = day_in_kazakhstan(datetime.fromisoformat(before["appeals_until"]) - timedelta(seconds=1))
    body = {"day": last.isoformat(), "is_worked": False, "basis": "Decree No. 1"}
    await sent(town, "/v1/calendar-exceptions", body, status=201)

    after = await previewed(town, "moved-after")
    again = await read(town, f"/v1/runs/{before['id']}")
    await sent(town, "/v1/calendar-exceptions", {**body, "is_worked": True, "basis": "Decree No. 2"}, status=201)

    assert after["appeals_until"] > before["appeals_until"]
    assert again["appeals_until"] == before["appeals_until"]
    declared = (await public(town, "/v1/calendar-exceptions")).json()
    assert [one["basis"] for one in declared["items"]] == ["Decree No. 2", "Decree No. 1"]


async def test_where_appeals_are_promised_nothing_is_published_before_they_are_over(town: Town) -> None:
    done = await run(town, await agreed(town, "promised", appeals={}))
    body = {"run_id": done["id"]}

    unseen = await refused(town, "/v1/publications", body)
    await sent(town, f"/v1/runs/{done['id']}/preview")
    early = await refused(town, "/v1/publications", body)
    made = await appeal(town, done, town.schools[0])
    await close_window(town, done)
    undecided = await refused(town, "/v1/publications", body)
    await sent(town, f"/v1/appeals/{made['id']}/withdraw")
    publication = await sent(town, "/v1/publications", body, status=201)

    assert [unseen, early, undecided] == [
        (409, "preview_needed"),
        (409, "appeal_window_open"),
        (409, "appeals_undecided"),
    ]
    assert publication["appeals_waived"] is None


async def test_a_waiver_is_told_openly_on_the_edition(town: Town) -> None:
    done = await run(town, await agreed(town, "waived", appeals={}))
    plain = await run(town, await agreed(town, "nothing-to-waive"))

    one_language = await refused(town, "/v1/publications", {"run_id": done["id"], "waive_appeals": {"ru": "Срок"}})
    pointless = await refused(town, "/v1/publications", {"run_id": plain["id"], "waive_appeals": BOTH})
    made = await sent(town, "/v1/publications", {"run_id": done["id"], "waive_appeals": BOTH}, status=201)

    assert [one_language, pointless] == [(422, "validation_failed"), (422, "waiver_pointless")]
    latest = await read(town, "/v1/publications/latest", code="waived")
    assert latest["id"] == made["id"]
    assert {language: latest["appeals_waived"][language] for language in BOTH} == BOTH


async def test_an_organisation_sees_itself_and_strangers_see_nothing(town: Town) -> None:
    done = await run(town, await agreed(town, "seen", appeals={}))
    own, other = (f"/v1/runs/{done['id']}/preview/{school}" for school in town.schools[:2])
    async with calling(town, "director", organisation=town.schools[0]) as director:
        early = await director.get(own)
        await sent(town, f"/v1/runs/{done['id']}/preview")
        seen, unseen = await director.get(own), await director.get(other)
        listed = await director.get(f"/v1/runs/{done['id']}/results", params={"count": "exact"})
        snapshot = await director.get(f"/v1/snapshots/{done['snapshot_digest']}")
    async with calling(town, "region_officer", area=AREA) as department:
        inside = await department.get(other)
    async with calling(town, "region_officer", area="750000000") as elsewhere:
        outside = await elsewhere.get(other)
        nothing = await elsewhere.get(f"/v1/runs/{done['id']}/results")
    stranger = await public(town, own)

    assert (early.status_code, early.json()["code"]) == (409, "not_in_preview")
    assert seen.json()["organisation_id"] == town.schools[0]
    assert seen.json()["may_appeal"] is True
    assert sum(one["contribution"] or 0 for one in seen.json()["contributions"]) == pytest.approx(seen.json()["score"])
    assert [answer.status_code for answer in (unseen, outside, inside, stranger)] == [403, 403, 200, 401]
    assert [one["organisation_id"] for one in listed.json()["items"]] == [town.schools[0]]
    assert listed.json()["total"] == 1
    assert nothing.json()["items"] == []
    assert snapshot.status_code == 403


async def test_a_withdrawn_run_is_not_published_and_says_why(town: Town) -> None:
    done = await run(town, await agreed(town, "withdrawn"))

    silent = await refused(town, f"/v1/runs/{done['id']}/withdraw")
    gone = await sent(town, f"/v1/runs/{done['id']}/withdraw", {"reason": "Data of one district came late"})
    late = await refused(town, "/v1/publications", {"run_id": done["id"]})
    again = await refused(town, f"/v1/runs/{done['id']}/check")

    assert silent == (422, "validation_failed")
    assert (gone["stage"], gone["allowed_actions"]) == ("withdrawn", [])
    assert [late, again] == [(409, "run_step_refused"), (409, "run_step_refused")]
    steps = (await read(town, f"/v1/runs/{done['id']}/steps"))["items"]
    assert steps[-1]["comment"] == "Data of one district came late"


async def test_a_corrected_edition_says_what_changed_and_the_old_one_stays(town: Town) -> None:
    methodology = await agreed(town, "corrected")
    first = await sent(town, "/v1/publications", {"run_id": (await run(town, methodology))["id"]}, status=201)
    anew = {"run_id": (await run(town, methodology))["id"], "corrects": first["id"]}

    silent = await refused(town, "/v1/publications", anew)
    half = await refused(town, "/v1/publications", {**anew, "note": {"ru": "Исправлено"}})
    second = await sent(town, "/v1/publications", {**anew, "note": BOTH}, status=201)
    third = {"run_id": (await run(town, methodology))["id"], "corrects": first["id"], "note": BOTH}
    stale = await refused(town, "/v1/publications", third)

    assert [silent, half, stale] == [
        (422, "note_needed"),
        (422, "validation_failed"),
        (409, "edition_not_in_force"),
    ]
    before = await read(town, f"/v1/publications/{first['id']}")
    assert (before["status"], before["superseded_by"]) == ("superseded", second["id"])
    assert before["superseded_at"] == second["published_at"]
    assert second["corrects"] == first["id"]
    assert (await read(town, f"/v1/runs/{first['run_id']}"))["stage"] == "superseded"
    assert len((await read(town, f"/v1/publications/{first['id']}/entries"))["items"]) == 6


async def test_the_archive_tells_what_was_in_force_on_a_day(town: Town) -> None:
    methodology = await agreed(town, "archive")
    first = await sent(town, "/v1/publications", {"run_id": (await run(town, methodology))["id"]}, status=201)
    second = await sent(town, "/v1/publications", {"run_id": (await run(town, methodology))["id"]}, status=201)
    today = day_in_kazakhstan(datetime.now(UTC))

    async def on(day: Any) -> list[str]:
        found = await read(town, "/v1/publications", code="archive", on=day.isoformat())
        return [one["id"] for one in found["items"]]

    assert first["published_on"] == day_in_kazakhstan(datetime.fromisoformat(first["published_at"])).isoformat()
    assert await on(today) == [second["id"]]
    assert await on(today - timedelta(days=1)) == []
    assert await on(today + timedelta(days=1100)) == [second["id"]], "three years later it is still there"


@pytest.mark.parametrize(
    "statement",
    [
        'UPDATE publications SET title = \'{"kk": "a", "ru": "b"}\' WHERE id = $1::text::uuid',
        "UPDATE publications SET result_digest = 'sha256:0' WHERE id = $1::text::uuid",
        "DELETE FROM publications WHERE id = $1::text::uuid",
        "UPDATE publication_entries SET score = 100 WHERE publication_id = $1::text::uuid",
        "DELETE FROM publication_entries WHERE publication_id = $1::text::uuid",
        "UPDATE runs SET result_digest = 'x' WHERE id = (SELECT run_id FROM publications WHERE id = $1::text::uuid)",
        "UPDATE runs SET stage = 'computed' WHERE id = (SELECT run_id FROM publications WHERE id = $1::text::uuid)",
        "DELETE FROM run_steps WHERE run_id = (SELECT run_id FROM publications WHERE id = $1::text::uuid)",
    ],
    ids=["title", "result", "edition", "score", "entries", "run", "stage", "history"],
)
async def test_the_database_itself_keeps_editions_as_they_are(town: Town, statement: str) -> None:
    known = (await read(town, "/v1/publications", code="archive"))["items"]

    with pytest.raises(asyncpg.CheckViolationError):
        await execute(town, statement, known[0]["id"])


async def test_a_college_never_appears_among_schools(town: Town) -> None:
    done = await run(town, await agreed(town, "only-schools"))
    await execute(
        town,
        'UPDATE run_results SET attributes = attributes || \'{"type": "college"}\' '
        "WHERE run_id = $1::text::uuid AND organisation_id = $2::text::uuid",
        done["id"],
        town.schools[2],
    )

    answer = await town.house.rating.post("/v1/publications", json={"run_id": done["id"]})

    assert (answer.status_code, answer.json()["code"]) == (409, "organisation_of_another_type")
    assert answer.json()["context"] == {"expected": "school", "count": 1, "organisation_id": town.schools[2]}
    assert (await read(town, f"/v1/runs/{done['id']}"))["stage"] == "computed"
