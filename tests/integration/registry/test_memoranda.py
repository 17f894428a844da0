"""Memoranda over HTTP and below it: what the database refuses, two times, documents, texts, reach, successors."""

import hashlib
from collections.abc import AsyncIterator, Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from icalendar import Calendar
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.registry_api.commitments import service as commitments
from services.registry_api.organisations.succession import Succession, Undoing
from shared import clock
from shared.clock import day_in_kazakhstan
from shared.db.engine import Database
from shared.ids import new_id
from tests.support import apps
from tests.support.cluster import Databases
from tests.support.registry import ALATAU, AUEZOV, SHYMKENT, Registry

TODAY = day_in_kazakhstan(clock.now())
PDF = b"%PDF-1.7 " + bytes(range(256)) * 5000


@pytest.fixture(scope="module")
async def url(databases: Databases) -> AsyncIterator[str]:
    async with databases.database_for("registry") as url:
        yield url


@pytest.fixture(scope="module")
async def registry(url: str, local_key_file: Path, token_for: Callable[..., str]) -> AsyncIterator[Registry]:
    app = apps.build_app("registry", {"REGISTRY_DATABASE_URL": url, "BILIM_LOCAL_KEY_FILE": str(local_key_file)})
    async with apps.running(app), apps.client_for(app) as client:
        yield Registry(client, token_for)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = Database(url, application_name="test")
    yield database
    await database.close()


