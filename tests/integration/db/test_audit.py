"""The audit trail: who, when, what field by field, and why; and that it cannot be rewritten."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import SQLAlchemyError

from shared import audit
from shared.clock import now
from shared.db import bitemporal
from shared.db.engine import Database
from shared.ids import new_id
from tests.integration.db.house import School, SchoolState, Scribble


class Officer:
    subject = "u-officer"
    roles = ("region_officer", "auditor")


async def trail(house: Database, **filters: Any) -> list[Mapping[str, Any]]:
    async with house.reading() as session:
        return await audit.read(session, audit.Filters(**filters), limit=100)


def a_school(**values: Any) -> School:
    return School(**{"code": str(new_id()), "created_at": now(), "updated_at": now(), **values})


async def test_a_change_is_told_field_by_field_with_its_author_and_reason(house: Database) -> None:
    school = a_school(pupils=900)
    async with house.writing() as session:
        session.add(school)
    async with house.writing(Officer(), reason="order № 12", request_id="req-1") as session:
        changed = await session.get_one(School, school.id)
        changed.pupils, changed.notes, changed.updated_at = 912, {"kk": "жаңа"}, now()

    update, create = await trail(house, resource_type="schools", resource_id=str(school.id))

    assert create["action"] == "create"
    assert create["actor"] == "system:house-test"
    assert create["changes"] == {"code": [None, school.code], "pupils": [None, 900]}
    assert update["changes"] == {"pupils": [900, 912], "notes": [None, {"kk": "жаңа"}]}
    assert (update["action"], update["actor"], update["roles"]) == (
        "update",
        "u-officer",
        ["auditor", "region_officer"],
    )
    assert (update["reason"], update["request_id"]) == ("order № 12", "req-1")


async def test_several_flushes_are_several_entries_of_one_moment_and_a_deletion_keeps_what_was(house: Database) -> None:
    async with house.writing() as session:
        school = a_school(pupils=1, director_iin=None, notes=None)
        session.add(school)
        await session.flush()
        school.pupils = 2
        await session.flush()
        await session.delete(school)

    entries = await trail(house, resource_type="schools", resource_id=str(school.id))

    assert {entry["action"]: entry["changes"] for entry in entries} == {
        "create": {"code": [None, school.code], "pupils": [None, 1]},
        "update": {"pupils": [1, 2]},
        "delete": {"code": [school.code, None], "pupils": [2, None]},
    }
    assert len({entry["occurred_at"] for entry in entries}) == 1


async def test_what_is_undone_leaves_no_entry(house: Database) -> None:
    school = a_school()

    async def fail() -> None:
        async with house.writing() as session:
            session.add(school)
            await session.flush()
            raise RuntimeError("a fault of the caller")

    with pytest.raises(RuntimeError):
        await fail()

    assert await trail(house, resource_id=str(school.id)) == []


async def test_sensitive_values_and_derived_columns_are_not_recorded(house: Database) -> None:
    school = a_school(director_iin="870412300155", sort_key="0046")
    async with house.writing() as session:
        session.add(school)
        await session.flush()
        school.director_iin, school.sort_key = "910101300001", "0047"
        await session.flush()
        school.director_iin = None

    last, second, first = await trail(house, resource_id=str(school.id))

    assert first["changes"] == {"code": [None, school.code], "director_iin": [None, "•••"]}
    assert second["changes"] == {"director_iin": ["•••", "•••"]}
    assert last["changes"] == {"director_iin": ["•••", None]}


async def test_a_model_may_stay_out_of_the_trail(house: Database) -> None:
    scribble = Scribble(words="for myself")
    async with house.writing() as session:
        session.add(scribble)

    assert await trail(house, resource_id=str(scribble.id)) == []


async def test_a_change_of_history_is_one_entry_under_the_name_of_its_owner(house: Database) -> None:
    school = new_id()
    owner = {"school_id": school}
    moment = now()
    async with house.writing() as session:
        state = SchoolState(name="№46", shifts=2, valid=Range(date(2025, 9, 1), None), **owner)
        await bitemporal.record(session, state, now=moment)
    async with house.writing() as session:
        await bitemporal.amend(
            session, SchoolState, owner, {"shifts": 3},
            valid_from=date(2026, 1, 1), valid_to=date(2026, 6, 1), now=moment + timedelta(hours=1),
        )  # fmt: skip
    async with house.writing() as session:
        await bitemporal.end(session, SchoolState, owner, valid_from=date(2026, 3, 1), now=moment + timedelta(hours=2))

    *ends, amended, created = await trail(house, resource_type="school", resource_id=str(school))

    assert created["action"] == "create"
    assert created["changes"]["shifts"] == [None, 2]
    assert amended["action"] == "update"
    assert amended["changes"] == {"shifts": [2, 3], "valid": ["[2025-09-01,)", "[2026-01-01,2026-06-01)"]}
    assert {(entry["action"], str(entry["changes"])) for entry in ends} == {
        ("update", "{'valid': ['[2026-01-01,2026-06-01)', '[2026-01-01,2026-03-01)']}"),
        ("end", "{'valid': ['[2026-06-01,)', None]}"),
    }


async def test_bulk_work_is_noted_by_hand(house: Database) -> None:
    resource = new_id()
    async with house.writing(Officer(), reason="yearly import") as session:
        await audit.note(session, action="import", resource_type="imports", resource_id=resource, rows=5_516)

    (entry,) = await trail(house, resource_id=str(resource))

    assert (entry["action"], entry["actor"], entry["reason"]) == ("import", "u-officer", "yearly import")
    assert entry["changes"] == {"rows": [None, 5_516]}


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_entries SET actor = 'nobody'", "DELETE FROM audit_entries WHERE false", "TRUNCATE audit_entries"],
)
async def test_the_trail_can_only_be_added_to(house: Database, statement: str) -> None:
    async def rewrite() -> None:
        async with house.writing() as session:
            await session.execute(text(statement))

    with pytest.raises(SQLAlchemyError, match="only be added to"):
        await rewrite()


async def test_the_trail_is_read_in_pages_newest_first(house: Database) -> None:
    resource = str(new_id())
    for number in range(5):
        async with house.writing() as session:
            await audit.note(session, action="count", resource_type="page", resource_id=resource, number=number)
    filters = audit.Filters(resource_type="page", resource_id=resource)

    async with house.reading() as session:
        first = await audit.read(session, filters, limit=3)
        last = first[-1]
        rest = await audit.read(session, filters, limit=3, after=(last["occurred_at"], last["id"]))
        since = await audit.read(
            session, audit.Filters(resource_id=resource, since=last["occurred_at"], until=now()), limit=9
        )

    assert [entry["changes"]["number"][1] for entry in [*first, *rest]] == [4, 3, 2, 1, 0]
    assert len(since) == 3
