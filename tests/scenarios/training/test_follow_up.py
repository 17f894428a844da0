"""After a course: support plans, feedback without names at four moments, and whether the course changed anything."""

import asyncio
import hashlib
import random
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from services.training_api import worker
from services.training_api.feedback.rules import opens_on
from shared import clock
from shared.clients.registry import RegistryClient
from shared.schemas.tables import IndicatorColumn, sealed
from shared.schemas.training.feedback import FeedbackWave
from tests.support import apps
from tests.support.cluster import Databases
from tests.support.training import ALMATY, SHYMKENT, Json, World

_FIRST, _LAST = date(2026, 1, 5), date(2026, 1, 8)
_TEXT = {"kk": "Сұрақ", "ru": "Вопрос", "en": "Question"}
_BOTH = {"kk": "Мәтін", "ru": "Текст"}
_CRITERIA = [
    {
        "code": code,
        "name": _BOTH,
        "levels": [{"level": level, "description": _BOTH} for level in (1, 2, 3, 4)],
    }
    for code in ("inquiry", "safety")
]


class Registry:
    """The registry at its border: what it says of an indicator in a period."""

    def __init__(self) -> None:
        self.tables: dict[tuple[str, str], dict[str, float]] = {}

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        wanted = request.url.params
        if request.url.path == "/v1/changes":
            await asyncio.sleep(float(wanted.get("wait", 0)) or 1)
            return httpx.Response(200, json={"items": [], "next_after": int(wanted["after"]), "head": 0})
        values = self.tables.get((wanted["indicators"], wanted["period"]))
        if values is None:
            return httpx.Response(422, json={"code": "indicator_unknown"})
        ids = sorted(values)
        column = IndicatorColumn(
            value=[values[one] for one in ids], n=[50] * len(ids), variance=[None] * len(ids), reason=[None] * len(ids)
        )
        table = sealed(ids, {}, {wanted["indicators"]: column}, date(2026, 9, 1))  # type: ignore[arg-type] # as text
        told = {**table.model_dump(mode="json"), "period": wanted["period"], "known_at": "2026-09-01T09:00:00+05:00"}
        return httpx.Response(200, json=told)


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry()


@pytest.fixture(scope="module")
async def world(
    databases: Databases, local_key_file: Path, token_for: Callable[..., str], registry: Registry
) -> AsyncIterator[World]:
    """The real app, whose registry is ours."""
    async with databases.database_for("training") as url:
        environment = {"TRAINING_DATABASE_URL": url, "BILIM_LOCAL_KEY_FILE": str(local_key_file)}
        app = apps.build_app("training", environment)
        app.state.registry = RegistryClient("http://registry.test", transport=httpx.MockTransport(registry), attempts=1)
        async with apps.running(app), apps.client_for(app) as client:
            client.headers["Authorization"] = f"Bearer {token_for('admin')}"
            world = World(client, app.state.database, token_for)
            await world.begin()
            yield world


def _today() -> date:
    return clock.day_in_kazakhstan(clock.now())


async def _code(world: World, programme_id: str) -> str:
    code: str = (await world.get(f"/v1/programmes/{programme_id}"))["code"]
    return code


async def _graduate(world: World, programme_id: str, **reached: Any) -> Json:
    cohort = await world.cohort(programme_id=programme_id, venues=[5], first=_FIRST, last=_LAST)
    return await world.complete(await world.enrol(cohort, await world.educator()), **reached)


async def _plan(world: World, enrolment: Json, rubric: Json, *, visits: Sequence[str], **more: Any) -> Json:
    body = {
        "enrolment_id": enrolment["id"],
        "mentor_id": await world.educator(),
        "rubric_id": rubric["id"],
        "goals": ["Айына екі зерттеу сабағы"],
        "visits": list(visits),
    }
    return await world.post("/v1/support-plans", {**body, **more})


async def _rubric(world: World, programme_id: str) -> Json:
    body = {"programme_code": await _code(world, programme_id), "title": _BOTH, "criteria": _CRITERIA}
    return await world.post("/v1/support-rubrics", body)


# Support