async def draft(registry: Registry, *organisations: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return await registry.post(
        "/v1/memoranda",
        {
            "title": {"kk": "Әріптестік туралы келісім", "ru": "Соглашение о партнёрстве"},
            "area": SHYMKENT,
            "since": "2020-01-01",
            "parties": [{"organisation_id": one["id"]} for one in organisations],
            **fields,
        },
    )


async def lead(registry: Registry, memorandum: dict[str, Any], *commands: str) -> dict[str, Any]:
    reasons = {"reason_code": "agreed", "comment": "Тараптар келісті"}
    for command in commands:
        memorandum = await registry.post(f"/v1/memoranda/{memorandum['id']}/{command}", reasons, expect=200)
    return memorandum


async def agreement(registry: Registry, **fields: Any) -> dict[str, Any]:
    parties = [await registry.organisation(), await registry.organisation()]
    return await lead(registry, await draft(registry, *parties, **fields), "submit", "send", "sign")


async def promise(registry: Registry, memorandum: dict[str, Any], **fields: Any) -> dict[str, Any]:
    body = {"obligor": memorandum["parties"][0]["id"], "text": {"ru": "Обязательство"}, **fields}
    return await registry.post(f"/v1/memoranda/{memorandum['id']}/commitments", body)


async def test_a_memorandum_goes_through_its_whole_life(registry: Registry) -> None:
    memorandum = await agreement(registry, ends_on=(TODAY + timedelta(days=30)).isoformat(), renewal_months=12)
    path = f"/v1/memoranda/{memorandum['id']}"

    suspended = await lead(registry, memorandum, "suspend")
    too_early = await registry.post(f"{path}/expire", {}, expect=409)
    renewed = await lead(registry, memorandum, "resume", "renew")
    terminated = await lead(registry, memorandum, "suspend", "terminate")
    steps = (await registry.get(f"{path}/transitions"))["items"]
    refused = await registry.post(f"{path}/renew", {}, expect=409)

    assert (suspended["status"], too_early["code"]) == ("suspended", "not_over_yet")
    assert renewed["status"] == "renewed"
    assert date.fromisoformat(renewed["ends_on"]) > TODAY + timedelta(days=390)
    assert terminated["status"] == "terminated"
    assert [step["number"] for step in steps] == list(range(1, 10))
    assert [step["to_status"] for step in steps][-4:] == ["in_force", "renewed", "suspended", "terminated"]
    assert steps[4]["reason_code"] == "agreed"
    assert (refused["code"], refused["context"]["allowed"]) == ("transition_not_allowed", "—")


async def test_a_memorandum_is_expired_after_its_last_day_without_anybody_writing_it(registry: Registry) -> None:
    memorandum = await agreement(registry, starts_on="2020-01-01", ends_on="2021-12-31")
    path = f"/v1/memoranda/{memorandum['id']}"

    now = await registry.get(path)
    suspended = await registry.post(f"{path}/suspend", {"reason_code": "agreed", "comment": "Кеш"}, expect=409)
    listed = await registry.get("/v1/memoranda", status="expired", party=memorandum["parties"][0]["organisation_id"])
    written = await registry.post(f"{path}/expire", {}, expect=200)

    assert (now["status"], now["status_since"]) == ("expired", "2022-01-01")
    assert suspended["context"] == {"status": "expired", "allowed": "renew"}
    assert [one["id"] for one in listed["items"]] == [memorandum["id"]]
    assert written["status"] == "expired"


async def test_parties_sign_one_after_the_other(registry: Registry) -> None:
    parties = [await registry.organisation() for _ in range(3)]
    memorandum = await lead(registry, await draft(registry, *parties), "submit", "send")
    path = f"/v1/memoranda/{memorandum['id']}"
    ids = [party["id"] for party in memorandum["parties"]]

    first = await registry.post(f"{path}/sign", {"parties": ids[:1], "signed_on": "2026-08"}, expect=200)
    again = await registry.post(f"{path}/sign", {"parties": ids[:1]}, expect=409)
    stranger = await registry.post(f"{path}/sign", {"parties": [str(new_id())]}, expect=422)
    joining = await registry.post(f"{path}/parties", {"organisation_id": parties[0]["id"]}, expect=409)
    last = await registry.post(f"{path}/sign", {"signed_on": "2026-09-01"}, expect=200)

    assert (first["status"], [party["signed"] for party in first["parties"]]) == ("partly_signed", [True, False, False])
    assert again["code"] == "party_signed"
    assert stranger["code"] == "party_unknown"
    assert joining["code"] == "memorandum_settled"
    assert (last["status"], last["signed_on"]) == ("in_force", "2026-09-01")
    assert [party["signed_on"] for party in last["parties"]] == ["2026-08", "2026-09-01", "2026-09-01"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE memoranda SET status = 'in_force' WHERE id = :id",
        "UPDATE memorandum_transitions SET to_status = 'in_force' WHERE memorandum_id = :id",
        "DELETE FROM memorandum_transitions WHERE memorandum_id = :id",
        "INSERT INTO memorandum_transitions VALUES (:id, 2, 'sign', 'draft', 'in_force', 'x', NULL, NULL, "
        "current_date, now())",
        "INSERT INTO memorandum_transitions VALUES (:id, 2, 'sign', 'sent', 'in_force', 'x', NULL, NULL, "
        "current_date, now())",
        "UPDATE memorandum_parties SET country = 'KZ', organisation_id = NULL, name_ru = 'ТОО' "
        "WHERE memorandum_id = :id",
        "INSERT INTO memorandum_parties SELECT gen_random_uuid(), gen_random_uuid(), memorandum_id, organisation_id, "
        "name_kk, name_ru, name_en, country, bin, is_legal_entity, kind, role, position_kk, position_ru, position_en, "
        "basis, valid, recorded FROM memorandum_parties WHERE memorandum_id = :id",
    ],
)
async def test_the_database_refuses_what_the_rules_forbid(
    registry: Registry, database: Database, statement: str
) -> None:
    memorandum = await draft(registry, await registry.organisation())  # one party, so that a signing is refused too

    with pytest.raises(DBAPIError) as caught:
        async with database.writing() as session:
            await session.execute(text(statement), {"id": UUID(memorandum["id"])})

    assert getattr(caught.value.orig, "sqlstate", "") in {"23514", "23P01"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE commitments SET status = 'overdue' WHERE id = :id",
        "INSERT INTO commitment_transitions VALUES (:id, 2, 'fulfil', 'planned', 'fulfilled', 'x', NULL, NULL, "
        "current_date, now())",
        "INSERT INTO commitment_transitions VALUES (:id, 2, 'start', 'fulfilled', 'in_progress', 'x', NULL, NULL, "
        "current_date, now())",
        "INSERT INTO commitment_evidence (id, commitment_id, link, submitted_by, submitted_at, review, reviewed_by, "
        "reviewed_at) VALUES (gen_random_uuid(), :id, 'https://a.kz', 'one', now(), 'accepted', 'one', now())",
        "INSERT INTO commitment_evidence (id, commitment_id, link, submitted_by, submitted_at, review) "
        "VALUES (gen_random_uuid(), :id, 'http://a.kz', 'one', now(), 'pending')",
    ],
)
async def test_the_database_itself_wants_evidence_and_four_eyes(
    registry: Registry, database: Database, statement: str
) -> None:
    commitment = await promise(registry, await agreement(registry))

    with pytest.raises(DBAPIError) as caught:
        async with database.writing() as session:
            await session.execute(text(statement), {"id": UUID(commitment["id"])})

    assert getattr(caught.value.orig, "sqlstate", "") == "23514"


