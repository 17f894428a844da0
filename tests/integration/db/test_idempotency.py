"""Idempotency keys: one effect, whatever is repeated, interrupted or raced."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shared.clock import now
from shared.db import idempotency
from shared.db.engine import Database
from shared.db.idempotency import Claimed, InFlight, Mismatch, Replay, Stored
from shared.ids import new_id
from tests.integration.db.house import Scribble

PRINT = idempotency.fingerprint(b'{"cohort_id": 1}')
CREATED = Stored(201, (("location", "/v1/enrolments/1"),), b'{"id": 1}')


async def request(house: Database, key: str, *, principal: str = "u-1", words: str, locked: bool = True) -> object:
    """A handler as the web layer wraps it; `locked=False` takes no notice of what `claim` says about others."""
    async with house.writing() as session:
        claim = await idempotency.claim(
            session, principal=principal, route="POST /v1/enrolments", key=key, fingerprint=PRINT
        )
        if locked and not isinstance(claim, Claimed):
            return claim
        await asyncio.sleep(0.02)
        session.add(Scribble(words=words))
        if locked:
            await idempotency.store(
                session,
                CREATED,
                principal=principal,
                route="POST /v1/enrolments",
                key=key,
                fingerprint=PRINT,
                now=now(),
            )
        return CREATED


async def effects(house: Database, words: str) -> int:
    async with house.reading() as session:
        return (await session.scalars(select(func.count()).where(Scribble.words == words))).one()


async def test_a_repeated_request_gets_the_first_answer_and_has_no_second_effect(house: Database) -> None:
    key = str(new_id())

    assert await request(house, key, words=key) == CREATED
    assert await request(house, key, words=key) == Replay(CREATED)

    assert await effects(house, key) == 1


async def test_of_many_at_once_one_works_and_the_others_are_told_so(house: Database) -> None:
    key = str(new_id())

    outcomes = await asyncio.gather(*(request(house, key, words=key) for _ in range(6)))

    assert outcomes.count(CREATED) == 1
    assert all(outcome in (CREATED, InFlight(), Replay(CREATED)) for outcome in outcomes)
    assert await effects(house, key) == 1


async def test_without_the_claim_the_same_race_has_six_effects(house: Database) -> None:
    key = str(new_id())

    await asyncio.gather(*(request(house, key, words=key, locked=False) for _ in range(6)))

    assert await effects(house, key) == 6


async def test_an_interrupted_request_leaves_the_key_free(house: Database) -> None:
    key = str(new_id())
    task = asyncio.create_task(request(house, key, words=key))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await request(house, key, words=key) == CREATED
    assert await effects(house, key) == 1


async def test_a_key_belongs_to_its_caller_and_its_request(house: Database) -> None:
    key = str(new_id())
    await request(house, key, words=key)

    assert await request(house, key, principal="u-2", words=key) == CREATED
    async with house.writing() as session:
        other = idempotency.fingerprint(b'{"cohort_id": 2}')
        claim = await idempotency.claim(
            session, principal="u-1", route="POST /v1/enrolments", key=key, fingerprint=other
        )

    assert claim == Mismatch()


async def test_old_answers_are_forgotten_in_batches(house: Database) -> None:
    keys = [str(new_id()) for _ in range(3)]
    for key in keys:
        await request(house, key, words=key)

    async with house.writing() as session:
        assert await idempotency.purge(session, now() - timedelta(hours=24)) == 0
        assert await idempotency.purge(session, now() + timedelta(hours=1), limit=2) == 2