async def test_a_course_ends_and_a_plan_is_visited_evidenced_reviewed_and_completed(world: World) -> None:
    programme = await world.programme()
    rubric = await _rubric(world, programme)
    enrolment = await _graduate(world, programme)
    plan = await _plan(world, enrolment, rubric, visits=["2026-02-02", "2026-04-02"])
    path = f"/v1/support-plans/{plan['id']}"

    drafted = plan["allowed_actions"]
    await world.post(f"{path}/agree", {})
    running = await world.post(f"{path}/start", {})
    early = await world.post(f"{path}/complete", {}, status=409)
    first, last = (visit["id"] for visit in running["visits"])
    held = {"held_on": "2026-02-03", "minutes": 45, "scores": {"inquiry": 1, "safety": 3}}
    await world.post(f"{path}/visits/{first}/record", held)
    await world.post(
        f"{path}/visits/{last}/record",
        {"held_on": "2026-04-02", "minutes": 60, "scores": {"inquiry": 3, "safety": 3}, "notes": "Топпен жұмыс"},
    )
    item = {"title": "Сабақ жоспары", "url": "https://example.invalid/plan"}
    added = await world.post(f"{path}/evidence", item)
    waiting = await world.post(f"{path}/complete", {}, status=409)
    review = f"{path}/evidence/{added['evidence'][0]['id']}/review"
    by_same = await world.post(review, {"accepted": True}, status=409)
    colleague: Json = world.as_("training_coordinator", area=SHYMKENT, subject="colleague")
    await world.post(review, {"accepted": True, "remark": "1-мақсатқа сай"}, **colleague)
    completed = await world.post(f"{path}/complete", {})
    steps = (await world.get(f"{path}/transitions"))["items"]
    progress = await world.get(f"{path}/progress")

    assert drafted == ["agree", "cancel"]
    assert early["code"] == waiting["code"] == "support_incomplete"
    assert [error["code"] for error in early["errors"]] == ["visits_missing", "evidence_missing"]
    assert [error["code"] for error in waiting["errors"]] == ["evidence_waiting", "evidence_missing"]
    assert by_same["code"] == "review_by_same_person"
    assert (completed["status"], completed["allowed_actions"]) == ("completed", [])
    assert (completed["visits_held"], completed["evidence_accepted"]) == (2, 1)
    assert [step["action"] for step in steps] == ["draft", "agree", "start", "complete"]
    changes = [(one["code"], one["first"], one["last"], one["change"]) for one in progress["criteria"]]
    assert changes == [("inquiry", 1, 3, 2), ("safety", 3, 3, 0)]
    assert progress["mean_change"] == 1.0


async def test_a_plan_is_refused_for_who_is_owed_none_and_with_a_mentor_or_rubric_that_do_not_fit(world: World) -> None:
    programme, other = await world.programme(), await world.programme()
    rubric, of_other = await _rubric(world, programme), await _rubric(world, other)
    failed = await _graduate(world, programme, score=10)
    passed = await _graduate(world, programme)
    body = {"goals": ["—"], "visits": ["2026-02-02"], "rubric_id": rubric["id"], "mentor_id": await world.educator()}

    async def refused(enrolment: Json, status: int, **more: Any) -> str:
        answer = await world.post("/v1/support-plans", {**body, "enrolment_id": enrolment["id"], **more}, status=status)
        code: str = answer["code"]
        return code

    assert await refused(failed, 409) == "nothing_owed"
    assert await refused(passed, 422, mentor_id=passed["educator_id"]) == "mentor_is_learner"
    assert await refused(passed, 422, mentor_id=passed["id"]) == "mentor_unknown"
    hidden = await world.educator()
    await world.post(f"/v1/educators/{hidden}/block", {"reason_code": "data_disputed"}, if_match="*")
    assert await refused(passed, 422, mentor_id=hidden) == "mentor_unknown"
    assert await refused(passed, 422, rubric_id=of_other["id"]) == "rubric_unknown"
    assert await refused(passed, 422, visits=["2026-01-08"]) == "visit_before_course"
    await world.post("/v1/support-plans", {**body, "enrolment_id": passed["id"]})
    assert await refused(passed, 409) == "support_plan_exists"


