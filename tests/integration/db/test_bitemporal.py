"""History with two times: what held on a day, what we knew of it then, and nothing ever overwritten."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import SQLAlchemyError

from shared.db import bitemporal
from shared.db.engine import Database
from shared.db.failures import Kind, classify
from shared.ids import new_id
from tests.integration.db.house import SchoolState

FIRST_OF_SEPTEMBER = date(2025, 9, 1)
NOON = datetime(2025, 10, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def a_school_state(house: Database, *, now: datetime = NOON, **values: Any) -> UUID:
    school_id = new_id()
    described = {"name": "№46 мектеп", "shifts": 2, "valid": Range(FIRST_OF_SEPTEMBER, None), **values}
    async with house.writing() as session:
        await bitemporal.record(session, SchoolState(school_id=school_id, **described), now=now)
    return school_id


async def name_on(house: Database, school_id: UUID, on: date, known_at: datetime | None = None) -> str | None:
    async with house.reading() as session:
        found = await session.scalars(
            select(SchoolState.name).where(
                SchoolState.school_id == school_id, bitemporal.as_of(SchoolState, on, known_at)
            )
        )
        return found.one_or_none()


async def rename(
    house: Database, school_id: UUID, name: str, valid_from: date, valid_to: date | None = None, *, now: datetime
) -> list[SchoolState]:
    async with house.writing() as session:
        return await bitemporal.amend(
            session,
            SchoolState,
            {"school_id": school_id},
            {"name": name},
            valid_from=valid_from,
            valid_to=valid_to,
            now=now,
        )


async def test_a_change_holds_from_its_day_on_and_not_a_day_earlier(house: Database) -> None:
    school = await a_school_state(house)

    await rename(house, school, "Бауыржан Момышұлы атындағы мектеп", date(2026, 3, 1), now=NOON + HOUR)

    assert await name_on(house, school, date(2025, 8, 31)) is None
    assert await name_on(house, school, FIRST_OF_SEPTEMBER) == "№46 мектеп"
    assert await name_on(house, school, date(2026, 2, 28)) == "№46 мектеп"
    assert await name_on(house, school, date(2026, 3, 1)) == "Бауыржан Момышұлы атындағы мектеп"
    assert await name_on(house, school, date(2100, 1, 1)) == "Бауыржан Момышұлы атындағы мектеп"


async def test_a_backdated_correction_changes_the_past_but_not_what_we_knew_of_it(house: Database) -> None:
    school = await a_school_state(house)

    await rename(house, school, "№ 46 гимназия", date(2025, 9, 1), date(2025, 12, 1), now=NOON + HOUR)

    assert await name_on(house, school, date(2025, 10, 1)) == "№ 46 гимназия"
    assert await name_on(house, school, date(2025, 12, 1)) == "№46 мектеп"
    assert await name_on(house, school, date(2025, 10, 1), NOON + HOUR / 2) == "№46 мектеп"
    assert await name_on(house, school, date(2025, 10, 1), NOON + HOUR) == "№ 46 гимназия"
    assert await name_on(house, school, date(2025, 10, 1), NOON - HOUR) is None


async def test_the_database_refuses_two_states_on_one_day(house: Database) -> None:
    school = await a_school_state(house)

    async def record_another() -> None:
        async with house.writing() as session:
            row = SchoolState(school_id=school, name="another", valid=Range(date(2026, 1, 1), date(2026, 1, 2)))
            await bitemporal.record(session, row, now=NOON + HOUR)

    with pytest.raises(SQLAlchemyError) as caught:
        await record_another()

    failure = classify(caught.value)
    assert failure is not None
    assert (failure.kind, failure.constraint) == (Kind.EXCLUSION, "ex_school_states_one_at_a_time")


async def test_the_database_refuses_a_period_without_a_day(house: Database) -> None:
    with pytest.raises(SQLAlchemyError) as caught:
        await a_school_state(house, valid=Range(FIRST_OF_SEPTEMBER, FIRST_OF_SEPTEMBER))

    failure = classify(caught.value)
    assert failure is not None
    assert failure.constraint == "ck_school_states_periods_not_empty"


async def test_two_changes_at_the_same_instant_are_both_remembered(house: Database) -> None:
    school = await a_school_state(house)

    await rename(house, school, "second", date(2026, 1, 1), now=NOON)
    await rename(house, school, "third", date(2026, 1, 1), now=NOON - HOUR)

    async with house.reading() as session:
        everything = (await session.scalars(select(SchoolState).where(SchoolState.school_id == school))).all()
        assert {row.name for row in everything} == {"№46 мектеп", "second", "third"}
        assert all(not row.recorded.isempty for row in everything)
    assert await name_on(house, school, date(2026, 1, 1)) == "third"


async def test_a_change_that_changes_nothing_adds_no_row(house: Database) -> None:
    school = await a_school_state(house)

    (same,) = await rename(house, school, "№46 мектеп", date(2026, 1, 1), now=NOON + HOUR)

    assert same.valid.upper is None
    async with house.reading() as session:
        count = select(func.count()).where(SchoolState.school_id == school)
        assert await session.scalar(count) == 1


async def test_days_without_a_state_cannot_be_amended(house: Database) -> None:
    school = await a_school_state(house)

    with pytest.raises(bitemporal.NothingToAmendError):
        await rename(house, school, "too early", date(2020, 1, 1), date(2021, 1, 1), now=NOON + HOUR)


async def test_an_end_leaves_the_past_as_it_was(house: Database) -> None:
    school = await a_school_state(house)

    async with house.writing() as session:
        await bitemporal.end(session, SchoolState, {"school_id": school}, valid_from=date(2026, 6, 1), now=NOON + HOUR)

    assert await name_on(house, school, date(2026, 5, 31)) == "№46 мектеп"
    assert await name_on(house, school, date(2026, 6, 1)) is None
    assert await name_on(house, school, date(2026, 6, 1), NOON) == "№46 мектеп"


async def test_writers_of_one_history_wait_for_each_other(house: Database) -> None:
    school = await a_school_state(house)

    await asyncio.gather(
        *(rename(house, school, f"name {month}", date(2026, month, 1), now=NOON + HOUR) for month in range(1, 13))
    )

    async with house.reading() as session:
        states = await bitemporal.history(session, SchoolState, {"school_id": school})
    for before, after in pairwise(states):
        assert before.valid.upper == after.valid.lower
    assert states[-1].valid.upper is None


async def take_back(house: Database, school_id: UUID, recorded_at: datetime, *, now: datetime) -> list[SchoolState]:
    async with house.writing() as session:
        return await bitemporal.take_back(
            session, SchoolState, {"school_id": school_id}, recorded_at=recorded_at, now=now
        )


async def test_what_is_taken_back_is_true_no_more_but_stays_known(house: Database) -> None:
    school = await a_school_state(house)
    await rename(house, school, "№ 46 гимназия", date(2026, 1, 1), date(2026, 6, 1), now=NOON + HOUR)

    (back,) = await take_back(house, school, NOON + HOUR, now=NOON + 2 * HOUR)

    assert (back.name, back.valid, back.shifts) == ("№46 мектеп", Range(FIRST_OF_SEPTEMBER, None), 2)
    assert await name_on(house, school, date(2026, 3, 1)) == "№46 мектеп"
    assert await name_on(house, school, date(2026, 3, 1), NOON + HOUR) == "№ 46 гимназия"
    assert await name_on(house, school, date(2026, 3, 1), NOON) == "№46 мектеп"


async def test_a_state_that_began_a_life_is_taken_back_to_nothing(house: Database) -> None:
    school = await a_school_state(house)

    assert await take_back(house, school, NOON, now=NOON + HOUR) == []

    assert await name_on(house, school, FIRST_OF_SEPTEMBER) is None
    assert await name_on(house, school, FIRST_OF_SEPTEMBER, NOON) == "№46 мектеп"


async def test_what_was_ended_goes_on_when_the_end_is_taken_back(house: Database) -> None:
    school = await a_school_state(house)
    async with house.writing() as session:
        owner = {"school_id": school}
        await bitemporal.end(session, SchoolState, owner, valid_from=FIRST_OF_SEPTEMBER, now=NOON + HOUR)

    await take_back(house, school, NOON + HOUR, now=NOON + HOUR)

    assert await name_on(house, school, FIRST_OF_SEPTEMBER) == "№46 мектеп"
    assert await name_on(house, school, FIRST_OF_SEPTEMBER, NOON + HOUR) is None


async def test_nothing_is_taken_back_from_under_what_stands_on_it(house: Database) -> None:
    school = await a_school_state(house)
    await rename(house, school, "second", date(2026, 1, 1), now=NOON + HOUR)
    await rename(house, school, "third", date(2027, 1, 1), now=NOON + 2 * HOUR)

    with pytest.raises(bitemporal.NewerStandsError):
        await take_back(house, school, NOON + HOUR, now=NOON + 3 * HOUR)


async def test_one_change_after_the_other_is_taken_back_the_last_one_first(house: Database) -> None:
    school = await a_school_state(house)
    await rename(house, school, "second", date(2026, 1, 1), now=NOON + HOUR)
    await rename(house, school, "third", date(2026, 6, 1), date(2026, 9, 1), now=NOON + 2 * HOUR)

    await take_back(house, school, NOON + 2 * HOUR, now=NOON + 3 * HOUR)
    assert await name_on(house, school, date(2026, 7, 1)) == "second"
    await take_back(house, school, NOON + HOUR, now=NOON + 4 * HOUR)

    assert await name_on(house, school, date(2026, 7, 1)) == "№46 мектеп"
    assert await name_on(house, school, date(2026, 7, 1), NOON + 2 * HOUR) == "third"
    assert await name_on(house, school, date(2026, 7, 1), NOON + 3 * HOUR) == "second"


async def test_a_moment_at_which_nothing_was_recorded_leaves_nothing_to_take_back(house: Database) -> None:
    school = await a_school_state(house)

    assert await take_back(house, school, NOON + HOUR, now=NOON + 2 * HOUR) == []

    assert await name_on(house, school, FIRST_OF_SEPTEMBER) == "№46 мектеп"


@dataclass(frozen=True)
class Change:
    first: int
    length: int | None
    name: str
    kind: str


DAYS = 30
changes = st.builds(
    Change,
    first=st.integers(0, DAYS - 1),
    length=st.one_of(st.none(), st.integers(1, DAYS)),
    name=st.sampled_from("abcd"),
    kind=st.sampled_from(("amend", "replace", "end", "take back")),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(changes, min_size=1, max_size=6), start=st.integers(0, DAYS - 1))
async def test_every_day_of_every_version_is_what_a_simple_model_says(
    house: Database, history: list[Change], start: int
) -> None:
    school = await a_school_state(house, name="start", valid=Range(_day(start), None))
    model = [None if day < start else "start" for day in range(DAYS)]
    versions = [(NOON, list(model))]

    for number, change in enumerate(history, start=1):
        now = NOON + number * HOUR
        end = None if change.length is None else change.first + change.length
        affected = range(change.first, DAYS if end is None else min(end, DAYS))
        async with house.writing() as session:
            owner = {"school_id": school}
            match change.kind:
                case "amend":
                    try:
                        await bitemporal.amend(
                            session,
                            SchoolState,
                            owner,
                            {"name": change.name},
                            valid_from=_day(change.first),
                            valid_to=None if end is None else _day(end),
                            now=now,
                        )
                    except bitemporal.NothingToAmendError:
                        assert not any(model[day] for day in affected)
                    for day in affected:
                        model[day] = change.name if model[day] else None
                case "replace":
                    row = SchoolState(
                        name=change.name, valid=Range(_day(change.first), None if end is None else _day(end)), **owner
                    )
                    await bitemporal.replace(session, row, ["school_id"], now=now)
                    for day in affected:
                        model[day] = change.name
                case "take back":
                    await bitemporal.take_back(session, SchoolState, owner, recorded_at=versions[-1][0], now=now)
                    model = list(versions[-2][1]) if number > 1 else [None] * DAYS
                case _:
                    await bitemporal.end(session, SchoolState, owner, valid_from=_day(change.first), now=now)
                    for day in range(change.first, DAYS):
                        model[day] = None
        versions.append((now, list(model)))

    async with house.reading() as session:
        for known_at, expected in versions:
            states = await bitemporal.history(session, SchoolState, {"school_id": school}, known_at=known_at)
            found = [next((row.name for row in states if row.valid.contains(_day(day))), None) for day in range(DAYS)]
            assert found == expected


def _day(number: int) -> date:
    return FIRST_OF_SEPTEMBER + timedelta(days=number)
