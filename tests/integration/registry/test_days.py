"""What was to change on a day is told to followers of the feed when that day begins."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from services.registry_api.organisations import service as organisations
from shared.auth import Actor
from shared.db.engine import Database
from shared.schemas.registry.organisation_words import OrganisationStatus
from shared.schemas.registry.organisations import IdentifierCreate, OrganisationCreate
from tests.integration.registry.conftest import ALATAU_DISTRICT, demo_number

ADMIN = Actor.of("admin", subject="admin")
AUGUST_30 = datetime(2026, 8, 30, 6, tzinfo=UTC)
AUGUST_31_EVENING = datetime(2026, 8, 31, 18, 59, tzinfo=UTC)
SEPTEMBER_1 = datetime(2026, 8, 31, 19, 1, tzinfo=UTC)
"""One minute past midnight in Kazakhstan."""


@pytest.fixture
async def database(registry_database: str) -> AsyncIterator[Database]:
    database = Database(registry_database, application_name="test")
    yield database
    await database.close()


async def announce(database: Database, now: datetime) -> int:
    async with database.writing() as session:
        return await organisations.announce_days(session, now=now)


async def events(database: Database) -> list[tuple[str, str, str]]:
    async with database.reading() as session:
        rows = await session.execute(
            text("SELECT kind, data->>'status' AS status, data->'identifiers' AS held FROM change_events ORDER BY seq")
        )
        return [(row.kind, row.status, ",".join(one["value"] for one in row.held)) for row in rows]


def school(number: int, **fields: Any) -> OrganisationCreate:
    return OrganisationCreate.model_validate(
        {
            "name": {"kk": f"№{number} мектеп"},
            "type": "school",
            "area": ALATAU_DISTRICT,
            "valid_from": "2020-09-01",
            "identifiers": [{"scheme": "demo", "value": demo_number(number)}],
            **fields,
        }
    )


async def test_a_closure_written_ahead_is_told_when_its_day_begins_and_only_once(database: Database) -> None:
    await announce(database, AUGUST_30)
    async with database.writing() as session:
        id_ = await organisations.register(session, ADMIN, school(1), now=AUGUST_30, secret=None)
        organisation = await organisations.lock(session, id_)
        await organisations.move(
            session,
            ADMIN,
            organisation,
            OrganisationStatus.CLOSED,
            on=date(2026, 9, 1),
            now=AUGUST_30,
        )

    told = [await announce(database, now) for now in (AUGUST_31_EVENING, SEPTEMBER_1, SEPTEMBER_1)]

    assert told == [0, 1, 0]
    number = demo_number(1)
    assert await events(database) == [
        ("organisation.registered", "open", number),
        ("organisation.closed", "open", number),
        ("organisation.closed", "closed", number),
    ]


async def test_an_identifier_given_ahead_is_told_when_its_day_begins(database: Database) -> None:
    await announce(database, AUGUST_30)
    async with database.writing() as session:
        id_ = await organisations.register(session, ADMIN, school(1), now=AUGUST_30, secret=None)
        organisation = await organisations.lock(session, id_)
        new = IdentifierCreate.model_validate({"scheme": "demo", "value": demo_number(2), "valid_from": "2026-09-01"})
        await organisations.give_identifier(session, ADMIN, organisation, new, now=AUGUST_30, secret=None)

    await announce(database, SEPTEMBER_1)

    assert [held for _, _, held in await events(database)] == [demo_number(1), demo_number(1), demo_number(2)]


async def test_days_on_which_nobody_asked_are_made_up_for(database: Database) -> None:
    await announce(database, AUGUST_30)
    async with database.writing() as session:
        await organisations.register(session, ADMIN, school(1, valid_from="2026-09-01"), now=AUGUST_30, secret=None)

    assert await announce(database, SEPTEMBER_1.replace(month=12, day=1)) == 1


async def test_of_two_who_ask_at_once_one_tells(database: Database) -> None:
    await announce(database, AUGUST_30)
    async with database.writing() as session:
        await organisations.register(session, ADMIN, school(1, valid_from="2026-09-01"), now=AUGUST_30, secret=None)

    async with database.writing() as one, database.writing() as other:
        told = [
            await organisations.announce_days(one, now=SEPTEMBER_1),
            await organisations.announce_days(other, now=SEPTEMBER_1),
        ]

    assert told == [1, 0]