async def test_attributes_and_parties_answer_as_of_a_day_and_as_known_at_a_moment(registry: Registry) -> None:
    one, other, third = [await registry.organisation() for _ in range(3)]
    memorandum = await draft(registry, one, other, kinds=["research"])
    path = f"/v1/memoranda/{memorandum['id']}"
    before = clock.now()
    change = {"kinds": ["research", "career_guidance"], "ends_on": "2030-12-31"}
    await registry.call(
        "PATCH", path, change, expect=200, if_match=memorandum["etag"], params={"effective_from": "2026-01-01"}
    )
    joined = {"organisation_id": third["id"], "role": "sponsor"}
    await registry.call("POST", f"{path}/parties", joined, expect=201, params={"effective_from": "2026-03-01"})

    then = await registry.get(path, as_of="2025-12-31")
    since = await registry.get(path, as_of="2026-01-01")
    known = await registry.get(path, as_of="2026-06-01", known_at=before.isoformat())
    of_march = await registry.get(f"{path}/parties", as_of="2026-03-01")
    listed = await registry.get("/v1/memoranda", party=third["id"], as_of="2026-02-28")

    assert (then["kinds"], then["ends_on"]) == (["research"], None)
    assert (since["kinds"], since["ends_on"]) == (["research", "career_guidance"], "2030-12-31")
    assert (known["kinds"], len(known["parties"])) == (["research"], 2)
    assert [party["role"] for party in of_march["items"]] == ["partner", "partner", "sponsor"]
    assert listed["items"] == []
    await registry.get(path, as_of="2019-12-31", expect=404)


async def test_a_change_needs_the_present_tag_and_the_text_is_settled_once_it_is_sent(registry: Registry) -> None:
    memorandum = await draft(registry, await registry.organisation(), await registry.organisation())
    path = f"/v1/memoranda/{memorandum['id']}"
    title = {"title": {"ru": "Другое название"}}

    await registry.call("PATCH", path, title, expect=428)
    changed = await registry.call("PATCH", path, title, expect=200, if_match=memorandum["etag"])
    await registry.call("PATCH", path, title, expect=412, if_match=memorandum["etag"])
    await registry.call("PATCH", path, {"title": None}, expect=422, if_match=changed.headers["ETag"])
    await registry.call("PATCH", path, {"starts_on": "2026-02-01", "ends_on": "2026-01-01"}, expect=422, if_match="*")
    await lead(registry, memorandum, "submit", "send")
    settled = await registry.call("PATCH", path, {"title": {"en": "Other"}}, expect=409, if_match="*")

    assert changed.json()["title"] == {"kk": "Әріптестік туралы келісім", "ru": "Другое название", "en": None}
    assert settled.json()["code"] == "memorandum_settled"


async def test_another_region_may_not_write_and_a_director_may_for_the_own_school(registry: Registry) -> None:
    school, partner = await registry.organisation(), await registry.organisation()
    memorandum = await draft(registry, school, partner)
    path = f"/v1/memoranda/{memorandum['id']}"
    elsewhere = registry.headers("region_officer", area=ALATAU)
    director = registry.headers("director", organisation=school["id"])
    other = registry.headers("director", organisation=(await registry.organisation())["id"])

    await registry.post(f"{path}/submit", {}, expect=403, caller=elsewhere)
    await registry.post(f"{path}/submit", {}, expect=403, caller=other)
    await registry.post(
        "/v1/memoranda",
        {"title": {"kk": "М"}, "area": AUEZOV, "parties": [{"organisation_id": school["id"]}]},
        expect=403,
        caller=elsewhere,
    )
    seen = await registry.get(path, caller=elsewhere)
    submitted = await registry.post(f"{path}/submit", {}, expect=200, caller=director)

    (submit,) = (one for one in seen["allowed_actions"] if one["action"] == "submit")
    assert submit["why_not"]["code"] == "out_of_reach"
    assert submitted["status"] == "review"


