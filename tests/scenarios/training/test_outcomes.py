"""What a course comes to: from the records, again after a re-sit, and never by who teaches it."""

from datetime import date
from typing import Any

import asyncpg
import pytest

from shared import clock
from tests.support.cluster import driver_url
from tests.support.training import World

Json = dict[str, Any]
_FIRST, _LAST = date(2026, 1, 5), date(2026, 1, 8)
_ALL_THREE: Json = {"min_attendance": 0.8, "tasks_required": True, "min_score": 60}


async def begun(world: World, people: int = 1, *, days: int = 0, **completion: Any) -> tuple[Json, list[Json]]:
    """A cohort whose course is over, with people and sessions in it."""
    programme = await world.programme(completion={**_ALL_THREE, **completion})
    cohort = await world.cohort(programme_id=programme, venues=[people], first=_FIRST, last=_LAST)
    hours = {"starts_at": "09:00", "ends_at": "15:00"}
    path = f"/v1/cohorts/{cohort['id']}/sessions"
    cohort["sessions"] = [
        (await world.post(path, {"held_on": f"2026-01-0{5 + day}", **hours}))["id"] for day in range(days)
    ]
    return cohort, [await world.enrol(cohort, person) for person in await world.educators(people)]


async def attend(world: World, cohort: Json, *enrolments: Json, days: int | None = None) -> None:
    marks = [{"enrolment_id": one["id"], "status": "present"} for one in enrolments]
    for session in cohort["sessions"][:days]:
        body = {"marks": marks, "reason_code": "paper_list"}
        await world.post(f"/v1/sessions/{session}/attendance-marks", body)


async def evaluator(world: World) -> str:
    """Somebody who teaches nothing of this."""
    body = {"provider_id": world.provider_id, "educator_id": await world.educator(role="methodologist")}
    return str((await world.post("/v1/trainers", body))["id"])


async def final(world: World, enrolment: Json, score: float | None, *, status: int | None = None, **more: Any) -> Json:
    body = {"enrolment_id": enrolment["id"], "kind": "final", "score": score, "assessed_on": "2026-01-08", **more}
    if "evaluator_id" not in body:
        body["evaluator_id"] = await evaluator(world)
    return await world.post("/v1/assessments", body, status=status)


async def task(world: World, enrolment: Json, code: str, *, done: bool = True, status: int | None = None) -> Json:
    body = {"enrolment_id": enrolment["id"], "kind": "task", "code": code, "done": done, "assessed_on": "2026-01-07"}
    return await world.post("/v1/assessments", body, status=status)


async def test_what_is_left_out_is_taken_from_sessions_and_assessments(world: World) -> None:
    cohort, (enrolment,) = await begun(world, days=4, min_tasks=2)
    await attend(world, cohort, enrolment)
    await task(world, enrolment, "TASK-1")
    await task(world, enrolment, "TASK-2", done=False)
    await task(world, enrolment, "TASK-2")
    rubric = [{"criterion": "Safety", "points": 8, "of": 10}, {"criterion": "Method", "points": 31, "of": 40}]
    marked = await final(world, enrolment, None, rubric=rubric)
    path = f"/v1/enrolments/{enrolment['id']}"

    before = await world.get(f"{path}/outcome")
    completed = await world.post(f"{path}/complete", {})
    after = await world.get(f"{path}/outcome")

    assert (marked["score"], marked["attempt"]) == (78, 1)
    assert (before["established"], before["result"]) == (False, "passed")
    assert before["parts"] == [
        {"part": "attendance", "required": 0.8, "reached": 1, "met": True},
        {"part": "tasks", "required": 2, "reached": 2, "met": True},
        {"part": "score", "required": 60, "reached": 78, "met": True},
    ]
    assert completed["status"] == "completed_passed"
    assert (completed["outcome"]["attendance"], completed["outcome"]["score"]) == (1, 78)
    assert (after["established"], after["result"]) == (True, "passed")
    assert (after["resit"]["allowed"], after["resit"]["code"]) == (False, "resit_not_foreseen")


