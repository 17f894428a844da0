"""Random histories of teachers: who is due, out and covered on a day is what a simple model says, person by person."""

import calendar
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.dialects.postgresql.ranges import MultiRange

import services.training_api.models  # noqa: F401 -- tables refer to tables of other rooms
from services.training_api.certificates.models import Certificate
from services.training_api.coverage import repository
from services.training_api.coverage.repository import Selection
from services.training_api.educators.models import Educator, Employment
from services.training_api.organisations.models import Organisation
from services.training_api.organisations.service import Reach
from shared.db.engine import Database
from shared.db.sessions import WriteSession
from shared.ids import new_id
from shared.schemas.training.coverage import Breakdown
from shared.schemas.training.words import EducatorRole
from tests.support.cluster import Databases

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FIRST, LAST = date(2019, 12, 1), date(2027, 3, 31)
DISTRICTS = ("791010000", "791020000")
days = st.dates(FIRST, LAST) | st.sampled_from(
    [date(2027, 2, 28), date(2027, 3, 1), date(2024, 2, 29), date(2026, 9, 1), date(2025, 8, 31)]
)
ages = st.integers(-30, 1600) | st.sampled_from((0, 1, 364, 365, 1094, 1095, 1096, 1097))
"""How many days before the day asked about something was; 1095 and 1096 are three years."""


@dataclass(frozen=True)
class Paper:
    """A certificate, or a reference."""

    issued_on: date
    hours: int
    approved: bool
    kind: str
    valid_for: int | None
    void: tuple[date, int] | None


@dataclass(frozen=True)
class Person:
    """A teacher or somebody else, who moves once perhaps."""

    role: EducatorRole
    subjects: tuple[str, ...]
    hired_on: date
    worked: int
    moves: bool
    papers: tuple[Paper, ...]

    def workplace(self, on: date) -> int | None:
        """The school of the day."""
        passed = (on - self.hired_on).days
        if passed < 0 or passed >= self.worked:
            return None
        return 1 if self.moves and passed >= self.worked // 2 else 0


@st.composite
def papers(draw: st.DrawFn, as_of: date) -> Paper:
    issued_on = as_of - timedelta(days=draw(ages))
    void = draw(st.none() | st.tuples(st.integers(0, 1200), st.sampled_from((1, 30, 2000))))
    return Paper(
        issued_on=issued_on,
        hours=draw(st.sampled_from((35, 36, 40, 72))),
        approved=draw(st.sampled_from((True, True, True, False))),
        kind=draw(st.sampled_from(("certificate", "certificate", "certificate", "attendance_reference"))),
        valid_for=draw(st.sampled_from((None, None, None, 400))),
        void=void and (issued_on + timedelta(days=void[0]), void[1]),
    )


@st.composite
def people(draw: st.DrawFn, as_of: date) -> Person:
    """Most of them teachers who are employed on the day."""
    worked = draw(st.sampled_from((2, 800, 6000)))
    return Person(
        role=draw(st.sampled_from((EducatorRole.TEACHER, EducatorRole.TEACHER, EducatorRole.LIBRARIAN))),
        subjects=draw(st.sampled_from(((), ("physics",), ("physics", "chemistry")))),
        hired_on=as_of - timedelta(days=draw(st.sampled_from((-1, 0, 1, 2, 399, 400, 799, 800)))),
        worked=worked,
        moves=draw(st.booleans()),
        papers=tuple(draw(st.lists(papers(as_of), max_size=3))),
    )


@st.composite
def histories(draw: st.DrawFn) -> tuple[date, list[Person]]:
    """A day, and people as they may stand on it."""
    as_of = draw(days)
    return as_of, draw(st.lists(people(as_of), min_size=2, max_size=6))


class Undo(Exception):
    """Takes back what an example has written."""


@pytest.fixture(scope="module")
async def database(databases: Databases) -> AsyncIterator[Database]:
    async with databases.database_for("training") as url:
        database = Database(url, application_name="histories")
        yield database
        await database.close()