async def test_the_text_of_a_day_is_consolidated(registry: Registry) -> None:
    clauses = [{"number": "1", "text": {"kk": "Бір", "ru": "Один"}}, {"number": "2", "text": {"kk": "Екі"}}]
    memorandum = await agreement(registry, clauses=clauses)
    path = f"/v1/memoranda/{memorandum['id']}"
    amendment = {
        "title": {"ru": "Дополнительное соглашение № 1"},
        "effective_on": "2026-06-01",
        "changes": [
            {"change": "replace", "number": "2", "text": {"kk": "Екінші"}},
            {"change": "add", "number": "2.1", "text": {"kk": "Жаңа"}},
        ],
    }

    made = await registry.post(f"{path}/amendments", amendment)
    repeated = await registry.post(f"{path}/amendments", amendment, expect=409)
    before = await registry.get(f"{path}/text", as_of="2026-05-31")
    after = await registry.get(f"{path}/text", as_of="2026-06-01")
    chain = await registry.get(f"{path}/amendments")

    assert (made["number"], repeated["code"]) == (1, "clause_unfitting")
    assert [(one["number"], one["text"]["kk"], one["amended_by"]) for one in before["clauses"]] == [
        ("1", "Бір", None),
        ("2", "Екі", None),
    ]
    assert [(one["number"], one["text"]["kk"], one["amended_by"]) for one in after["clauses"]] == [
        ("1", "Бір", None),
        ("2", "Екінші", 1),
        ("2.1", "Жаңа", 1),
    ]
    assert before["digest"] != after["digest"]
    assert [one["effective_on"] for one in chain["items"]] == ["2026-06-01"]


async def upload(
    registry: Registry, memorandum: dict[str, Any], name: str, content: bytes, *, expect: int = 201, **form: str
) -> dict[str, Any]:
    answer = await registry.call(
        "POST",
        f"/v1/memoranda/{memorandum['id']}/documents",
        expect=expect,
        files={"file": (name, content, "text/html")},
        data={"kind": "signed", "language": "kk", **form},
    )
    found: dict[str, Any] = answer.json()
    return found


async def test_documents_are_kept_by_their_digest_in_versions(registry: Registry, database: Database) -> None:
    memorandum = await draft(registry, await registry.organisation())

    first = await upload(registry, memorandum, "меморандум.pdf", PDF)
    same = await upload(registry, memorandum, "copy.pdf", PDF, language="ru")
    second = await upload(registry, memorandum, "v2.pdf", PDF + b"more")
    path = f"/v1/memoranda/{memorandum['id']}/documents"
    listed = await registry.get(path, kind="signed", language="kk", count="exact")
    answer = await registry.call("GET", f"{path}/{first['id']}/content", expect=200)
    known = {**registry.headers(), "If-None-Match": answer.headers["ETag"]}
    await registry.call("GET", f"{path}/{first['id']}/content", expect=304, caller=known)
    async with database.reading() as session:
        parts = await session.scalar(
            text("SELECT count(*) FROM document_parts WHERE digest = :digest"), {"digest": first["digest"]}
        )

    assert first["digest"] == "sha256:" + hashlib.sha256(PDF).hexdigest() == same["digest"]
    assert (first["version"], same["version"], second["version"]) == (1, 1, 2)
    assert (first["size"], first["media_type"], parts) == (len(PDF), "application/pdf", 2)
    assert (listed["total"], [one["version"] for one in listed["items"]]) == (2, [2, 1])
    assert answer.content == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="__________.pdf"; filename*=UTF-8')
    await registry.call("GET", f"{path}/{first['id']}/content", expect=401, caller=registry.headers(None))
    await registry.get(f"/v1/memoranda/{new_id()}/documents/{first['id']}", expect=404)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("page.html", b"<script>", "document_type_refused"),
        ("page.pdf", b"<script>", "document_type_refused"),
        ("empty.pdf", b"", "document_empty"),
        ("large.pdf", b"%PDF-" + bytes(20 << 20), "document_too_large"),
    ],
)
async def test_what_is_no_document_is_refused(registry: Registry, name: str, content: bytes, code: str) -> None:
    memorandum = await draft(registry, await registry.organisation())

    refused = await upload(registry, memorandum, name, content, expect=422)

    assert (refused["code"], refused["errors"][0]["pointer"]) == (code, "/file")