async def test_a_visit_fits_the_rubric_its_day_and_holds_nothing_personal(world: World) -> None:
    programme = await world.programme()
    plan = await _plan(world, await _graduate(world, programme), await _rubric(world, programme), visits=["2026-02-02"])
    path = f"/v1/support-plans/{plan['id']}"
    await world.post(f"{path}/agree", {})
    await world.post(f"{path}/start", {})
    record = f"{path}/visits/{plan['visits'][0]['id']}/record"
    held = {"held_on": "2026-02-03", "minutes": 45, "scores": {"inquiry": 1, "safety": 3}}

    wrong = await world.post(record, {**held, "scores": {"inquiry": 9, "talk": 1}}, status=422)
    personal = await world.post(record, {**held, "notes": "Оқушы 0801 0150 0123"}, status=422)
    to_come = await world.post(record, {**held, "held_on": (_today() + timedelta(days=1)).isoformat()}, status=422)
    await world.post(record, held)
    twice = await world.post(record, held, status=409)

    codes = sorted(error["code"] for error in wrong["errors"])
    assert codes == ["criterion_missing", "criterion_unknown", "level_unknown"]
    assert (personal["code"], to_come["code"], twice["code"]) == ("looks_personal", "visit_to_come", "visit_held")


async def test_goals_stand_once_agreed_upon_and_a_plan_is_given_up_with_a_reason(world: World) -> None:
    programme = await world.programme()
    rubric = await _rubric(world, programme)
    enrolment = await _graduate(world, programme)
    plan = await _plan(world, enrolment, rubric, visits=["2026-02-02"])
    path = f"/v1/support-plans/{plan['id']}"

    changed = await world.http.patch(path, json={"goals": ["Басқа"]}, headers={"If-Match": f'"{plan["version"]}"'})
    old = await world.http.patch(path, json={"goals": ["—"]}, headers={"If-Match": f'"{plan["version"]}"'})
    agreed = await world.post(f"{path}/agree", {})
    fixed = await world.http.patch(path, json={"goals": ["—"]}, headers={"If-Match": f'"{agreed["version"]}"'})
    mentor = {"mentor_id": await world.educator()}
    another = await world.http.patch(path, json=mentor, headers={"If-Match": f'"{agreed["version"]}"'})
    unknown = await world.post(f"{path}/cancel", {"reason_code": "no_such_reason"}, status=422)
    cancelled = await world.post(f"{path}/cancel", {"reason_code": "left_the_school"})
    again = await _plan(world, enrolment, rubric, visits=["2026-02-02"])

    assert (changed.status_code, changed.json()["goals"]) == (200, ["Басқа"])
    assert (old.status_code, fixed.json()["code"], another.status_code) == (412, "fixed_by_agreement", 200)
    assert unknown["code"] == "reason_unknown"
    assert (cancelled["status"], again["status"]) == ("cancelled", "draft")


async def test_the_database_refuses_a_move_the_machine_does_not_have(world: World) -> None:
    programme = await world.programme()
    plan = await _plan(world, await _graduate(world, programme), await _rubric(world, programme), visits=["2026-02-02"])

    for statement in (
        "UPDATE support_plans SET status = 'completed' WHERE id = :id",
        "UPDATE support_transitions SET actor = 'nobody' WHERE plan_id = :id",
        "INSERT INTO support_transitions (plan_id, number, action, from_status, to_status, actor, effective_on, "
        "recorded_at) VALUES (:id, 2, 'complete', 'draft', 'completed', 'x', '2026-01-01', now())",
    ):
        with pytest.raises(IntegrityError):
            async with world.database.writing() as session:
                await session.execute(text(statement), {"id": plan["id"]})


async def test_overdue_visits_are_listed_and_those_owed_support_are_counted(world: World) -> None:
    programme = await world.programme()
    code = await _code(world, programme)
    rubric = await _rubric(world, programme)
    cohort = await world.cohort(programme_id=programme, venues=[5], first=_FIRST, last=_LAST)
    people = [await world.complete(await world.enrol(cohort, one)) for one in await world.educators(3)]
    attended = await world.complete(await world.enrol(cohort, await world.educator()), score=None)
    late = await _plan(world, people[0], rubric, visits=["2026-02-02", "2099-02-02"])
    await world.post(f"/v1/support-plans/{late['id']}/agree", {})
    await _plan(world, attended, rubric, visits=["2026-02-02"])  # a draft is nobody's duty yet
    given_up = await _plan(world, people[1], rubric, visits=["2026-02-02"])
    await world.post(f"/v1/support-plans/{given_up['id']}/cancel", {"reason_code": "other"})

    due = await world.get("/v1/reports/support-visits-due", cohort_id=cohort["id"], as_of="2026-02-12")
    not_due = await world.get("/v1/reports/support-visits-due", cohort_id=cohort["id"], as_of="2026-02-02")
    by = {
        key: (await world.get("/v1/reports/support", by=key, programme_code=code))["items"]
        for key in ("programme", "cohort", "area")
    }
    total = (await world.get("/v1/reports/support", programme_code=code))["total"]
    before = (await world.get("/v1/reports/support", programme_code=code, as_of="2025-12-31"))["total"]

    assert [(visit["plan_id"], visit["days_late"]) for visit in due["items"]] == [(late["id"], 10)]
    assert not_due["items"] == []
    assert [row["key"] for rows in by.values() for row in rows] == [code, cohort["code"], SHYMKENT]
    assert (total["owed"], total["planned"], total["running"], total["share"]) == (4, 2, 1, 0.5)
    assert (before["owed"], before["share"]) == (0, None)


