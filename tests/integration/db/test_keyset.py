"""Pages by position: every row once, in order, whatever the order is."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, column, insert, select, text
from sqlalchemy.dialects import postgresql

from shared.clock import now
from shared.db import keyset
from shared.db.engine import Database
from shared.db.keyset import Key
from shared.ids import new_id
from tests.integration.db.house import School

PREFIX = "keyset-"
PUPILS = (None, 0, 0, 5, 5, 5, None, 120, 7, None, 5, 0)


@pytest.fixture(scope="module")
async def schools(house_url: str) -> Database:
    database = Database(house_url, application_name="keyset-test")
    moment = now()
    async with database.writing() as session:
        rows = [
            {
                "id": new_id(),
                "code": f"{PREFIX}{number:02}",
                "pupils": pupils,
                "sort_key": "abc"[number % 3],
                "version": number % 4,
                "created_at": moment,
                "updated_at": moment,
            }
            for number, pupils in enumerate(PUPILS)
        ]
        await session.execute(insert(School), rows)
    await database.close()
    return database


async def pages(database: Database, keys: Sequence[Key], size: int) -> list[tuple[Any, ...]]:
    columns = [key.column for key in keys]
    query = select(*columns).where(School.code.startswith(PREFIX)).order_by(*keyset.order_by(keys)).limit(size)
    found: list[tuple[Any, ...]] = []
    async with database.reading() as session:
        condition: ColumnElement[bool] | None = None
        while True:
            rows = (await session.execute(query if condition is None else query.where(condition))).all()
            if not rows:
                return found
            found += [tuple(row) for row in rows]
            condition = keyset.after(keys, tuple(rows[-1]))


orders = st.lists(st.sampled_from(("pupils", "sort_key", "version")), unique=True, max_size=3).flatmap(
    lambda names: st.tuples(*(st.tuples(st.just(name), st.booleans()) for name in [*names, "code"]))
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=orders, size=st.integers(1, 5))
async def test_pages_of_any_order_give_every_row_once_and_in_order(
    schools: Database, order: Sequence[tuple[str, bool]], size: int
) -> None:
    keys = [Key(getattr(School, name), descending=down, nullable=name == "pupils") for name, down in order]
    async with schools.reading() as session:
        whole = select(*(key.column for key in keys)).where(School.code.startswith(PREFIX))
        expected = [tuple(row) for row in await session.execute(whole.order_by(*keyset.order_by(keys)))]

    found = await pages(schools, keys, size)

    assert found == expected
    assert len(found) == len(PUPILS)


def test_one_direction_without_nulls_is_a_row_comparison_that_an_index_serves() -> None:
    condition = keyset.after([Key(School.sort_key), Key(School.id)], ["a", new_id()])

    written = str(condition.compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call] # SQLAlchemy's

    assert written.startswith("(schools.sort_key, schools.id) > ")


def test_a_position_that_cannot_be_is_refused() -> None:
    key = Key(column("a", School.code.type))
    with pytest.raises(ValueError, match="each key"):
        keyset.after([key], [])
    with pytest.raises(ValueError, match="never null"):
        keyset.after([key], [None])


async def test_the_planner_bounds_the_scan_by_the_first_key(schools: Database) -> None:
    keys = [Key(School.code), Key(School.pupils, descending=True, nullable=True), Key(School.id)]
    query = select(School.id).where(keyset.after(keys, [f"{PREFIX}03", 5, new_id()])).order_by(*keyset.order_by(keys))
    async with schools.writing() as session:
        await session.execute(text("SET LOCAL enable_seqscan = off"))
        compiled = query.compile(dialect=schools.writer.dialect, compile_kwargs={"literal_binds": True})
        plan = "\n".join(await session.scalars(text(f"EXPLAIN {compiled}")))

    assert "Index Cond" in plan