async def test_without_sessions_the_attendance_is_asked_for(world: World) -> None:
    _, (enrolment,) = await begun(world)

    refused = await world.post(f"/v1/enrolments/{enrolment['id']}/complete", {}, status=409)
    told = await world.get(f"/v1/enrolments/{enrolment['id']}/outcome")
    given = await world.post(f"/v1/enrolments/{enrolment['id']}/complete", {"attendance": 0.9, "tasks_done": True})

    assert (refused["code"], refused["errors"][0]["pointer"]) == ("attendance_missing", "/attendance")
    assert (told["result"], told["parts"][0]["reached"]) == (None, None)
    assert (given["status"], given["outcome"]["unmet"]) == ("completed_attended", ["score"])


async def test_an_outcome_is_established_once(world: World) -> None:
    _, (enrolment,) = await begun(world)
    await world.complete(enrolment, score=10)
    body = {"attendance": 1, "tasks_done": True, "score": 90}

    again = await world.post(f"/v1/enrolments/{enrolment['id']}/complete", body, status=409)
    assessed = await final(world, enrolment, 90, status=409)

    assert again["code"] == assessed["code"] == "outcome_established"


async def test_nobody_completes_a_course_before_it_begins_or_on_a_day_to_come(world: World) -> None:
    _, (enrolment,) = await begun(world)
    path, body = f"/v1/enrolments/{enrolment['id']}/complete", {"attendance": 1, "tasks_done": True, "score": 90}

    codes = [
        (await world.post(path, {**body, "effective_on": day}, status=422))["code"]
        for day in ("2199-01-01", "2000-01-01")
    ]

    assert codes == ["assessed_in_future", "assessed_too_early"]


async def test_a_resit_comes_as_often_as_late_and_as_long_as_the_rule_says(world: World) -> None:
    today = clock.day_in_kazakhstan(clock.now())
    rule = {"at_most": 2, "not_before_days": 7, "until": today.isoformat()}
    _, (enrolment, unlucky) = await begun(world, 2, resit=rule)
    path = f"/v1/enrolments/{enrolment['id']}"
    who = {"evaluator_id": await evaluator(world)}

    too_soon = await world.post(f"{path}/resit", {"score": 70, **who}, status=409)
    await world.complete(enrolment, score=40, effective_on="2026-01-08")
    too_early = await world.post(f"{path}/resit", {"score": 70, "effective_on": "2026-01-14", **who}, status=409)
    told = await world.get(f"{path}/outcome")
    first = await world.post(f"{path}/resit", {"score": 59, "effective_on": "2026-01-15", **who})
    second = await world.post(f"{path}/resit", {"score": 61, "effective_on": "2026-01-22", **who})
    passed = await world.post(f"{path}/resit", {"score": 99, **who}, status=409)
    await world.complete(unlucky, score=1, effective_on="2026-01-08")
    for day in ("15", "22"):
        await world.post(f"/v1/enrolments/{unlucky['id']}/resit", {"score": 2, "effective_on": f"2026-01-{day}", **who})
    third = await world.post(f"/v1/enrolments/{unlucky['id']}/resit", {"score": 99, **who}, status=409)

    assert (too_soon["code"], too_early["code"]) == ("resit_not_established", "resit_too_early")
    assert too_early["context"] == {"not_before": "2026-01-15"}
    assert (told["resit"]["allowed"], told["resit"]["not_before"], told["resit"]["at_most"]) == (True, "2026-01-15", 2)
    assert (first["status"], first["outcome"]["score"]) == ("failed", 59)
    assert (second["status"], second["outcome"]["completed_on"]) == ("completed_passed", "2026-01-22")
    assert passed["code"] == "resit_not_needed"
    assert (third["code"], third["context"]) == ("resit_too_many", {"made": 2, "at_most": 2})
    listed = await world.get("/v1/assessments", enrolment_id=enrolment["id"])
    assert [(one["attempt"], one["score"]) for one in listed["items"]] == [(2, 59), (3, 61)]
    issued = await world.post("/v1/certificates", {"enrolment_id": enrolment["id"]})
    assert issued["kind"] == "certificate"