async def test_a_body_beyond_the_limit_of_documents_is_413_and_other_bodies_stay_small(registry: Registry) -> None:
    memorandum = await draft(registry, await registry.organisation())

    await upload(registry, memorandum, "huge.pdf", b"%PDF-" + bytes(22 << 20), expect=413)
    body = {"title": {"kk": "а" * (2 << 20)}, "parties": []}
    await registry.post("/v1/memoranda", body, expect=413)


async def test_a_document_of_the_memorandum_is_evidence(registry: Registry) -> None:
    memorandum = await agreement(registry)
    commitment = await promise(registry, memorandum)
    document = await upload(registry, memorandum, "act.pdf", PDF, kind="evidence")
    path = f"/v1/commitments/{commitment['id']}/evidence"

    item = await registry.post(path, {"document": document["digest"], "note": "Акт"})

    assert (item["document"], item["review"]) == (document["digest"], "pending")


async def test_the_two_lights_are_two(registry: Registry) -> None:
    memorandum = await agreement(registry)
    begin = TODAY - timedelta(days=180)
    measure = {"baseline": 13, "target": 20, "since": begin.isoformat()}
    due = (TODAY + timedelta(days=180)).isoformat()
    commitment = await promise(
        registry, memorandum, since=begin.isoformat(), measure=measure, due=due, report_every_days=90
    )
    path = f"/v1/commitments/{commitment['id']}"
    officer = registry.headers("region_officer", subject="second", area=SHYMKENT)

    silent = await registry.get(path)
    report = await registry.post(f"{path}/progress", {"value": 16, "text": "16 мектеп"})
    reported = await registry.get(path)
    await registry.post(f"{path}/progress/{report['id']}/review", {"accepted": True}, expect=409)
    await registry.post(f"{path}/progress/{report['id']}/review", {"accepted": True}, expect=200, caller=officer)
    accepted = await registry.get(path)
    yesterday = await registry.get(path, as_of=(TODAY - timedelta(days=1)).isoformat())

    assert (silent["delivery"], silent["freshness_light"]["light"]) == ("red", "amber")
    assert silent["freshness_light"]["days_since"] == 180
    assert (reported["delivery"], reported["freshness_light"]["light"]) == ("red", "green")
    light = accepted["delivery_light"]
    assert (light["light"], light["reason"], light["expected"], light["actual"]) == ("green", "on_track", 16.5, 16)
    assert light["actual_share"] == pytest.approx(3 / 7)
    assert light["gap"] == pytest.approx(0.5 - 3 / 7)
    assert "42.9 %" in light["explanation"]["ru"]
    assert yesterday["delivery"] == "red"


async def test_a_light_set_by_hand_shows_with_the_computed_one_and_comes_to_an_end(registry: Registry) -> None:
    memorandum = await agreement(registry)
    commitment = await promise(registry, memorandum, due=TODAY.isoformat())
    path = f"/v1/commitments/{commitment['id']}"
    end = TODAY + timedelta(days=10)

    set_ = {"light": "amber", "reason": "Жеткізуші ауысты", "expires_on": end.isoformat()}
    shown = await registry.post(f"{path}/override", set_, expect=200)
    after = await registry.get(path, as_of=end.isoformat())
    too_long = {**set_, "expires_on": (TODAY + timedelta(days=400)).isoformat()}
    refused = await registry.post(f"{path}/override", too_long, expect=422)
    director = registry.headers("director", organisation=memorandum["parties"][0]["organisation_id"])
    await registry.post(f"{path}/override", set_, expect=403, caller=director)
    days: dict[str, Any] = {"since": TODAY.isoformat(), "until": end.isoformat()}
    history = await registry.get(f"{path}/lights", **days)

    light = shown["delivery_light"]
    assert (light["light"], light["computed"], light["computed_reason"]) == ("amber", "none", "no_measure")
    assert light["override"]["reason"] == "Жеткізуші ауысты"
    assert (after["delivery"], after["status"]) == ("red", "overdue")
    assert refused["code"] == "override_too_long"
    assert [(one["since"], one["until"], one["delivery"]) for one in history["periods"]] == [
        (TODAY.isoformat(), (end - timedelta(days=1)).isoformat(), "amber"),
        (end.isoformat(), end.isoformat(), "red"),
    ]