async def test_a_plan_is_seen_within_reach_and_written_by_who_manages_the_course(world: World) -> None:
    programme = await world.programme()
    enrolment = await _graduate(world, programme)
    plan = await _plan(world, enrolment, await _rubric(world, programme), visits=["2026-02-02"])
    path = f"/v1/support-plans/{plan['id']}"
    own = world.as_("director", organisation=enrolment["organisation_id"])
    foreign = world.as_("director", organisation=await world.organisation())
    elsewhere = world.as_("training_coordinator", area=ALMATY)

    seen = await world.http.get(path, headers=own)
    unseen = await world.http.get(path, headers=foreign)
    listed = await world.http.get("/v1/support-plans", headers=foreign)
    refused = await world.http.post(f"{path}/agree", json={}, headers=elsewhere)
    await world.post(f"{path}/agree", {})
    item = {"title": "Сабақ жоспары", "digest": "sha256:" + "0" * 64}
    added = await world.http.post(f"{path}/evidence", json=item, headers=own)

    assert (seen.status_code, unseen.status_code, listed.json()["items"]) == (200, 404, [])
    assert (refused.status_code, added.status_code) == (403, 201)


# Feedback


def _question(code: str, level: str, *waves: str, **more: Any) -> Json:
    scale = {"low": 1, "high": 5, "favourable_from": 4}
    return {"code": code, "level": level, "waves": list(waves), "text": _TEXT, **(more or scale)}


async def _form(world: World) -> Json:
    items = [
        _question("useful", "reaction", "end"),
        _question("confident", "learning", "end", "m3", "m6", "m12"),
        _question("supported", "organisation", "m3", "m12"),
        _question("tried", "use", "m3", "m6", "m12"),
        _question("pupils", "pupils", "m6", "m12"),
        _question("more", "reaction", "end", kind="text"),
    ]
    return await world.post("/v1/feedback-questionnaires", {"code": "guskey", "title": _BOTH, "items": items})


async def _asked(world: World, *venues: int, ended: date) -> tuple[Json, dict[str, Json]]:
    """A cohort that has ended, with everybody in it, and its rounds by wave, opened if it is time."""
    cohort = await world.cohort(venues=list(venues), first=ended - timedelta(days=3), last=ended)
    for place, size in enumerate(venues):
        for person in await world.educators(size):
            await world.enrol(cohort, person, venue=place)
    body = {"cohort_id": cohort["id"], "questionnaire_id": (await _form(world))["id"], "days_open": 100}
    planned = await world.post("/v1/feedback-rounds", body)
    await worker.turn_feedback_rounds(world.database)
    return cohort, {one["wave"]: one for one in planned["items"]}


async def _tokens(world: World, round_: Json) -> list[Json]:
    items: list[Json] = (await world.post(f"/v1/feedback-rounds/{round_['id']}/tokens", {}))["items"]
    return items


async def _as_stranger(world: World, method: str, path: str, **more: Any) -> httpx.Response:
    request = world.http.build_request(method, path, **more)
    del request.headers["Authorization"]
    return await world.http.send(request)


async def _answer(world: World, token: str, *, status: int = 201, **said: Any) -> Json:
    answer = await _as_stranger(world, "POST", "/v1/feedback", json={"token": token, **said})
    assert answer.status_code == status, answer.text
    found: Json = answer.json()
    return found


