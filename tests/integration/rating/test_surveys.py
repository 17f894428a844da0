"""The public's voice through HTTP: one ballot a token, screens, decisions, margins, and a run that uses them."""

import asyncio
import hashlib
import random
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from services.rating_engine.surveys.rules import Stamp
from tests.integration.rating.conftest import PERIOD, Town, document
from tests.support import apps
from tests.support.cluster import driver_url

Json = dict[str, Any]
_SCALES = 5
_ITEMS = [
    *(
        {
            "code": f"q{number}",
            "kind": "scale",
            "low": 1,
            "high": 5,
            "text": {"kk": f"{number}-сұрақ", "ru": f"Вопрос {number}", "en": f"Question {number}"},
        }
        for number in range(_SCALES)
    ),
    {"code": "safe", "kind": "yes_no", "text": {"kk": "Қауіпсіз бе?", "ru": "Безопасно ли?"}},
    {
        "code": "meets",
        "kind": "choice",
        "text": {"kk": "Қаншалықты жиі?", "ru": "Как часто?"},
        "options": [{"code": code, "text": {"kk": code, "ru": code}} for code in ("often", "seldom")],
    },
]
_BOTH = {"kk": "Негіздеме", "ru": "Основание"}
_STRATA = [
    {"grade_group": grades, "language": language, "population": population}
    for grades, language, population in (("1-4", "kk", 60), ("1-4", "ru", 20), ("5-9", "kk", 20), ("5-9", "ru", 60))
]


def _survey(**changes: Any) -> Json:
    now = datetime.now(UTC)
    return {
        "title": {"kk": "Ата-аналар сауалнамасы", "ru": "Опрос родителей", "en": "Survey of parents"},
        "organisation_type": "school",
        "period": PERIOD,
        "opens_at": (now - timedelta(hours=1)).isoformat(),
        "closes_at": (now + timedelta(days=20)).isoformat(),
        "items": _ITEMS,
        **changes,
    }


def _answers(seed: int) -> Json:
    chance = random.Random(seed)
    scales = {f"q{number}": chance.choices([1, 2, 3, 4, 5], [1, 2, 4, 6, 4])[0] for number in range(_SCALES)}
    return {**scales, "safe": chance.random() < 0.6, "meets": chance.choice(["often", "seldom"])}


_STUFFED: Json = {**{f"q{number}": 5 for number in range(_SCALES)}, "safe": True, "meets": "often"}


@dataclass
class Poll:
    """One survey, and how to take part in it."""

    town: Town
    id: str
    stranger: httpx.AsyncClient
    tokens: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/v1/surveys/{self.id}"

    async def hand_out(self, school: str, count: int, **more: Any) -> list[str]:
        body = {"organisation_id": school, "count": count, **more}
        answer = await self.town.house.rating.post(f"{self.path}/tokens", json=body)
        assert answer.status_code == 201, answer.text
        found: list[str] = answer.json()["tokens"]
        self.tokens.extend(found)
        return found

    async def stamp(self, *, ago: float = 120.0) -> str:
        """As a form that was handed out a while ago would have it."""
        (row,) = await rows(self.town, "SELECT key FROM survey_keys WHERE survey_id = $1", UUID(self.id))
        return Stamp(row["key"], UUID(self.id).bytes).sign(datetime.now(UTC) - timedelta(seconds=ago))

    async def cast(
        self, token: str, answers: Json, *, started: str, by: httpx.AsyncClient | None = None, **more: Any
    ) -> httpx.Response:
        body = {"token": token, "language": "kk", "started": started, "answers": answers}
        return await (by or self.stranger).post(f"{self.path}/ballots", json=body, **more)

    async def cast_all(self, tokens: Sequence[str], answers: Sequence[Json]) -> None:
        started = await self.stamp()
        told = await asyncio.gather(
            *(self.cast(token, said, started=started) for token, said in zip(tokens, answers, strict=True))
        )
        assert {answer.status_code for answer in told} == {201}, told[0].text

    async def close(self) -> None:
        closed = await self.town.house.rating.post(f"{self.path}/close")
        await self.town.house.finished(closed, of="rating")


async def rows(town: Town, query: str, *arguments: Any) -> list[asyncpg.Record]:
    """What the database itself says."""
    connection = await asyncpg.connect(driver_url(town.house.processes["rating"].environment["RATING_DATABASE_URL"]))
    try:
        found: list[asyncpg.Record] = await connection.fetch(query, *arguments)
        return found
    finally:
        await connection.close()