async def test_strangers_see_texts_and_lights_and_nothing_behind_them(registry: Registry) -> None:
    memorandum = await agreement(registry)
    commitment = await promise(registry, memorandum, owner_role="Әдістемелік бөлім")
    hidden = await draft(registry, await registry.organisation(), await registry.organisation())
    secret = await promise(registry, hidden)
    stranger = registry.headers(None)

    seen = await registry.get(f"/v1/commitments/{commitment['id']}", caller=stranger)

    assert (seen["text"]["ru"], seen["delivery"]) == ("Обязательство", "none")
    assert all(seen[name] is None for name in ("owner_role", "measure", "version", "delivery_light"))
    await registry.get(f"/v1/commitments/{secret['id']}", caller=stranger, expect=404)
    await registry.get(f"/v1/memoranda/{hidden['id']}/commitments", caller=stranger, expect=404)
    for path in ("evidence", "progress", "lights", "transitions"):
        await registry.get(f"/v1/commitments/{commitment['id']}/{path}", caller=stranger, expect=401)


async def test_the_calendar_has_due_days_and_notice_days_with_stable_identifiers(registry: Registry) -> None:
    memorandum = await agreement(
        registry, ends_on=(TODAY + timedelta(days=100)).isoformat(), renewal="by_consent", notice_days=30
    )
    party = memorandum["parties"][0]["organisation_id"]
    commitment = await promise(registry, memorandum, due="2027-03")
    path = "/v1/memoranda/calendar.ics"

    answer = await registry.call("GET", path, expect=200, params={"party": party})
    await registry.post(f"/v1/commitments/{commitment['id']}/start", {}, expect=200)
    again = await registry.call("GET", path, expect=200, params={"party": party})
    public = await registry.call("GET", path, expect=200, params={"party": party}, caller=registry.headers(None))

    events, later, seen = (_events(one.content) for one in (answer, again, public))
    due, notice = f"{commitment['id']}-due@bilim", f"{memorandum['id']}-notice@bilim"
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert events.keys() == later.keys() == {due, notice}
    assert (events[due]["DTSTART"].dt, events[due]["DTEND"].dt) == (date(2027, 3, 1), date(2027, 4, 1))
    assert events[notice]["DTSTART"].dt == TODAY + timedelta(days=70)
    assert int(later[due]["SEQUENCE"]) > int(events[due]["SEQUENCE"])
    assert list(seen) == [due]


def _events(content: bytes) -> dict[str, Any]:
    return {str(one["UID"]): one for one in Calendar.from_ical(content.decode()).walk("VEVENT")}


async def test_memoranda_of_which_nothing_was_heard_are_told(registry: Registry) -> None:
    parties = [await registry.organisation(area=ALATAU), await registry.organisation(area=ALATAU)]
    memorandum = await draft(registry, *parties, area=ALATAU)
    path = f"/v1/memoranda/{memorandum['id']}"
    for command in ("submit", "send", "sign"):
        await registry.post(f"{path}/{command}", {"on": "2020-01-01"}, expect=200)
    commitment = await promise(registry, memorandum)
    report = "/v1/reports/memoranda-without-progress"

    quiet = await registry.get(report, area=ALATAU, days=90)
    item = await registry.post(f"/v1/commitments/{commitment['id']}/evidence", {"link": "https://bilim.example/a"})
    officer = registry.headers("region_officer", subject="second", area="750000000")
    review = f"/v1/commitments/{commitment['id']}/evidence/{item['id']}/review"
    await registry.post(review, {"accepted": True}, expect=200, caller=officer)
    heard = await registry.get(report, area=ALATAU, days=90)

    assert [(one["id"], one["open_commitments"]) for one in quiet["items"]] == [(memorandum["id"], 1)]
    assert heard["items"] == []