async def test_rounds_are_planned_for_the_end_and_3_6_and_12_months_later(world: World) -> None:
    ended = _today() - timedelta(days=92)

    cohort, rounds = await _asked(world, 2, ended=ended)
    listed = (await world.get("/v1/feedback-rounds", cohort_id=cohort["id"]))["items"]
    body = {"cohort_id": cohort["id"], "questionnaire_id": rounds["end"]["questionnaire_id"]}
    twice = await world.post("/v1/feedback-rounds", body, status=409)

    assert {wave: one["opens_on"] for wave, one in rounds.items()} == {
        wave.value: opens_on(ended, wave).isoformat() for wave in FeedbackWave
    }
    assert [(one["wave"], one["status"]) for one in listed] == [
        ("end", "open"),
        ("m3", "open"),
        ("m6", "planned"),
        ("m12", "planned"),
    ]
    assert twice["code"] == "feedback_scheduled"


async def test_a_token_is_good_for_one_answer_in_its_time(world: World) -> None:
    _, rounds = await _asked(world, 3, ended=_today() - timedelta(days=92))
    first, second, third = (one["token"] for one in await _tokens(world, rounds["end"]))
    (later, *_) = await _tokens(world, rounds["m6"])
    answer: Json = {"scores": {"useful": 5, "confident": 4}}
    asked = await _as_stranger(world, "GET", f"/v1/feedback-rounds/{rounds['end']['id']}/questions")

    await _answer(world, first, **answer)
    used = await _answer(world, first, status=409, **answer)
    unknown = await _answer(world, "A" * 22, status=404, **answer)
    early = await _answer(world, later["token"], status=409, scores={})
    short = await _answer(world, second, status=422, scores={"useful": 6})
    personal = await _answer(world, second, status=422, **answer, texts={"more": "ЖСН 800101300123"})
    await _answer(world, second, **answer, texts={"more": "Көбірек тәжірибе"})
    await world.post(f"/v1/feedback-rounds/{rounds['end']['id']}/close", {})
    closed = await _answer(world, third, status=410, **answer)
    again = await world.post(f"/v1/feedback-rounds/{rounds['end']['id']}/close", {}, status=409)

    assert [one["code"] for one in asked.json()["questions"]] == ["useful", "confident", "more"]
    assert (used["code"], unknown["code"]) == ("feedback_token_used", "feedback_token_unknown")
    assert (early["code"], closed["code"]) == ("feedback_not_yet", "feedback_closed")
    assert {error["code"] for error in short["errors"]} == {"point_unknown", "answer_missing"}
    assert [error["pointer"] for error in personal["errors"]] == ["/texts/more"]
    assert again["code"] == "feedback_round_not_open"


async def test_who_has_a_token_gets_no_second_one_and_a_lost_list_is_renewed_while_nobody_answered(
    world: World,
) -> None:
    _, rounds = await _asked(world, 2, ended=_today() - timedelta(days=1))
    path = f"/v1/feedback-rounds/{rounds['end']['id']}/tokens"

    lost = (await world.post(path, {}))["items"]
    nobody = (await world.post(path, {}))["items"]
    renewed = (await world.post(path, {"renew": True}))["items"]
    await _answer(world, lost[0]["token"], status=404, scores={})
    await _answer(world, renewed[0]["token"], scores={"useful": 1, "confident": 1})
    late = await world.post(path, {"renew": True}, status=409)

    assert (len(lost), nobody, len(renewed)) == (2, [], 2)
    assert late["code"] == "feedback_answers_given"