async def test_a_resit_does_not_mend_missed_hours_nor_comes_after_its_day(world: World) -> None:
    _, (absent, late) = await begun(world, 2, resit={"within_days": 30})
    await world.complete(absent, attendance=0.5, score=40)
    await world.complete(late, score=40)
    who = {"evaluator_id": await evaluator(world)}

    of_no_use = await world.post(f"/v1/enrolments/{absent['id']}/resit", {"score": 90, **who}, status=409)
    too_late = await world.post(f"/v1/enrolments/{late['id']}/resit", {"score": 90, **who}, status=409)

    assert of_no_use["code"] == "resit_of_no_use"
    assert (too_late["code"], too_late["context"]) == ("resit_too_late", {"until": "2026-02-07"})


async def test_who_teaches_the_cohort_does_not_evaluate_it_nor_does_anybody_evaluate_himself(world: World) -> None:
    cohort, (enrolment,) = await begun(world, days=1)
    teacher = await evaluator(world)
    own = {"provider_id": world.provider_id, "educator_id": enrolment["educator_id"]}
    learner = (await world.post("/v1/trainers", own))["id"]
    await world.http.put(f"/v1/sessions/{cohort['sessions'][0]}/trainers/{teacher}")

    by_teacher = await final(world, enrolment, 80, status=409, evaluator_id=teacher)
    by_learner = await final(world, enrolment, 80, status=409, evaluator_id=learner)
    by_nobody = await final(world, enrolment, 80, status=422, evaluator_id=None)
    unknown = await final(world, enrolment, 80, status=409, evaluator_id="0198c0de-0000-7000-8000-00000000dead")
    by_another = await final(world, enrolment, 80)

    refusals = [one["code"] for one in (by_teacher, by_learner, by_nobody, unknown)]
    assert refusals == ["evaluator_teaches", "evaluator_is_learner", "evaluator_needed", "evaluator_unknown"]
    assert by_teacher["errors"][0]["pointer"] == "/evaluator_id"
    assert by_another["score"] == 80


async def test_a_cohort_is_completed_at_once_after_a_dry_run_has_told_each_outcome(world: World) -> None:
    cohort, people = await begun(world, 4, days=4)
    passed, failed, attended, absent = people
    await attend(world, cohort, passed, failed, attended)
    for enrolment in (passed, failed, attended):
        await task(world, enrolment, "TASK-1")
    who = await evaluator(world)
    await final(world, passed, 90, evaluator_id=who)
    await final(world, failed, 30, evaluator_id=who)
    path = f"/v1/cohorts/{cohort['id']}/complete"

    dry = await world.post(path, {"dry_run": True})
    untouched = await world.get(f"/v1/enrolments/{passed['id']}")
    done = await world.post(path, {"completed_on": "2026-01-08"})
    again = await world.post(path, {})

    counts = {"passed": 1, "failed": 1, "attended": 1, "no_show": 1}
    assert (dry["dry_run"], dry["counts"], dry["left"]) == (True, counts, 4)
    told = {one["enrolment_id"]: (one["result"], one["unmet"]) for one in dry["items"]}
    assert told == {
        passed["id"]: ("passed", []),
        failed["id"]: ("failed", ["score"]),
        attended["id"]: ("attended", ["score"]),
        absent["id"]: ("no_show", ["attendance", "tasks", "score"]),
    }
    assert untouched["status"] == "confirmed"
    assert (done["counts"], done["left"], again["items"]) == (counts, 0, [])
    statuses = [(await world.get(f"/v1/enrolments/{one['id']}"))["status"] for one in people]
    assert statuses == ["completed_passed", "failed", "completed_attended", "no_show"]