async def _opened(town: Town, stranger: httpx.AsyncClient, frame: Sequence[Json], **changes: Any) -> Poll:
    http = town.house.rating
    made = await http.post("/v1/surveys", json=_survey(**changes))
    assert made.status_code == 201, made.text
    path = made.headers["location"]
    tag = {"If-Match": made.headers["etag"]}
    framed = await http.put(f"{path}/frame", json={"organisations": list(frame)}, headers=tag)
    assert framed.status_code == 200, framed.text
    opened = await http.post(f"{path}/open")
    assert opened.status_code == 200, opened.text
    return Poll(town, made.json()["id"], stranger)


def _whole(school: str, population: int) -> Json:
    return {"organisation_id": school, "strata": [{"population": population}]}


@pytest.fixture(scope="module")
async def stranger(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without a token of ours, at the rating engine."""
    async with httpx.AsyncClient(base_url=town.house.processes["rating"].url, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
async def poll(town: Town, stranger: httpx.AsyncClient) -> Poll:
    """A survey that was answered in five schools and counted; in the second one twenty ballots were stuffed."""
    first, second, third, fourth, fifth, _ = town.schools
    frame = [
        {"organisation_id": first, "strata": _STRATA},
        *(_whole(school, population) for school, population in ((second, 200), (third, 90), (fourth, 60), (fifth, 80))),
    ]
    poll = await _opened(town, stranger, frame)
    for number, stratum in enumerate(_STRATA):
        part = {"grade_group": stratum["grade_group"], "language": stratum["language"]}
        tokens = await poll.hand_out(first, 7, **part)
        await poll.cast_all(tokens, [_answers(100 * number + seed) for seed in range(7)])
    await poll.cast_all(await poll.hand_out(second, 30), [_answers(1000 + seed) for seed in range(30)])
    # The other ballots came over two weeks of days and from different networks.
    await rows(
        town,
        "UPDATE survey_ballots SET bucket = 48 * (20500 + (random() * 13)::int) + 8 + (random() * 20)::int, "
        "network = NULL WHERE survey_id = $1",
        UUID(poll.id),
    )
    await poll.cast_all(await poll.hand_out(second, 20), [_STUFFED] * 20)
    for school, count in ((third, 20), (fourth, 4), (fifth, 12)):
        tokens = await poll.hand_out(school, count)
        await poll.cast_all(tokens, [_answers(hash((count, seed)) % 10_000) for seed in range(count)])
        await rows(
            town,
            "UPDATE survey_ballots SET bucket = 48 * (20500 + (random() * 13)::int) + 8 + (random() * 20)::int, "
            "network = NULL WHERE survey_id = $1 AND organisation_id = $2",
            UUID(poll.id),
            UUID(school),
        )
    return poll


async def test_a_draft_is_opened_with_both_languages_a_frame_and_time_left(town: Town, stranger: Any) -> None:
    http = town.house.rating
    half = await http.post("/v1/surveys", json=_survey(title={"ru": "Опрос"}))
    path = half.headers["location"]

    refused = await http.post(f"{path}/open")
    hidden = await stranger.get(path)
    old = await http.patch(path, json={"title": {"ru": "Опрос", "kk": "Сауалнама"}})
    changed = await http.patch(
        path, json={"title": {"ru": "Опрос", "kk": "Сауалнама"}}, headers={"If-Match": half.headers["etag"]}
    )
    few = await http.put(
        f"{path}/frame",
        json={
            "organisations": [
                {"organisation_id": town.schools[0], "strata": [*_STRATA[:3], {**_STRATA[3], "population": 9}]}
            ]
        },
        headers={"If-Match": changed.headers["etag"]},
    )
    unknown = await http.put(
        f"{path}/frame", json={"organisations": [_whole(half.json()["id"], 90)]}, headers={"If-Match": "*"}
    )
    taken = await http.put(
        f"{path}/frame", json={"from_registry": {"indicator": "SCH_UNT_MEAN"}}, headers={"If-Match": "*"}
    )
    opened = await http.post(f"{path}/open")
    fixed = await http.patch(path, json={"period": "2024-2025"}, headers={"If-Match": "*"})

    codes = {(error["pointer"], error["code"]) for error in refused.json()["errors"]}
    assert (refused.status_code, refused.json()["code"]) == (409, "survey_incomplete")
    assert codes == {("/title/kk", "text_needed"), ("/frame", "frame_needed")}
    assert (hidden.status_code, old.status_code) == (404, 428)
    assert few.json()["errors"][0]["code"] == "stratum_too_small"
    assert unknown.json()["errors"][0]["code"] == "organisation_unknown"
    # The fifth school was not sampled: the indicator rests on nobody there.
    assert (taken.json()["organisations"], taken.json()["population"], taken.json()["left_out"]) == (5, 150, 1)
    assert (opened.status_code, opened.json()["status"]) == (200, "open")
    assert (fixed.status_code, fixed.json()["code"]) == (409, "survey_step_refused")


async def test_tokens_are_bounded_by_the_frame_printed_once_and_a_lost_list_is_renewed(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    http = town.house.rating
    school = town.schools[0]
    poll = await _opened(town, stranger, [_whole(school, 20)])
    path = f"{poll.path}/tokens"

    lost = await poll.hand_out(school, 12)
    many = await http.post(path, json={"organisation_id": school, "count": 9})
    elsewhere = await http.post(path, json={"organisation_id": town.schools[1], "count": 1})
    part = await http.post(path, json={"organisation_id": school, "count": 1, "language": "kk"})
    again = {"organisation_id": school, "count": 20, "renew": True}
    printed = await http.post(path, json=again, headers={"Accept": "text/csv", "Idempotency-Key": "twice"})
    kept = await rows(town, "SELECT digest FROM survey_tokens WHERE survey_id = $1", UUID(poll.id))
    noted = await rows(town, "SELECT count(*) AS n FROM idempotency_keys WHERE key = 'twice'")
    void = await poll.cast(lost[0], _answers(1), started=await poll.stamp())

    tokens = printed.text.split("\r\n")[1:-1]
    assert (many.status_code, many.json()["code"], many.json()["context"]) == (409, "tokens_exceed_frame", {"left": 8})
    assert elsewhere.json()["code"] == "organisation_outside_frame"
    assert part.json()["code"] == "stratum_unknown"
    assert printed.headers["content-type"].startswith("text/csv")
    assert printed.headers["cache-control"] == "no-store"
    assert {row["digest"] for row in kept} == {hashlib.sha256(token.encode()).digest() for token in tokens}
    assert len(tokens) == 20
    assert noted[0]["n"] == 0
    assert void.status_code == 404


async def test_exactly_one_ballot_of_a_token_counts_though_many_come_at_once_at_two_processes(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    school = town.schools[0]
    poll = await _opened(town, stranger, [_whole(school, 100)])
    tokens = await poll.hand_out(school, 15)
    started = await poll.stamp()
    given = town.house.processes["rating"].environment
    app = apps.build_app("rating", {name: given[name] for name in ("RATING_DATABASE_URL", "BILIM_LOCAL_KEY_FILE")})
    async with apps.running(app), apps.client_for(app) as here:
        answers = await asyncio.gather(
            *(
                poll.cast(token, _answers(turn), started=started, by=(stranger, here)[turn % 2])
                for turn in range(4)
                for token in tokens
            )
        )
    live = (await town.house.rating.get(f"{poll.path}/participation")).json()["items"]

    assert sorted(answer.status_code for answer in answers) == [201] * 15 + [404] * 45
    assert {answer.json()["code"] for answer in answers if answer.status_code == 404} == {"ballot_token_refused"}
    assert (live[0]["ballots"], live[0]["issued"]) == (15, 15)


async def test_a_wrong_token_and_a_used_one_are_answered_alike_and_neither_tells_a_school(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    school = town.schools[0]
    poll = await _opened(town, stranger, [_whole(school, 50)])
    (token,) = await poll.hand_out(school, 1)
    form = await stranger.get(f"{poll.path}/form")
    started = form.json()["started"]
    short = await poll.cast(token, {"q0": 9, "safe": 1, "other": True}, started=started)
    forged = await poll.cast(token, _answers(1), started=f"1.{'0' * 32}")

    taken = await poll.cast(token, _answers(1), started=started, headers={"Idempotency-Key": "ballot"})
    used = await poll.cast(token, _answers(1), started=started, headers={"Idempotency-Key": "ballot"})
    wrong = await poll.cast("A" * 22, _answers(1), started=started)
    large = await stranger.post(f"{poll.path}/ballots", content=b"{" + b" " * (2 << 20))

    def told(answer: httpx.Response) -> Json:
        return {
            name: value for name, value in answer.json().items() if name not in {"instance", "request_id", "trace_id"}
        }

    assert [item["kind"] for item in form.json()["items"]] == ["scale"] * _SCALES + ["yes_no", "choice"]
    assert "score" not in form.text
    assert (short.status_code, short.json()["code"]) == (422, "answers_do_not_fit")
    assert {error["code"] for error in short.json()["errors"]} == {
        "answer_missing",
        "answer_unknown",
        "question_unknown",
    }
    assert forged.json()["code"] == "form_expired"
    assert taken.json() == {"taken": True}
    assert (used.status_code, wrong.status_code, large.status_code) == (404, 404, 413)
    assert told(used) == told(wrong)
    assert school not in used.text


async def test_nobody_with_the_whole_database_finds_out_who_said_what(town: Town, stranger: httpx.AsyncClient) -> None:
    school = town.schools[0]
    poll = await _opened(town, stranger, [_whole(school, 50)])
    handed = await poll.hand_out(school, 20)
    started = await poll.stamp()
    for number, token in enumerate(handed[:15]):
        said = {**_answers(1), "q0": 1 + number % 5, "q1": 1 + number // 5}
        assert (await poll.cast(token, said, started=started)).status_code == 201

    columns = await rows(
        town,
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'survey_ballots' "
        "ORDER BY ordinal_position",
    )
    mine = UUID(poll.id)
    written = await rows(
        town, "SELECT xmin::text AS x, points, bucket FROM survey_ballots WHERE survey_id = $1 ORDER BY ctid", mine
    )
    left = await rows(town, "SELECT digest FROM survey_tokens WHERE survey_id = $1", mine)
    tables = ("audit_entries", "change_events", "idempotency_keys", "jobs")
    kept = [str(row) for table in tables for row in await rows(town, f"SELECT to_jsonb(t) FROM {table} AS t")]
    log = town.house.processes["rating"].log.read_text()

    names = [row["column_name"] for row in columns]
    assert names[:5] == ["id", "survey_id", "organisation_id", "grade_group", "language"]
    assert names[5:] == ["points", "hasty", "bucket", "network", "marks"]
    # All ballots were written by the last one's transaction, in an order that is not that of their coming.
    assert len({row["x"] for row in written}) == 1
    assert [row["points"][:2] for row in written] != [[1 + number % 5, 1 + number // 5] for number in range(15)]
    assert {row["digest"] for row in left} == {hashlib.sha256(token.encode()).digest() for token in handed[15:]}
    everything = "\n".join(kept) + log
    for token in handed:
        assert token not in everything
        assert hashlib.sha256(token.encode()).hexdigest() not in everything
    assert "survey_ballot" not in "\n".join(kept)
    assert '"points"' not in log


async def test_a_director_sees_how_many_answered_in_the_own_school_and_a_region_its_own(
    town: Town, poll: Poll, token_for: Callable[..., str]
) -> None:
    async def seen(role: str, **claims: Any) -> list[Json]:
        headers = {"Authorization": f"Bearer {token_for(role, **claims)}"}
        answer = await town.house.rating.get(f"{poll.path}/participation", headers=headers)
        assert answer.status_code == 200, answer.text
        items: list[Json] = answer.json()["items"]
        return items

    own = await seen("director", organisation=UUID(town.schools[1]))
    assert [(one["organisation_id"], one["ballots"]) for one in own] == [(town.schools[1], 50)]
    assert len(await seen("region_officer", area="390000000")) == 5
    assert await seen("region_officer", area="750000000") == []
    assert len(await seen("rating_analyst")) == 5
    headers = {"Authorization": f"Bearer {token_for('director', organisation=UUID(town.schools[1]))}"}
    screens = await town.house.rating.get(f"{poll.path}/screens", headers=headers)
    assert screens.status_code == 403


async def test_from_ballots_to_a_rating(town: Town, poll: Poll, stranger: httpx.AsyncClient) -> None:
    http = town.house.rating
    first, second, third, fourth, fifth, sixth = town.schools
    early = await stranger.get(f"{poll.path}/results")
    uncounted = await http.post(f"{poll.path}/publish")
    await poll.close()
    late = await poll.cast(poll.tokens[0], _answers(1), started=f"1.{'0' * 32}")
    traces = await rows(
        town,
        "SELECT (SELECT count(*) FROM survey_ballots WHERE bucket IS NOT NULL OR network IS NOT NULL) "
        "+ (SELECT count(*) FROM survey_keys WHERE survey_id = $1) "
        "+ (SELECT count(*) FROM survey_tokens WHERE survey_id = $1) AS left, "
        "(SELECT count(*) FROM survey_ballots WHERE survey_id = $1 AND marks IS NOT NULL) AS marked "
        "FROM surveys WHERE id = $1",
        UUID(poll.id),
    )
    screens = {one["organisation_id"]: one for one in (await http.get(f"{poll.path}/screens")).json()["items"]}

    # The stuffed school, and it alone, is looked into; nothing is published before somebody decides.
    stuffed = screens[second]
    waiting = await http.post(f"{poll.path}/publish")
    (found,) = (await http.get(f"{poll.path}/investigations")).json()["items"]
    decide = f"{poll.path}/investigations/{found['id']}/decision"
    one_language = await http.post(decide, json={"decision": "exclude", "grounds": {"kk": "Негіз"}})
    decided = await http.post(decide, json={"decision": "exclude", "grounds": _BOTH})
    again = await http.post(decide, json={"decision": "keep", "grounds": _BOTH})
    own = await http.post(f"{poll.path}/investigations", json={"organisation_id": first, "reason": _BOTH})
    keep = f"{own.headers['location']}/decision"
    assert (await http.post(keep, json={"decision": "keep", "grounds": _BOTH})).status_code == 200

    published = await http.post(f"{poll.path}/publish")
    results = (await stranger.get(f"{poll.path}/results")).json()["items"]
    totals = (await stranger.get(f"{poll.path}/totals")).json()
    by = {one["organisation_id"]: one for one in results}

    assert early.json()["code"] == "survey_not_published"
    assert uncounted.json()["code"] == "survey_step_refused"
    assert (late.status_code, late.json()["code"]) == (409, "survey_not_open")
    assert traces[0]["marked"] >= 20
    assert (stuffed["ballots"], stuffed["differs"], stuffed["investigation"]) == (50, True, "open")
    assert stuffed["marked"] >= 20
    assert {"network_burst", "identical", "straight_line"} <= {one["screen"] for one in stuffed["screens"]}
    assert (waiting.status_code, waiting.json()["code"]) == (409, "investigations_open")
    assert (found["organisation_id"], found["opened_by"]) == (second, "system")
    assert one_language.status_code == 422
    assert (decided.json()["decision"], again.json()["code"]) == ("exclude", "investigation_decided")
    assert published.json()["status"] == "published"

    # With and without stand side by side; what counts is what was decided.
    one = by[second]
    assert one["marked_out"]
    assert one["differs"]
    assert one["satisfaction"] == one["without_marked"]
    assert one["with_marked"]["value"] > one["without_marked"]["value"] + 5
    assert one["with_marked"]["n"] == 50
    raked = by[first]["raking"]
    assert (raked["fit"], by[first]["population"], by[first]["n"]) == ("raked", 160, 28)
    assert raked["margin_error"] < 1e-9
    # Four answers are no figure, and the smallest school beside it goes along, or four could be had by subtraction.
    assert (by[fourth]["n"], by[fourth]["satisfaction"], by[fourth]["reason"]) == (4, None, "below_min_n")
    assert by[fourth]["items"] == []
    assert (by[fifth]["satisfaction"], by[fifth]["reason"]) == (None, "protects_another")
    assert totals["overall"]["satisfaction"]["n"] == sum(one["n"] for one in results)
    assert {one["area"] for one in totals["areas"]} >= {"390000000"}
    for item in by[third]["items"]:
        assert item["distribution"] is None or min(filter(None, item["distribution"].values())) >= 10

    # A run of the period takes value, n and variance.
    tree = document("voice")
    posts = {"kind": "goalposts", "low": 0, "high": 100, "scale": [0, 100], "cap": True}
    voice = [{"indicator": code, "normalisation": posts} for code in ("ORG_PARENT_SATISFACTION", "ORG_SURVEY_RESPONSE")]
    tree["tree"]["children"].append({"code": "voice", "weight": 10, "children": voice})
    methodology = await http.post("/v1/methodologies", json=tree)
    assert methodology.status_code == 201, methodology.text
    asked = await http.post("/v1/runs", json={"methodology_id": methodology.json()["id"], "period": PERIOD})
    await town.house.finished(asked, of="rating")
    run = (await http.get(f"/v1/runs/{asked.json()['id']}")).json()
    table = (await http.get(f"/v1/snapshots/{run['snapshot_digest']}")).json()
    place = {school: table["organisations"].index(school) for school in town.schools}
    column, response = (table["columns"][code] for code in ("ORG_PARENT_SATISFACTION", "ORG_SURVEY_RESPONSE"))

    def cell(school: str) -> tuple[Any, ...]:
        return tuple(column[name][place[school]] for name in ("value", "n", "variance", "reason"))

    for school in (first, second, third):
        told = by[school]["satisfaction"]
        assert cell(school) == (told["value"], told["n"], told["variance"], None)
    assert cell(fourth) == (None, None, None, "below_min_n")
    assert cell(fifth) == (None, None, None, "below_min_n")
    assert cell(sixth)[3] == "not_reported"
    # Of the fourth 4 of 60 took part: taking part is told of every school.
    assert response["value"][place[fourth]] == pytest.approx(100 * 4 / 60)
    assert response["value"][place[first]] == 17.5
    assert response["n"][place[first]] == 160


async def test_a_survey_whose_instant_has_come_closes_by_itself(town: Town, stranger: httpx.AsyncClient) -> None:
    school = town.schools[0]
    poll = await _opened(town, stranger, [_whole(school, 50)])
    await rows(town, "UPDATE surveys SET closes_at = now() WHERE id = $1", UUID(poll.id))
    refused = await stranger.get(f"{poll.path}/form")

    for _ in range(150):
        survey = (await stranger.get(poll.path)).json()
        if survey["tallied"]:
            break
        await asyncio.sleep(0.1)

    assert refused.status_code == 409
    assert (survey["status"], survey["tallied"], survey["allowed_actions"]) == ("closed", True, ["publish"])


async def test_counting_that_was_broken_off_goes_on_and_two_jobs_count_once(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    schools = town.schools[:3]
    poll = await _opened(town, stranger, [_whole(school, 50) for school in schools])
    for school in schools:
        await poll.cast_all(await poll.hand_out(school, 3), [_answers(seed) for seed in range(3)])

    jobs = await asyncio.gather(*(town.house.rating.post(f"{poll.path}/close") for _ in range(2)))
    accepted = [job for job in jobs if job.status_code == 202]
    for job in accepted:
        await town.house.finished(job, of="rating")
    counted = await rows(town, "SELECT ballots FROM survey_results WHERE survey_id = $1", UUID(poll.id))
    told = await rows(
        town, "SELECT count(*) AS n FROM change_events WHERE kind = 'survey.tallied' AND subject_id = $1", poll.id
    )

    assert accepted
    assert {job.status_code for job in jobs} <= {202, 409}
    assert [row["ballots"] for row in counted] == [3, 3, 3]
    assert told[0]["n"] == 1


async def test_the_database_refuses_a_survey_that_opens_again(town: Town, stranger: httpx.AsyncClient) -> None:
    poll = await _opened(town, stranger, [_whole(town.schools[0], 50)])
    await poll.close()
    again = await town.house.rating.post(f"{poll.path}/close")

    assert (again.status_code, again.json()["code"]) == (409, "survey_step_refused")
    with pytest.raises(asyncpg.CheckViolationError):
        await rows(town, "UPDATE surveys SET status = 'open' WHERE id = $1", UUID(poll.id))


async def test_events_tell_of_surveys_and_not_of_ballots(town: Town, poll: Poll) -> None:
    events = await rows(town, "SELECT kind, data::text AS data FROM change_events WHERE subject LIKE 'survey%'")

    assert {event["kind"] for event in events} <= {
        "survey.opened",
        "survey.closed",
        "survey.tallied",
        "survey.published",
        "survey_investigation.decided",
    }
    assert not any("points" in event["data"] or "decided_by" in event["data"] for event in events)
