"""Failures: each refusal of the server is recognised, and none carries the values of a row."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import SQLAlchemyError

from shared.clock import now
from shared.db import bulk
from shared.db.engine import Database
from shared.db.failures import Failure, Kind, classify
from shared.db.sessions import WriteSession
from shared.ids import new_id
from tests.integration.db.house import Room, School

CANARY = "870412300155"


def school(**values: Any) -> dict[str, Any]:
    moment = now()
    return {"id": new_id(), "code": CANARY, "version": 1, "created_at": moment, "updated_at": moment, **values}


async def insert_twice(session: WriteSession) -> None:
    await session.execute(insert(School), [school(), school()])


async def copy_twice(session: WriteSession) -> None:
    rows = [tuple(school().values()), tuple(school().values())]
    await bulk.copy_rows(session, School.metadata.tables["schools"], list(school()), rows)


async def insert_an_orphan(session: WriteSession) -> None:
    await session.execute(insert(Room).values(id=new_id(), school_id=new_id(), number=1))


async def insert_a_negative_count(session: WriteSession) -> None:
    await session.execute(insert(School).values(school(pupils=-1)))


async def insert_nothing(session: WriteSession) -> None:
    await session.execute(insert(School).values(school(code=None)))


async def use_a_room_twice(session: WriteSession) -> None:
    one = school()
    await session.execute(insert(School).values(one))
    days = Range(date(2026, 1, 1), date(2026, 2, 1))
    for number in (1, 2):
        await session.execute(insert(Room).values(id=new_id(), school_id=one["id"], number=number, in_use=days))


async def insert_a_number_too_large(session: WriteSession) -> None:
    await session.execute(insert(School).values(school(pupils=2**70)))


async def insert_a_nul(session: WriteSession) -> None:
    await session.execute(insert(School).values(school(code=f"{CANARY}\x00")))


async def cast_nonsense(session: WriteSession) -> None:
    await session.execute(text("SELECT CAST(:value AS text)::integer").bindparams(value=f"{CANARY}x"))


async def name_a_table_that_is_not_there(session: WriteSession) -> None:
    await session.execute(text("SELECT * FROM nowhere"))


@pytest.mark.parametrize(
    ("act", "kind", "constraint"),
    [
        (insert_twice, Kind.UNIQUE, "uq_schools_code"),
        (copy_twice, Kind.UNIQUE, "uq_schools_code"),
        (insert_an_orphan, Kind.FOREIGN_KEY, "fk_rooms_school_id"),
        (insert_a_negative_count, Kind.CHECK, "ck_schools_pupils_not_negative"),
        (insert_nothing, Kind.NOT_NULL, None),
        (use_a_room_twice, Kind.EXCLUSION, "ex_rooms_in_use"),
        (insert_a_number_too_large, Kind.INVALID_VALUE, None),
        (insert_a_nul, Kind.INVALID_VALUE, None),
        (cast_nonsense, Kind.INVALID_VALUE, None),
        (name_a_table_that_is_not_there, Kind.FAULT, None),
    ],
)
async def test_what_the_server_refuses_is_named_without_its_data(
    house: Database, act: Callable[[WriteSession], Awaitable[None]], kind: Kind, constraint: str | None
) -> None:
    async def refused() -> None:
        async with house.writing() as session:
            await act(session)

    with pytest.raises(Exception) as caught:  # the driver's and SQLAlchemy's have no common base
        await refused()

    failure = classify(caught.value)
    assert failure is not None
    assert (failure.kind, failure.constraint) == (kind, constraint)
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    assert CANARY not in repr(failure)


async def test_of_two_in_a_deadlock_one_is_told_to_try_again(house: Database) -> None:
    both_hold_one = asyncio.Barrier(2)

    async def take(first: int, second: int) -> None:
        async with house.writing() as session:
            await session.execute(text(f"SELECT pg_advisory_xact_lock({first})"))
            await both_hold_one.wait()
            await session.execute(text(f"SELECT pg_advisory_xact_lock({second})"))

    outcomes = await asyncio.gather(take(1, 2), take(2, 1), return_exceptions=True)

    refused = [outcome for outcome in outcomes if isinstance(outcome, SQLAlchemyError)]
    assert len(refused) == 1
    failure = classify(refused[0])
    assert failure is not None
    assert failure.kind is Kind.CONTENTION
    assert failure.retry_after is not None


def test_what_does_not_come_from_the_database_is_left_to_others() -> None:
    assert classify(ValueError("no")) is None
    assert classify(TimeoutError()) == Failure(Kind.TIMEOUT)
    assert classify(ConnectionRefusedError()) == Failure(Kind.UNAVAILABLE)
