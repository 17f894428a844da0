"""One request, one transaction, one effect."""

import asyncio
from uuid import uuid4

import httpx
from fastapi import FastAPI
from sqlalchemy import text

from shared.db import idempotency as keys
from tests.support import probe


async def words(http: httpx.AsyncClient) -> list[str]:
    return [item["word"] for item in (await http.get("/v1/notes", params={"limit": 200})).json()["items"]]


async def test_a_commit_that_fails_is_an_error_answer_and_nothing_is_kept(http: httpx.AsyncClient) -> None:
    answer = await http.post("/v1/notes", json={"word": "late"})

    assert answer.status_code == 409
    assert answer.json()["context"] == {"constraint": "late_rule_once"}
    assert await words(http) == []


async def test_what_is_kept_of_a_keyed_request_tells_nobody_what_was_in_it(
    http: httpx.AsyncClient, app: FastAPI
) -> None:
    await http.post("/v1/notes", json={"word": "сыр"}, headers={"Idempotency-Key": str(uuid4())})

    async with app.state.database.reading() as session:
        kept = (await session.execute(text("SELECT fingerprint, body FROM idempotency_keys"))).one()
    asked = b'{"word":"\xd1\x81\xd1\x8b\xd1\x80"}'
    guesses = [keys.fingerprint(b"/v1/notes", b"", body) for body in (asked, asked.replace(b":", b": "))]
    assert "сыр".encode() not in kept.body
    assert kept.fingerprint not in guesses


async def test_the_same_key_gives_the_same_answer_and_no_second_effect(http: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": str(uuid4())}

    first = await http.post("/v1/notes", json={"word": "once"}, headers=headers)
    second = await http.post("/v1/notes", json={"word": "once"}, headers=headers)

    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert second.headers["idempotent-replayed"] == "true"
    assert second.headers["location"] == first.headers["location"]
    assert await words(http) == ["once"]


async def test_without_a_key_the_second_request_meets_what_the_first_did(http: httpx.AsyncClient) -> None:
    await http.post("/v1/notes", json={"word": "once"})

    second = await http.post("/v1/notes", json={"word": "once"})

    assert second.status_code == 409
    assert second.json()["code"] == "already_exists"
    assert "once" not in second.text


async def test_a_key_used_with_another_body_is_refused(http: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "k1"}
    await http.post("/v1/notes", json={"word": "one"}, headers=headers)

    answer = await http.post("/v1/notes", json={"word": "two"}, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_request_that_failed_leaves_its_key_free(http: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "k2"}
    await http.post("/v1/notes", json={"word": "forbidden"}, headers=headers)

    answer = await http.post("/v1/notes", json={"word": "allowed"}, headers=headers)

    assert answer.status_code == 201


async def test_while_a_key_is_in_flight_its_twin_gets_409_and_then_the_answer(http: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "k3"}

    first = asyncio.create_task(http.post("/v1/notes", json={"word": "slow"}, headers=headers))
    await asyncio.sleep(0.2)
    twin = await http.post("/v1/notes", json={"word": "slow"}, headers=headers)
    done = await first
    later = await http.post("/v1/notes", json={"word": "slow"}, headers=headers)

    assert (twin.status_code, twin.json()["code"]) == (409, "idempotency_key_in_flight")
    assert twin.headers["retry-after"] == "1"
    assert done.status_code == 201
    assert later.content == done.content


async def test_keys_of_two_callers_do_not_meet(app: FastAPI, http: httpx.AsyncClient, other_token: str) -> None:
    headers = {"Idempotency-Key": "shared"}
    await http.post("/v1/notes", json={"word": "mine"}, headers=headers)

    answer = await http.post(
        "/v1/notes", json={"word": "theirs"}, headers={**headers, "Authorization": f"Bearer {other_token}"}
    )

    assert answer.status_code == 201
    assert await words(http) == ["mine", "theirs"]


async def test_a_change_needs_the_version_it_is_based_on(http: httpx.AsyncClient) -> None:
    location = (await http.post("/v1/notes", json={"word": "old"})).headers["location"]
    tag = (await http.get(location)).headers["etag"]

    without = await http.patch(location, json={"word": "new"})
    with_tag = await http.patch(location, json={"word": "new"}, headers={"If-Match": tag})
    again = await http.patch(location, json={"word": "newer"}, headers={"If-Match": tag})

    assert [without.status_code, with_tag.status_code, again.status_code] == [428, 200, 412]


async def test_a_database_that_is_away_is_503_and_the_process_stays_up() -> None:
    app = probe.build("postgresql://nobody@127.0.0.1:9/none")
    async with probe.client(app) as http:
        answer = await http.get("/v1/notes")
        alive = await http.get("/livez")
        ready = await http.get("/readyz")

    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert int(answer.headers["retry-after"]) >= 1
    assert alive.status_code == 200
    assert (ready.status_code, ready.headers["content-type"]) == (503, "application/problem+json")