async def test_an_assessment_is_added_or_voided_with_a_reason_and_never_changed(world: World) -> None:
    _, (enrolment,) = await begun(world)
    first = await final(world, enrolment, 40)
    path = f"/v1/assessments/{first['id']}"

    twice = await final(world, enrolment, 90, status=409)
    unreasoned = await world.post(f"{path}/void", {}, status=422)
    unknown = await world.post(f"{path}/void", {"reason_code": "because"}, status=422)
    voided = await world.post(f"{path}/void", {"reason_code": "mistake", "comment": "Another's sheet"})
    again = await world.post(f"{path}/void", {"reason_code": "mistake"}, status=409)
    second = await final(world, enrolment, 90)

    assert twice["code"] == "final_recorded"
    assert (unreasoned["errors"][0]["pointer"], unknown["code"]) == ("/reason_code", "reason_unknown")
    assert (voided["void_reason"], voided["void_comment"], again["code"]) == (
        "mistake",
        "Another's sheet",
        "assessment_voided",
    )
    assert second["attempt"] == 1
    standing = await world.get("/v1/assessments", enrolment_id=enrolment["id"], standing="true")
    assert [one["id"] for one in standing["items"]] == [second["id"]]
    with pytest.raises(asyncpg.CheckViolationError):
        await _run(world, "UPDATE assessments SET score = 100 WHERE id = $1", second["id"])
    with pytest.raises(asyncpg.CheckViolationError):
        await _run(world, "DELETE FROM assessments WHERE id = $1", second["id"])


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        ({"kind": "task", "done": True}, 422, "task_code_needed", "/code"),
        ({"kind": "final", "code": "TASK-1", "score": 1}, 422, "task_code_unexpected", "/code"),
        ({"kind": "task", "code": "TASK-1"}, 422, "nothing_assessed", "/score"),
        ({"kind": "task", "code": "T", "done": True, "assessed_on": "2026-01-04"}, 422, "assessed_too_early", None),
        ({"kind": "task", "code": "T", "done": True, "assessed_on": "2199-01-04"}, 422, "assessed_in_future", None),
        (
            {"kind": "task", "code": "T", "rubric": [{"criterion": "C", "points": 11, "of": 10}]},
            422,
            "points_beyond",
            "/rubric/0/points",
        ),
        (
            {"kind": "task", "code": "T", "done": True, "enrolment_id": "0198c0de-0000-7000-8000-00000000dead"},
            409,
            "enrolment_unknown",
            "/enrolment_id",
        ),
    ],
)
async def test_an_assessment_that_cannot_be_is_refused_by_its_field(
    world: World, body: Json, status: int, code: str, pointer: str | None
) -> None:
    _, (enrolment,) = await begun(world)

    refused = await world.post("/v1/assessments", {"enrolment_id": enrolment["id"], **body}, status=status)

    assert (refused["code"], refused["errors"][0]["pointer"]) == (code, pointer or "/assessed_on")


async def test_an_outcome_is_voided_once_its_document_is_revoked(world: World) -> None:
    _, (enrolment,) = await begun(world)
    await world.complete(enrolment)
    issued = await world.post("/v1/certificates", {"enrolment_id": enrolment["id"]})
    path = f"/v1/enrolments/{enrolment['id']}/void-outcome"

    stands = await world.post(path, {"reason_code": "dishonesty"}, status=409)
    await world.post(f"/v1/certificates/{issued['number']}/revoke", {"reason_code": "outcome_voided"})
    voided = await world.post(path, {"reason_code": "dishonesty"})
    told = await world.get(f"/v1/enrolments/{enrolment['id']}/outcome")

    assert (stands["code"], stands["context"]) == ("certificate_stands", {"number": issued["number"]})
    assert voided["status"] == "voided"
    assert told["result"] is None


async def _run(world: World, statement: str, *arguments: Any) -> None:
    connection = await asyncpg.connect(driver_url(world.database.url.render_as_string(hide_password=False)))
    try:
        await connection.execute(statement, *arguments)
    finally:
        await connection.close()