async def test_nobody_with_the_whole_database_finds_out_who_said_what(world: World) -> None:
    _, rounds = await _asked(world, 12, ended=_today() - timedelta(days=1))
    handed = await _tokens(world, rounds["end"])
    order = random.Random(4).sample(handed, len(handed))
    for number, one in enumerate(order):
        said = {"useful": 1 + number % 5, "confident": 1 + number // 5}
        answer = await _as_stranger(
            world,
            "POST",
            "/v1/feedback",
            json={"token": one["token"], "scores": said},
            headers={"Idempotency-Key": f"answer-{number}", "X-Reason": "mine"},
        )
        assert answer.status_code == 201

    async with world.database.reading() as session:

        async def rows(statement: str) -> list[Any]:
            return list(await session.execute(text(statement)))

        columns = await rows(
            "SELECT table_name, column_name, data_type FROM information_schema.columns "
            "WHERE table_name IN ('feedback_answers', 'feedback_tokens') ORDER BY 1, ordinal_position"
        )
        of_round = f"WHERE round_id = '{rounds['end']['id']}'"
        written = await rows(f"SELECT xmin::text, scores, id FROM feedback_answers {of_round} ORDER BY ctid")
        marks = await rows(f"SELECT xmin::text, digest FROM feedback_tokens {of_round} AND used")
        tables = ("audit_entries", "change_events", "idempotency_keys", "jobs")
        kept = [str(row) for table in tables for row in await rows(f"SELECT to_jsonb(t) FROM {table} AS t")]
    everything = "\n".join(kept)

    of_table: dict[str, list[str]] = {}
    for table, column, kind in columns:
        of_table.setdefault(table, []).append(column)
        assert not kind.startswith(("timestamp", "date", "bigint", "integer"))  # neither times nor numbers in order
    assert of_table == {
        "feedback_answers": ["id", "round_id", "venue_id", "scores", "texts"],
        "feedback_tokens": ["digest", "round_id", "venue_id", "used"],
    }
    # The hash is all there is of a token, and nothing tells whose it was.
    assert {row.digest for row in marks} == {hashlib.sha256(one["token"].encode()).digest() for one in handed}
    # One transaction wrote all answers that are there now: that of the last answer. So its number joins a mark to all.
    assert len({row.xmin for row in written}) == 1
    assert len({row.xmin for row in marks}) == len(handed)
    # Their places are not the order in which they came, and their identifiers do not grow with time.
    said_in_order = [{"useful": 1 + number % 5, "confident": 1 + number // 5} for number in range(len(order))]
    assert [row.scores for row in written] != said_in_order
    assert {row.id.version for row in written} == {4}
    assert "answer-" not in everything
    assert "mine" not in everything
    assert not any(one["token"] in everything for one in handed)
    assert "feedback_answer" not in everything
    assert "feedback_token" not in everything


async def test_a_burst_of_answers_loses_none_and_takes_none_twice(world: World) -> None:
    _, rounds = await _asked(world, 30, ended=_today() - timedelta(days=1))
    handed = await _tokens(world, rounds["end"])
    body = {"scores": {"useful": 4, "confident": 4}}

    answers = await asyncio.gather(
        *(
            _as_stranger(world, "POST", "/v1/feedback", json={"token": one["token"], **body})
            for one in [*handed, *handed]
        )
    )
    await world.post(f"/v1/feedback-rounds/{rounds['end']['id']}/close", {})
    results = await world.get(f"/v1/feedback-rounds/{rounds['end']['id']}/results")

    assert sorted(answer.status_code for answer in answers) == [201] * 30 + [409] * 30
    assert results["result"]["n"] == 30
    assert results["response_rate"]["value"] == 1.0


async def test_results_are_shown_of_closed_rounds_with_ten_answers_and_venues_that_give_nobody_away(
    world: World,
) -> None:
    cohort, rounds = await _asked(world, 12, 11, 4, ended=_today() - timedelta(days=92))
    path = f"/v1/feedback-rounds/{rounds['end']['id']}"
    handed = await _tokens(world, rounds["end"])
    venue_of = {
        one["id"]: one["venue_id"]
        for one in (await world.get("/v1/enrolments", cohort_id=cohort["id"], limit=50))["items"]
    }
    large, middle, small = cohort["venues"]
    to_come = {large: 12, middle: 10, small: 3}
    for one in handed:
        venue = venue_of[one["enrolment_id"]]
        if to_come[venue]:
            to_come[venue] -= 1
            point = 5 if venue == large else 2
            texts = {"more": "Тәжірибе"} if venue == small else {}
            await _answer(world, one["token"], scores={"useful": point, "confident": point}, texts=texts)

    open_ = await world.get(f"{path}/results")
    await world.post(f"{path}/close", {})
    results = await world.get(f"{path}/results")
    opinions = await world.get(f"{path}/opinions")

    assert (open_["result"], open_["reason"], open_["response_rate"]) == (None, "not_closed", None)
    (useful, confident) = results["result"]["items"]
    assert (results["result"]["n"], useful["code"], confident["level"]) == (25, "useful", "learning")
    assert useful["mean"]["value"] == pytest.approx((12 * 5 + 13 * 2) / 25)
    assert useful["favourable"]["value"] == pytest.approx(12 / 25)
    assert useful["favourable"]["low"] == pytest.approx(0.3004, abs=1e-3)
    assert results["response_rate"]["value"] == pytest.approx(25 / 27)
    # Ten answered at the second venue; with them shown, what is left of the total would be the three of the third.
    told = {
        venue["venue_id"]: (venue["result"] and venue["result"]["n"], venue["reason"]) for venue in results["venues"]
    }
    assert told == {large: (12, None), middle: (None, "protects_another")}
    assert opinions == {"items": {"more": ["Тәжірибе"] * 3}, "reason": None}


async def test_nine_answers_are_no_result(world: World) -> None:
    cohort, rounds = await _asked(world, 10, ended=_today() - timedelta(days=1))
    path = f"/v1/feedback-rounds/{rounds['end']['id']}"
    for one in (await _tokens(world, rounds["end"]))[:9]:
        await _answer(world, one["token"], scores={"useful": 5, "confident": 5}, texts={"more": "Тәжірибе"})
    await world.post(f"{path}/close", {})

    results = await world.get(f"{path}/results")
    opinions = await world.get(f"{path}/opinions")
    trend = await world.get("/v1/reports/feedback", cohort_id=cohort["id"])

    assert (results["result"], results["reason"], results["response_rate"]) == (None, "below_min_n", None)
    assert results["venues"] == []
    assert opinions == {"items": {}, "reason": "below_min_n"}
    assert {one["n"] for one in trend["items"]} == {None}


async def test_levels_are_compared_from_wave_to_wave_by_the_questions_asked_at_both(world: World) -> None:
    cohort, rounds = await _asked(world, 10, ended=_today() - timedelta(days=92))
    for number, one in enumerate(await _tokens(world, rounds["end"])):
        await _answer(world, one["token"], scores={"useful": 5, "confident": 2 + number % 2})
    for number, one in enumerate(await _tokens(world, rounds["m3"])):
        said = {"confident": 4 + number % 2, "supported": 3, "tried": 4}
        await _answer(world, one["token"], scores=said)
    for wave in ("end", "m3"):
        await world.post(f"/v1/feedback-rounds/{rounds[wave]['id']}/close", {})

    found = (await world.get("/v1/reports/feedback", cohort_id=cohort["id"]))["items"]
    by = {(one["level"], one["wave"]): one for one in found}

    learned = by["learning", "m3"]
    assert (learned["n"], learned["items"]) == (10, ["confident"])
    assert learned["change"]["value"] == pytest.approx(50.0)
    assert learned["change"]["low"] > 0
    assert by["learning", "end"]["change"] is None
    assert by["use", "m3"]["mean"]["value"] == pytest.approx(75.0)
    assert by["pupils", "m6"]["reason"] == "not_closed"


# Impact


async def _applicants(
    world: World, *, schools: int, per_school: int, effect: float = 8.0
) -> tuple[str, list[str], list[str]]:
    """As many of each school apply; half of all get a seat, half wait; all are measured before and after.

    Gives the code of the programme, and the schools of those who took part and of those who waited.
    """
    rng = random.Random(17)
    programme = await world.programme()
    seats = schools * per_school // 2
    cohort = await world.cohort(programme_id=programme, venues=[seats], first=_FIRST, last=_LAST)
    rows = [world.person(one) for one in await world.organisations(schools) for _ in range(per_school)]
    people = (await world.post("/v1/educator-batches", {"educators": rows}))["ids"]
    rng.shuffle(people)
    measures: list[Json] = []
    taking: list[str] = []
    waiting: list[str] = []
    for person in people:
        enrolment = await world.enrol(cohort, person)
        took_part = enrolment["status"] == "confirmed"
        (taking if took_part else waiting).append(enrolment["organisation_id"])
        before = rng.uniform(40, 60)
        after = before + rng.gauss(3, 3) + effect * took_part
        for day, score in (("2025-12-20", before), ("2026-03-10", after)):
            measures.append(
                {"educator_id": person, "instrument": "lesson_observation", "taken_on": day, "score": round(score, 1)}
            )
    taken = await world.post("/v1/outcome-measure-batches", {"measures": measures})
    assert taken == {"added": 2 * schools * per_school}
    return await _code(world, programme), taking, waiting


async def test_participants_are_compared_with_those_who_waited_and_an_interval_is_given(world: World) -> None:
    code, taking, waiting = await _applicants(world, schools=24, per_school=2)

    found = await world.get("/v1/reports/impact", programme_code=code, instrument="lesson_observation")

    assert (found["unit"], found["reason"], found["strata"]) == ("person", None, 2)
    assert found["effect"]["low"] <= 8.0 <= found["effect"]["high"]
    assert found["effect"]["low"] > 0
    assert "Participants changed more" in found["says"]["en"]
    assert (found["participants"]["n"], found["waited"]["n"]) == (len(taking), len(waiting)) == (24, 24)
    assert found["participants"]["mean_change"] - found["waited"]["mean_change"] == pytest.approx(
        found["effect"]["value"]
    )
    assert len(found["method"]["assumptions"]) == 4


async def test_no_effect_is_told_as_none_and_organisations_are_compared_by_the_registrys_figures(
    world: World, registry: Registry
) -> None:
    code, taking, waiting = await _applicants(world, schools=24, per_school=1, effect=0.0)
    rng = random.Random(3)
    base = {one: rng.uniform(50, 80) for one in (*taking, *waiting)}
    registry.tables["SCH_UNT_MEAN", "2024-2025"] = base
    registry.tables["SCH_UNT_MEAN", "2025-2026"] = {
        one: value + 2 + rng.gauss(0, 1) + 3 * (one in taking) for one, value in base.items()
    }
    by_score: Json = {"programme_code": code, "instrument": "lesson_observation"}
    by_figure: Json = {"programme_code": code, "indicator": "SCH_UNT_MEAN", "before": "2024-2025", "after": "2025-2026"}

    none = await world.get("/v1/reports/impact", **by_score)
    never_taken = await world.get("/v1/reports/impact", **{**by_score, "instrument": "never_taken"})
    organisations = await world.get("/v1/reports/impact", **by_figure)
    unknown = await world.get("/v1/reports/impact", status=422, **{**by_figure, "after": "2031-2032"})
    both = await world.get("/v1/reports/impact", status=422, **by_figure, instrument="lesson_observation")

    assert none["effect"]["low"] < 0 < none["effect"]["high"]
    assert "zero" in none["says"]["en"]
    assert never_taken["says"]["en"].startswith("Not enough")
    assert (organisations["unit"], organisations["strata"]) == ("organisation", 1)
    assert (organisations["participants"]["n"], organisations["waited"]["n"]) == (12, 12)
    assert organisations["effect"]["low"] <= 3.0 <= organisations["effect"]["high"]
    assert unknown["code"] == "impact_indicator_unknown"
    assert both["errors"][0]["code"] == "instrument_or_indicator"


async def test_too_few_are_told_as_not_enough_and_not_guessed_at(world: World) -> None:
    code, _, _ = await _applicants(world, schools=18, per_school=1)

    found = await world.get("/v1/reports/impact", programme_code=code, instrument="lesson_observation")

    assert (found["effect"], found["participants"], found["waited"]) == (None, None, None)
    assert found["reason"] == "too_few_participants"


async def test_measures_are_taken_in_whole_or_not_at_all_and_never_given_back(world: World) -> None:
    person, stranger = await world.educator(), await world.educator(await world.organisation(area=ALMATY))
    row = {"educator_id": person, "instrument": "subject_test", "taken_on": "2026-01-04", "score": 54.5}
    coordinator: Json = world.as_("training_coordinator", area=SHYMKENT)
    rows = [row, row, {**row, "educator_id": stranger}, {**row, "taken_on": "2199-01-01"}]

    refused = await world.post("/v1/outcome-measure-batches", {"measures": rows}, status=422, **coordinator)
    taken = await world.post("/v1/outcome-measures", row, **coordinator)
    twice = await world.post("/v1/outcome-measures", row, status=409, **coordinator)
    unknown = await world.get("/v1/reports/impact", status=422, programme_code="NONE", instrument="subject_test")

    faults = [(error["pointer"], error["code"]) for error in refused["errors"]]
    assert faults == [
        ("/measures/1/taken_on", "measure_exists"),
        ("/measures/2/educator_id", "out_of_reach"),
        ("/measures/3/taken_on", "measure_to_come"),
    ]
    assert (list(taken), twice["code"]) == (["id"], "measure_exists")
    assert unknown["code"] == "impact_programme_unknown"
