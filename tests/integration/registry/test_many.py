"""Thousands of organisations at once: all or none, the same twice nothing, and back again."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from services.registry_api.organisations import errors
from services.registry_api.organisations import service as organisations
from shared.auth import Actor
from shared.db.engine import Database
from shared.schemas.registry.organisations import OrganisationCreate
from tests.integration.registry.conftest import ALATAU_DISTRICT, ALMATY, SHYMKENT, demo_number

NOW = datetime(2026, 9, 1, 6, tzinfo=UTC)
ADMIN = Actor.of("admin", subject="admin")


@pytest.fixture
async def database(registry_database: str) -> AsyncIterator[Database]:
    database = Database(registry_database, application_name="test")
    yield database
    await database.close()


def row(number: int, **fields: Any) -> OrganisationCreate:
    return OrganisationCreate.model_validate(
        {
            "name": {"kk": f"№{number} мектеп", "ru": f"Школа № {number}"},
            "type": "school",
            "area": ALATAU_DISTRICT,
            "valid_from": "2020-09-01",
            "identifiers": [{"scheme": "demo", "value": demo_number(number)}],
            "is_synthetic": True,
            **fields,
        }
    )


async def register(
    database: Database, rows: list[OrganisationCreate], *, now: datetime = NOW, actor: Actor = ADMIN, **more: Any
) -> organisations.Registration:
    async with database.writing() as session:
        return await organisations.register_many(session, rows, actor=actor, now=now, **more)


async def events(database: Database) -> list[tuple[str, dict[str, Any]]]:
    async with database.reading() as session:
        rows = await session.execute(text("SELECT kind, data FROM change_events ORDER BY seq"))
        return [(row.kind, row.data) for row in rows]


async def test_five_thousand_come_in_within_seconds_and_the_same_again_changes_nothing(
    database: Database, registry_client: httpx.AsyncClient
) -> None:
    rows = [
        row(number, identifiers=[{"scheme": "urn", "value": str(100_000 + number)}], shift_count=number % 3 + 1)
        for number in range(5_516)
    ]

    started = time.perf_counter()
    first = await register(database, rows)
    seconds = time.perf_counter() - started
    second = await register(database, rows, now=NOW + timedelta(days=40))

    assert (len(first.created), first.refusals) == (5_516, [])
    assert (second.created, second.changed, len(second.unchanged)) == ([], [], 5_516)
    assert second.ids == first.ids
    assert seconds < 20
    total = (await registry_client.get("/v1/organisations", params={"count": "exact", "limit": 1})).json()["total"]
    assert total == 5_516


async def test_one_bad_row_of_many_changes_nothing_and_every_bad_row_is_named(
    database: Database, registry_client: httpx.AsyncClient
) -> None:
    rows = [
        row(1),
        row(2, area="759999999"),
        row(3, kind="college"),
        row(4, identifiers=[]),
        row(5, identifiers=[{"scheme": "demo", "value": demo_number(1)}]),
        row(6, identifiers=[{"scheme": "demo", "value": "230990000461"}]),
        row(7, parent_id="01936f0e-5b1c-7a40-8c3e-0d2f4b6a8c10"),
    ]

    outcome = await register(database, rows)

    assert [(one.row, one.pointer, one.problem.code) for one in outcome.refusals] == [
        (1, "/area", "area_unknown"),
        (2, "/kind", "kind_not_of_type"),
        (3, "/identifiers", "identifier_needed"),
        (4, "/identifiers/0/value", "row_repeated"),
        (5, "/identifiers/0/value", "identifier_malformed"),
        (6, "/parent_id", "parent_unknown"),
    ]
    assert (await registry_client.get("/v1/organisations")).json()["items"] == []


async def test_what_differs_is_changed_from_its_day_and_what_is_not_told_stays(database: Database) -> None:
    first = await register(database, [row(1, shift_count=3, design_capacity=900), row(2)])

    second = await register(
        database,
        [
            OrganisationCreate.model_validate(
                {
                    "name": {"ru": "Школа-лицей № 1"},
                    "type": "school",
                    "shift_count": 2,
                    "valid_from": "2025-09-01",
                    "identifiers": [{"scheme": "demo", "value": demo_number(1)}],
                }
            ),
            row(2),
            row(3),
        ],
        now=NOW + timedelta(hours=1),
    )

    assert (second.created, second.changed, second.unchanged) == ([2], [0], [1])
    school = first.ids[0]
    assert school is not None
    async with database.reading() as session:
        before = await organisations.get(session, school, actor=ADMIN, now=NOW, as_of=date(2025, 8, 31))
        after = await organisations.get(session, school, actor=ADMIN, now=NOW, as_of=date(2025, 9, 1))
    assert (before.document["shift_count"], after.document["shift_count"]) == (3, 2)
    assert after.document["name"] == {"kk": "№1 мектеп", "ru": "Школа-лицей № 1", "en": None}
    assert (after.document["design_capacity"], after.document["area"]) == (900, ALATAU_DISTRICT)
    assert after.version == 2
    assert [kind for kind, _ in await events(database)] == [
        "organisation.registered",
        "organisation.registered",
        "organisation.changed",
        "organisation.registered",
    ]


async def test_a_row_known_by_one_identifier_brings_another(database: Database) -> None:
    first = await register(database, [row(1)])
    again = row(1, identifiers=[{"scheme": "demo", "value": demo_number(1)}, {"scheme": "nobd", "value": "N-1"}])

    second = await register(database, [again], now=NOW + timedelta(hours=1))
    third = await register(database, [again], now=NOW + timedelta(hours=2))

    assert (second.changed, second.ids) == ([0], first.ids)
    assert third.unchanged == [0]
    assert (await events(database))[-1][0] == "organisation.rekeyed"


async def test_a_row_that_names_two_organisations_is_refused(database: Database) -> None:
    await register(database, [row(1), row(2, identifiers=[{"scheme": "nobd", "value": "N-2"}])])
    both = row(1, identifiers=[{"scheme": "demo", "value": demo_number(1)}, {"scheme": "nobd", "value": "N-2"}])

    outcome = await register(database, [both])

    assert [one.problem.code for one in outcome.refusals] == ["identifiers_disagree"]


async def test_an_officer_brings_in_only_the_own_area(database: Database) -> None:
    officer = Actor.of("region_officer", subject="officer", area=ALMATY)

    outcome = await register(database, [row(1), row(2, area=SHYMKENT)], actor=officer)

    assert [(one.row, one.problem.code) for one in outcome.refusals] == [(1, "out_of_reach")]


async def test_a_dry_run_says_what_would_happen_and_writes_nothing(database: Database) -> None:
    await register(database, [row(1, shift_count=1)])

    outcome = await register(database, [row(1, shift_count=2), row(2)], dry_run=True)

    assert (outcome.created, outcome.changed) == ([1], [0])
    assert outcome.ids[1] is None
    assert len(await events(database)) == 1


async def test_what_many_brought_can_be_undone_while_nothing_newer_stands_on_it(
    database: Database, registry_client: httpx.AsyncClient
) -> None:
    await register(database, [row(1, shift_count=1)])
    later = NOW + timedelta(hours=1)
    outcome = await register(database, [row(1, shift_count=2), row(2)], now=later)
    changed, created = outcome.ids[0], outcome.ids[1]
    assert changed is not None
    assert created is not None

    async with database.writing() as session:
        await organisations.undo_many(
            session,
            created=[created],
            changed=[changed],
            registered_at=later,
            actor=ADMIN,
            now=later + timedelta(hours=1),
        )

    assert (await registry_client.get(f"/v1/organisations/{created}")).status_code == 410
    assert (await registry_client.get(f"/v1/organisations/{changed}")).json()["shift_count"] == 1
    assert [kind for kind, _ in await events(database)][-2:] == ["organisation.deleted", "organisation.changed"]
    again = await register(database, [row(1, shift_count=2), row(2)], now=later + timedelta(hours=2))
    assert (again.created, again.changed) == ([1], [0])


async def test_what_was_changed_since_is_not_undone(database: Database) -> None:
    outcome = await register(database, [row(1, shift_count=1)])
    created = outcome.ids[0]
    assert created is not None
    await register(database, [row(1, shift_count=2)], now=NOW + timedelta(hours=1))

    with pytest.raises(errors.NothingToUndo):
        async with database.writing() as session:
            await organisations.undo_many(
                session, created=[created], changed=[], registered_at=NOW, actor=ADMIN, now=NOW + timedelta(hours=2)
            )


async def test_a_clock_that_goes_back_loses_nothing(database: Database) -> None:
    first = await register(database, [row(1, shift_count=1)], now=NOW)

    second = await register(database, [row(1, shift_count=2)], now=NOW - timedelta(days=1))

    school = first.ids[0]
    assert school is not None
    assert second.changed == [0]
    async with database.reading() as session:
        seen = await organisations.get(session, school, actor=ADMIN, now=NOW)
    assert seen.document["shift_count"] == 2