async def test_a_successor_stands_where_its_predecessors_stood_and_it_can_be_taken_back(
    registry: Registry, database: Database
) -> None:
    old, twin, heir, partner = [await registry.organisation() for _ in range(4)]
    alone = await draft(registry, old, partner)
    both = await draft(registry, old, heir)
    owed = await promise(registry, alone, owner=twin["id"], beneficiary_organisations=[old["id"], twin["id"]])
    shared_ = await promise(registry, both, beneficiary_parties=[both["parties"][1]["id"]])
    ids = [UUID(one["id"]) for one in (old, twin)]
    succession = Succession(new_id(), tuple(ids), UUID(heir["id"]), TODAY)
    now = clock.now()
    paths = [f"/v1/memoranda/{one['id']}/parties" for one in (alone, both)] + [
        f"/v1/commitments/{one['id']}" for one in (owed, shared_)
    ]
    before = [await _portrait(registry, path) for path in paths]

    async with database.writing() as session:
        theirs = await commitments.bound(session, ids, on=TODAY)
        everything = await commitments.bound(session, [*ids, UUID(heir["id"])], on=TODAY)
        carried = await commitments.carry(session, succession, now=now)
        left = await commitments.bound(session, ids, on=TODAY)
        kept = await commitments.bound(session, [*ids, UUID(heir["id"])], on=TODAY)
    outcomes = [one.outcome for one in carried]
    of_alone = await registry.get(paths[0])
    of_both = await registry.get(paths[1])
    yesterday = await registry.get(paths[1], as_of=(TODAY - timedelta(days=1)).isoformat())
    served = await registry.get(paths[2])
    moved = await registry.get(paths[3])
    async with database.writing() as session:
        await commitments.take_back(session, Undoing(succession.reorganisation_id, now, clock.now()))
    after = [await _portrait(registry, path) for path in paths]

    assert theirs == len(carried) == 7
    assert (left, kept) == (0, everything - outcomes.count("ended"))
    assert outcomes.count("ended") == 2  # its party beside the heir's, and the second of two schools that are served
    assert {party["organisation_id"] for party in of_alone["items"]} == {heir["id"], partner["id"]}
    assert [party["id"] for party in of_alone["items"]] == [party["id"] for party in alone["parties"]]
    assert [party["organisation_id"] for party in of_both["items"]] == [heir["id"]]
    assert len(yesterday["items"]) == 2
    assert (served["owner"], served["beneficiary_organisations"]) == (heir["id"], [heir["id"]])
    assert moved["obligor"]["organisation_id"] == heir["id"]
    assert moved["beneficiaries"] == []
    assert after == before


async def _portrait(registry: Registry, path: str) -> Any:
    found = await registry.get(path)
    parties = found.get("items", [])
    names = ("obligor", "beneficiaries", "beneficiary_organisations", "owner")
    return [(one["id"], one["organisation_id"]) for one in parties] + [found.get(name) for name in names]


async def test_the_lists_go_on_page_by_page_and_leave_as_files(registry: Registry) -> None:
    party = await registry.organisation()
    made = [await draft(registry, party, await registry.organisation()) for _ in range(3)]

    first = await registry.get("/v1/memoranda", party=party["id"], limit=2, count="exact", q="әріптестік келісім")
    rest = await registry.get(
        "/v1/memoranda", party=party["id"], limit=2, cursor=first["next_cursor"], q="әріптестік келісім", count="exact"
    )
    csv = await registry.call(
        "GET",
        "/v1/memoranda",
        expect=200,
        params={"party": party["id"]},
        caller={**registry.headers(), "Accept": "text/csv"},
    )

    assert first["total"] == 3
    assert [one["id"] for one in first["items"] + rest["items"]] == [one["id"] for one in reversed(made)]
    assert rest["next_cursor"] is None
    assert len(csv.text.splitlines()) == 4


async def test_the_dashboard_counts_commitments_by_light(registry: Registry, database: Database) -> None:
    area = "110000000"
    parties = [await registry.organisation(area=area), await registry.organisation(area=area)]
    memorandum = await lead(registry, await draft(registry, *parties, area=area), "submit", "send", "sign")
    await promise(registry, memorandum)
    await promise(registry, memorandum, since="2024-01-01", due="2024")

    async with database.reading() as session:
        counted = await commitments.summaries(session, area=area, on=TODAY)
        due = await commitments.due(session, until=TODAY, on=TODAY, area=area)

    assert counted.commitments == 2
    assert {light.value: number for light, number in counted.delivery.items()} == {
        "green": 0,
        "amber": 0,
        "red": 1,
        "none": 1,
    }
    assert [one["status"] for one in due] == ["overdue"]


async def test_the_calendar_is_no_memorandum(registry: Registry) -> None:
    refused = await registry.call("PATCH", "/v1/memoranda/calendar.ics", {}, expect=405)
    unknown = await registry.call("GET", "/v1/memoranda/unknown", expect=404)

    assert refused.headers["Allow"] == "GET"
    assert unknown.headers["Content-Type"] == "application/problem+json"
