"""Memberships below HTTP: many at once, races, what the database itself refuses, successions and their undoing."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.registry_api.networks import service as networks
from services.registry_api.networks.service import definition
from services.registry_api.organisations import service as organisations
from services.registry_api.organisations.succession import Succession, Undoing
from shared.auth import Actor
from shared.db.engine import Database
from shared.ids import new_id
from shared.schemas.registry.memberships import MembershipRow
from shared.schemas.registry.networks import NetworkCreate
from shared.schemas.registry.organisations import OrganisationCreate
from tests.integration.registry.conftest import ALATAU_DISTRICT, demo_number

NOW = datetime(2026, 9, 1, 6, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ADMIN = Actor.of("admin", subject="admin")
DAY = date(2026, 9, 1)


@pytest.fixture
async def database(registry_database: str) -> AsyncIterator[Database]:
    database = Database(registry_database, application_name="test")
    yield database
    await database.close()


async def schools(database: Database, count: int, *, first: int = 1, **fields: Any) -> list[UUID]:
    """So many new schools."""
    rows = [
        OrganisationCreate.model_validate(
            {
                "name": {"kk": f"№{number} мектеп"},
                "type": "school",
                "area": ALATAU_DISTRICT,
                "valid_from": "2020-09-01",
                "identifiers": [{"scheme": "demo", "value": demo_number(number)}],
                **fields,
            }
        )
        for number in range(first, first + count)
    ]
    async with database.writing() as session:
        found = (await organisations.register_many(session, rows, actor=ADMIN, now=NOW)).ids
    return [one for one in found if one is not None]


async def network(database: Database, code: str, **fields: Any) -> None:
    asked = {"code": code, "kind": "hub_schools", "name": {"kk": "Желі", "ru": "Сеть"}, **fields}
    async with database.writing() as session:
        await definition.define(session, ADMIN, NetworkCreate.model_validate(asked), now=NOW)


def row(code: str, organisation: UUID, **fields: Any) -> MembershipRow:
    told = {"network": code, "organisation_id": str(organisation), "role": "hub", "valid_from": "2024-09-01"}
    return MembershipRow.model_validate({**told, **fields})


async def admit(
    database: Database, rows: list[MembershipRow], *, now: datetime = NOW, actor: Actor = ADMIN, **more: Any
) -> networks.Admission:
    async with database.writing() as session:
        return await networks.admit_many(session, actor, rows, now, **more)


async def stays(database: Database, *, held: bool = True) -> list[tuple[str, str, str | None, str | None]]:
    """What stands now: membership, organisation, mentor, last day."""
    query = """
        SELECT membership_id, organisation_id, mentor_id, upper(valid) AS until
        FROM network_memberships WHERE upper_inf(recorded) ORDER BY organisation_id, lower(valid)
    """
    async with database.reading() as session:
        rows = await session.execute(text(query))
        return [
            (str(one.membership_id), str(one.organisation_id), one.mentor_id and str(one.mentor_id), one.until)
            for one in rows
        ]


async def test_a_thousand_memberships_come_in_together_and_the_same_again_changes_nothing(database: Database) -> None:
    ids = await schools(database, 1000)
    await network(database, "many", eligibility=[{"subject": "type", "one_of": ["school"]}])
    rows = [row("many", one) for one in ids]

    tried = await admit(database, rows, dry_run=True)
    first = await admit(database, rows)
    again = await admit(database, rows, now=LATER)

    assert (len(tried.created), tried.ids[0], tried.refusals) == (1000, None, [])
    assert (len(first.created), first.refusals) == (1000, [])
    assert (again.created, len(again.unchanged), again.ids) == ([], 1000, first.ids)
    async with database.reading() as session:
        counted = await networks.count_members(
            session, network="many", role="hub", area="750000000", on=DAY, known_at=None
        )
        before = await networks.count_members(
            session, network="many", role=None, area=None, on=DAY, known_at=NOW - timedelta(seconds=1)
        )
    assert (counted, before) == (1000, 0)


async def test_one_wrong_row_refuses_all_and_each_fault_is_told_by_its_row(database: Database) -> None:
    good, closed = await schools(database, 2)
    await network(database, "all-or-none")
    rows = [
        row("all-or-none", good),
        row("no-such", good),
        row("all-or-none", new_id()),
        row("all-or-none", good, valid_from="2025-01-01"),
        row("all-or-none", closed, mentor_id=str(good)),
    ]

    admission = await admit(database, rows)

    assert [(one.row, one.pointer, one.problem.code) for one in admission.refusals] == [
        (1, "/network", "network_unknown"),
        (2, "/organisation_id", "organisation_unknown"),
        (3, "", "row_repeated"),
        (4, "/mentor_id", "mentor_not_expected"),
    ]
    assert await stays(database) == []


async def test_rows_out_of_reach_are_refused_by_row(database: Database) -> None:
    (one,) = await schools(database, 1)
    await network(database, "reach")
    officer = Actor.of("region_officer", subject="officer", area="790000000")

    admission = await admit(database, [row("reach", one)], actor=officer)

    assert [refusal.problem.code for refusal in admission.refusals] == ["out_of_reach"]


async def test_of_two_who_admit_the_same_school_at_once_one_is_refused(database: Database) -> None:
    (one,) = await schools(database, 1)
    await network(database, "race")
    rows = [row("race", one, valid_from=f"2024-09-0{day}") for day in range(1, 7)]

    outcomes = await asyncio.gather(*(admit(database, [asked]) for asked in rows))

    assert sorted(len(outcome.created) for outcome in outcomes) == [0, 0, 0, 0, 0, 1]
    refused = {refusal.problem.code for outcome in outcomes for refusal in outcome.refusals}
    assert refused == {"membership_overlaps"}


async def test_the_database_itself_refuses_two_mentors_on_one_day(database: Database) -> None:
    school, first, second = await schools(database, 3)
    await network(database, "two-mentors")
    insert = text(
        """
        INSERT INTO network_memberships (id, membership_id, network_id, organisation_id, role, mentor_id, granted_by,
            granted_on, trace, valid, recorded)
        SELECT gen_random_uuid(), gen_random_uuid(), id, :school, 'leading', :mentor, 'rule', '2024-09-01', '[]',
            daterange('2024-09-01', NULL), tstzrange(now(), NULL)
        FROM networks WHERE code = 'two-mentors'
        """
    )

    async def insert_both() -> None:
        async with database.writing() as session:
            for mentor in (first, second):
                await session.execute(insert, {"school": school, "mentor": mentor})

    with pytest.raises(DBAPIError, match="ex_network_memberships_one_at_a_time"):
        await insert_both()


async def carry(
    database: Database, predecessors: list[UUID], successor: UUID, *, on: date = DAY, now: datetime = LATER
) -> dict[UUID, str]:
    succession = Succession(new_id(), tuple(predecessors), successor, on)
    async with database.writing() as session:
        carried = await networks.carry(session, succession, now=now)
    return {one.subject_id: one.outcome for one in carried}


async def test_memberships_follow_the_successor_and_come_back_when_it_is_undone(database: Database) -> None:
    old, heir, campus = await schools(database, 2) + await schools(database, 1, first=50, kind="intellectual")
    await network(database, "carried", kind="leading_schools")
    await admit(database, [row("carried", old, role="leading", mentor_id=str(campus), valid_to="2030-09-01")])
    before = await stays(database)

    outcomes = await carry(database, [old], heir)

    assert list(outcomes.values()) == ["moved"]
    now = await stays(database)
    assert sorted((one[1], one[2], str(one[3])) for one in now) == sorted(
        [(str(old), str(campus), "2026-09-01"), (str(heir), str(campus), "2030-09-01")]
    )
    async with database.writing() as session:
        await networks.take_back(session, Undoing(new_id(), LATER, LATER + timedelta(hours=1)))
    assert await stays(database) == before
    async with database.reading() as session:
        known = await networks.member_ids(session, "carried", DAY, LATER)
    assert known == [heir]


async def test_a_successor_that_belongs_already_gets_no_second_membership(database: Database) -> None:
    old, older, heir = await schools(database, 3)
    await network(database, "already")
    admitted = await admit(database, [row("already", one) for one in (old, older, heir)])

    outcomes = await carry(database, [old, older], heir)

    assert outcomes == {admitted.ids[0]: "ended", admitted.ids[1]: "ended"}
    async with database.reading() as session:
        assert await networks.member_ids(session, "already", DAY) == [heir]
        assert await networks.bound(session, [old, older], on=DAY) == 0
        assert await networks.bound(session, [heir], on=DAY) == 1


async def test_of_two_predecessors_one_membership_goes_over(database: Database) -> None:
    old, older, heir = await schools(database, 3)
    await network(database, "two-into-one")
    await admit(database, [row("two-into-one", one) for one in (old, older)])

    outcomes = await carry(database, [old, older], heir)

    assert sorted(outcomes.values()) == ["ended", "moved"]
    async with database.reading() as session:
        assert await networks.member_ids(session, "two-into-one", DAY) == [heir]
        assert await networks.member_ids(session, "two-into-one", DAY - timedelta(days=1)) == sorted([old, older])


async def test_whom_a_predecessor_mentored_the_successor_mentors_but_never_itself(database: Database) -> None:
    campus, heir = await schools(database, 2, kind="intellectual")
    (school,) = await schools(database, 1, first=50)
    await network(database, "mentors", kind="leading_schools", eligibility=[])
    mentored = [row("mentors", one, role="leading", mentor_id=str(campus)) for one in (school, heir)]
    admitted = await admit(database, mentored)

    outcomes = await carry(database, [campus], heir)

    assert outcomes == {admitted.ids[0]: "moved", admitted.ids[1]: "ended"}
    assert [(one[1], one[2]) for one in await stays(database) if one[3] is None] == [(str(school), str(heir))]
    async with database.writing() as session:
        await networks.take_back(session, Undoing(new_id(), LATER, LATER + timedelta(hours=1)))
    assert {one[2] for one in await stays(database)} == {str(campus)}


async def test_a_membership_yet_to_begin_goes_over_whole(database: Database) -> None:
    old, heir = await schools(database, 2)
    await network(database, "upcoming")
    await admit(database, [row("upcoming", old, valid_from="2027-09-01")])

    await carry(database, [old], heir)

    async with database.reading() as session:
        assert await networks.member_ids(session, "upcoming", date(2027, 9, 1)) == [heir]
        assert await networks.member_ids(session, "upcoming", DAY) == []