def back(day: date, months: int) -> date:
    """So many months before, on the last day of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Norm:
    """Two versions of the norm."""

    changes_on: date
    later: tuple[int, int]

    def of(self, day: date) -> tuple[int, int]:
        return self.later if day >= self.changes_on else (36, 36)


def held(paper: Paper, on: date) -> bool:
    if paper.kind != "certificate" or paper.issued_on > on:
        return False
    if paper.void and paper.void[0] <= on < paper.void[0] + timedelta(days=paper.void[1]):
        return False
    return paper.valid_for is None or on < paper.issued_on + timedelta(days=paper.valid_for)


def meets(person: Person, norm: Norm, *, as_of: date, day: date) -> bool:
    """Whether what is held on `as_of` is enough on `day`, by the window of `as_of`."""
    return any(
        held(paper, as_of)
        and paper.approved
        and paper.hours >= norm.of(paper.issued_on)[0]
        and paper.issued_on > back(day, norm.of(as_of)[1])
        and (paper.valid_for is None or day < paper.issued_on + timedelta(days=paper.valid_for))
        for paper in person.papers
    )


def state(person: Person, norm: Norm, *, as_of: date, until: date) -> str:
    own = [paper for paper in person.papers if held(paper, as_of)]
    if meets(person, norm, as_of=as_of, day=as_of):
        return "met" if meets(person, norm, as_of=as_of, day=until) else "due"
    if any(paper.approved and paper.hours >= norm.of(paper.issued_on)[0] for paper in own):
        return "out"
    return "uncounted" if own else "never"


def ends_in(person: Person, norm: Norm, *, as_of: date) -> str:
    """The month in which the norm ceases to be met, found day by day."""
    day = as_of
    while meets(person, norm, as_of=as_of, day=day):
        day += timedelta(days=1)
    return f"{day:%Y-%m}"


async def write(session: WriteSession, found: list[Person], norm: Norm) -> dict[UUID, Person]:
    schools = [new_id(), new_id()]
    for place, school in enumerate(schools):
        session.add(
            Organisation(
                id=school,
                type="school",
                status="open",
                name_ru="Школа",
                area=DISTRICTS[place],
                area_path=["790000000", DISTRICTS[place]],
                is_synthetic=True,
                deleted=False,
                position=1,
            )
        )
    await session.flush()
    await session.execute(
        text("UPDATE norm_rules SET period = daterange(lower(period), :day)"), {"day": norm.changes_on}
    )
    await session.execute(
        text(
            "INSERT INTO norm_rules (id, code, number, min_hours, window_months, period, basis) "
            "VALUES (:id, 'pd-3y', 2, :hours, :months, daterange(:day, NULL), 'test')"
        ),
        {"id": new_id(), "hours": norm.later[0], "months": norm.later[1], "day": norm.changes_on},
    )
    known: dict[UUID, Person] = {}
    for person in found:
        educator = Educator(
            id=new_id(),
            family_ru="Примеров",
            given_ru="Образец",
            sort_key="",
            search_key="",
            consent_public=False,
            is_synthetic=True,
            created_at=NOW,
            updated_at=NOW,
        )
        session.add(educator)
        await session.flush()
        known[educator.id] = person
        left = person.hired_on + timedelta(days=person.worked)
        moved = person.hired_on + timedelta(days=person.worked // 2)
        spells = [(0, person.hired_on, moved), (1, moved, left)] if person.moves else [(0, person.hired_on, left)]
        for place, begun, ended in spells:
            session.add(
                Employment(
                    educator_id=educator.id,
                    organisation_id=schools[place],
                    role=person.role,
                    subjects=list(person.subjects),
                    period=Range(begun, ended),
                    created_at=NOW,
                    updated_at=NOW,
                )
            )
        for paper in person.papers:
            number = new_id()
            session.add(
                Certificate(
                    id=number,
                    number=str(number),
                    source="USTAZ",
                    kind=paper.kind,
                    educator_id=educator.id,
                    organisation_id=schools[0],
                    title_ru="Курс",
                    academic_hours=paper.hours,
                    issued_on=paper.issued_on,
                    approved=paper.approved,
                    valid_until=paper.issued_on + timedelta(days=paper.valid_for) if paper.valid_for else None,
                    void=MultiRange(
                        [Range(paper.void[0], paper.void[0] + timedelta(days=paper.void[1]))] if paper.void else []
                    ),
                    created_at=NOW,
                    updated_at=NOW,
                )
            )
    await session.flush()
    return known


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    history=histories(),
    ahead=st.integers(0, 400),
    norm=st.builds(Norm, changes_on=days, later=st.sampled_from(((36, 36), (40, 24), (72, 60), (36, 30)))),
)
async def test_who_is_due_out_and_covered_on_any_day_is_what_the_model_says(
    database: Database, history: tuple[date, list[Person]], ahead: int, norm: Norm
) -> None:
    as_of, found = history
    until = as_of + timedelta(days=ahead)
    try:
        async with database.writing() as session:
            known = await write(session, found, norm)
            wanted = Selection(as_of=as_of, until=until, reach=Reach(everywhere=True))
            due = await repository.due(session, wanted)
            listed = await repository.named(session, wanted, state=None, after=None, limit=100)
            groups = await repository.groups(session, wanted, by=Breakdown.SUBJECT)
            raise Undo
    except Undo:
        pass

    teachers = {
        educator: person
        for educator, person in known.items()
        if person.role is EducatorRole.TEACHER and person.workplace(as_of) is not None
    }
    states = {one: state(person, norm, as_of=as_of, until=until) for one, person in teachers.items()}
    assert {one.educator_id: one.state for one in listed} == {
        one: state for one, state in states.items() if state != "met"
    }
    total = next((one for one in due if one.what == "total"), None)
    counted = Counter(states.values())
    assert total is not None
    assert (total.teachers, total.met, total.due, total.out, total.uncounted, total.never) == (
        len(teachers),
        counted["met"] + counted["due"],
        counted["due"],
        counted["out"],
        counted["uncounted"],
        counted["never"],
    )
    by_district = Counter(DISTRICTS[person.workplace(as_of) or 0] for person in teachers.values())
    assert {one.key: one.teachers for one in due if one.what == "area"} == by_district
    meeting = [person for one, person in teachers.items() if states[one] in ("met", "due")]
    months = Counter(ends_in(person, norm, as_of=as_of) for person in meeting)
    assert {one.key: one.teachers for one in due if one.what == "month" and one.key} == months
    subjects = Counter(subject for person in teachers.values() for subject in person.subjects or (None,))
    skilled = Counter(subject for person in meeting for subject in person.subjects or (None,))
    assert {one.key: (one.teachers, one.upskilled) for one in groups if not one.is_total} == {
        subject: (number, skilled[subject]) for subject, number in subjects.items()
    }
